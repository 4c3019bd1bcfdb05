// What the journal keeps when the power fails at any moment, when a sync fails, and when bytes rot.

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "storage/journal_format.h"
#include "tests/storage/journal_fixture.h"

namespace chancery {
namespace {

using storage::Journal;
using storage::Turn;
using test::EntryChain;
using test::identity;
using test::MemoryDisk;
using test::small_segments;

// What a reader may see: state after each turn. Turns up to `synced` must be there.
struct Model {
    struct Step {
        std::vector<raft::Entry> entries;
        raft::Vote vote;
        std::optional<storage::CosignedRecord> cosigned;
        std::vector<storage::ExpectedSeal> expected;
        bool operator==(const Step&) const = default;
    };
    std::vector<Step> steps{{}};  // [i]: after i turns.
    std::size_t synced = 0;
    std::optional<storage::JournalEnd> fence;
};

void note(Model& model, const Turn& turn) {
    Model::Step step = model.steps.back();
    for (const raft::Entry& entry : turn.entries) {
        step.entries.resize(static_cast<std::size_t>(entry.id.index - 1));
        step.entries.push_back(entry);
    }
    if (turn.vote) step.vote = *turn.vote;
    if (turn.cosigned) step.cosigned = turn.cosigned;
    step.expected.insert(step.expected.end(), turn.expected.begin(), turn.expected.end());
    if (turn.sealed)
        std::erase_if(step.expected,
                      [&](const auto& seal) { return seal.size <= turn.sealed->size; });
    model.steps.push_back(std::move(step));
}

// A life of a journal: turns of all kinds, synced or not, replaced suffixes, new segments.
class Life {
public:
    explicit Life(std::uint64_t seed) : random_(seed) {}

    Turn next() {
        Turn turn;
        if (random_() % 6 == 0) {
            ++term_;
            turn.vote = raft::Vote{term_, static_cast<raft::NodeId>(random_() % 5 + 1)};
        }
        const bool replaces = length_ > 3 && random_() % 5 == 0;
        if (replaces) length_ -= random_() % 3 + 1;
        const std::size_t count = random_() % 4;
        for (std::size_t i = 0; i < count; ++i)
            turn.entries.push_back(chain_.make(term_, ++length_, random_() % 6000));
        if (count == 0 && replaces) turn.entries.push_back(chain_.make(term_, ++length_, 10));
        if (random_() % 3 == 0) turn.cosigned = test::cosigned_at(++height_);
        if (random_() % 3 == 0 && height_ > 0) turn.sealed = test::sealed_at(height_);
        if (random_() % 4 == 0)
            turn.expected.push_back({test::sealed_at(height_ + 1).size, "seal"});
        turn.must_sync = random_() % 3 != 0;
        return turn;
    }

private:
    std::mt19937_64 random_;
    EntryChain chain_{identity().network};
    raft::Term term_ = 1;
    raft::Index length_ = 0;
    std::uint64_t height_ = 0;
};

// Runs a life of `turns` until the disk fails.
void run(MemoryDisk& disk, Model& model, std::uint64_t seed, int turns) {
    auto opened = Journal::open(disk, identity(), small_segments());
    if (!opened) return;
    Life life(seed);
    for (int i = 0; i < turns; ++i) {
        const Turn turn = life.next();
        note(model, turn);
        if (!opened->journal.write(turn)) return;
        if (turn.must_sync) {
            model.synced = model.steps.size() - 1;
            model.fence = opened->journal.durable_end();
        }
        if (i % 7 == 6 && !opened->journal.write_idle_marker()) return;
    }
}

// Which step the recovered journal stands at; nullopt if none.
std::optional<std::size_t> step_of(const Model& model, const storage::Recovered& recovered) {
    const Model::Step got{
        recovered.entries, recovered.vote, recovered.cosigned, recovered.expected};
    for (std::size_t i = model.steps.size(); i-- > 0;) {
        if (model.steps[i] == got) return i;
    }
    return std::nullopt;
}

TEST(JournalCrash, AtEveryOperationNothingSyncedIsLostAndNoTurnIsHalfBelieved) {
    constexpr int turns = 40;
    MemoryDisk whole;
    ASSERT_TRUE(Journal::create(whole, identity(), small_segments()));
    Model complete;
    run(whole, complete, 1, turns);
    const std::uint64_t operations = whole.operation_count();
    ASSERT_GT(operations, 90U);
    int torn = 0;
    for (std::uint64_t halt = 0; halt <= operations; ++halt) {
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            MemoryDisk disk;
            disk.halt_at(halt);
            Model model;
            const bool created = bool(Journal::create(disk, identity(), small_segments()));
            if (created) run(disk, model, 1, turns);
            disk.crash(seed, seed % 2 == 0 ? 512 : 4096);
            auto opened = Journal::open(disk, identity(), small_segments(), model.fence);
            if (!created && !opened && opened.error().code == Errc::not_found) continue;
            ASSERT_TRUE(opened) << halt << " " << seed << " " << opened.error().detail;
            const auto step = step_of(model, opened->recovered);
            ASSERT_TRUE(step) << halt << " " << seed;
            ASSERT_GE(*step, model.synced) << halt << " " << seed;
            torn += opened->recovered.torn_bytes > 0 ? 1 : 0;
        }
    }
    EXPECT_GT(torn, 50);
    RecordProperty("torn", torn);
}

TEST(JournalCrash, LivesThroughManyCrashesInARow) {
    for (std::uint64_t seed = 1; seed <= 150; ++seed) {
        MemoryDisk disk;
        ASSERT_TRUE(Journal::create(disk, identity(), small_segments()));
        std::mt19937_64 random(seed);
        std::vector<raft::Entry> want;  // Synced, and then perhaps more.
        EntryChain chain(identity().network);
        raft::Term term = 0;
        std::optional<storage::JournalEnd> fence;
        for (int life = 0; life < 8; ++life) {
            auto opened = Journal::open(disk, identity(), small_segments(), fence);
            ASSERT_TRUE(opened) << seed << " " << life << " " << opened.error().detail;
            const auto& got = opened->recovered.entries;
            ASSERT_GE(got.size(), want.size()) << seed << " " << life;
            ASSERT_TRUE(std::equal(want.begin(), want.end(), got.begin())) << seed << " " << life;
            want = got;
            std::vector<raft::Entry> all = want;
            ++term;
            disk.halt_at(disk.operation_count() + random() % 40);
            bool is_up = true;
            while (is_up) {
                const bool must_sync = random() % 2 == 0;
                all.push_back(chain.make(term, all.size() + 1, random() % 9000));
                is_up = bool(opened->journal.write(test::turn_of({all.back()}, must_sync)));
                if (is_up && must_sync) {
                    want = all;
                    fence = opened->journal.durable_end();
                }
            }
            disk.crash(random(), 512);
        }
    }
}

TEST(JournalCrash, AFailedSyncNeverAcknowledges) {
    for (std::uint64_t nth = 0; nth < 60; ++nth) {
        MemoryDisk disk;
        ASSERT_TRUE(Journal::create(disk, identity(), small_segments()));
        disk.fail_once_at(disk.operation_count() + nth);
        Model model;
        run(disk, model, 5, 40);
        disk.crash(nth);
        const auto opened = Journal::open(disk, identity(), small_segments(), model.fence);
        ASSERT_TRUE(opened) << nth << " " << opened.error().detail;
        const auto step = step_of(model, opened->recovered);
        ASSERT_TRUE(step) << nth;
        EXPECT_GE(*step, model.synced) << nth;
    }
}

class JournalRot : public testing::Test {
protected:
    void SetUp() override {
        ASSERT_TRUE(Journal::create(disk, identity(), small_segments()));
        auto opened = Journal::open(disk, identity(), small_segments());
        ASSERT_TRUE(opened);
        Life life(3);
        while (opened->journal.segment_number() < 3) {
            Turn turn = life.next();
            turn.must_sync = true;
            note(model, turn);
            ASSERT_TRUE(opened->journal.write(turn));
        }
        fence = opened->journal.durable_end();
    }

    MemoryDisk disk;
    Model model;
    storage::JournalEnd fence;
};

TEST_F(JournalRot, AFlippedBitIsRefusedWithItsFileOrHarmless) {
    std::mt19937_64 random(7);
    const std::vector<std::string> files = disk.files();
    int refused = 0;
    int harmless = 0;
    for (int i = 0; i < 2000; ++i) {
        const auto damaged = disk.copy();
        const std::string& path = files[random() % files.size()];
        Bytes& bytes = damaged->bytes(path);
        bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        const auto opened = Journal::open(*damaged, identity(), small_segments(), fence);
        if (!opened) {
            EXPECT_EQ(opened.error().code, Errc::corrupt);
            EXPECT_TRUE(opened.error().detail.starts_with("journal/")) << opened.error().detail;
            ++refused;
        } else {
            ASSERT_EQ(step_of(model, opened->recovered), model.steps.size() - 1) << path;
            ++harmless;
        }
    }
    RecordProperty("refused", refused);
    RecordProperty("harmless", harmless);
    EXPECT_GT(refused, 1000);
}

TEST_F(JournalRot, RefusalLeavesEverythingAsItWas) {
    disk.bytes("journal/00000001")[3 * storage::block_bytes + 80] ^= 1;
    const auto before = disk.contents();
    ASSERT_FALSE(Journal::open(disk, identity(), small_segments(), fence));
    EXPECT_EQ(disk.contents(), before);
}

TEST_F(JournalRot, AFileCutAnywhereIsRefused) {
    for (const char* path : {"journal/00000001", "journal/00000003"}) {
        for (std::size_t kept = 0; kept < disk.bytes(path).size(); kept += 61) {
            const auto damaged = disk.copy();
            damaged->bytes(path).resize(kept);
            const auto opened = Journal::open(*damaged, identity(), small_segments(), fence);
            ASSERT_FALSE(opened) << path << " " << kept;
            EXPECT_EQ(opened.error().code, Errc::corrupt);
        }
    }
}

TEST_F(JournalRot, BlocksZeroedOrSwappedAreRefusedOrHarmless) {
    const std::string path = "journal/00000002";
    const std::size_t blocks = disk.bytes(path).size() / storage::block_bytes;
    for (std::size_t i = 0; i < blocks; ++i) {
        for (const bool is_swap : {false, true}) {
            const auto damaged = disk.copy();
            Bytes& bytes = damaged->bytes(path);
            const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(i * storage::block_bytes);
            if (is_swap) {
                std::swap_ranges(at, at + storage::block_bytes, bytes.begin());
            } else {
                std::fill(at, at + storage::block_bytes, std::uint8_t{0});
            }
            const auto opened = Journal::open(*damaged, identity(), small_segments(), fence);
            if (opened) {
                EXPECT_EQ(step_of(model, opened->recovered), model.steps.size() - 1) << i;
            }
        }
    }
}

TEST_F(JournalRot, TheLastTurnIsTornUnlessSomethingSawItSynced) {
    const std::uint64_t last = storage::offset_of(fence.place) - storage::block_bytes;
    disk.bytes("journal/00000003")[last] ^= 1;
    const auto with_fence = Journal::open(*disk.copy(), identity(), small_segments(), fence);
    ASSERT_FALSE(with_fence);
    EXPECT_NE(with_fence.error().detail.find("the fence says"), std::string::npos);
    // Nothing but the fence knows of it.
    const auto copy = disk.copy();
    EXPECT_TRUE(Journal::open(*copy, identity(), small_segments()));
}

TEST_F(JournalRot, AnIdleMarkerShowsTheLastTurnSynced) {
    const auto copy = disk.copy();
    {
        auto opened = Journal::open(*copy, identity(), small_segments());
        ASSERT_TRUE(opened->journal.write_idle_marker());
    }
    copy->bytes("journal/00000003")[storage::offset_of(fence.place) - storage::block_bytes] ^= 1;
    const auto opened = Journal::open(*copy, identity(), small_segments());
    ASSERT_FALSE(opened);
    EXPECT_NE(opened.error().detail.find("records after it say"), std::string::npos);
}

TEST_F(JournalRot, AJournalThatLostItsEndIsRefusedByTheFence) {
    ASSERT_TRUE(disk.remove("journal/00000003"));
    const auto opened = Journal::open(disk, identity(), small_segments(), fence);
    ASSERT_FALSE(opened);
    EXPECT_TRUE(opened.error().detail.starts_with("journal/00000002"));
}

TEST_F(JournalRot, AnotherHistoryThanTheFenceSawIsRefused) {
    fence.chain[0] ^= 1;
    const auto opened = Journal::open(disk, identity(), small_segments(), fence);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().detail,
              "journal/00000003: holds other records than the fence saw synced");
}

}  // namespace
}  // namespace chancery

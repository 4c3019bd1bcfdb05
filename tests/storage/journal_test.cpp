#include "storage/journal.h"

#include <gtest/gtest.h>

#include "storage/journal_format.h"
#include "tests/storage/journal_fixture.h"

namespace chancery {
namespace {

using storage::Journal;
using storage::Turn;
using test::cosigned_at;
using test::EntryChain;
using test::identity;
using test::MemoryDisk;
using test::sealed_at;
using test::small_segments;
using test::turn_of;

class JournalTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(Journal::create(disk, identity(), small_segments())); }

    Journal::Opened reopen() {
        auto opened = Journal::open(disk, identity(), small_segments());
        EXPECT_TRUE(opened) << opened.error().detail;
        return std::move(*opened);
    }

    MemoryDisk disk;
    EntryChain chain{identity().network};
};

TEST_F(JournalTest, BeginsEmpty) {
    const auto opened = reopen();
    EXPECT_EQ(opened.recovered.base.chain, identity().network);
    EXPECT_EQ(opened.recovered.base.id, raft::EntryId{});
    EXPECT_TRUE(opened.recovered.entries.empty());
    EXPECT_EQ(opened.recovered.vote, raft::Vote{});
    EXPECT_EQ(opened.recovered.torn_bytes, 0U);
}

TEST_F(JournalTest, IsCreatedOnce) {
    const auto again = Journal::create(disk, identity(), small_segments());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
}

TEST_F(JournalTest, IsNotFoundWhereThereIsNone) {
    MemoryDisk empty;
    const auto opened = Journal::open(empty, identity(), small_segments());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, Errc::not_found);
}

TEST_F(JournalTest, GivesBackEveryRecord) {
    Turn turn;
    turn.vote = raft::Vote{4, 2};
    turn.contents.push_back({test::hash_of(9), std::make_shared<const Bytes>(Bytes{1, 2, 3})});
    turn.entries = {chain.next(4), chain.next(4, 0), chain.next(4, 9000)};
    turn.cosigned = cosigned_at(1);
    turn.sealed = sealed_at(1);
    turn.expected = {{turn.sealed->size, "passed"}, {turn.sealed->size + 1, "seal of the next"}};
    {
        auto opened = reopen();
        ASSERT_TRUE(opened.journal.write(turn));
        EXPECT_EQ(opened.journal.sync_count(), 1U);
    }
    const auto opened = reopen();
    EXPECT_EQ(opened.recovered.vote, *turn.vote);
    EXPECT_EQ(opened.recovered.entries, turn.entries);
    EXPECT_EQ(opened.recovered.cosigned, turn.cosigned);
    EXPECT_EQ(opened.recovered.sealed, turn.sealed);
    EXPECT_EQ(opened.recovered.expected, std::vector{turn.expected[1]});
    ASSERT_EQ(opened.recovered.contents.size(), 1U);
    EXPECT_EQ(*opened.recovered.contents[0].bytes, (Bytes{1, 2, 3}));
    EXPECT_EQ(opened.journal.cosigned(), turn.cosigned);
}

// A disk lost the first of two unsynced turns and kept the second; the first is written again.
TEST_F(JournalTest, ATurnThatWasCutOffStaysAway) {
    const raft::Entry first = chain.next(1);
    {
        auto opened = reopen();
        ASSERT_TRUE(opened.journal.write(turn_of({first}, false)));
        ASSERT_TRUE(opened.journal.write(turn_of({chain.next(1)}, false)));
    }
    Bytes& bytes = disk.bytes("journal/00000001");
    const auto turn = bytes.begin() + 2 * storage::block_bytes;  // After the header and the base.
    std::fill(turn, turn + storage::block_bytes, std::uint8_t{0});
    {
        auto opened = reopen();
        EXPECT_TRUE(opened.recovered.entries.empty());
        EXPECT_EQ(opened.recovered.torn_bytes, 2 * storage::block_bytes);
        ASSERT_TRUE(opened.journal.write(turn_of({first})));
    }
    EXPECT_EQ(reopen().recovered.entries, std::vector{first});
}

TEST_F(JournalTest, AVoteMayNameNobody) {
    Turn turn;
    turn.vote = raft::Vote{7, std::nullopt};
    {
        auto opened = reopen();
        ASSERT_TRUE(opened.journal.write(turn));
    }
    EXPECT_EQ(reopen().recovered.vote, *turn.vote);
}

TEST_F(JournalTest, AnEntryAtOrBelowTheLastReplacesTheSuffix) {
    std::vector<raft::Entry> want;
    {
        auto opened = reopen();
        for (int i = 0; i < 5; ++i) {
            want.push_back(chain.next(1));
            ASSERT_TRUE(opened.journal.write(turn_of({want.back()})));
        }
        want.resize(2);
        want.push_back(chain.make(2, 3));
        want.push_back(chain.next(2));
        ASSERT_TRUE(opened.journal.write(turn_of({want[2], want[3]})));
    }
    EXPECT_EQ(reopen().recovered.entries, want);
}

TEST_F(JournalTest, GoesOnThroughSegmentsAndReopenings) {
    std::vector<raft::Entry> want;
    for (int life = 0; life < 12; ++life) {
        auto opened = reopen();
        EXPECT_EQ(opened.recovered.entries, want);
        for (int i = 0; i < 4; ++i) {
            want.push_back(chain.next(1, 5000));
            ASSERT_TRUE(opened.journal.write(turn_of({want.back()})));
        }
        if (life % 3 == 0) {
            ASSERT_TRUE(opened.journal.write_idle_marker());
        }
    }
    EXPECT_GT(reopen().journal.segment_number(), 5U);
}

TEST_F(JournalTest, TakesATurnLargerThanASegment) {
    const raft::Entry entry = chain.next(1, 300'000);
    {
        auto opened = reopen();
        ASSERT_TRUE(opened.journal.write(turn_of({entry})));
    }
    EXPECT_EQ(reopen().recovered.entries, std::vector<raft::Entry>{entry});
}

TEST_F(JournalTest, ATurnIsOneSync) {
    auto opened = reopen();
    const std::uint64_t before = disk.sync_count();
    Turn turn = turn_of({chain.next(1), chain.next(1)});
    turn.vote = raft::Vote{1, 1};
    turn.cosigned = cosigned_at(1);
    ASSERT_TRUE(opened.journal.write(turn));
    EXPECT_EQ(disk.sync_count() - before, 1U);
    ASSERT_TRUE(opened.journal.write(turn_of({chain.next(1)}, false)));
    EXPECT_EQ(disk.sync_count() - before, 1U);
}

TEST_F(JournalTest, CarriesVoteAndGuardPastACut) {
    std::vector<raft::Entry> want;
    auto opened = reopen();
    Turn first = turn_of({});
    first.vote = raft::Vote{1, 3};
    first.cosigned = cosigned_at(2);
    first.sealed = sealed_at(2);
    ASSERT_TRUE(opened.journal.write(first));
    for (int i = 0; i < 60; ++i) {
        want.push_back(chain.next(1, 5000));
        ASSERT_TRUE(opened.journal.write(turn_of({want.back()})));
    }
    ASSERT_TRUE(opened.journal.cut(50, 50));
    const auto again = reopen();
    EXPECT_EQ(again.recovered.vote, *first.vote);
    EXPECT_EQ(again.recovered.cosigned, first.cosigned);
    EXPECT_EQ(again.recovered.sealed, first.sealed);
    const raft::Index base = again.recovered.base.id.index;
    EXPECT_GT(base, 30U);
    EXPECT_LE(base, 50U);
    EXPECT_EQ(again.recovered.base_height, base);
    EXPECT_EQ(again.recovered.base.chain, want[base - 1].chain);
    want.erase(want.begin(), want.begin() + static_cast<std::ptrdiff_t>(base));
    EXPECT_EQ(again.recovered.entries, want);
}

TEST_F(JournalTest, ACutKeepsTheTail) {
    auto options = small_segments();
    options.tail_bytes = 5 * options.segment_bytes;
    auto opened = Journal::open(disk, identity(), options);
    ASSERT_TRUE(opened);
    for (int i = 0; i < 100; ++i)
        ASSERT_TRUE(opened->journal.write(turn_of({chain.next(1, 5000)})));
    ASSERT_TRUE(opened->journal.cut(100, 100));
    std::size_t segments = 0;
    for (const auto& file : disk.files())
        segments += file != "journal/next" ? 1U : 0U;
    EXPECT_EQ(segments, 5U);
}

TEST_F(JournalTest, ACutNeverLeavesAReplacementWithoutWhatItStandsOn) {
    auto opened = reopen();
    while (opened.journal.segment_number() == 1)
        ASSERT_TRUE(opened.journal.write(turn_of({chain.next(1, 5000)})));
    const raft::Index last = reopen().recovered.entries.back().id.index;
    // The last entry of segment 1 or 2 is replaced by what stands in segment 2.
    ASSERT_TRUE(opened.journal.write(turn_of({chain.make(2, last - 1, 5000)})));
    ASSERT_TRUE(opened.journal.write(turn_of({chain.next(2, 5000)})));
    ASSERT_TRUE(opened.journal.cut(last, last));
    EXPECT_EQ(reopen().recovered.entries.front().id.index, 1U);
}

TEST_F(JournalTest, TheBaseCarriesTheNewestConfiguration) {
    auto opened = reopen();
    raft::Entry configuration = chain.next(1);
    configuration.kind = raft::EntryKind::configuration;
    configuration.chain = raft::chain_hash(
        identity().network, configuration.id, configuration.kind, *configuration.payload);
    ASSERT_TRUE(opened.journal.write(turn_of({configuration})));
    Hash previous = configuration.chain;
    for (raft::Index index = 2; index < 60; ++index) {
        raft::Entry entry = chain.make(1, index, 5000);
        entry.chain = raft::chain_hash(previous, entry.id, entry.kind, *entry.payload);
        previous = entry.chain;
        ASSERT_TRUE(opened.journal.write(turn_of({entry})));
    }
    ASSERT_TRUE(opened.journal.cut(50, 49));
    const auto again = reopen();
    ASSERT_GT(again.recovered.base.id.index, 1U);
    ASSERT_TRUE(again.recovered.base_configuration);
    EXPECT_EQ(*again.recovered.base_configuration, *configuration.payload);
    EXPECT_EQ(again.recovered.base_height, again.recovered.base.id.index - 1);
}

TEST_F(JournalTest, BeginsAfterABaseFromElsewhere) {
    MemoryDisk other;
    storage::JournalBase base;
    base.at = {{7, 1000}, test::hash_of(0x77)};
    base.height = 900;
    ASSERT_TRUE(Journal::create(other, identity(), small_segments(), base));
    auto opened = Journal::open(other, identity(), small_segments());
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->recovered.base, base.at);
    EXPECT_EQ(opened->recovered.base_height, 900U);
}

TEST_F(JournalTest, RefusesAnotherNodesJournal) {
    for (int field = 0; field < 3; ++field) {
        auto other = identity();
        if (field == 0) other.network.fill(0x12);
        if (field == 1) other.node = 4;
        if (field == 2) other.epoch = 2;
        const auto before = disk.contents();
        const auto opened = Journal::open(disk, other, small_segments());
        ASSERT_FALSE(opened);
        EXPECT_EQ(opened.error().code, Errc::corrupt);
        EXPECT_TRUE(opened.error().detail.starts_with("journal/00000001"));
        EXPECT_EQ(disk.contents(), before);
    }
}

TEST_F(JournalTest, RefusesANewerFormatAndLeavesItUnchanged) {
    disk.bytes("journal/00000001")[11] = 2;
    const auto before = disk.contents();
    const auto opened = Journal::open(disk, identity(), small_segments());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().detail,
              "journal/00000001: journal format 2, this program knows 1 and left it unchanged");
    EXPECT_EQ(disk.contents(), before);
}

TEST_F(JournalTest, RefusesWhenASegmentIsMissing) {
    {
        auto opened = reopen();
        for (int i = 0; i < 60; ++i)
            ASSERT_TRUE(opened.journal.write(turn_of({chain.next(1, 5000)})));
    }
    ASSERT_TRUE(disk.remove("journal/00000002"));
    const auto opened = Journal::open(disk, identity(), small_segments());
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().detail, "journal/00000002: this segment is missing");
}

TEST_F(JournalTest, AfterAFailureNothingIsWritten) {
    auto opened = reopen();
    disk.fail_once_at(disk.operation_count());
    EXPECT_FALSE(opened.journal.write(turn_of({chain.next(1)})));
    const auto again = opened.journal.write(turn_of({chain.next(1)}));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::io);
}

// A byte string that somebody submitted looks like a record of this place, and its turn was torn.
TEST_F(JournalTest, APayloadCannotPassForARecord) {
    auto opened = reopen();
    ASSERT_TRUE(opened.journal.write(turn_of({chain.next(1)})));
    const storage::Place end = opened.journal.durable_end().place;
    const storage::Place place = end + 2 * storage::block_bytes;
    storage::TurnWriter forger({place, storage::place_of(9, 0), {}, 0});
    forger.add_marker();
    const Bytes forged = forger.finish().bytes;
    Bytes payload(4 * storage::block_bytes);
    const std::size_t prefix = storage::record_header_bytes + 49;
    const std::size_t at = 2 * storage::block_bytes - prefix;
    std::ranges::copy(forged, payload.begin() + static_cast<std::ptrdiff_t>(at));
    raft::Entry entry = chain.next(1);
    entry.payload = std::make_shared<const Bytes>(payload);
    ASSERT_TRUE(opened.journal.write(turn_of({entry})));
    Bytes& bytes = disk.bytes("journal/00000001");
    ASSERT_EQ(bytes[storage::offset_of(place)], 'C');
    bytes[storage::offset_of(end)] ^= 1;
    EXPECT_EQ(reopen().recovered.entries.size(), 1U);
}

}  // namespace
}  // namespace chancery

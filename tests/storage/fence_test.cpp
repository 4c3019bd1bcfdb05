#include "storage/fence.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/storage/journal_fixture.h"

namespace chancery {
namespace {

using storage::Fence;
using storage::FenceRecord;
using storage::Journal;
using test::cosigned_at;
using test::identity;
using test::MemoryDisk;

FenceRecord record_of(raft::Term term) {
    FenceRecord record;
    record.identity = identity();
    record.vote = {term, static_cast<raft::NodeId>(term % 4 + 1)};
    record.end = {term * 4096, test::hash_of(static_cast<std::uint8_t>(term))};
    record.cosigned = cosigned_at(term);
    return record;
}

TEST(Fence, GivesBackWhatWasWritten) {
    MemoryDisk disk;
    ASSERT_TRUE(Fence::create(disk, {identity(), {}, {}, {}}));
    EXPECT_EQ(Fence::open(disk, identity())->record().cosigned, std::nullopt);
    for (raft::Term term = 1; term < 5; ++term) {
        auto fence = Fence::open(disk, identity());
        ASSERT_TRUE(fence);
        ASSERT_TRUE(fence->write(record_of(term)));
        EXPECT_EQ(fence->record(), record_of(term));
        disk.crash(term);
        EXPECT_EQ(Fence::open(disk, identity())->record(), record_of(term));
    }
}

TEST(Fence, IsCreatedOnceAndMissedIfAbsent) {
    MemoryDisk disk;
    EXPECT_EQ(Fence::open(disk, identity()).error().code, Errc::not_found);
    ASSERT_TRUE(Fence::create(disk, record_of(1)));
    EXPECT_EQ(Fence::create(disk, record_of(1)).error().code, Errc::conflict);
}

TEST(Fence, ACrashInAWriteLeavesTheOldOrTheNew) {
    for (std::uint64_t halt = 0; halt < 2; ++halt) {
        for (std::uint64_t seed = 0; seed < 40; ++seed) {
            MemoryDisk disk;
            auto fence = Fence::create(disk, record_of(1));
            ASSERT_TRUE(fence);
            disk.halt_at(disk.operation_count() + halt);
            EXPECT_FALSE(fence->write(record_of(2)));
            disk.crash(seed);
            const auto opened = Fence::open(disk, identity());
            ASSERT_TRUE(opened) << opened.error().detail;
            const FenceRecord& got = opened->record();
            EXPECT_TRUE(got == record_of(1) || got == record_of(2));
            if (halt == 1) {
                EXPECT_EQ(got, record_of(2));
            }
        }
    }
}

TEST(Fence, AFlippedBitIsRefusedOrHarmless) {
    MemoryDisk disk;
    ASSERT_TRUE(Fence::create(disk, record_of(7)));
    std::mt19937_64 random(3);
    for (int i = 0; i < 2000; ++i) {
        const auto damaged = disk.copy();
        Bytes& bytes = damaged->bytes("fence");
        bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        const auto opened = Fence::open(*damaged, identity());
        if (!opened) {
            EXPECT_TRUE(opened.error().detail.starts_with("fence: "));
        } else {
            ASSERT_EQ(opened->record(), record_of(7));
            // What was damaged is whole again.
            ASSERT_EQ(Fence::open(*damaged, identity())->record(), record_of(7));
        }
    }
}

TEST(Fence, IsRefusedWhenBothCopiesFailOrItWasCut) {
    MemoryDisk disk;
    ASSERT_TRUE(Fence::create(disk, record_of(7)));
    const auto rotten = disk.copy();
    rotten->bytes("fence")[100] ^= 1;
    rotten->bytes("fence")[4096 + 100] ^= 1;
    EXPECT_EQ(Fence::open(*rotten, identity()).error().detail,
              "fence: both copies fail their check");
    for (std::size_t kept = 0; kept < disk.bytes("fence").size(); kept += 13) {
        const auto cut = disk.copy();
        cut->bytes("fence").resize(kept);
        EXPECT_EQ(Fence::open(*cut, identity()).error().code, Errc::corrupt);
    }
}

TEST(Fence, RefusesALaterFormatAndLeavesItUnchanged) {
    MemoryDisk disk;
    ASSERT_TRUE(Fence::create(disk, record_of(7)));
    disk.bytes("fence")[11] = 2;
    const auto before = disk.contents();
    EXPECT_EQ(Fence::open(disk, identity()).error().detail,
              "fence: a later format, which was left unchanged");
    EXPECT_EQ(disk.contents(), before);
}

TEST(Fence, RefusesAnotherNodes) {
    MemoryDisk disk;
    ASSERT_TRUE(Fence::create(disk, record_of(7)));
    auto other = identity();
    other.node = 9;
    EXPECT_EQ(Fence::open(disk, other).error().detail,
              "fence: belongs to node 3 in epoch 1, want node 9 in epoch 1 as node.json says");
    other = identity();
    other.network.fill(0);
    EXPECT_EQ(Fence::open(disk, other).error().detail, "fence: belongs to another network");
}

TEST(Fence, AJournalThatKnowsLessIsRefused) {
    const FenceRecord fence = record_of(7);
    storage::Recovered recovered;
    recovered.vote = fence.vote;
    recovered.cosigned = fence.cosigned;
    EXPECT_TRUE(storage::check_against_fence(recovered, fence));

    auto worse = recovered;
    worse.vote.term = 6;
    EXPECT_FALSE(storage::check_against_fence(worse, fence));
    worse = recovered;
    worse.vote.candidate = 2;
    EXPECT_FALSE(storage::check_against_fence(worse, fence));
    worse = recovered;
    worse.cosigned = cosigned_at(6);
    EXPECT_FALSE(storage::check_against_fence(worse, fence));
    worse.cosigned = std::nullopt;
    EXPECT_FALSE(storage::check_against_fence(worse, fence));
    worse = recovered;
    worse.cosigned->root[0] ^= 1;
    EXPECT_FALSE(storage::check_against_fence(worse, fence));

    auto better = recovered;
    better.vote = {8, std::nullopt};
    better.cosigned = cosigned_at(8);
    EXPECT_TRUE(storage::check_against_fence(better, fence));
}

TEST(Fence, IsWrittenWithVotesAndSegmentsAndNotWithBlocks) {
    MemoryDisk disk;
    const auto options = test::small_segments();
    ASSERT_TRUE(Journal::create(disk, identity(), options));
    auto opened = Journal::open(disk, identity(), options);
    ASSERT_TRUE(opened);
    auto fence = Fence::create(disk, storage::fence_record(opened->journal));
    ASSERT_TRUE(fence);
    test::EntryChain chain(identity().network);

    const Bytes before = disk.bytes("fence");
    ASSERT_TRUE(storage::write_turn(opened->journal, *fence, test::turn_of({chain.next(1)})));
    EXPECT_EQ(disk.bytes("fence"), before);

    storage::Turn vote;
    vote.vote = raft::Vote{2, 1};
    ASSERT_TRUE(storage::write_turn(opened->journal, *fence, vote));
    EXPECT_EQ(Fence::open(disk, identity())->record(), storage::fence_record(opened->journal));

    const std::uint32_t segment = opened->journal.segment_number();
    while (opened->journal.segment_number() == segment) {
        const auto turn = test::turn_of({chain.next(2, 5000)});
        ASSERT_TRUE(storage::write_turn(opened->journal, *fence, turn));
    }
    EXPECT_EQ(Fence::open(disk, identity())->record(), storage::fence_record(opened->journal));
}

}  // namespace
}  // namespace chancery

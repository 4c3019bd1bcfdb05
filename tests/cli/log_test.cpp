// Reading, exporting and trusting a log, against one in memory.
#include <gtest/gtest.h>

#include "node/cli/log_export.h"
#include "node/cli/log_reader.h"
#include "node/cli/trust_store.h"
#include "node/local_file.h"
#include "tests/support/memory_log.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

struct LogFiles : testing::Test {
    test::ScratchFolder folder;
    test::SmallNetwork network;
    test::MemoryLog log{network};
    Output out{{.quiet = true}};

    void fill(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i)
            log.append(Bytes{static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(i >> 8U), 9});
    }
};

TEST_F(LogFiles, ReaderProvesEveryEntryOfEverySmallTree) {
    fill(70);
    LogReader reader(log, log.head());
    for (std::size_t i = 0; i < 70; ++i)
        EXPECT_EQ(reader.entry(i)->entry, log.entry(i)) << i;
    EXPECT_EQ(reader.entry(70).error().code, Errc::not_found);
}

TEST_F(LogFiles, ReaderFindsAChangedEntry) {
    fill(300);
    const merkle::TreeHead head = log.head();
    log.entry(270).push_back(1);
    LogReader reader(log, head);
    EXPECT_EQ(reader.entry(270).error().code, Errc::corrupt);
}

TEST_F(LogFiles, ReaderProvesGrowthAndFindsAFork) {
    fill(600);
    LogReader reader(log, log.head());
    for (const std::size_t size : {1U, 2U, 255U, 256U, 257U, 512U, 599U, 600U})
        EXPECT_TRUE(reader.check_extends(log.head_of(size))) << size;
    merkle::TreeHead other = log.head_of(300);
    other.root[0] ^= 1U;
    EXPECT_EQ(reader.check_extends(other).error().code, Errc::corrupt);
    EXPECT_EQ(reader.check_extends({601, {}}).error().code, Errc::invalid);
}

TEST_F(LogFiles, ExportWritesTheTilesThatTheLogHas) {
    for (const std::size_t count : {0U, 1U, 255U, 256U, 257U, 600U}) {
        const std::size_t before = log.head().size;
        fill(count - before);
        const std::string copy = folder / std::to_string(count);
        ASSERT_TRUE(node::make_directories(copy, 0755));
        const auto done = export_log(log, log.head(), copy, out);
        ASSERT_TRUE(done) << done.error().detail;
        for (const merkle::TileId& id : merkle::tiles_between(0, count)) {
            const auto text = node::read_file(copy + "/" + merkle::tile_path(id), 1 << 20);
            ASSERT_TRUE(text) << merkle::tile_path(id);
            EXPECT_TRUE(equal(bytes_of(*text), *log.tile(id))) << merkle::tile_path(id);
        }
    }
}

TEST_F(LogFiles, ExportTakesUpWhatIsThere) {
    fill(600);
    ASSERT_TRUE(export_log(log, log.head(), folder.path(), out));
    const std::size_t served = log.tiles_served();
    fill(10);
    ASSERT_TRUE(export_log(log, log.head(), folder.path(), out));
    EXPECT_EQ(log.tiles_served(), served + 1);  // The last, partial bundle alone.
}

TEST_F(LogFiles, ExportRefusesEntriesOfAnotherRoot) {
    fill(600);
    const merkle::TreeHead head = log.head();
    log.entry(7).push_back(1);
    const auto done = export_log(log, head, folder.path(), out);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, Errc::corrupt);
    EXPECT_NE(done.error().detail.find("want"), std::string::npos);
}

struct Store : LogFiles {
    ClientContext context() const {
        ClientContext made;
        made.state = folder / "state";
        made.network_id = network.network_id();
        return made;
    }
    TrustStore store() {
        auto loaded = TrustStore::load(context(), &log, out);
        CHECK(loaded);
        return *std::move(loaded);
    }
};

TEST_F(Store, WantsAPinAndThePinnedNetwork) {
    ClientContext unpinned = context();
    unpinned.network_id.reset();
    EXPECT_EQ(TrustStore::load(unpinned, &log, out).error().code, Errc::invalid);
    ClientContext other = context();
    other.network_id = test::filled(9);
    EXPECT_EQ(TrustStore::load(other, &log, out).error().code, Errc::forbidden);
    EXPECT_EQ(TrustStore::load(context(), nullptr, out).error().code, Errc::invalid);
}

TEST_F(Store, AcceptsAGrowingLogAndRemembersIt) {
    fill(10);
    ASSERT_TRUE(store().accept(*log.checkpoint(), &log));
    fill(300);
    const auto grown = store().accept(*log.checkpoint(), &log);
    ASSERT_TRUE(grown) << grown.error().detail;
    EXPECT_EQ(grown->checkpoint.head.size, 310U);
    // An older one of the same history is no alarm, and does not replace the newer.
    EXPECT_TRUE(store().accept(network.seal(log.head_of(10), 1'800'000'000), &log));
}

TEST_F(Store, RaisesTheAlarmForAnotherHistoryOfEachSize) {
    fill(100);
    ASSERT_TRUE(store().accept(*log.checkpoint(), &log));
    test::MemoryLog other(network);
    for (const std::size_t size : {100U, 400U}) {
        while (other.head().size < size)
            other.append(Bytes{7, 7});
        const auto accepted = store().accept(*other.checkpoint(), &other);
        ASSERT_FALSE(accepted) << size;
        EXPECT_EQ(accepted.error().code, Errc::corrupt) << size;
        EXPECT_NE(accepted.error().detail.find("FORK"), std::string::npos) << size;
    }
}

TEST_F(Store, DoesNotTakeAShorterLogThatCannotShowItIsTheSame) {
    fill(100);
    ASSERT_TRUE(store().accept(*log.checkpoint(), &log));
    test::MemoryLog behind(network);
    for (int i = 0; i < 50; ++i)
        behind.append(Bytes{7, 7});
    const auto accepted = store().accept(*behind.checkpoint(), &behind);
    ASSERT_FALSE(accepted);
    EXPECT_EQ(accepted.error().code, Errc::unavailable);
}

TEST_F(Store, ComparesEqualSizesOffline) {
    fill(100);
    ASSERT_TRUE(store().accept(*log.checkpoint(), &log));
    test::MemoryLog other(network);
    for (int i = 0; i < 100; ++i)
        other.append(Bytes{7});
    EXPECT_EQ(store().accept(*other.checkpoint(), nullptr).error().code, Errc::corrupt);
    EXPECT_TRUE(store().accept(*log.checkpoint(), nullptr));
}

TEST_F(Store, RefusesACheckpointThatNoMemberSigned) {
    fill(3);
    std::string unsigned_note = *log.checkpoint();
    unsigned_note.resize(unsigned_note.rfind("\xe2\x80\x94"));
    EXPECT_FALSE(store().is_sealed(unsigned_note));
    EXPECT_EQ(store().accept(unsigned_note, &log).error().code, Errc::corrupt);
    EXPECT_TRUE(store().is_sealed(*log.checkpoint()));
}

}  // namespace
}  // namespace chancery::cli

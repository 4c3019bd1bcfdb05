#include "storage/data_directory.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "storage/posix_disk.h"
#include "tests/storage/journal_fixture.h"
#include "tests/storage/ledger_fixture.h"
#include "tests/support/scratch_folder.h"

namespace chancery {
namespace {

namespace fs = std::filesystem;

storage::DataOptions small() {
    storage::DataOptions options;
    options.journal = test::small_segments();
    return options;
}

class DataDirectory : public testing::Test {
protected:
    void init() {
        ASSERT_TRUE(storage::init_data_directory(path(), genesis, {.node = 2}, small()));
    }
    std::string path() const { return folder / "data"; }
    Error refusal() const {
        const auto opened = storage::open_data_directory(path(), small());
        if (opened) {
            ADD_FAILURE() << "opened";
            return {};
        }
        return opened.error();
    }

    test::ScratchFolder folder;
    ledger::Genesis genesis = test::chancery_genesis();
};

TEST_F(DataDirectory, OpensAsItWasMade) {
    init();
    const auto opened = storage::open_data_directory(path(), small());
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_EQ(opened->genesis, genesis);
    EXPECT_EQ(opened->identity.node, 2U);
    EXPECT_EQ(opened->identity.network, ledger::network_id(genesis));
    EXPECT_EQ(opened->recovered.base.chain, opened->identity.network);
    EXPECT_EQ(opened->ledger->load()->state.height, 0U);
    EXPECT_FALSE(opened->must_refill);
}

TEST_F(DataDirectory, KeepsWhatWasWritten) {
    init();
    test::BlockMaker maker(genesis, 1);
    const storage::SealedBlock block = maker.next({});
    test::EntryChain chain(ledger::network_id(genesis));
    const raft::Entry entry = chain.next(1);
    {
        auto opened = storage::open_data_directory(path(), small());
        ASSERT_TRUE(opened);
        storage::Turn turn = test::turn_of({entry});
        turn.vote = raft::Vote{1, 2};
        ASSERT_TRUE(storage::write_turn(opened->journal, opened->fence, turn));
        ASSERT_TRUE(opened->ledger->write(block));
    }
    const auto again = storage::open_data_directory(path(), small());
    ASSERT_TRUE(again) << again.error().detail;
    EXPECT_EQ(again->recovered.entries, std::vector<raft::Entry>{entry});
    EXPECT_EQ(again->ledger->load()->state.height, 1U);
}

TEST_F(DataDirectory, IsMadeOnlyInAnEmptyPlace) {
    init();
    const auto again = storage::init_data_directory(path(), genesis, {.node = 2}, small());
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
    EXPECT_NE(again.error().detail.find("is a node's data directory already"), std::string::npos);

    const std::string other = folder / "other";
    fs::create_directories(other + "/keys");
    EXPECT_TRUE(storage::init_data_directory(other, genesis, {.node = 2}, small()));
    const std::string full = folder / "full";
    fs::create_directories(full);
    std::ofstream(full + "/notes.txt") << "mine";
    const auto refused = storage::init_data_directory(full, genesis, {.node = 2}, small());
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("notes.txt"), std::string::npos);
}

TEST_F(DataDirectory, AnEmptyOneDoesNotOpen) {
    fs::create_directories(path());
    EXPECT_EQ(refusal().code, Errc::not_found);
    EXPECT_EQ(storage::open_data_directory(folder / "absent", small()).error().code,
              Errc::not_found);
}

TEST_F(DataDirectory, WithoutFenceOrJournalItDoesNotOpen) {
    init();
    fs::rename(path() + "/fence", path() + "/hidden");
    EXPECT_EQ(refusal().code, Errc::corrupt);
    EXPECT_TRUE(refusal().detail.starts_with("fence: is missing"));
    fs::rename(path() + "/hidden", path() + "/fence");
    fs::rename(path() + "/journal", path() + "/hidden");
    EXPECT_TRUE(refusal().detail.starts_with("journal: is missing"));
    fs::rename(path() + "/hidden", path() + "/journal");
    EXPECT_TRUE(storage::open_data_directory(path(), small()));
}

TEST_F(DataDirectory, AnOlderJournalIsRefusedByTheFence) {
    init();
    const std::string old = folder / "old";
    fs::copy(path() + "/journal", old, fs::copy_options::recursive);
    {
        auto opened = storage::open_data_directory(path(), small());
        ASSERT_TRUE(opened);
        storage::Turn vote;
        vote.vote = raft::Vote{9, 2};
        ASSERT_TRUE(storage::write_turn(opened->journal, opened->fence, vote));
    }
    fs::remove_all(path() + "/journal");
    fs::rename(old, path() + "/journal");
    const Error error = refusal();
    EXPECT_EQ(error.code, Errc::corrupt);
    EXPECT_TRUE(error.detail.starts_with("journal/00000001")) << error.detail;
}

TEST_F(DataDirectory, ServesOneProcessAtATime) {
    init();
    const auto opened = storage::open_data_directory(path(), small());
    ASSERT_TRUE(opened);
    EXPECT_EQ(refusal().code, Errc::conflict);
}

TEST_F(DataDirectory, ALaterFormatIsRefused) {
    init();
    std::fstream file(path() + "/node.json", std::ios::in | std::ios::out);
    std::string text((std::istreambuf_iterator<char>(file)), {});
    text.replace(text.find("node/v1"), 7, "node/v2");
    file.seekp(0);
    file << text << std::flush;
    EXPECT_EQ(refusal().detail,
              "node.json: format chancery-node/v2, this program knows chancery-node/v1 and left "
              "everything unchanged");
}

TEST_F(DataDirectory, GenesisOfAnotherNetworkIsRefused) {
    init();
    const std::string other = folder / "other";
    ledger::Genesis renamed = genesis;
    renamed.network_name += "!";
    ASSERT_TRUE(storage::init_data_directory(other, renamed, {.node = 2}, small()));
    fs::copy_file(
        other + "/genesis.json", path() + "/genesis.json", fs::copy_options::overwrite_existing);
    EXPECT_EQ(refusal().detail, "genesis.json: is of another network than node.json");
}

TEST_F(DataDirectory, GenesisWithADamagedSignatureIsRefused) {
    init();
    std::fstream file(path() + "/genesis.json", std::ios::in | std::ios::out);
    std::string text((std::istreambuf_iterator<char>(file)), {});
    const std::size_t digit = text.find_last_of("0123456789abcdef");
    text[digit] = text[digit] == '0' ? '1' : '0';
    file.seekp(0);
    file << text << std::flush;
    EXPECT_EQ(refusal().code, Errc::corrupt);
    EXPECT_TRUE(refusal().detail.starts_with("genesis.json: ")) << refusal().detail;
}

TEST_F(DataDirectory, ARebuiltDatabaseTakesThePlaceOfTheOld) {
    init();
    const storage::SealedBlock block = test::BlockMaker(genesis, 1).next({});
    fs::resize_file(path() + "/ledger/CURRENT", 3);
    EXPECT_EQ(refusal().code, Errc::corrupt);
    for (const char* const aside : {"ledger.damaged-1", "ledger.damaged-2"}) {
        {
            const auto records = storage::open_own_records(path(), small());
            ASSERT_TRUE(records) << records.error().detail;
            auto rebuild =
                storage::DatabaseRebuild::begin(*records->disk, path(), genesis, small().database);
            ASSERT_TRUE(rebuild) << rebuild.error().detail;
            EXPECT_EQ(rebuild->ledger().load()->state.height, 0U);
            ASSERT_TRUE(rebuild->ledger().write(block));
            EXPECT_EQ(*rebuild->finish(), path() + "/" + aside);
        }
        EXPECT_TRUE(fs::exists(path() + "/" + aside));
        const auto opened = storage::open_data_directory(path(), small());
        ASSERT_TRUE(opened) << opened.error().detail;
        EXPECT_EQ(opened->ledger->load()->state.height, 1U);
    }
}

TEST_F(DataDirectory, AnUnfinishedRebuildLeavesNoTrace) {
    init();
    {
        const auto records = storage::open_own_records(path(), small());
        ASSERT_TRUE(records);
        const auto rebuild =
            storage::DatabaseRebuild::begin(*records->disk, path(), genesis, small().database);
        ASSERT_TRUE(rebuild);
        EXPECT_TRUE(fs::exists(path() + "/ledger.new"));
    }
    EXPECT_FALSE(fs::exists(path() + "/ledger.new"));
    EXPECT_TRUE(storage::open_data_directory(path(), small()));
}

// The steps of a swap, each as the last one before a crash: a start finds the old database or the
// new one, and the next rebuild is not in its way.
TEST_F(DataDirectory, ASwapThatBrokeOffLeavesTheOldOrTheNew) {
    init();
    const std::string whole = folder / "whole";
    {
        const auto records = storage::open_own_records(path(), small());
        ASSERT_TRUE(records);
        auto rebuild =
            storage::DatabaseRebuild::begin(*records->disk, path(), genesis, small().database);
        ASSERT_TRUE(rebuild);
        ASSERT_TRUE(rebuild->ledger().write(test::BlockMaker(genesis, 1).next({})));
        ASSERT_TRUE(rebuild->finish());
    }
    fs::rename(path(), whole);
    struct Step {
        const char* built;     // The new database's name.
        const char* old;       // The old one's.
        std::uint64_t height;  // Of what a start finds.
    };
    for (const Step& step : {Step{"ledger.new", "ledger", 0},
                             Step{"ledger.rebuilt", "ledger", 0},
                             Step{"ledger.rebuilt", "ledger.damaged-1", 1},
                             Step{"ledger", "ledger.damaged-1", 1}}) {
        fs::remove_all(path());
        fs::copy(whole, path(), fs::copy_options::recursive);
        fs::rename(path() + "/ledger", path() + "/built");
        fs::rename(path() + "/ledger.damaged-1", path() + "/old");
        fs::rename(path() + "/built", path() + "/" + step.built);
        fs::rename(path() + "/old", path() + "/" + step.old);
        {
            const auto opened = storage::open_data_directory(path(), small());
            ASSERT_TRUE(opened) << opened.error().detail;
            EXPECT_EQ(opened->ledger->load()->state.height, step.height) << step.built;
        }
        const auto records = storage::open_own_records(path(), small());
        ASSERT_TRUE(records);
        auto again =
            storage::DatabaseRebuild::begin(*records->disk, path(), genesis, small().database);
        ASSERT_TRUE(again) << again.error().detail;
        EXPECT_TRUE(again->finish());
    }
}

TEST_F(DataDirectory, SaysWhenTheJournalCannotBringTheLedgerUpToDate) {
    init();
    {
        auto opened = storage::open_data_directory(path(), small());
        ASSERT_TRUE(opened);
        test::EntryChain chain(ledger::network_id(genesis));
        for (int i = 0; i < 40; ++i) {
            const auto turn = test::turn_of({chain.next(1, 5000)});
            ASSERT_TRUE(storage::write_turn(opened->journal, opened->fence, turn));
        }
        ASSERT_TRUE(opened->journal.cut(40, 40));
    }
    const auto opened = storage::open_data_directory(path(), small());
    ASSERT_TRUE(opened) << opened.error().detail;
    EXPECT_TRUE(opened->must_refill);
}

}  // namespace
}  // namespace chancery

// `chanceryd recover`: a database that is lost while the journal begins above it, filled again from
// an exported log; and every export that must not be believed.
#include <gtest/gtest.h>

#include "tests/support/one_node.h"

namespace chancery {
namespace {

namespace fs = std::filesystem;

// Segments so small, and cut so soon, that a few documents leave the journal's beginning behind.
const std::string soon_cut =
    "[storage]\njournal_segment_bytes = 65536\njournal_tail_bytes = 0\nflush_seconds = 1\n";

struct Recover : testing::Test {
    static constexpr std::size_t document_count = 30;

    test::ScratchFolder scratch;
    test::OneNode node{scratch / "one", soon_cut};

    // A segment holds four or five of these blocks.
    static bool has_cut_its_journal(const test::OneNode& one) {
        return !fs::exists(one.data() + "/journal/00000004");
    }
    // Runs until the journal begins above the first block and an export of all of it lies in
    // `folder`, then stops.
    static void live(const test::OneNode& one,
                     const std::string& documents,
                     const std::string& folder,
                     std::size_t count = document_count) {
        cli::Process process = one.running_node();
        one.write_documents(documents, 0, count);
        const auto issued = one.issue(documents, 1);
        ASSERT_EQ(issued.status, 0) << issued.err;
        ASSERT_TRUE(test::eventually([&] { return has_cut_its_journal(one); }));
        const auto exported = one.chancery({"log", "export", one / folder});
        ASSERT_EQ(exported.status, 0) << exported.err;
        ASSERT_EQ(process.stop(), 0);
    }
    void lose_database() const { fs::remove_all(node.data() + "/ledger"); }

    test::Finished recover(const std::string& from) const {
        return node.chanceryd({"recover", "--from", from});
    }
    // Refused with this status and these words, and everything is as it was.
    void expect_refused(const std::string& from,
                        int status,
                        const std::vector<std::string>& words) const {
        auto before = test::files_below(node.data());
        const auto refused = from.empty() ? node.chanceryd({"recover"}) : recover(from);
        EXPECT_EQ(refused.status, status) << refused.err;
        for (const std::string& word : words)
            EXPECT_NE(refused.err.find(word), std::string::npos) << word << ": " << refused.err;
        EXPECT_EQ(test::files_below(node.data()), before);
    }
    // Everything that was there is there, and the node goes on.
    void expect_whole(const json::Value& before) {
        const json::Value after = node.audit(node.data());
        for (const char* const name : {"root", "size", "height", "credentials"})
            EXPECT_EQ(*after.find(name), *before.find(name)) << name;
        cli::Process process = node.running_node();
        node.write_documents("more", 0, 3);
        const auto issued = node.issue("more", 1);
        EXPECT_EQ(issued.status, 0) << issued.err;
        for (std::size_t i = 0; i < document_count; i += 13)
            EXPECT_EQ(node.verify("docs", i).status, 0) << i;
        EXPECT_EQ(node.verify("more", 2).status, 0);
        EXPECT_EQ(process.stop(), 0);
        EXPECT_EQ(*node.audit(node.data()).find("credentials")->as_integer(),
                  *before.find("credentials")->as_integer() + 3);
    }
};

TEST_F(Recover, FillsALostDatabaseFromAnExportedFolder) {
    live(node, "docs", "export");
    const json::Value exported = node.audit(node / "export");
    lose_database();
    EXPECT_EQ(node.chanceryd({"run"}).status, 8);
    expect_refused("", 2, {"the journal begins after block", "--from URL|FOLDER"});
    const auto recovered = recover(node / "export");
    ASSERT_EQ(recovered.status, 0) << recovered.err;
    EXPECT_NE(recovered.err.find("from the export"), std::string::npos) << recovered.err;
    expect_whole(exported);
}

TEST_F(Recover, FillsADamagedDatabaseFromANodesUrl) {
    live(node, "docs", "export");
    const test::OneNode copy(scratch / "copy", node);
    const json::Value exported = node.audit(node / "export");
    fs::resize_file(node.data() + "/ledger/CURRENT", 3);
    {
        cli::Process process = copy.running_node();
        const auto recovered = recover(copy.url());
        ASSERT_EQ(recovered.status, 0) << recovered.err;
        EXPECT_NE(recovered.err.find("ledger.damaged-1"), std::string::npos) << recovered.err;
        EXPECT_EQ(process.stop(), 0);
    }
    expect_whole(exported);
    expect_refused(copy.url(), 6, {copy.url()});
}

TEST_F(Recover, TakesAnExportThatEndsAmongTheJournalsBlocks) {
    live(node, "docs", "export");
    {
        // It cuts no more, however long this takes.
        cli::Process process = node.running_node({{"CHANCERY_STORAGE_FLUSH_SECONDS", "3600"}});
        node.write_documents("later", 0, 3);
        ASSERT_EQ(node.issue("later", 1).status, 0);
        process.kill();
    }
    const json::Value before = node.audit(node.data());
    EXPECT_GT(*before.find("height")->as_integer(),
              *node.audit(node / "export").find("height")->as_integer());
    lose_database();
    const auto recovered = recover(node / "export");
    ASSERT_EQ(recovered.status, 0) << recovered.err;
    expect_whole(before);
}

TEST_F(Recover, RefusesWhatIsNotThisLog) {
    const test::OneNode twin(scratch / "twin", node);  // The same keys, another history.
    const test::OneNode stranger(scratch / "stranger", soon_cut);
    live(twin, "other", "export", document_count + 10);  // Longer than this log ever gets.
    live(stranger, "docs", "export");
    {
        cli::Process process = node.running_node();
        node.write_documents("first", 0, 2);
        ASSERT_EQ(node.issue("first", 1).status, 0);
        ASSERT_EQ(node.chancery({"log", "export", node / "early"}).status, 0);
        ASSERT_EQ(process.stop(), 0);
    }
    const std::string young = scratch / "young";
    fs::copy(node.data(), young, fs::copy_options::recursive);
    live(node, "docs", "export");
    lose_database();

    expect_refused(node / "nowhere", 4, {"is no folder"});
    expect_refused(stranger / "export", 8, {"network id", "expected", "actual"});
    expect_refused(twin / "export", 8, {"head ", "expected", "actual", "this node's journal"});
    expect_refused(node / "early", 2, {"too short", "expected at least block", "actual end"});

    const auto spoilt = [&](const std::string& name, auto spoil) {
        const std::string folder = scratch / name;
        fs::copy(node / "export", folder, fs::copy_options::recursive);
        spoil(folder);
        return folder;
    };
    const auto without_tiles = [](const std::string& folder) {
        for (const auto& level : fs::directory_iterator(folder + "/tile")) {
            if (level.path().filename() != "entries") fs::remove_all(level.path());
        }
    };
    const auto flip = [](const std::string& path, std::streamoff at) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(at);
        const int byte = file.get();
        file.seekp(at);
        file.put(static_cast<char>(byte ^ 1));
    };
    const std::string bundle = "/tile/entries/000.p";
    const auto bundle_of = [&](const std::string& folder) {
        return fs::recursive_directory_iterator(folder + bundle)->path().string();
    };
    expect_refused(spoilt("forged", [&](const auto& to) { flip(bundle_of(to), 300); }),
                   8,
                   {"position", "expected", "actual"});
    expect_refused(spoilt("forged-whole",
                          [&](const auto& to) {
                              without_tiles(to);
                              flip(bundle_of(to), 300);
                          }),
                   8,
                   {"expected", "actual"});
    expect_refused(spoilt("truncated",
                          [&](const auto& to) {
                              const std::string path = bundle_of(to);
                              fs::resize_file(path, fs::file_size(path) / 2);
                          }),
                   8,
                   {"expected", "actual"});
    expect_refused(spoilt("gone", [&](const auto& to) { fs::remove(bundle_of(to)); }),
                   8,
                   {"expected", "actual"});
    expect_refused(spoilt("unsealed",
                          [&](const auto& to) {
                              std::string note = scratch.read("unsealed/checkpoint");
                              note.resize(note.rfind("\n\xe2\x80\x94 ") + 1);
                              std::ofstream(to + "/checkpoint", std::ios::binary) << note;
                          }),
                   8,
                   {"cosignatures of the checkpoint", "expected", "actual"});
    expect_refused(spoilt("wrong-root",
                          [&](const auto& to) {
                              without_tiles(to);
                              std::string note = scratch.read("wrong-root/checkpoint");
                              const std::size_t line = note.find('\n', note.find('\n') + 1) + 1;
                              note[line] = note[line] == 'A' ? 'B' : 'A';
                              std::ofstream(to + "/checkpoint", std::ios::binary) << note;
                          }),
                   8,
                   {"root of the checkpoint", "expected", "actual"});

    // A journal and fence of some time ago: the export knows that this node signed more.
    const std::string aside = scratch / "aside";
    fs::rename(node.data(), aside);
    fs::copy(young, node.data(), fs::copy_options::recursive);
    expect_refused(node / "export", 8, {"this node's cosignature over size", "new keys"});
    fs::remove(node.data() + "/fence");
    expect_refused(node / "export", 8, {"fence: is missing", "new keys"});
    fs::copy(young + "/fence", node.data() + "/fence");
    fs::remove_all(node.data() + "/journal");
    expect_refused(node / "export", 8, {"journal: is missing", "new keys"});

    // After all that, the good one.
    fs::remove_all(node.data());
    fs::rename(aside, node.data());
    ASSERT_EQ(recover(node / "export").status, 0);
}

TEST_F(Recover, DoesNotTouchARunningNode) {
    cli::Process process = node.running_node();
    EXPECT_EQ(node.chanceryd({"recover"}).status, 7);
    EXPECT_EQ(process.stop(), 0);
}

}  // namespace
}  // namespace chancery

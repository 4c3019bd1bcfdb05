// Every command called wrongly against a running node: the exit status, a sentence that says what
// is wrong, one JSON document with --json, and nothing changed.
#include "crypto/json/canonical.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

struct Mistake {
    Words words;
    int status = 0;
    std::string says;  // On stderr.
};

struct Mistakes : test::SandboxTest {
    std::map<std::string, std::string> files() const {
        std::map<std::string, std::string> found;
        for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
            if (entry.is_regular_file())
                found[entry.path().string()] =
                    folder.read(fs::relative(entry.path(), folder.path()).string());
        return found;
    }

    void expect_told(const Mistake& mistake) const {
        const std::string call = testing::PrintToString(mistake.words);
        Words words = mistake.words;
        words.emplace_back("--json");
        const test::Finished told = chancery(words);
        EXPECT_EQ(told.status, mistake.status) << call << told.out << told.err;
        EXPECT_NE(told.err.find(mistake.says), std::string::npos) << call << told.err;
        EXPECT_NE(told.err.find("chancery: "), std::string::npos) << call << told.err;
        const auto document = json::parse(told.out);
        ASSERT_TRUE(document) << call << told.out;
        const json::Value* error = document->find("error");
        ASSERT_NE(error, nullptr) << call << told.out;
        EXPECT_EQ(*error->find("exit")->as_integer(), mistake.status) << call;
        EXPECT_NE(told.err.find(*error->find("detail")->as_string()), std::string::npos) << call;
    }

    void expect_told_and_unchanged(const std::vector<Mistake>& table) const {
        const auto files_before = files();
        const std::int64_t size_before = log_size();
        for (const Mistake& mistake : table)
            expect_told(mistake);
        EXPECT_EQ(log_size(), size_before);
        EXPECT_EQ(files(), files_before);
    }

    std::string badge(const std::string& name) const {
        return sandbox.path() + "/badges/" + name + ".badge.json";
    }
};

const std::string nowhere(64, 'a');

TEST_F(Mistakes, OfIssuing) {
    folder.write("broken.json", "{\"issuer\":\"did:x\"");
    folder.write("nobody.json", "{}");
    folder.write("foreign.json", "{\"issuer\":\"did:example:x\"}");
    folder.write("people.csv", "name\nAna\n");
    folder.write("form.json", "{\"issuer\":\"{{issuer_did}}\",\"name\":\"{{recipient}}\"}");
    folder.write("hole.json", "{\"issuer\":\"{{issuer_did}\"}");
    fs::create_directory(folder / "empty");
    const Words table = {"issue", "batch", "people.csv", "--template"};
    const auto with = [&table](Words more) {
        Words words = table;
        words.insert(words.end(), more.begin(), more.end());
        return words;
    };
    expect_told_and_unchanged({
        {{"isue"}, 2, "did you mean \"issue\"?"},
        {{"issue", "bacth"}, 2, "did you mean \"batch\"?"},
        {{"issue", "one"}, 2, "FILE is missing"},
        {{"issue", "one", "none.json"}, 4, "chancery: none.json: No such file"},
        {{"issue", "one", "empty"}, 2, "chancery issue batch takes folders"},
        {{"issue", "one", "broken.json"}, 2, "broken.json: JSON, byte"},
        {{"issue", "one", "nobody.json"}, 5, "nobody.json: the document names no issuer"},
        {{"issue", "one", "foreign.json"}, 5, "issuer is not the member's DID did:key:"},
        {{"issue", "one", "foreign.json", "--key", "none"}, 4, "none: No such file"},
        {{"issue", "batch"}, 2, "PATH is missing"},
        {{"issue", "batch", "none/"}, 4, "chancery: none: No such file"},
        {{"issue", "batch", "none.json"}, 4, "chancery: none.json: No such file"},
        {{"issue", "batch", "empty"}, 2, "no .json document in empty"},
        {{"issue", "batch", "empty", "--batch-size", "0"}, 2, "--batch-size: want 1 to"},
        {{"issue", "batch", "--hashes", "none", "--out", "empty"}, 4, "none: No such file"},
        {{"issue", "batch", "--hashes", "people.csv"}, 2, "--out is missing"},
        {{"issue", "batch", "people.csv", "--out", "empty"}, 2, "--template is missing"},
        {{"issue", "batch", "empty", "--template", "form.json"}, 2, "goes with a table"},
        {with({"form.json"}), 2, "--out is missing"},
        {with({"form.json", "--out", "empty"}), 2, "people.csv: the template wants a column"},
        {with({"hole.json", "--out", "empty"}), 2, "hole.json: /issuer: {{ without }}"},
        {with({"none.json", "--out", "empty"}), 4, "none.json: No such file"},
        {{"issue", "batch", "none.csv", "--template", "form.json", "--out", "empty"},
         4,
         "none.csv: No such file"},
    });
}

TEST_F(Mistakes, OfChangingAStatus) {
    const std::string one = issue("one.json");
    const std::string other = issue("other.json");
    folder.write("unknown.csv", "who,why\na,b\n");
    folder.write("bare.json", "{}");
    std::vector<Mistake> table = {
        {{"renew", one}, 2, "--with is missing"},
        {{"renew", one, "--with", one}, 2, "is the same credential as OLD"},
        {{"renew", one, "--with", "none.json"}, 4, "none.json: No such file"},
        {{"renew", one, "--with", other, "--unlinked"}, 2, "not both"},
        {{"renew", one, "--with", nowhere}, 4, "registered no such credential"},
        {{"reinstate", one}, 7, "one.json: is good already"},
    };
    for (const std::string command : {"revoke", "suspend", "reinstate"}) {
        table.push_back({{command}, 2, "TARGET is missing"});
        table.push_back({{command, "none.json"}, 4, "none.json: No such file"});
        table.push_back({{command, "bare.json"}, 4, "bare.json: has no receipt"});
        table.push_back({{command, nowhere}, 4, "this member registered no such credential"});
        table.push_back({{command, one, "--reason", "spite"}, 2, "--reason: want one of"});
        table.push_back({{command, "--from-csv", "none.csv"}, 4, "none.csv: No such file"});
        table.push_back({{command, "--from-csv", "unknown.csv"}, 2, "want a column named file"});
        table.push_back({{command, one, "--from-csv", "unknown.csv"}, 2, "not both"});
    }
    expect_told_and_unchanged(table);
}

TEST_F(Mistakes, OfReading) {
    folder.write("broken.json", "{");
    fs::create_directory(folder / "empty");
    const std::string trusted = sandbox.path() + "/trust.json";
    const std::string admin = "http://127.0.0.1:1";
    expect_told_and_unchanged({
        {{"verify"}, 2, "FILE is missing"},
        {{"verify", "none.json"}, 4, "none.json: No such file"},
        {{"verify", "empty"}, 2, "empty: is no regular file"},
        {{"verify", "broken.json"}, 2, "broken.json: JSON, byte"},
        {{"verify", "broken.json", "broken.json"}, 2, "got 2 arguments, want at most 1"},
        {{"verify", "broken.json", "--offlin"}, 2, "did you mean \"--offline\"?"},
        {{"verify", badge("ana"), "--at", "soon"}, 2, "--at"},
        {{"verify", badge("ana"), "--network-id", "abc"}, 2, "want 64 lower-case hex digits"},
        {{"verify", badge("ana"), "--trust", "broken.json"}, 2, "broken.json: is no trust file"},
        {{"verify", badge("ana"), "--network-id", nowhere}, 5, nowhere},
        {{"proof", "get"}, 2, "TARGET is missing"},
        {{"proof", "get", "none.json"}, 4, "none.json: No such file"},
        {{"proof", "get", nowhere}, 2, "--member is missing"},
        {{"proof", "get", nowhere, "--member", "x"}, 4, "the network has no member x"},
        {{"proof", "get", nowhere, "--member", "uni-a"}, 4, "registered no such commitment"},
        {{"proof", "check", "none"}, 4, "none: No such file"},
        {{"proof", "check", badge("ana")}, 2, "is no status proof"},
        {{"proof", "check", trusted}, 2, "is no status proof"},
        {{"log", "show"}, 2, "INDEX is missing"},
        {{"log", "show", "first"}, 2, "want a number from 0"},
        {{"log", "show", "999999999"}, 4, "none at 999999999"},
        {{"log", "tail", "--count", "many"}, 2, "--count: want a number"},
        {{"log", "export"}, 2, "FOLDER is missing"},
        {{"log", "export", "broken.json"}, 7, "broken.json: is no directory"},
        {{"network", "trust"}, 2, "--out is missing"},
        {{"network", "trust", "--out", "none/trust.json"}, 4, "chancery: none/trust.json: No such"},
        {{"network", "genesis", "check", "none"}, 4, "none: No such file"},
        {{"network", "genesis", "check", "broken.json"}, 2, "broken.json: JSON"},
        {{"audit", "replay"}, 2, "LOG is missing"},
        {{"audit", "replay", "none"}, 4, "none: is no folder"},
        {{"audit", "replay", "empty"}, 4, "empty: holds neither an exported log nor"},
        {{"audit", "replay", sandbox.path() + "/uni-a/data"}, 7, "replayed by its URL"},
        {{"key", "show", "none"}, 4, "none: No such file"},
        {{"key", "new"}, 2, "--use is missing"},
        {{"completion"}, 2, "SHELL is missing"},
        {{"completion", "tcsh"}, 2, "want one of bash, zsh, fish"},
        {{"help", "isue"}, 2, "did you mean \"issue\"?"},
        {{"help", "issue", "bach"}, 2, "did you mean \"batch\"?"},
        {{"version", "x"}, 2, "got 1 argument, want none"},
        {{"sandbox", "claen"}, 2, "did you mean \"clean\"?"},
        {{"sandbox", "clean", "--dir", "empty"}, 7, "is there and is no sandbox"},
        {{"sandbox", "clean", "--dir", "none"}, 4, "none: is not there"},
    });
}

// `one`: a document that is registered; new.json is not yet.
std::vector<Words> calls_to_a_node(const std::string& one) {
    return {{"issue", "one", "new.json"},
            {"issue", "batch", "new.json"},
            {"revoke", one},
            {"suspend", one},
            {"reinstate", one},
            {"renew", one, "--unlinked"},
            {"proof", "get", one},
            {"log", "checkpoint"},
            {"log", "show", "0"},
            {"log", "tail"},
            {"log", "export", "copy"},
            {"network", "trust", "--out", "trust.json"}};
}

TEST_F(Mistakes, OfNamingANodeThatIsNotThere) {
    const std::string one = issue("one.json");
    write_document("new.json", "new");
    const std::string gone = "http://127.0.0.1:1";
    std::vector<Mistake> table;
    std::vector<Words> calls = calls_to_a_node(one);
    for (const Words& words : calls) {
        Words named = words;
        named.insert(named.end(), {"--node", gone});
        table.push_back({named, 6, "nothing listens there"});
        named.back() = "ftp://x";
        table.push_back({named, 2, "want http:// or https://"});
    }
    table.push_back({{"audit", "replay", gone}, 6, "nothing listens there"});
    expect_told_and_unchanged(table);
    EXPECT_EQ(chancery({"verify", one, "--node", gone}).status, 3);
    EXPECT_EQ(chancery({"doctor", "--node", gone}).status, 6);
    // The members are known; that one named node more is not there is only worth a word.
    const auto status = chancery({"network", "status", "--node", gone});
    EXPECT_EQ(status.status, 0) << status.err;
    EXPECT_NE(status.err.find("nothing listens there"), std::string::npos) << status.err;
}

TEST_F(Mistakes, OfNamingANodeOfAnotherNetwork) {
    const std::string one = issue("one.json");
    write_document("new.json", "new");
    const std::string other = test::RunningSandbox::stranger().url();
    std::vector<Mistake> table;
    std::vector<Words> calls = calls_to_a_node(one);
    calls.push_back({"verify", one});
    for (const Words& words : calls) {
        Words named = words;
        named.insert(named.end(), {"--node", other});
        table.push_back({named, 5, "network"});
    }
    expect_told_and_unchanged(table);
    const auto replayed = chancery({"audit", "replay", other});
    EXPECT_EQ(replayed.status, 8) << replayed.err;
    EXPECT_NE(replayed.out.find("what      network id"), std::string::npos) << replayed.out;
    EXPECT_EQ(chancery({"doctor", "--node", other}).status, 5);
}

// Of everything that is on the help page, somebody tried to run it without a node.
TEST_F(Mistakes, OfHavingNoSandboxAndNoFlags) {
    folder.write("a.json", "{\"issuer\":\"did:example:a\"}");
    const auto bare = [this](const Words& words) {
        return test::run({.program = "chancery", .arguments = words, .folder = folder.path()});
    };
    for (const Words& words : {Words{"issue", "one", "a.json"},
                               Words{"revoke", "a.json"},
                               Words{"renew", "a.json", "--unlinked"},
                               Words{"verify", "a.json"},
                               Words{"proof", "get", "a.json"},
                               Words{"log", "tail"},
                               Words{"network", "status"},
                               Words{"doctor"}}) {
        const test::Finished finished = bare(words);
        EXPECT_EQ(finished.status, 2) << testing::PrintToString(words) << finished.err;
        EXPECT_NE((finished.out + finished.err).find("--node is missing: the node's URL, as in"),
                  std::string::npos)
            << finished.err;
    }
}

}  // namespace
}  // namespace chancery

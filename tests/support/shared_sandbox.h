// One running sandbox for all tests of a program that only need some: started by the first, ended
// with the program.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "crypto/json/parse.h"
#include "node/cli/process.h"
#include "tests/support/eventually.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery::test {

using Words = std::vector<std::string>;

// `chancery WORDS` in the background; what it writes is in <folder>/out and <folder>/err.
inline cli::Process start_chancery(const Words& words,
                                   const ScratchFolder& folder,
                                   const std::string& sandbox) {
    cli::ProcessPlan plan{.words = {CHANCERY_BIN "/chancery"},
                          .environment = {{"PATH", "/usr/bin:/bin"},
                                          {"HOME", folder.path()},
                                          {"CHANCERY_SANDBOX", sandbox}},
                          .output = folder / "out",
                          .errors = folder / "err"};
    plan.words.insert(plan.words.end(), words.begin(), words.end());
    auto started = cli::Process::start(plan);
    CHECK(started);
    return *std::move(started);
}

class RunningSandbox {
public:
    RunningSandbox() { start(); }

    static RunningSandbox& shared() {
        static RunningSandbox one;
        return one;
    }
    // Another network on the same machine.
    static RunningSandbox& stranger() {
        static RunningSandbox one;
        return one;
    }

    // One whose member changes its keys: what others take for granted does not hold there.
    static RunningSandbox& with_changing_keys() {
        static RunningSandbox one;
        return one;
    }

    void start() {
        std::filesystem::remove(folder_ / "err");
        process_.emplace(
            start_chancery({"sandbox", "--nodes", "1", "--dir", path()}, folder_, path()));
        const bool is_up = eventually([this] { return is_ready() || process_->ended(); });
        if (!is_up || process_->ended()) ADD_FAILURE() << "sandbox: " << said();
    }
    bool is_ready() const { return said().find("Stop with Ctrl-C") != std::string::npos; }
    cli::Process& process() { return *process_; }

    const ScratchFolder& folder() const { return folder_; }
    std::string path() const { return folder_ / "chancery-sandbox"; }
    std::string said() const { return folder_.read("err"); }
    json::Value genesis() const {
        return *json::parse(folder_.read("chancery-sandbox/genesis.json"));
    }
    std::string did() const {
        return *genesis().find("members")->as_array()->front().find("did")->as_string();
    }
    std::string url() const {
        const json::Value whole = genesis();
        const json::Value& member = whole.find("members")->as_array()->front();
        return *member.find("node")->find("endpoints")->find("public")->as_string();
    }

private:
    ScratchFolder folder_;
    std::optional<cli::Process> process_;
};

// Commands against the shared sandbox, each test in a folder of its own.
struct SandboxTest : testing::Test {
    ScratchFolder folder;
    RunningSandbox& sandbox;

    explicit SandboxTest(RunningSandbox& one = RunningSandbox::shared()) : sandbox(one) {}

    Finished chancery(const Words& words) const {
        return run({.program = "chancery",
                    .arguments = words,
                    .folder = folder.path(),
                    .environment = {"CHANCERY_SANDBOX=" + sandbox.path()}});
    }
    // The command's one document; null if it is none.
    json::Value document(Words words) const {
        words.emplace_back("--json");
        auto parsed = json::parse(chancery(words).out);
        return parsed ? *std::move(parsed) : json::Value();
    }
    // A new key file that no ledger knows, and its public form.
    struct NewKey {
        std::string use;
        std::string owner;
        std::string file;
        std::string passphrase_file;
        std::string type = "p256";
    };
    std::string make_key(const NewKey& key) const {
        const Finished made = chancery({"key",
                                        "new",
                                        "--use",
                                        key.use,
                                        "--type",
                                        key.type,
                                        "--member",
                                        key.owner,
                                        "--out",
                                        key.file,
                                        "--passphrase-file",
                                        key.passphrase_file});
        EXPECT_EQ(made.status, 0) << made.err;
        return made.out.substr(0, made.out.find('\n'));
    }
    cli::Process start(const Words& words) const {
        return start_chancery(words, folder, sandbox.path());
    }
    std::string write_document(const std::string& name, const std::string& id) const {
        return folder.write(name,
                            "{\"issuer\":\"" + sandbox.did() + "\",\"id\":\"urn:n:" + id + "\"}");
    }
    void write_documents(std::size_t count) const {
        for (std::size_t i = 0; i < count; ++i)
            write_document("docs/" + std::to_string(i) + ".json", std::to_string(i));
    }
    // Registered, with receipt and status beside it.
    std::string issue(const std::string& name) const {
        write_document(name, folder.path() + name);
        const Finished issued = chancery({"issue", "one", name});
        EXPECT_EQ(issued.status, 0) << issued.err;
        return name;
    }
    std::int64_t log_size() const {
        const json::Value status = document({"network", "status"});
        const json::Value* size = status.find("size");
        return size == nullptr ? -1 : *size->as_integer();
    }
    // All commitments on the ledger, each as often as it stands there.
    std::multiset<std::string> commitments() const {
        const Finished tail = chancery({"log", "tail", "--count", "1000000", "--json"});
        EXPECT_EQ(tail.status, 0) << tail.err;
        std::multiset<std::string> found;
        for (std::size_t begin = 0; begin < tail.out.size();) {
            const std::size_t end = tail.out.find('\n', begin);
            const auto entry = json::parse(tail.out.substr(begin, end - begin));
            if (entry && *entry->find("kind")->as_string() == "credential")
                found.insert(*entry->find("commitment")->as_string());
            begin = end + 1;
        }
        return found;
    }
    std::size_t files_ending(const std::string& name, std::string_view ending) const {
        std::size_t count = 0;
        std::error_code error;
        for (std::filesystem::directory_iterator entry(folder / name, error), end;
             !error && entry != end;
             entry.increment(error))
            count += entry->path().string().ends_with(ending) ? 1U : 0U;
        return count;
    }
};

}  // namespace chancery::test

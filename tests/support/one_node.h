// A network of one on this machine, run through its real programs: a folder with keys, genesis and
// node.toml, whose node starts, is killed, and is started again as the test says. What the node
// last said is shown if the test failed.
#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "crypto/json/parse.h"
#include "node/cli/network_folder.h"
#include "node/cli/process.h"
#include "tests/support/eventually.h"
#include "tests/support/free_ports.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"

namespace chancery::test {

// Every file below with its bytes, by path.
inline std::map<std::string, std::string> files_below(const std::string& folder) {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        if (!file.is_regular_file()) continue;
        std::ostringstream content;
        content << std::ifstream(file.path(), std::ios::binary).rdbuf();
        files[std::filesystem::relative(file.path(), folder).string()] = content.str();
    }
    return files;
}

class OneNode {
public:
    using Words = std::vector<std::string>;

    // In a folder of its own, with its data directory made. `settings`: more lines of node.toml.
    explicit OneNode(std::string home, const std::string& settings = "") : home_(std::move(home)) {
        std::filesystem::create_directories(home_);
        const std::string listen = free_listen();
        const std::string peer_listen = free_listen();
        url_ = "http://" + listen;
        const cli::MemberPlan member{.slug = "uni-a",
                                     .name = "University A",
                                     .did = "",
                                     .peer_endpoint = peer_listen,
                                     .public_endpoint = url_};
        const auto made =
            cli::make_network({.name = "One",
                               .origin = "one.example/log",
                               .nodes = {{member, listen, free_listen(), peer_listen}}},
                              home_ + "/chancery-sandbox");
        CHECK(made);
        did_ = made->members.front().did;
        std::ofstream(config(), std::ios::app) << "\n" << settings;
        CHECK(chanceryd({"init"}).status == 0);
    }
    // A copy of all of `other`, keys included: what must never be, for tests of what then happens.
    OneNode(std::string home, const OneNode& other)
        : home_(std::move(home)), did_(other.did_), url_(other.url_) {
        std::filesystem::copy(other.home_, home_, std::filesystem::copy_options::recursive);
    }
    OneNode(const OneNode&) = delete;
    OneNode& operator=(const OneNode&) = delete;
    ~OneNode() {
        if (testing::Test::HasFailure()) std::cerr << std::ifstream(home_ + "/err").rdbuf();
    }

    const std::string& home() const { return home_; }
    std::string operator/(const std::string& name) const { return home_ + "/" + name; }
    std::string config() const { return home_ + "/chancery-sandbox/uni-a/node.toml"; }
    std::string data() const { return home_ + "/chancery-sandbox/uni-a/data"; }
    const std::string& url() const { return url_; }

    Finished chancery(const Words& words) const {
        return run({.program = "chancery", .arguments = words, .folder = home_});
    }
    Finished chanceryd(Words words) const {
        words.insert(words.begin() + 1, {"--config", config()});
        return run({.program = "chanceryd", .arguments = words, .folder = home_});
    }
    bool answers() const { return chancery({"log", "checkpoint"}).status == 0; }

    cli::Process start(const Words& words,
                       const std::map<std::string, std::string>& environment = {}) const {
        cli::ProcessPlan plan{.words = words,
                              .environment = environment,
                              .output = home_ + "/out",
                              .errors = home_ + "/err"};
        plan.environment.insert({"CHANCERY_SANDBOX", home_ + "/chancery-sandbox"});
        plan.environment.merge(test::bare_environment(home_));
        auto started = cli::Process::start(plan);
        CHECK(started);
        return *std::move(started);
    }
    // Not waited for.
    cli::Process start_node(const std::map<std::string, std::string>& environment = {}) const {
        return start({CHANCERY_BIN "/chanceryd", "run", "--config", config()}, environment);
    }
    // Waited for until it answers; CHECKs that it does.
    cli::Process running_node(const std::map<std::string, std::string>& environment = {}) const {
        cli::Process node = start_node(environment);
        CHECK(eventually([&] { return answers() || node.ended(); }) && !node.ended());
        return node;
    }

    // Documents <folder>/<first>.json and so on.
    void write_documents(const std::string& folder, std::size_t first, std::size_t count) const {
        std::filesystem::create_directories(home_ + "/" + folder);
        for (std::size_t i = first; i < first + count; ++i) {
            std::ofstream(home_ + "/" + folder + "/" + std::to_string(i) + ".json")
                << "{\"issuer\":\"" << did_ << "\",\"id\":\"urn:" << folder << ":" << i << "\"}";
        }
    }
    // The command that registers a folder of documents, receipts into <folder>-issued.
    Words issue_words(const std::string& folder, std::size_t batch_size) const {
        return {"issue",
                "batch",
                home_ + "/" + folder,
                "--out",
                home_ + "/" + folder + "-issued",
                "--batch-size",
                std::to_string(batch_size),
                "--resume"};
    }
    Finished issue(const std::string& folder, std::size_t batch_size) const {
        return chancery(issue_words(folder, batch_size));
    }
    std::size_t receipts(const std::string& folder) const {
        std::size_t count = 0;
        std::error_code absent;
        const std::filesystem::directory_iterator files(home_ + "/" + folder + "-issued", absent);
        for (const auto& file : files) {
            if (file.path().extension() == ".tlog-proof") ++count;
        }
        return count;
    }
    Finished verify(const std::string& folder, std::size_t number) const {
        return chancery(
            {"verify", home_ + "/" + folder + "-issued/" + std::to_string(number) + ".json"});
    }

    // What an auditor says of a log: its report, with the status 0 asked for.
    json::Value audit(const std::string& log) const {
        const auto audited = chancery({"audit", "replay", log, "--json"});
        if (audited.status != 0) throw std::runtime_error(audited.err);  // Fails the test.
        return json::parse(audited.out).value();
    }

private:
    std::string home_;
    std::string did_;
    std::string url_;
};

}  // namespace chancery::test

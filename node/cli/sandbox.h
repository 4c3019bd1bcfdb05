// A whole network on this machine: its folder, its nodes, and commands run against it.
//
//     chancery-sandbox/  genesis.json trust.json client.toml uni-a/ badges/
//
// One member, one node: the smallest network there is. The folder is ours if it holds the mark that
// we put there, and only then is it ever removed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/ledger/genesis.h"
#include "node/cli/folder_lock.h"
#include "node/cli/network_folder.h"
#include "node/cli/process.h"
#include "node/cli/session.h"

namespace chancery::cli {

// What a command said when it was run in the sandbox.
struct SandboxAnswer {
    int status = 0;
    json::Value document;  // Of --json; null if there was none.
    std::string errors;    // Its stderr.
};

class Sandbox {
public:
    // Makes the folder, or takes up the one that is there. Errc::conflict if it is not ours, or
    // another program runs it.
    static Result<Sandbox> open(const std::string& named);
    // Removes a folder of ours. Errc::not_found, Errc::conflict.
    static Result<void> remove(const std::string& folder);

    const std::string& folder() const { return folder_; }
    const ledger::Genesis& genesis() const { return genesis_; }
    const std::string& url() const { return url_; }
    std::string badges() const { return folder_ + "/badges"; }
    std::string diary() const;

    // Starts the node and waits until it is ready. Errc::not_found if there is no chanceryd.
    Result<void> start();
    // The node's exit status if it has ended by itself.
    std::optional<int> ended() { return node_ ? node_->ended() : std::nullopt; }
    int stop();

    // Writes the three badges unless they are there.
    Result<void> write_badges(std::uint64_t now_s) const;
    Result<std::string> write_renewed_badge(std::uint64_t now_s) const;

    // Runs `chancery WORDS --json` with this sandbox's keys and trust.
    Result<SandboxAnswer> chancery(const std::vector<std::string>& words) const;

private:
    Sandbox(std::string folder, ledger::Genesis genesis, FolderLock lock)
        : folder_(std::move(folder)), genesis_(std::move(genesis)), lock_(std::move(lock)) {}

    Result<void> run_node(const std::string& program, const std::string& command);
    Result<void> wait_until_ready();
    Result<void> check_ours(NodeClient& client) const;
    std::string diary_end() const;

    std::string folder_;  // Absolute.
    ledger::Genesis genesis_;
    FolderLock lock_;
    std::string url_;
    std::optional<Process> node_;
};

}  // namespace chancery::cli

// A whole network on this machine: its folder, its nodes, and commands run against it.
//
//     chancery-sandbox/  genesis.json trust.json client.toml uni-a/ uni-b/ … badges/
//
// The folder is ours if it holds the mark that we put there, and only then is it ever removed.
// Whoever works in it holds its lock; nodes that run on by themselves are found by their pid files.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crypto/ledger/genesis.h"
#include "node/cli/folder_lock.h"
#include "node/cli/network_survey.h"
#include "node/cli/sandbox_node.h"
#include "node/cli/sandbox_plan.h"
#include "node/cli/session.h"

namespace chancery::cli {

// Paths: what badges are made from, and where they are to go.
struct Roster {
    std::string form;
    std::string table;
    std::string issued;
};

// Files of what a learner stacks up, demo_pathway().
struct PathwayFiles {
    std::vector<std::string> components;
    std::string certificate;
    std::string diploma;
    std::string certificate_rule;
    std::string diploma_rule;
    std::string holder_key;  // To be made, with its passphrase.
    std::string holder_passphrase;
    std::string stack;
};

// What a command said when it was run in the sandbox.
struct SandboxAnswer {
    int status = 0;
    json::Value document;  // Of --json; null if there was none.
    std::string errors;    // Its stderr.
};

class Sandbox {
public:
    // Makes the folder in this shape. Errc::conflict if it is there.
    static Result<Sandbox> make(const std::string& named, const SandboxShape& shape);
    // Takes up the one that is there. Errc::not_found if it is not; Errc::conflict if it is not
    // ours, was never finished, or another program works in it.
    static Result<Sandbox> open(const std::string& named);
    // Ends the nodes of a folder of ours and removes it. Errc::not_found, Errc::conflict.
    static Result<void> remove(const std::string& named);

    const std::string& folder() const { return folder_; }
    const ledger::Genesis& genesis() const { return genesis_; }
    std::vector<SandboxNode>& nodes() { return nodes_; }
    // nullptr if there is none.
    SandboxNode* find(std::string_view slug);
    const std::string& url() const { return nodes_.front().url(); }
    std::string badges() const { return folder_ + "/badges"; }
    // Of what is altered on purpose just now: restored by whoever opens the sandbox next.
    std::string tamper_note() const { return folder_ + "/.altered"; }

    // Starts the nodes that do not run, and waits until all are ready and writes are accepted. If
    // that fails, those that it started are ended. Errc::not_found if there is no chanceryd.
    Result<void> start(Lifetime lifetime);
    // Starts one without waiting for it.
    Result<void> start_node(SandboxNode& node, Lifetime lifetime);
    // Waits for what the members' nodes say of themselves; Errc::unavailable says what they said.
    Result<void> wait_until(const std::function<bool(const NetworkReport&)>& is_reached);
    NetworkReport ask_all() const;
    // The last member's node first. The first exit status that is not 0.
    int stop();
    std::size_t running();

    // Writes the three badges unless they are there.
    Result<void> write_badges(std::uint64_t now_s) const;
    Result<std::string> write_renewed_badge(std::uint64_t now_s) const;
    // A table of so many learners, and the template that goes with it.
    Result<Roster> write_roster(std::uint64_t now_s, std::size_t learners) const;
    // Three micro-credentials, what they earn, and by which rules; nothing is registered.
    Result<PathwayFiles> write_pathway(std::uint64_t now_s) const;

    // Runs `chancery WORDS --json` with this sandbox's keys and trust.
    Result<SandboxAnswer> chancery(const std::vector<std::string>& words) const;

private:
    Sandbox(std::string folder, ledger::Genesis genesis, FolderLock lock);

    static Result<Sandbox> take_up(const std::string& folder, FolderLock lock);
    Result<void> init_nodes(const std::string& program);

    std::string folder_;  // Absolute.
    ledger::Genesis genesis_;
    FolderLock lock_;
    std::vector<SandboxNode> nodes_;  // By member.
};

}  // namespace chancery::cli

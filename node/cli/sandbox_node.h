// One node of a sandbox: a chanceryd of its own, in a folder of its own.
//
//     <folder>/node.toml  keys/  data/  chanceryd.log  chanceryd.pid
//
// It is a child of this program, or was started by an earlier call to outlive it; the pid file
// finds it again.
#pragma once

#include <optional>
#include <string>

#include "node/cli/process.h"

namespace chancery::cli {

enum class Lifetime : std::uint8_t {
    ours,  // It ends with this program.
    own,   // It goes on until sandbox down.
};

class SandboxNode {
public:
    SandboxNode(std::string slug, std::string url, std::string folder)
        : slug_(std::move(slug)), url_(std::move(url)), folder_(std::move(folder)) {}

    const std::string& slug() const { return slug_; }
    const std::string& url() const { return url_; }
    const std::string& folder() const { return folder_; }
    std::string data() const { return folder_ + "/data"; }
    std::string diary() const { return folder_ + "/chanceryd.log"; }
    // What the diary says last, since `begin`.
    std::string diary_end(std::uint64_t begin = 0) const;
    std::uint64_t diary_bytes() const;

    bool is_made() const;  // It has a data directory.
    // Starts `chanceryd COMMAND` of this node as a child of ours.
    Result<Process> start_command(const std::string& program, const std::string& command) const;

    Result<void> start(const std::string& program, Lifetime lifetime);
    bool is_running();
    // The exit status of a child of ours that has ended by itself.
    std::optional<int> ended() { return process_ ? process_->ended() : std::nullopt; }
    // In order, or at once. The exit status; 0 for one that is not running, or no child of ours.
    int stop();
    void kill();
    // One that was started to outlive us does so.
    void let_go();

private:
    std::string pid_file() const { return folder_ + "/chanceryd.pid"; }

    std::string slug_;
    std::string url_;
    std::string folder_;
    std::optional<Process> process_;
};

}  // namespace chancery::cli

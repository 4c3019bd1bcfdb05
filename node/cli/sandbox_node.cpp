#include "node/cli/sandbox_node.h"

#include <filesystem>

#include "node/cli/pid_file.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t diary_bytes_max = 16 * 1024 * 1024;
constexpr std::size_t diary_end_bytes = 800;

}  // namespace

std::string SandboxNode::diary_end(std::uint64_t begin) const {
    const auto text = node::read_file(diary(), diary_bytes_max);
    if (!text || begin >= text->size()) return {};
    const std::string said = text->substr(static_cast<std::size_t>(begin));
    return said.size() > diary_end_bytes ? "…" + said.substr(said.size() - diary_end_bytes) : said;
}

std::uint64_t SandboxNode::diary_bytes() const {
    std::error_code absent;
    const std::uintmax_t bytes = fs::file_size(diary(), absent);
    return absent ? 0 : bytes;
}

bool SandboxNode::is_made() const {
    std::error_code absent;
    return fs::exists(data(), absent);
}

Result<Process> SandboxNode::start_command(const std::string& program,
                                           const std::string& command) const {
    return Process::start({.words = {program, command, "--config", folder_ + "/node.toml"},
                           .environment = plain_environment(),
                           .output = diary(),
                           .errors = diary()});
}

Result<void> SandboxNode::start(const std::string& program, Lifetime lifetime) {
    auto started = Process::start({.words = {program, "run", "--config", folder_ + "/node.toml"},
                                   .environment = plain_environment(),
                                   .output = diary(),
                                   .errors = diary(),
                                   .outlives_us = lifetime == Lifetime::own});
    if (!started) return started.error();
    process_.emplace(*std::move(started));
    const auto written = write_pid_file(pid_file(), process_->id());
    // Whoever has ended by now needs no file; its status says why.
    if (!written && written.error().code != Errc::not_found) return written.error();
    return {};
}

bool SandboxNode::is_running() {
    if (process_) return !process_->ended();
    return KnownProcess::in_file(pid_file()).has_value();
}

int SandboxNode::stop() {
    int status = 0;
    if (process_) {
        status = process_->stop();
        process_.reset();
    } else if (auto known = KnownProcess::in_file(pid_file())) {
        known->stop();
    }
    std::error_code absent;
    fs::remove(pid_file(), absent);
    return status;
}

void SandboxNode::kill() {
    if (process_) {
        process_->kill();
    } else if (auto known = KnownProcess::in_file(pid_file())) {
        known->kill();
    }
}

void SandboxNode::let_go() {
    if (!process_) return;
    process_->let_go();
    process_.reset();
}

}  // namespace chancery::cli

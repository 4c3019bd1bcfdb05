#include "node/cli/process.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace chancery::cli {
namespace {

constexpr std::chrono::seconds stop_wait{10};
constexpr std::chrono::milliseconds exit_poll_interval{20};
constexpr int cannot_execute = 127;

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> found;
    found.reserve(texts.size() + 1);
    for (std::string& text : texts)
        found.push_back(text.data());
    found.push_back(nullptr);
    return found;
}

// All that was allocated is handed in: between fork and exec, nothing may be.
struct Prepared {
    std::vector<char*> arguments;
    std::vector<char*> environment;
    const char* output;
    const char* errors;
    pid_t parent;
    bool outlives_us;
};

[[noreturn]] void become(const Prepared& prepared) {
    if (prepared.outlives_us) {
        ::setsid();
    } else {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != prepared.parent) ::_exit(cannot_execute);
        ::setpgid(0, 0);
    }
    const int nothing = ::open("/dev/null", O_RDONLY);
    const int output = ::open(prepared.output, O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int errors = ::open(prepared.errors, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (::dup2(nothing, STDIN_FILENO) >= 0 && ::dup2(output, STDOUT_FILENO) >= 0 &&
        ::dup2(errors, STDERR_FILENO) >= 0) {
        ::signal(SIGINT, SIG_DFL);
        ::signal(SIGTERM, SIG_DFL);
        ::execve(
            prepared.arguments.front(), prepared.arguments.data(), prepared.environment.data());
    }
    ::_exit(cannot_execute);
}

int exit_status(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

Result<Process> Process::start(const ProcessPlan& plan) {
    std::vector<std::string> words = plan.words;
    std::vector<std::string> variables;
    for (const auto& variable : plan.environment)
        variables.push_back(variable.first + "=" + variable.second);
    const Prepared prepared{.arguments = pointers(words),
                            .environment = pointers(variables),
                            .output = plan.output.c_str(),
                            .errors = plan.errors.c_str(),
                            .parent = ::getpid(),
                            .outlives_us = plan.outlives_us};
    const pid_t id = ::fork();
    if (id < 0)
        return Error{
            Errc::io,
            "cannot start " + plan.words.front() + ": " + std::generic_category().message(errno)};
    if (id == 0) become(prepared);
    return Process(id);
}

Process::~Process() {
    if (id_ != 0 && !status_) stop();
}

std::optional<int> Process::ended() {
    if (status_) return status_;
    int status = 0;
    if (::waitpid(id_, &status, WNOHANG) == id_) status_ = exit_status(status);
    return status_;
}

int Process::wait() {
    int status = 0;
    while (!status_)
        if (::waitpid(id_, &status, 0) == id_) status_ = exit_status(status);
    return *status_;
}

int Process::stop() {
    if (ended()) return *status_;
    ::kill(id_, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + stop_wait;
    while (!ended() && std::chrono::steady_clock::now() < deadline)
        std::this_thread::sleep_for(exit_poll_interval);
    return kill();
}

int Process::kill() {
    if (!ended()) ::kill(id_, SIGKILL);
    return wait();
}

std::string own_program() {
    std::error_code error;
    const std::filesystem::path path = std::filesystem::read_symlink("/proc/self/exe", error);
    return path.string();
}

std::map<std::string, std::string> plain_environment() {
    std::map<std::string, std::string> plain;
    for (char** variable = ::environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const std::size_t equals = text.find('=');
        if (equals == std::string_view::npos || text.starts_with("CHANCERY_")) continue;
        plain.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return plain;
}

}  // namespace chancery::cli

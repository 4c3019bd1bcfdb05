// Runs one of the built programs to its end and keeps what it wrote.
#pragma once

#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::test {

struct Finished {
    int status = -1;  // -1: ended by a signal.
    std::string out;
    std::string err;
};

struct Call {
    std::string program;  // "chancery"
    std::vector<std::string> arguments;
    std::string folder;                         // Where it runs.
    std::vector<std::string> environment = {};  // "NAME=value"; beside it, bare_environment().
};

// What a program needs to run at all: nothing of the tester's own, but what ThreadSanitizer is
// told.
inline std::map<std::string, std::string> bare_environment(const std::string& home) {
    std::map<std::string, std::string> variables = {{"PATH", "/usr/bin:/bin"}, {"HOME", home}};
    if (const char* told = std::getenv("TSAN_OPTIONS")) variables["TSAN_OPTIONS"] = told;
    return variables;
}

namespace program_detail {

// All that is allocated is allocated before the fork: other threads may hold the allocator's locks,
// and between fork and exec nobody would let go of them.
class Prepared {
public:
    explicit Prepared(const Call& call)
        : folder_(call.folder), words_{CHANCERY_BIN "/" + call.program} {
        words_.insert(words_.end(), call.arguments.begin(), call.arguments.end());
        for (const auto& [name, value] : bare_environment(call.folder))
            variables_.push_back(name + "=" + value);
        variables_.insert(variables_.end(), call.environment.begin(), call.environment.end());
        for (std::string& word : words_)
            argv_.push_back(word.data());
        argv_.push_back(nullptr);
        for (std::string& variable : variables_)
            envp_.push_back(variable.data());
        envp_.push_back(nullptr);
    }
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    [[noreturn]] void become(int out, int err) const {
        const int nothing = ::open("/dev/null", O_RDONLY);
        if (::chdir(folder_.c_str()) == 0 && ::dup2(nothing, 0) == 0 && ::dup2(out, 1) == 1 &&
            ::dup2(err, 2) == 2)
            ::execve(argv_.front(), argv_.data(), envp_.data());
        ::_exit(127);
    }

private:
    std::string folder_;
    std::vector<std::string> words_;
    std::vector<std::string> variables_;
    std::vector<char*> argv_;
    std::vector<char*> envp_;
};

inline void gather(std::array<int, 2> ends, Finished& finished) {
    std::array<pollfd, 2> polled = {pollfd{ends[0], POLLIN, 0}, pollfd{ends[1], POLLIN, 0}};
    std::array<char, 4096> piece{};
    while (polled[0].fd >= 0 || polled[1].fd >= 0) {
        if (::poll(polled.data(), polled.size(), -1) < 0) continue;
        for (std::size_t i = 0; i < polled.size(); ++i) {
            if (polled[i].fd < 0 || polled[i].revents == 0) continue;
            const ssize_t got = ::read(polled[i].fd, piece.data(), piece.size());
            if (got <= 0) {
                polled[i].fd = -1;
                continue;
            }
            (i == 0 ? finished.out : finished.err)
                .append(piece.data(), static_cast<std::size_t>(got));
        }
    }
}

}  // namespace program_detail

inline Finished run(const Call& call) {
    std::array<int, 2> out{};
    std::array<int, 2> err{};
    CHECK(::pipe2(out.data(), O_CLOEXEC) == 0 && ::pipe2(err.data(), O_CLOEXEC) == 0);
    const program_detail::Prepared prepared(call);
    const pid_t child = ::fork();
    CHECK(child >= 0);
    if (child == 0) prepared.become(out[1], err[1]);
    ::close(out[1]);
    ::close(err[1]);
    Finished finished;
    program_detail::gather({out[0], err[0]}, finished);
    ::close(out[0]);
    ::close(err[0]);
    int status = 0;
    CHECK(::waitpid(child, &status, 0) == child);
    if (WIFEXITED(status)) finished.status = WEXITSTATUS(status);
    return finished;
}

}  // namespace chancery::test

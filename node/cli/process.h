// Programs that this one starts: a node that runs beside it, or a command run to its end.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "crypto/base/result.h"

namespace chancery::cli {

struct ProcessPlan {
    std::vector<std::string> words;                  // The program's path first.
    std::map<std::string, std::string> environment;  // All of it.
    std::string output;                              // File that takes stdout.
    std::string errors;                              // File that takes stderr; may be the same.
    bool outlives_us = false;                        // Neither our end nor the terminal's ends it.
};

// A running program. It ends with us, however we end, unless it was started to outlive us.
class Process {
public:
    // In a process group of its own, so that a Ctrl-C is ours to pass on.
    static Result<Process> start(const ProcessPlan& plan);
    Process(Process&& other) noexcept : id_(other.id_), status_(other.status_) { other.id_ = 0; }
    Process& operator=(Process&&) = delete;
    ~Process();

    // Stays this process's number until its end was told.
    pid_t id() const { return id_; }

    // Its exit status if it has ended; 128 + the signal's number if one ended it.
    std::optional<int> ended();
    int wait();
    // SIGTERM, and SIGKILL if that is not heard within ten seconds. Gives the exit status.
    int stop();
    // SIGKILL, as a power cut would be.
    int kill();
    // Leaves it to itself: it is not ended with this object.
    void let_go() { id_ = 0; }

private:
    explicit Process(pid_t id) : id_(id) {}

    pid_t id_;
    std::optional<int> status_;
};

// This program's own path, and the folder it lies in.
std::string own_program();

// The environment without our own variables.
std::map<std::string, std::string> plain_environment();

}  // namespace chancery::cli

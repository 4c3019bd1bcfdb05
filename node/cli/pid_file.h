// Which process a file remembers, so that a later command can find it again and end it.
//
//     <process id> SP <its start, in clock ticks since boot> SP <the boot's id> LF
//
// A number is given out again once its process has gone; number, start and boot together are not.
// Signals go through a descriptor of the very process that was recognised.
// Source: proc(5), pidfd_open(2).
#pragma once

#include <chrono>
#include <string>

#include <sys/types.h>

#include "crypto/base/result.h"

namespace chancery::cli {

// A process that this user may have started long ago.
class KnownProcess {
public:
    // The one that the file names. Errc::not_found: there is no such file, or that process has
    // ended, whoever has its number now. Errc::invalid: it is no such file.
    static Result<KnownProcess> in_file(const std::string& path);

    KnownProcess(KnownProcess&& other) noexcept : id_(other.id_), descriptor_(other.descriptor_) {
        other.descriptor_ = -1;
    }
    KnownProcess& operator=(KnownProcess&&) = delete;
    ~KnownProcess();

    pid_t id() const { return id_; }
    bool has_ended(std::chrono::milliseconds wait = std::chrono::milliseconds(0)) const;
    // SIGTERM, and SIGKILL if that is not heard within ten seconds.
    void stop();
    void kill();

private:
    KnownProcess(pid_t id, int descriptor) : id_(id), descriptor_(descriptor) {}
    void signal(int number) const;

    pid_t id_;
    int descriptor_;
};

// Remembers a process that runs now, in place of whatever was there.
Result<void> write_pid_file(const std::string& path, pid_t id);

}  // namespace chancery::cli

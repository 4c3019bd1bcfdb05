// A process that is nearly out of descriptors, for as long as this lives.
#pragma once

#include <sys/resource.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::test {

// Lowers the process's limit so that `room` descriptors are left.
class FewDescriptors {
public:
    explicit FewDescriptors(int room) {
        CHECK(getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const int lowest = dup(0);
        close(lowest);
        rlimit low = before_;
        low.rlim_cur = static_cast<rlim_t>(lowest + room);
        CHECK(setrlimit(RLIMIT_NOFILE, &low) == 0);
    }
    ~FewDescriptors() { CHECK(setrlimit(RLIMIT_NOFILE, &before_) == 0); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;

private:
    rlimit before_{};
};

}  // namespace chancery::test

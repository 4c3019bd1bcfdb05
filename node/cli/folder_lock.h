// Keeps two runs of a command out of one folder: whoever comes second is told so, and changes
// nothing.
//
// The folder itself is locked, so no file is left behind, and the lock ends with the process.
// Source: flock(2).
#pragma once

#include <string>

#include "crypto/base/result.h"

namespace chancery::cli {

class FolderLock {
public:
    // Errc::conflict if another process has it; `user` names what that is: "an issuing job".
    static Result<FolderLock> take(const std::string& folder, std::string_view user);

    FolderLock(FolderLock&& other) noexcept : descriptor_(other.descriptor_) {
        other.descriptor_ = -1;
    }
    FolderLock& operator=(FolderLock&&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int descriptor) : descriptor_(descriptor) {}

    int descriptor_;
};

}  // namespace chancery::cli

#include "node/cli/folder_lock.h"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace chancery::cli {

Result<FolderLock> FolderLock::take(const std::string& folder, std::string_view user) {
    FolderLock lock(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (lock.descriptor_ < 0)
        return Error{errno == ENOENT ? Errc::not_found : Errc::io,
                     folder + ": " + std::generic_category().message(errno)};
    if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) == 0) return lock;
    if (errno == EWOULDBLOCK)
        return Error{Errc::conflict, folder + ": " + std::string(user) + " is at work there"};
    return Error{Errc::io, folder + ": " + std::generic_category().message(errno)};
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace chancery::cli

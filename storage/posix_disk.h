// A data directory on a real file system, held by one process at a time.
//
// Every file is for its owner alone. The directory is locked with flock on its file "lock", which
// the kernel releases when the process ends, however it ends.
// Source: POSIX.1-2017, open, pwrite, fdatasync; flock(2).
#pragma once

#include <memory>
#include <string>

#include "storage/disk.h"

namespace chancery::storage {

inline constexpr const char* lock_file_name = "lock";

// Errc::not_found: no such directory. Errc::conflict: another process has it open.
// The disk's own calls may be made from any thread; one File serves one thread at a time.
Result<std::unique_ptr<Disk>> open_posix_disk(const std::string& path);

}  // namespace chancery::storage

// Small whole files on this machine: read with a limit, written so that power loss shows either
// the old file or the new one.
//
// For keys, configurations and documents; the ledger's own files go through storage/disk.h.
#pragma once

#include <string>

#include <sys/types.h>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::node {

inline constexpr mode_t private_mode = 0600;
inline constexpr mode_t public_mode = 0644;

// Errc::not_found, Errc::invalid for more than `bytes_max` or what is no regular file, Errc::io.
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);

// The same for secrets: Errc::forbidden unless it is this user's or root's, and nobody else's to
// read.
Result<std::string> read_private_file(const std::string& path, std::size_t bytes_max);

// Errc::conflict if it is there already. On return it survives power loss.
Result<void> create_file(const std::string& path, std::string_view content, mode_t mode);

// Puts the content in place of whatever is there, at once. On return it survives power loss.
Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode);

// Adds to the end of a file that is there. On return it survives power loss; if it fails, nothing
// was added, unless the process or the machine ends meanwhile: then a part may have been.
Result<void> append_file(const std::string& path, std::string_view content);

// With its parents. A directory that is there already is left as it is; a new one survives power
// loss.
Result<void> make_directories(const std::string& path, mode_t mode);

}  // namespace chancery::node

// The ends of RocksDB's table files, looked at before RocksDB trusts them.
//
//     checksum type u8 ‖ metaindex handle ‖ index handle ‖ zeros … ‖ version u32 ‖ magic u64
//                                                     53 bytes, the last two little-endian
//
// No checksum covers them (before version 6), and a flipped bit of the version makes RocksDB read
// compressed blocks by the rules of an older one: it then takes memory for what the disk held, and
// an assertion of its own may end the process.
// Source: RocksDB 7.8, table/format.h.
#pragma once

#include <string>

#include "crypto/base/result.h"

namespace chancery::storage {

inline constexpr std::uint32_t table_format_version = 5;

// Errc::corrupt with the file, got and want, unless every finished .sst in `folder` ends as this
// program's do; Errc::io. A crash may leave unfinished ones behind, which end in no magic number
// and are RocksDB's to judge. Reads 53 bytes a file.
Result<void> check_table_footers(const std::string& folder);

}  // namespace chancery::storage

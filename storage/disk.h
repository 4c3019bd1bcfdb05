// What storage asks of a file system: so that the same code runs on a real disk, on a simulated
// one that loses what was not synced, and on one that fails when told to.
//
// After a failed write or sync the state is unknown: the caller stops, and start-up recovers.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::storage {

class File {
public:
    File() = default;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    virtual ~File() = default;

    virtual Result<std::uint64_t> size() const = 0;
    // Exactly `count` bytes; Errc::corrupt if the file ends before.
    virtual Result<Bytes> read_at(std::uint64_t offset, std::size_t count) const = 0;
    virtual Result<void> write_at(std::uint64_t offset, ByteView bytes) = 0;
    // What was written is on the platter: fdatasync.
    virtual Result<void> sync() = 0;
};

// Paths are relative to the disk's root, with '/'; a disk is one data directory.
class Disk {
public:
    Disk() = default;
    Disk(const Disk&) = delete;
    Disk& operator=(const Disk&) = delete;
    virtual ~Disk() = default;

    enum class Open : std::uint8_t { existing, create_new };
    // `synced_writes`: every write is durable when it returns (O_DSYNC).
    // Errc::not_found, Errc::conflict (create_new, and it is there), Errc::io.
    virtual Result<std::unique_ptr<File>> open(const std::string& path,
                                               Open how,
                                               bool synced_writes = false) = 0;
    virtual Result<void> rename(const std::string& from, const std::string& to) = 0;
    virtual Result<void> remove(const std::string& path) = 0;
    // Names in a directory, sorted; empty if it is not there.
    virtual Result<std::vector<std::string>> list(const std::string& directory) const = 0;
    virtual Result<void> make_directory(const std::string& directory) = 0;
    // Creations, renames and removals in it are durable.
    virtual Result<void> sync_directory(const std::string& directory) = 0;
    virtual Result<std::uint64_t> free_bytes() const = 0;
};

}  // namespace chancery::storage

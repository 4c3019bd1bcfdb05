// An open file or directory of this machine, closed with its scope, and what is done with one.
//
// For node's own local files; the ledger's go through storage/disk.h.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace chancery::node {

class FileDescriptor {
public:
    // As open(2) gave it.
    explicit FileDescriptor(int number) : number_(number) {}
    FileDescriptor(const FileDescriptor&) = delete;
    FileDescriptor& operator=(const FileDescriptor&) = delete;
    FileDescriptor(FileDescriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    FileDescriptor& operator=(FileDescriptor&&) = delete;
    ~FileDescriptor();

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

// What a call on `path` failed with: Errc::not_found, conflict, forbidden, or io.
Error failed(const std::string& path, int error);

Result<void> write_all(const FileDescriptor& file,
                       const std::string& path,
                       std::string_view content);

// "." for a plain name.
std::string directory_of(const std::string& path);
FileDescriptor open_directory(const std::string& directory);
// Creations, renames and removals in it survive power loss.
Result<void> sync_directory(const std::string& directory);

}  // namespace chancery::node

#include "node/staged_files.h"

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/crash_point.h"

namespace chancery::node {
namespace {

using storage::crash_point;
using storage::CrashPoint;

// From so many on, one sync of a whole file system, whatever else is written there, costs less
// than one for each.
constexpr std::size_t whole_file_system_from = 16;

std::string piece_path(const std::string& path) { return path + ".chancery-part"; }

Result<void> sync_file(const std::string& path) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.is_open() || ::fsync(file.number()) != 0) return failed(path, errno);
    return {};
}

}  // namespace

StagedFiles::~StagedFiles() {
    for (const std::string& path : paths_)
        ::unlink(piece_path(path).c_str());
}

Result<void> StagedFiles::know_folder_of(const std::string& path) {
    const std::string folder = directory_of(path);
    if (!folders_.insert(folder).second) return {};
    FileDescriptor opened = open_directory(folder);
    struct stat about {};
    if (!opened.is_open() || ::fstat(opened.number(), &about) != 0) {
        const int error = errno;
        folders_.erase(folder);
        return failed(path, error);
    }
    file_systems_.try_emplace(about.st_dev, std::move(opened));
    return {};
}

Result<void> StagedFiles::replace(const std::string& path, std::string_view content, mode_t mode) {
    if (const auto known = know_folder_of(path); !known) return known;
    const std::string piece = piece_path(path);
    ::unlink(piece.c_str());  // Of a process that was killed.
    const FileDescriptor file(::open(piece.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file.is_open()) return failed(errno == EEXIST ? piece : path, errno);
    Result<void> written = write_all(file, path, content);
    if (written && ::fchmod(file.number(), mode) != 0) written = failed(path, errno);
    if (!written) {
        ::unlink(piece.c_str());
        return written;
    }
    if (known_.insert(path).second) paths_.push_back(path);
    return {};
}

Result<void> StagedFiles::sync_file_systems() const {
    for (const auto& [device, folder] : file_systems_)
        if (::syncfs(folder.number()) != 0) return failed(*folders_.begin(), errno);
    return {};
}

Result<void> StagedFiles::sync_pieces() const {
    if (paths_.size() >= whole_file_system_from) return sync_file_systems();
    for (const std::string& path : paths_)
        if (const auto synced = sync_file(piece_path(path)); !synced) return synced;
    return {};
}

Result<void> StagedFiles::place_pieces() {
    for (std::size_t i = 0; i < paths_.size(); ++i) {
        if (i == paths_.size() / 2) crash_point(CrashPoint::files_half_placed);
        const std::string& path = paths_[i];
        if (::rename(piece_path(path).c_str(), path.c_str()) == 0) continue;
        const int error = errno;
        Error failure = failed(path, error);
        paths_.erase(paths_.begin(), paths_.begin() + static_cast<std::ptrdiff_t>(i));
        return failure;
    }
    paths_.clear();
    known_.clear();
    return {};
}

Result<void> StagedFiles::sync_folders() const {
    if (folders_.size() >= whole_file_system_from) return sync_file_systems();
    for (const std::string& folder : folders_)
        if (const auto synced = sync_directory(folder); !synced) return synced;
    return {};
}

Result<void> StagedFiles::commit() {
    if (paths_.empty()) return {};
    crash_point(CrashPoint::files_staged);
    if (const auto synced = sync_pieces(); !synced) return synced;
    crash_point(CrashPoint::files_synced);
    if (const auto placed = place_pieces(); !placed) return placed;
    if (const auto synced = sync_folders(); !synced) return synced;
    crash_point(CrashPoint::files_placed);
    folders_.clear();
    file_systems_.clear();
    return {};
}

}  // namespace chancery::node

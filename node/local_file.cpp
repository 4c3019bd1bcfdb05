#include "node/local_file.h"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "node/file_descriptor.h"

namespace chancery::node {
namespace {

namespace fs = std::filesystem;

std::string octal(mode_t mode) {
    std::string digits = "0";
    for (const unsigned shift : {6U, 3U, 0U})
        digits += static_cast<char>('0' + ((mode >> shift) & 7U));
    return digits;
}

Result<void> check_private(const std::string& path, const struct stat& about) {
    if ((about.st_mode & 077U) != 0)
        return Error{Errc::forbidden,
                     path + ": mode is " + octal(about.st_mode) + ", want 0600: chmod 600"};
    if (about.st_uid != ::geteuid() && about.st_uid != 0)
        return Error{Errc::forbidden, path + ": belongs to another user"};
    return {};
}

Result<std::string> read_open(const FileDescriptor& file,
                              const std::string& path,
                              std::size_t max) {
    std::string content;
    while (content.size() <= max) {
        const std::size_t before = content.size();
        content.resize(std::min(max + 1, before + 64 * 1024));
        const ssize_t got = ::read(file.number(), content.data() + before, content.size() - before);
        if (got < 0 && errno != EINTR) return failed(path, errno);
        content.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got == 0) return content;
    }
    return Error{Errc::invalid, path + ": larger than " + std::to_string(max) + " bytes"};
}

Result<std::string> read_checked(const std::string& path, std::size_t bytes_max, bool is_secret) {
    const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!file.is_open()) return failed(path, errno);
    struct stat about {};
    if (::fstat(file.number(), &about) != 0) return failed(path, errno);
    if (!S_ISREG(about.st_mode)) return Error{Errc::invalid, path + ": is no regular file"};
    if (is_secret) {
        if (auto checked = check_private(path, about); !checked) return checked.error();
    }
    return read_open(file, path, bytes_max);
}

Result<void> write_durably(const std::string& path, std::string_view content, mode_t mode) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (!file.is_open()) return failed(path, errno);
    if (const Result<void> written = write_all(file, path, content); !written) return written;
    if (::fchmod(file.number(), mode) != 0) return failed(path, errno);
    if (::fsync(file.number()) != 0) return failed(path, errno);
    return {};
}

Result<void> sync_directory_of(const std::string& path) {
    return sync_directory(directory_of(path));
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
    return read_checked(path, bytes_max, false);
}

Result<std::string> read_private_file(const std::string& path, std::size_t bytes_max) {
    return read_checked(path, bytes_max, true);
}

Result<void> create_file(const std::string& path, std::string_view content, mode_t mode) {
    const Result<void> written = write_durably(path, content, mode);
    if (!written) {
        // What stood there before is not ours to remove; a piece of our own is.
        if (written.error().code == Errc::io) ::unlink(path.c_str());
        return written.error();
    }
    return sync_directory_of(path);
}

Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode) {
    const std::string piece = path + "." + std::to_string(::getpid()) + ".part";
    ::unlink(piece.c_str());  // Of a process that had this number and was killed.
    if (const Result<void> written = write_durably(piece, content, mode); !written) {
        ::unlink(piece.c_str());
        // Who asked knows the file by its own name.
        return Error{written.error().code, path + written.error().detail.substr(piece.size())};
    }
    if (::rename(piece.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(piece.c_str());
        return failed(path, error);
    }
    return sync_directory_of(path);
}

Result<void> append_file(const std::string& path, std::string_view content) {
    const FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    if (!file.is_open()) return failed(path, errno);
    const off_t end = ::lseek(file.number(), 0, SEEK_END);
    if (end < 0) return failed(path, errno);
    Result<void> written = write_all(file, path, content);
    if (written && ::fsync(file.number()) != 0) written = failed(path, errno);
    if (written) return {};
    if (::ftruncate(file.number(), end) != 0) return failed(path, errno);
    return written.error();
}

Result<void> make_directories(const std::string& path, mode_t mode) {
    fs::path made;
    for (const fs::path& part : fs::path(path).lexically_normal()) {
        made /= part;
        if (made.empty()) continue;
        if (::mkdir(made.c_str(), mode) == 0) {
            if (const auto synced = sync_directory_of(made.string()); !synced) return synced;
        } else if (errno != EEXIST) {
            return failed(made.string(), errno);
        }
    }
    std::error_code error;
    if (!fs::is_directory(path, error)) return Error{Errc::conflict, path + ": is no directory"};
    return {};
}

}  // namespace chancery::node

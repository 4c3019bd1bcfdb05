#include "storage/posix_disk.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::storage {
namespace {

namespace fs = std::filesystem;

constexpr mode_t file_mode = 0600;
constexpr mode_t directory_mode = 0700;

Error failed(const std::string& act, const std::string& path, int code) {
    const Errc errc = code == ENOENT ? Errc::not_found : code == EEXIST ? Errc::conflict : Errc::io;
    return Error{errc, path + ": " + act + ": " + std::system_category().message(code)};
}

// Names come from our own code; one that leaves the data directory is our mistake.
void check_path(const std::string& path) {
    CHECK(!path.empty() && path.front() != '/');
    CHECK(path.find("..") == std::string::npos);
}

// An open file descriptor, closed once.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }

    int number() const { return number_; }
    bool is_open() const { return number_ >= 0; }

private:
    int number_;
};

Descriptor open_at(const Descriptor& directory, const std::string& path, int flags) {
    while (true) {
        const int number = ::openat(directory.number(), path.c_str(), flags, file_mode);
        if (number >= 0 || errno != EINTR) return Descriptor(number);
    }
}

class PosixFile final : public File {
public:
    PosixFile(Descriptor descriptor, std::string path)
        : descriptor_(std::move(descriptor)), path_(std::move(path)) {}

    Result<std::uint64_t> size() const override {
        struct stat about {};
        if (::fstat(descriptor_.number(), &about) != 0) return failed("stat", path_, errno);
        return static_cast<std::uint64_t>(about.st_size);
    }

    Result<Bytes> read_at(std::uint64_t offset, std::size_t count) const override {
        Bytes bytes(count);
        std::size_t done = 0;
        while (done < count) {
            const ssize_t taken = ::pread(descriptor_.number(),
                                          bytes.data() + done,
                                          count - done,
                                          static_cast<off_t>(offset + done));
            if (taken < 0 && errno == EINTR) continue;
            if (taken < 0) return failed("read", path_, errno);
            if (taken == 0) return ends_early(offset, done, count);
            done += static_cast<std::size_t>(taken);
        }
        return bytes;
    }

    Result<void> write_at(std::uint64_t offset, ByteView bytes) override {
        std::size_t done = 0;
        while (done < bytes.size()) {
            const ssize_t taken = ::pwrite(descriptor_.number(),
                                           bytes.data() + done,
                                           bytes.size() - done,
                                           static_cast<off_t>(offset + done));
            if (taken < 0 && errno == EINTR) continue;
            if (taken < 0) return failed("write", path_, errno);
            if (taken == 0) return Error{Errc::io, path_ + ": a write of 0 bytes"};
            done += static_cast<std::size_t>(taken);
        }
        return {};
    }

    Result<void> sync() override {
        // Never repeated after a failure: the kernel may have dropped the pages it could not write,
        // and a second call would say that all is well.
        if (::fdatasync(descriptor_.number()) != 0) return failed("fdatasync", path_, errno);
        return {};
    }

private:
    Error ends_early(std::uint64_t offset, std::size_t got, std::size_t want) const {
        return Error{Errc::corrupt,
                     path_ + ": ends after " + std::to_string(got) + " of " + std::to_string(want) +
                         " bytes at " + std::to_string(offset)};
    }

    Descriptor descriptor_;
    std::string path_;
};

class PosixDisk final : public Disk {
public:
    PosixDisk(std::string root, Descriptor directory, Descriptor lock)
        : root_(std::move(root)), directory_(std::move(directory)), lock_(std::move(lock)) {}

    Result<std::unique_ptr<File>> open(const std::string& path,
                                       Open how,
                                       bool synced_writes) override {
        check_path(path);
        int flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
        if (how == Open::create_new) flags |= O_CREAT | O_EXCL;
        if (synced_writes) flags |= O_DSYNC;
        Descriptor descriptor = open_at(directory_, path, flags);
        if (!descriptor.is_open()) return failed("open", full(path), errno);
        return std::unique_ptr<File>(
            std::make_unique<PosixFile>(std::move(descriptor), full(path)));
    }

    Result<void> rename(const std::string& from, const std::string& to) override {
        check_path(from);
        check_path(to);
        const int status =
            ::renameat(directory_.number(), from.c_str(), directory_.number(), to.c_str());
        if (status != 0) return failed("rename to " + to, full(from), errno);
        return {};
    }

    Result<void> remove(const std::string& path) override {
        check_path(path);
        if (::unlinkat(directory_.number(), path.c_str(), 0) != 0) {
            return failed("remove", full(path), errno);
        }
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& directory) const override {
        std::vector<std::string> names;
        std::error_code code;
        fs::directory_iterator each(full(directory), code);
        if (code.value() == ENOENT) return names;
        while (!code && each != fs::directory_iterator()) {
            names.push_back(each->path().filename().string());
            each.increment(code);
        }
        if (code) return failed("list", full(directory), code.value());
        std::ranges::sort(names);
        return names;
    }

    Result<void> make_directory(const std::string& directory) override {
        check_path(directory);
        if (::mkdirat(directory_.number(), directory.c_str(), directory_mode) != 0) {
            return failed("make the directory", full(directory), errno);
        }
        return {};
    }

    Result<void> sync_directory(const std::string& directory) override {
        const std::string name = directory.empty() ? "." : directory;
        const Descriptor opened = open_at(directory_, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (!opened.is_open()) return failed("open", full(directory), errno);
        if (::fsync(opened.number()) != 0) return failed("fsync", full(directory), errno);
        return {};
    }

    Result<std::uint64_t> free_bytes() const override {
        std::error_code code;
        const fs::space_info space = fs::space(root_, code);
        if (code) return failed("ask for free space", root_, code.value());
        return static_cast<std::uint64_t>(space.available);
    }

private:
    std::string full(const std::string& path) const {
        return path.empty() ? root_ : root_ + "/" + path;
    }

    std::string root_;
    Descriptor directory_;
    Descriptor lock_;  // Held, not used: closing it would free the directory.
};

}  // namespace

Result<std::unique_ptr<Disk>> open_posix_disk(const std::string& path) {
    Descriptor directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.is_open()) return failed("open", path, errno);
    Descriptor lock = open_at(directory, lock_file_name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW);
    if (!lock.is_open()) return failed("open", path + "/" + lock_file_name, errno);
    if (::flock(lock.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return failed("flock", path + "/" + lock_file_name, errno);
        return Error{Errc::conflict, path + ": in use by another process, which holds its lock"};
    }
    return std::unique_ptr<Disk>(
        std::make_unique<PosixDisk>(path, std::move(directory), std::move(lock)));
}

}  // namespace chancery::storage

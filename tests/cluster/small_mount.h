// A small file system of its own over a folder, seen by this process and those that it starts.
#pragma once

#include <filesystem>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::test {

class SmallMount {
public:
    // Whether this process may mount where nobody else sees it. The first question takes it out of
    // the others' sight; ask before there are threads.
    static bool is_possible() {
        static const bool is_it = leave_the_others();
        return is_it;
    }

    // What lies in `folder` is moved onto it.
    SmallMount(std::string folder, std::uint64_t bytes) : folder_(std::move(folder)) {
        namespace fs = std::filesystem;
        const std::string aside = folder_ + ".aside";
        fs::rename(folder_, aside);
        fs::create_directory(folder_);
        const std::string options = "mode=0700,size=" + std::to_string(bytes);
        CHECK(::mount("tmpfs", folder_.c_str(), "tmpfs", 0, options.c_str()) == 0);
        fs::copy(aside, folder_, fs::copy_options::recursive);
        fs::remove_all(aside);
    }
    ~SmallMount() { ::umount2(folder_.c_str(), MNT_DETACH); }
    SmallMount(const SmallMount&) = delete;
    SmallMount& operator=(const SmallMount&) = delete;

    // Takes away space until no more than so much is left.
    void leave(std::uint64_t bytes) const {
        struct statvfs about {};
        CHECK(::statvfs(folder_.c_str(), &about) == 0);
        const std::uint64_t free = about.f_bavail * about.f_frsize;
        if (free <= bytes) return;
        const int file = ::open(ballast().c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        const auto end = static_cast<std::uint64_t>(::lseek(file, 0, SEEK_END));
        ::posix_fallocate(file, static_cast<off_t>(end), static_cast<off_t>(free - bytes));
        ::close(file);
    }
    void give_back() const { std::filesystem::remove(ballast()); }

private:
    std::string ballast() const { return folder_ + "/ballast"; }

    static bool leave_the_others() {
        const std::string user = std::to_string(::getuid());
        const std::string group = std::to_string(::getgid());
        if (::unshare(CLONE_NEWNS) != 0) {
            if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
            std::ofstream("/proc/self/setgroups") << "deny";
            std::ofstream("/proc/self/uid_map") << user + " " + user + " 1";
            std::ofstream("/proc/self/gid_map") << group + " " + group + " 1";
        }
        return ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    }

    std::string folder_;
};

}  // namespace chancery::test

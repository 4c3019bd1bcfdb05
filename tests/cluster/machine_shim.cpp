// Loaded before the C library into a node under test: does what machine_faults.h says, and else
// what the C library would have done. System calls are made directly, so that nothing has to be
// looked up.

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/cluster/machine_faults.h"

namespace {

using chancery::test::MachineFaults;

MachineFaults* mapped() {
    const char* const path = std::getenv(chancery::test::faults_variable);
    if (path == nullptr) return nullptr;
    const int file = ::open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return nullptr;
    void* const place =
        ::mmap(nullptr, sizeof(MachineFaults), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    return place == MAP_FAILED ? nullptr : static_cast<MachineFaults*>(place);
}

MachineFaults* faults() {
    static MachineFaults* const found = mapped();
    return found;
}

// Below the data directory and relative to it; empty for all other files.
struct Name {
    char text[PATH_MAX];
    std::string_view relative;
};

void find_name(int file, Name& name) {
    static const char* const data = std::getenv(chancery::test::data_variable);
    char link[32] = "/proc/self/fd/";
    char* end = link + std::strlen(link);
    char digits[12];
    std::size_t count = 0;
    for (int rest = file; rest > 0 || count == 0; rest /= 10)
        digits[count++] = static_cast<char>('0' + rest % 10);
    while (count > 0)
        *end++ = digits[--count];
    *end = '\0';
    const long got = ::syscall(SYS_readlink, link, name.text, sizeof(name.text));
    if (got <= 0 || data == nullptr) return;
    const std::string_view path(name.text, static_cast<std::size_t>(got));
    const std::string_view folder(data);
    if (path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/')
        name.relative = path.substr(folder.size() + 1);
}

MachineFaults::Place place_of(std::string_view name) {
    if (name.starts_with("journal")) return MachineFaults::Place::journal;
    if (name.starts_with("fence")) return MachineFaults::Place::fence;
    return MachineFaults::Place::database;
}

void pause(std::int64_t us) {
    if (us <= 0) return;
    timespec rest{us / 1'000'000, us % 1'000'000 * 1'000};
    while (::nanosleep(&rest, &rest) != 0 && errno == EINTR) {
    }
}

// Counts down to the call that fails.
bool is_the_one(MachineFaults& what, std::atomic<std::int64_t>& left, std::string_view name) {
    const MachineFaults::Place place = what.failing_place;
    if (place != MachineFaults::Place::anywhere && place != place_of(name)) return false;
    std::int64_t now = left;
    while (now > 0 && !left.compare_exchange_weak(now, now - 1)) {
    }
    if (now != 1) return false;
    ++what.failures;
    return true;
}

bool fits(MachineFaults& what, std::int64_t growth) {
    std::int64_t room = what.room_bytes;
    while (room >= 0 && growth > 0) {
        if (room < growth) {
            ++what.failures;
            return false;
        }
        if (what.room_bytes.compare_exchange_weak(room, room - growth)) return true;
    }
    return true;
}

std::int64_t size_of(int file) {
    struct stat about {};
    return ::fstat(file, &about) == 0 ? about.st_size : 0;
}

// Before a write of `bytes` at `offset` (below 0: at the end); errno or 0.
int before_write(int file, std::int64_t offset, std::size_t bytes) {
    MachineFaults* const what = faults();
    if (what == nullptr) return 0;
    Name name;
    find_name(file, name);
    if (name.relative.empty()) return 0;
    ++what->writes;
    pause(what->write_delay_us);
    const bool is_synced = (::fcntl(file, F_GETFL) & O_DSYNC) != 0;
    if (is_synced) {
        ++what->syncs;
        pause(what->sync_delay_us);
        if (is_the_one(*what, what->sync_that_fails, name.relative)) return EIO;
    }
    if (is_the_one(*what, what->write_that_fails, name.relative)) return EIO;
    if (what->room_bytes < 0) return 0;
    const std::int64_t size = size_of(file);
    const std::int64_t end = (offset < 0 ? size : offset) + static_cast<std::int64_t>(bytes);
    return fits(*what, end - size) ? 0 : ENOSPC;
}

int before_sync(int file) {
    MachineFaults* const what = faults();
    if (what == nullptr) return 0;
    Name name;
    find_name(file, name);
    if (name.relative.empty()) return 0;
    ++what->syncs;
    pause(what->sync_delay_us);
    return is_the_one(*what, what->sync_that_fails, name.relative) ? EIO : 0;
}

int before_allocation(int file) {
    MachineFaults* const what = faults();
    if (what == nullptr || what->room_bytes != 0) return 0;
    Name name;
    find_name(file, name);
    return name.relative.empty() ? 0 : ENOSPC;
}

std::size_t bytes_in(const iovec* pieces, int count) {
    std::size_t bytes = 0;
    for (int i = 0; i < count; ++i)
        bytes += pieces[i].iov_len;
    return bytes;
}

ssize_t or_fail(int error, auto call) {
    if (error == 0) return call();
    errno = error;
    return -1;
}

std::int64_t clock_ahead_ns() {
    MachineFaults* const what = faults();
    return what == nullptr ? 0 : what->clock_ahead_ms * 1'000'000;
}

timespec moved(timespec time, std::int64_t ns) {
    constexpr std::int64_t second = 1'000'000'000;
    const std::int64_t sum = time.tv_sec * second + time.tv_nsec + ns;
    return {sum / second, sum % second};
}

timespec wall_clock() {
    timespec now{};
    ::syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    return moved(now, clock_ahead_ns());
}

template <typename Stat, typename Ask>
int with_room(Stat* about, Ask ask) {
    const int status = ask();
    MachineFaults* const what = faults();
    const std::int64_t room = what == nullptr ? -1 : what->room_bytes.load();
    if (status != 0 || room < 0 || about->f_frsize == 0) return status;
    const auto blocks = static_cast<std::uint64_t>(room) / about->f_frsize;
    about->f_bavail = std::min<std::uint64_t>(about->f_bavail, blocks);
    about->f_bfree = std::min<std::uint64_t>(about->f_bfree, blocks);
    return status;
}

}  // namespace

extern "C" {

ssize_t write(int file, const void* bytes, size_t count) {
    return or_fail(before_write(file, -1, count),
                   [&] { return ::syscall(SYS_write, file, bytes, count); });
}

ssize_t pwrite(int file, const void* bytes, size_t count, off_t offset) {
    return or_fail(before_write(file, offset, count),
                   [&] { return ::syscall(SYS_pwrite64, file, bytes, count, offset); });
}

ssize_t pwrite64(int file, const void* bytes, size_t count, off64_t offset) {
    return pwrite(file, bytes, count, offset);
}

ssize_t writev(int file, const iovec* pieces, int count) {
    return or_fail(before_write(file, -1, bytes_in(pieces, count)),
                   [&] { return ::syscall(SYS_writev, file, pieces, count); });
}

int fdatasync(int file) {
    return static_cast<int>(
        or_fail(before_sync(file), [&] { return ::syscall(SYS_fdatasync, file); }));
}

int fsync(int file) {
    return static_cast<int>(or_fail(before_sync(file), [&] { return ::syscall(SYS_fsync, file); }));
}

int fallocate(int file, int mode, off_t offset, off_t count) {
    return static_cast<int>(or_fail(before_allocation(file), [&] {
        return ::syscall(SYS_fallocate, file, mode, offset, count);
    }));
}

int fallocate64(int file, int mode, off64_t offset, off64_t count) {
    return fallocate(file, mode, offset, count);
}

int clock_gettime(clockid_t clock, timespec* time) noexcept {
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) {
        *time = wall_clock();
        return 0;
    }
    return static_cast<int>(::syscall(SYS_clock_gettime, clock, time));
}

int gettimeofday(timeval* time, void* /*zone*/) noexcept {
    const timespec now = wall_clock();
    *time = {now.tv_sec, now.tv_nsec / 1'000};
    return 0;
}

time_t time(time_t* time) noexcept {
    const timespec now = wall_clock();
    if (time != nullptr) *time = now.tv_sec;
    return now.tv_sec;
}

// Whoever waits until a time of day counted it from the moved clock; the kernel's is the real one.
// Times since the machine started are far smaller, and nobody moves those.
int pthread_cond_timedwait(pthread_cond_t* condition,
                           pthread_mutex_t* mutex,
                           const timespec* until) {
    constexpr time_t year_2001 = 1'000'000'000;
    if (until->tv_sec < year_2001)
        return ::pthread_cond_clockwait(condition, mutex, CLOCK_MONOTONIC, until);
    const timespec real = moved(*until, -clock_ahead_ns());
    return ::pthread_cond_clockwait(condition, mutex, CLOCK_REALTIME, &real);
}

int statvfs(const char* path, struct statvfs* about) noexcept {
    using Call = int (*)(const char*, struct statvfs*);
    static const auto next = reinterpret_cast<Call>(::dlsym(RTLD_NEXT, "statvfs"));
    return with_room(about, [&] { return next(path, about); });
}

int statvfs64(const char* path, struct statvfs64* about) noexcept {
    using Call = int (*)(const char*, struct statvfs64*);
    static const auto next = reinterpret_cast<Call>(::dlsym(RTLD_NEXT, "statvfs64"));
    return with_room(about, [&] { return next(path, about); });
}

}  // extern "C"

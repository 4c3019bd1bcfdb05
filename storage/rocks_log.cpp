#include "storage/rocks_log.h"

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <ctime>
#include <mutex>

#include <fcntl.h>
#include <rocksdb/env.h>
#include <unistd.h>

namespace chancery::storage::rocks {
namespace {

constexpr std::size_t log_bytes_max = std::size_t{4} * 1024 * 1024;
constexpr std::size_t line_bytes_max = 2048;

class Log final : public rocksdb::Logger {
public:
    explicit Log(const std::string& directory)
        : rocksdb::Logger(rocksdb::InfoLogLevel::WARN_LEVEL) {
        const std::string path = directory + "/LOG";
        // Absent at first, and if it cannot be moved, it is begun anew.
        if (::rename(path.c_str(), (path + ".old").c_str()) != 0) ::unlink(path.c_str());
        constexpr int flags = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW;
        file_ = ::open(path.c_str(), flags, 0600);
    }
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    ~Log() override {
        if (file_ >= 0) ::close(file_);
    }

    using rocksdb::Logger::Logv;
    [[gnu::format(printf, 2, 0)]] void Logv(const char* format, va_list arguments) override {
        std::array<char, line_bytes_max> line{};
        const std::time_t now = std::time(nullptr);
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        std::size_t length = std::strftime(line.data(), line.size(), "%FT%TZ ", &parts);
        // The last byte is the line's end, whatever was cut off.
        const std::size_t room = line.size() - length - 1;
        const int wanted = std::vsnprintf(line.data() + length, room, format, arguments);
        if (wanted < 0) return;
        length += std::min(static_cast<std::size_t>(wanted), room - 1);
        line[length++] = '\n';
        put(line.data(), length);
    }
    std::size_t GetLogFileSize() const override {
        const std::scoped_lock lock(mutex_);
        return bytes_;
    }

private:
    void put(const char* line, std::size_t length) {
        const std::scoped_lock lock(mutex_);
        if (file_ < 0 || bytes_ + length > log_bytes_max) return;
        const ssize_t written = ::write(file_, line, length);
        if (written > 0) bytes_ += static_cast<std::size_t>(written);
    }

    mutable std::mutex mutex_;
    int file_ = -1;
    std::size_t bytes_ = 0;
};

}  // namespace

std::shared_ptr<rocksdb::Logger> open_log(const std::string& directory) {
    return std::make_shared<Log>(directory);
}

}  // namespace chancery::storage::rocks

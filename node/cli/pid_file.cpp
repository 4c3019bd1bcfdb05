#include "node/cli/pid_file.h"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <optional>
#include <sstream>
#include <system_error>

#include <poll.h>
#include <unistd.h>

#include "node/local_file.h"

// glibc 2.36 does not say that its functions are C's.
extern "C" {
#include <sys/pidfd.h>
}

namespace chancery::cli {
namespace {

constexpr std::size_t pid_file_bytes_max = 256;
constexpr std::chrono::seconds orderly_end_wait{10};
constexpr int start_field = 22;  // Of /proc/<id>/stat, from 1.
constexpr int state_field = 3;

struct Identity {
    pid_t id = 0;
    std::string start;
    std::string boot;
    bool operator==(const Identity&) const = default;
};

std::string first_word_of(const std::string& path) {
    std::ifstream file(path);
    std::string word;
    file >> word;
    return word;
}

// nullopt: no such process, or one that has ended and only waits to be counted.
std::optional<Identity> identity_of(pid_t id) {
    std::ifstream file("/proc/" + std::to_string(id) + "/stat");
    std::string text;
    if (!std::getline(file, text)) return std::nullopt;
    // The second field is the program's name in brackets, which may hold spaces and brackets.
    const std::size_t name_end = text.rfind(')');
    if (name_end == std::string::npos) return std::nullopt;
    std::istringstream rest(text.substr(name_end + 1));
    std::string field;
    for (int number = state_field; number <= start_field && rest >> field; ++number)
        if (number == state_field && (field == "Z" || field == "X")) return std::nullopt;
    if (!rest) return std::nullopt;
    return Identity{id, field, first_word_of("/proc/sys/kernel/random/boot_id")};
}

}  // namespace

Result<void> write_pid_file(const std::string& path, pid_t id) {
    const auto identity = identity_of(id);
    if (!identity) return Error{Errc::not_found, "process " + std::to_string(id) + " has ended"};
    return node::replace_file(
        path,
        std::to_string(id) + " " + identity->start + " " + identity->boot + "\n",
        node::private_mode);
}

Result<KnownProcess> KnownProcess::in_file(const std::string& path) {
    const auto text = node::read_file(path, pid_file_bytes_max);
    if (!text) return text.error();
    std::istringstream words(*text);
    Identity wanted;
    if (!(words >> wanted.id >> wanted.start >> wanted.boot) || wanted.id <= 1)
        return Error{Errc::invalid, path + ": want a process id, its start and a boot id"};
    const Error ended{Errc::not_found, "process " + std::to_string(wanted.id) + " has ended"};
    const int descriptor = ::pidfd_open(wanted.id, 0);
    if (descriptor < 0 && errno == ESRCH) return ended;
    if (descriptor < 0)
        return Error{Errc::io, "pidfd_open: " + std::generic_category().message(errno)};
    KnownProcess process(wanted.id, descriptor);
    // Looked at after it was opened: what is compared is what signals will go to.
    if (identity_of(wanted.id) != wanted) return ended;
    return process;
}

KnownProcess::~KnownProcess() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

bool KnownProcess::has_ended(std::chrono::milliseconds wait) const {
    pollfd ended{.fd = descriptor_, .events = POLLIN, .revents = 0};
    return ::poll(&ended, 1, static_cast<int>(wait.count())) == 1;
}

void KnownProcess::signal(int number) const {
    // It can fail only if the process has ended meanwhile, or has become another user's.
    (void)::pidfd_send_signal(descriptor_, number, nullptr, 0);
}

void KnownProcess::stop() {
    signal(SIGTERM);
    if (!has_ended(orderly_end_wait)) kill();
}

void KnownProcess::kill() {
    signal(SIGKILL);
    (void)has_ended(orderly_end_wait);
}

}  // namespace chancery::cli

#include "node/cli/key_rotation.h"

#include <filesystem>

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view key_ending = ".key";

bool has_entry(const std::string& path) {
    std::error_code error;
    return fs::exists(path, error);
}

// Nothing is ever replaced: the caller holds the folder's lock.
Result<void> move_file(const std::string& from, const std::string& to) {
    if (has_entry(to)) return Error{Errc::conflict, to + " is there already"};
    std::error_code error;
    fs::rename(from, to, error);
    if (error) return Error{Errc::io, from + " to " + to + ": " + error.message()};
    return {};
}

}  // namespace

std::string KeyRotation::stem() const {
    return file_.ends_with(key_ending) ? file_.substr(0, file_.size() - key_ending.size()) : file_;
}

bool KeyRotation::has_file() const { return has_entry(file_); }

bool KeyRotation::has_next() const { return has_entry(next()); }

Result<void> KeyRotation::put_aside(std::uint32_t number) const {
    return move_file(file_, kept(number));
}

Result<void> KeyRotation::take_place() const { return move_file(next(), file_); }

}  // namespace chancery::cli

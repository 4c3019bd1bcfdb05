#include "node/cli/status_register.h"

#include <algorithm>
#include <array>
#include <filesystem>

#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/ledger/publication.h"
#include "node/cli/status_list_view.h"
#include "node/keystore.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;
using credential::StatusPurpose;
using ledger::CredentialStatus;

constexpr std::string_view first_line = "chancery-status-register/v1";
constexpr std::string_view register_ending = ".status-register";
// Room for every place to be taken, held and changed some times.
constexpr std::size_t register_bytes_max = std::size_t{64} * 1024 * 1024;
constexpr std::array purposes = {StatusPurpose::revocation, StatusPurpose::suspension};
// What a list's name still has to hold.
constexpr std::size_t name_characters_max =
    ledger::list_name_characters_max - std::string_view("-suspension").size();

std::string path_in(const std::string& folder, const std::string& name) {
    return (fs::path(folder) / (name + std::string(register_ending))).string();
}

bool is_register_name(std::string_view name) {
    return ledger::is_list_name(name) && name.size() <= name_characters_max;
}

Result<void> check_names(const std::string& name, const std::string& base) {
    if (!is_register_name(name))
        return Error{Errc::invalid,
                     "want a name of a list: lower-case letters, digits, - . _, at most " +
                         std::to_string(name_characters_max) + ", as in 2026-1"};
    const bool is_url = base.starts_with("https://") || base.starts_with("http://");
    const bool has_blank = std::ranges::any_of(base, [](char c) { return c <= ' ' || c == 0x7f; });
    if (!is_url || has_blank || !base.ends_with('/') || base.size() > ledger::url_bytes_max / 2)
        return Error{Errc::invalid, "want the URL of a node's status lists, ending with /"};
    return {};
}

// The words of a line, at most four.
std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (words.size() < 4) {
        const std::size_t end = line.find(' ');
        words.push_back(line.substr(0, end));
        if (end == std::string_view::npos) break;
        line.remove_prefix(end + 1);
    }
    return words;
}

Result<std::size_t> index_from(std::string_view text) {
    const auto index = from_decimal(text);
    if (!index || *index >= credential::status_list_bits)
        return Error{Errc::corrupt, "no index of the list"};
    return static_cast<std::size_t>(*index);
}

// Uniform: the lists have 2^17 places.
std::size_t random_index() {
    std::array<std::uint8_t, 3> bytes{};
    keystore::fill_random(bytes);
    const std::size_t number =
        bytes[0] + (std::size_t{bytes[1]} << 8U) + (std::size_t{bytes[2]} << 16U);
    return number % credential::status_list_bits;
}
static_assert((std::size_t{1} << 24U) % credential::status_list_bits == 0);

}  // namespace

Result<StatusRegister> StatusRegister::create(const std::string& folder,
                                              const std::string& name,
                                              const std::string& base) {
    if (const auto good = check_names(name, base); !good) return good.error();
    if (const auto made = node::make_directories(folder, 0700); !made) return made.error();
    StatusRegister made(path_in(folder, name), name, base);
    const std::string text = std::string(first_line) + "\nlist " + name + " " + base + "\n";
    if (const auto written = node::create_file(made.path_, text, node::private_mode); !written)
        return written.error();
    return made;
}

Result<StatusRegister> StatusRegister::open(const std::string& folder, const std::string& name) {
    if (!is_register_name(name)) return Error{Errc::invalid, "is no name of a status list"};
    const std::string path = path_in(folder, name);
    auto text = node::read_file(path, register_bytes_max);
    if (!text && text.error().code == Errc::not_found)
        return Error{Errc::not_found,
                     path + ": no such status list; chancery status-list new makes one"};
    if (!text) return text.error();
    const std::size_t whole = text->rfind('\n') + 1;
    std::string_view rest = std::string_view(*text).substr(0, whole);
    std::optional<StatusRegister> found;
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(line.size() + 1);
        Result<void> good;
        if (number == 1) {
            if (line != first_line) good = Error{Errc::corrupt, "is no register of this program"};
        } else if (number == 2) {
            const auto words = words_of(line);
            const bool is_own = words.size() == 3 && words[0] == "list" && words[1] == name &&
                                check_names(name, std::string(words[2]));
            if (is_own)
                found = StatusRegister(path, name, std::string(words[2]));
            else
                good = Error{Errc::corrupt, "is another list's"};
        } else {
            good = found->read_event(line);
        }
        if (!good)
            return Error{Errc::corrupt,
                         path + ":" + std::to_string(number) + ": " + good.error().detail};
    }
    if (!found) return Error{Errc::corrupt, path + ": ends before its second line"};
    // What a crash cut off must not become the beginning of the next line.
    if (whole != text->size()) {
        const auto cut = node::replace_file(path, text->substr(0, whole), node::private_mode);
        if (!cut) return cut.error();
    }
    return *std::move(found);
}

Result<std::vector<StatusRegister>> StatusRegister::all(const std::string& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (const fs::directory_entry& file : fs::directory_iterator(folder, error)) {
        const std::string name = file.path().filename().string();
        if (name.ends_with(register_ending))
            names.push_back(name.substr(0, name.size() - register_ending.size()));
    }
    std::ranges::sort(names);
    std::vector<StatusRegister> registers;
    for (const std::string& name : names) {
        auto one = open(folder, name);
        if (!one) return one.error();
        registers.push_back(*std::move(one));
    }
    return registers;
}

Result<void> StatusRegister::read_event(std::string_view line) {
    const auto words = words_of(line);
    const auto is = [&](std::string_view verb, std::size_t count) {
        return words[0] == verb && words.size() == count;
    };
    if (is("taken", 2) || is("holds", 3)) {
        const auto index = index_from(words[1]);
        if (!index) return index.error();
        std::optional<Hash>& place = taken_[*index];
        if (words.size() == 2) return {};
        const auto commitment = hash_from_hex(words[2]);
        if (!commitment) return Error{Errc::corrupt, "no commitment"};
        const bool is_new = index_of_.emplace(*commitment, *index).second;
        if (place || !is_new) return Error{Errc::corrupt, "a place is given twice"};
        place = *commitment;
        return {};
    }
    if (is("status", 3)) {
        const auto commitment = hash_from_hex(words[1]);
        const auto status = ledger::status_named(words[2]);
        if (!commitment || !status || !index_of_.contains(*commitment))
            return Error{Errc::corrupt, "a status of nothing that it holds"};
        statuses_[*commitment] = *status;
        return {};
    }
    return Error{Errc::corrupt, "no line of a register"};
}

Result<void> StatusRegister::append(const std::string& lines) const {
    return node::append_file(path_, lines);
}

std::string StatusRegister::list_name(StatusPurpose purpose) const {
    return name_ + "-" + std::string(credential::name_of(purpose));
}

std::string StatusRegister::url(StatusPurpose purpose) const { return base_ + list_name(purpose); }

json::Value StatusRegister::status_of(std::size_t index) const {
    json::Array entries;
    for (const StatusPurpose purpose : purposes)
        entries.push_back(credential::to_json({purpose, index, url(purpose)}));
    return entries;
}

Result<std::optional<std::size_t>> StatusRegister::index_in(const json::Value& document) const {
    const auto entries = credential::status_entries_of(document);
    if (!entries) return entries.error();
    std::optional<std::size_t> index;
    for (const credential::StatusListEntry& entry : *entries) {
        if (entry.list != url(entry.purpose)) continue;
        if (entry.index >= credential::status_list_bits || (index && *index != entry.index))
            return Error{Errc::invalid,
                         "/credentialStatus: want one index below " +
                             std::to_string(credential::status_list_bits) + " in both lists"};
        index = entry.index;
    }
    return index;
}

Result<std::vector<std::size_t>> StatusRegister::take(std::size_t count) {
    if (count > places_max || taken_.size() > places_max - count)
        return Error{Errc::conflict,
                     "status list " + name_ + " has " +
                         std::to_string(places_max - std::min(places_max, taken_.size())) +
                         " places left, want " + std::to_string(count) +
                         "; begin another with chancery status-list new"};
    std::vector<std::size_t> drawn;
    std::string lines;
    while (drawn.size() < count) {
        const std::size_t index = random_index();
        if (!taken_.try_emplace(index).second) continue;
        drawn.push_back(index);
        lines += "taken " + std::to_string(index) + "\n";
    }
    if (const auto written = append(lines); !written) return written.error();
    return drawn;
}

Result<void> StatusRegister::hold(std::span<const Place> places) {
    std::string lines;
    std::map<std::size_t, Hash> added;
    for (const Place& place : places) {
        const auto known = index_of_.find(place.commitment);
        if (known != index_of_.end() && known->second == place.index) continue;
        if (known != index_of_.end() || !is_free(place.index) ||
            !added.emplace(place.index, place.commitment).second)
            return Error{Errc::conflict,
                         "status list " + name_ + ": index " + std::to_string(place.index) +
                             " is another credential's"};
        lines += "holds " + std::to_string(place.index) + " " + to_hex(place.commitment) + "\n";
    }
    if (lines.empty()) return {};
    if (const auto written = append(lines); !written) return written.error();
    for (const auto& [index, commitment] : added) {
        taken_[index] = commitment;
        index_of_.emplace(commitment, index);
    }
    return {};
}

bool StatusRegister::is_free(std::size_t index) const {
    const auto taken = taken_.find(index);
    return taken == taken_.end() || !taken->second;
}

ledger::CredentialStatus StatusRegister::status(const Hash& commitment) const {
    const auto found = statuses_.find(commitment);
    return found == statuses_.end() ? CredentialStatus::good : found->second;
}

Result<std::size_t> StatusRegister::note(std::span<const Standing> standings) {
    std::string lines;
    std::map<Hash, CredentialStatus> changed;
    for (const Standing& one : standings) {
        if (!index_of_.contains(one.commitment) || status(one.commitment) == one.status) continue;
        changed[one.commitment] = one.status;
        lines += "status " + to_hex(one.commitment) + " " +
                 std::string(ledger::name_of(one.status)) + "\n";
    }
    if (lines.empty()) return std::size_t{0};
    if (const auto written = append(lines); !written) return written.error();
    for (const auto& [commitment, status] : changed)
        statuses_[commitment] = status;
    return changed.size();
}

credential::StatusBits StatusRegister::bits(StatusPurpose purpose) const {
    credential::StatusBits bits;
    for (const auto& [commitment, status] : statuses_)
        if (sets_bit(purpose, status)) bits.set(index_of_.at(commitment));
    return bits;
}

}  // namespace chancery::cli

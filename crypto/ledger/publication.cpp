#include "crypto/ledger/publication.h"

#include <algorithm>
#include <array>

#include "crypto/base/ascii.h"
#include "crypto/hash/sha256.h"

namespace chancery::ledger {
namespace {

constexpr std::array<std::string_view, 4> type_names = {
    "achievement", "pathway", "issuer_profile", "status_list"};

}  // namespace

std::string_view name_of(PublicationType type) {
    return type_names.at(static_cast<std::size_t>(type) - 1);
}

std::optional<PublicationType> publication_type_named(std::string_view name) {
    const auto* const found = std::ranges::find(type_names, name);
    if (found == type_names.end()) return std::nullopt;
    return static_cast<PublicationType>(found - type_names.begin() + 1);
}

bool is_list_name(std::string_view name) {
    const auto is_plain = [](char c) { return is_lower(c) || is_digit(c); };
    return !name.empty() && name.size() <= list_name_characters_max && is_plain(name.front()) &&
           std::ranges::all_of(
               name, [&](char c) { return is_plain(c) || c == '-' || c == '.' || c == '_'; });
}

std::string_view publication_name(PublicationType type, std::string_view url) {
    if (type != PublicationType::status_list) return url;
    return url.substr(url.rfind('/') + 1);  // npos + 1 is 0: the whole of it.
}

Hash publication_key(std::string_view name) { return sha256(bytes_of(name)); }

}  // namespace chancery::ledger

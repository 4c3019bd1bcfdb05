// What a publication (kind 4) is found by: the newest of a member, type and name counts.
// Source: PROTOCOL.md, Entries.
#pragma once

#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/ledger/entry.h"

namespace chancery::ledger {

// "achievement", "pathway", "issuer_profile", "status_list".
std::string_view name_of(PublicationType type);
std::optional<PublicationType> publication_type_named(std::string_view name);

inline constexpr std::size_t list_name_characters_max = 64;
// Of a status list: lower-case letters, digits, - . _, beginning with a letter or digit.
bool is_list_name(std::string_view name);

// A status list is served by every node, so its name is what follows the last / of its URL; of
// others the name is the whole URL. A view into `url`.
std::string_view publication_name(PublicationType type, std::string_view url);

// What the index holds in place of a name.
Hash publication_key(std::string_view name);

}  // namespace chancery::ledger

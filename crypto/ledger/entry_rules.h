// What makes one entry well-formed, said once for the encoder and the decoder.
// Source: PROTOCOL.md, Entries.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/ledger/entry.h"

namespace chancery::ledger {

// What is wrong with the entry's fields, with got and want; nullopt if nothing is.
std::optional<std::string> fault_of(const BatchEntry& entry);
std::optional<std::string> fault_of(const CredentialEntry& entry);
std::optional<std::string> fault_of(const StatusEntry& entry);
std::optional<std::string> fault_of(const PublicationEntry& entry);
std::optional<std::string> fault_of(const GovernanceEntry& entry);
std::optional<std::string> fault_of(const AnchorEntry& entry);
std::optional<std::string> fault_of(const StateEntry& entry);

// Well-formed, without the 65 control characters U+0000…1F and U+007F…9F.
bool is_printable_utf8(std::string_view text);

// Kinds 2, 3, 4 and 6: what a batch carries.
bool is_record_kind(Kind kind);

}  // namespace chancery::ledger

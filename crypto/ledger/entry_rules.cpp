#include "crypto/ledger/entry_rules.h"

#include <algorithm>

#include "crypto/base/ascii.h"
#include "crypto/base/utf8.h"

namespace chancery::ledger {
namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_namespace_character(char c) { return is_lower(c) || is_digit(c) || c == '-'; }
bool is_reference_character(char c) { return is_namespace_character(c) || is_upper(c) || c == '_'; }

// CAIP-2: [-a-z0-9]{3,8} ":" [-_a-zA-Z0-9]{1,32}
bool is_chain(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon < 3 || colon > 8) return false;
    const std::string_view reference = text.substr(colon + 1);
    return !reference.empty() && reference.size() <= 32 &&
           std::ranges::all_of(text.substr(0, colon), is_namespace_character) &&
           std::ranges::all_of(reference, is_reference_character);
}

bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }

std::string got_want(std::string_view what, std::uint64_t got, std::string_view want) {
    return std::string(what) + " " + std::to_string(got) + ", want " + std::string(want);
}

}  // namespace

bool is_printable_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::optional<char32_t> character = take_character(text);
        if (!character || is_control(*character)) return false;
    }
    return true;
}

bool is_record_kind(Kind kind) {
    return kind == Kind::credential || kind == Kind::status || kind == Kind::publication ||
           kind == Kind::anchor;
}

std::optional<std::string> fault_of(const BatchEntry& entry) {
    if (!is_record_kind(entry.record_kind)) {
        return got_want(
            "record kind", static_cast<std::uint8_t>(entry.record_kind), "2, 3, 4 or 6");
    }
    if (entry.count == 0 || entry.count > batch_records_max) {
        return got_want("count", entry.count, "1 to 65536");
    }
    return std::nullopt;
}

std::optional<std::string> fault_of(const CredentialEntry&) { return std::nullopt; }

std::optional<std::string> fault_of(const StatusEntry& entry) {
    if (entry.status > CredentialStatus::superseded) {
        return got_want("status", static_cast<std::uint8_t>(entry.status), "0 to 3");
    }
    if (entry.reason > Reason::legal_order) {
        return got_want("reason", static_cast<std::uint8_t>(entry.reason), "0 to 7");
    }
    if (entry.successor == no_position) return std::nullopt;
    if (entry.status != CredentialStatus::superseded) {
        return got_want("successor", entry.successor, "none unless superseded");
    }
    if (entry.successor == entry.position) {
        return got_want("successor", entry.successor, "another position than the credential's own");
    }
    return std::nullopt;
}

std::optional<std::string> fault_of(const PublicationEntry& entry) {
    if (entry.type < PublicationType::achievement || entry.type > PublicationType::status_list) {
        return got_want("publication type", static_cast<std::uint8_t>(entry.type), "1 to 4");
    }
    if (entry.url.empty() || entry.url.size() > url_bytes_max) {
        return got_want("URL bytes", entry.url.size(), "1 to 2048");
    }
    if (!is_printable_utf8(entry.url)) {
        return "URL has malformed or control characters, want printable UTF-8";
    }
    return std::nullopt;
}

std::optional<std::string> fault_of(const GovernanceEntry& entry) {
    if (entry.act.empty() || entry.act.size() > act_bytes_max) {
        return got_want("act bytes", entry.act.size(), "1 to 32768");
    }
    return std::nullopt;
}

std::optional<std::string> fault_of(const AnchorEntry& entry) {
    if (!is_chain(entry.chain)) {
        return got_want("chain bytes", entry.chain.size(), "a CAIP-2 chain such as eip155:1");
    }
    return std::nullopt;
}

std::optional<std::string> fault_of(const StateEntry&) { return std::nullopt; }

}  // namespace chancery::ledger

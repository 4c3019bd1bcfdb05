// What stands between {{ and }} in a template, and what a row makes of it.
//
//     recipient               the row's field in that column
//     narrative?              the same; if it is empty, the member that it stands in is left out
//     evidence_url??          the same; if it is empty, the whole object around it is left out
//     number credits          the field as a number; alone in its text
//     identity_hash email     sha256$ ‖ hex of SHA-256(field in lower case ‖ the document's salt)
//     digest report           multibase SHA-256 of the file that the field names, beside the table
//     after valid_from 3y     the field's date, so much later: 90d, 18m, 3y
//     uuid, salt              new for each document; one salt a document
//     issuer_did, issuer_name the member's
//
// Source of identity_hash: Open Badges 3.0, IdentityObject; of digest: Verifiable Credentials Data
// Model 2.0, digestMultibase.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>

#include "crypto/base/result.h"

namespace chancery::cli {

struct Hole {
    enum class Kind : std::uint8_t {
        field,
        number,
        identity_hash,
        digest,
        after,
        uuid,
        salt,
        issuer_did,
        issuer_name,
    };
    enum class IfEmpty : std::uint8_t { refuse, leave_out_member, leave_out_object };

    Kind kind = Kind::field;
    std::string column = {};  // Of the table; empty for the last four kinds.
    std::string period = {};  // Of `after`.
    IfEmpty if_empty = IfEmpty::refuse;

    auto operator<=>(const Hole&) const = default;
};

// Errc::invalid with what is wrong.
Result<Hole> parse_hole(std::string_view text);

struct HoleContext {
    std::string issuer_did;
    std::string issuer_name;
    std::string salt;
    std::string folder;  // Where files that fields name are looked for.
    // The row's field; nullopt if the table has no such column.
    std::function<std::optional<std::string>(const std::string& column)> field;
};

// nullopt: it is empty, and may be; and for uuid, which is new each time.
// Errc::invalid, Errc::not_found for a file; the detail begins with the column.
Result<std::optional<std::string>> value_of(const Hole& hole, const HoleContext& context);

}  // namespace chancery::cli

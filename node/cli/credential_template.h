// A credential with holes, and what fills them: one document for each row of a table.
//
//     {"issuer": "{{issuer_did}}", "id": "urn:uuid:{{uuid}}",
//      "credentialSubject": {"name": "{{recipient}}", …}}
//
// {{recipient}} is the row's field of that column. {{issuer_did}} and {{issuer_name}} are the
// member's, {{uuid}} is new each time. A field is put into a string that was parsed already, so
// nothing that stands in a table can change the form of a document.
#pragma once

#include <map>
#include <set>
#include <string>

#include "crypto/base/result.h"
#include "crypto/json/value.h"

namespace chancery::cli {

inline constexpr std::string_view uuid_hole = "uuid";
inline constexpr std::string_view issuer_did_hole = "issuer_did";
inline constexpr std::string_view issuer_name_hole = "issuer_name";

class CredentialTemplate {
public:
    // Errc::invalid for what is no JSON object, or a hole that does not end, has no name, or stands
    // in a member's name.
    static Result<CredentialTemplate> parse(std::string_view text);

    // The names of all holes but those that are not the table's to fill.
    const std::set<std::string, std::less<>>& columns() const { return columns_; }

    // By name of hole; each that the template has must be there.
    using Values = std::map<std::string, std::string, std::less<>>;
    // `earlier`, if there is one, was filled by an earlier run: its {{uuid}} are kept, so that the
    // same row gives the same document again.
    json::Value fill(const Values& values, const json::Value* earlier) const;

private:
    explicit CredentialTemplate(json::Value document) : document_(std::move(document)) {}

    json::Value document_;
    std::set<std::string, std::less<>> columns_;
};

}  // namespace chancery::cli

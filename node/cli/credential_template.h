// A credential with holes, and what fills them: one document for each row of a table.
//
//     {"issuer": "{{issuer_did}}", "id": "urn:uuid:{{uuid}}",
//      "credentialSubject": {"name": "{{recipient}}", …}}
//
// What may stand in a hole is in node/cli/template_hole.h. A field is put into a string that was
// parsed already, so nothing that stands in a table can change the form of a document; only what
// the template itself marks as optional is left out.
#pragma once

#include <map>
#include <set>
#include <string>

#include "crypto/json/pointer.h"
#include "crypto/json/value.h"
#include "node/cli/template_hole.h"

namespace chancery::cli {

class CredentialTemplate {
public:
    // Errc::invalid with a JSON pointer for what is no JSON object, a hole that does not end or
    // cannot be read, stands in a member's name, is a number among other text, or would leave out
    // the whole document; and for identity_hash without a {{salt}} that verifiers find.
    static Result<CredentialTemplate> parse(std::string_view text);

    const std::set<Hole>& holes() const { return holes_; }
    bool has(std::string_view pointer) const { return json::at(document_, pointer) != nullptr; }
    bool has_member(std::string_view name) const { return document_.find(name) != nullptr; }

    // By hole, each that the template has; nullopt for uuid, and for what is to be left out.
    using Values = std::map<Hole, std::optional<std::string>>;
    // `earlier`, if there is one, was filled by an earlier run: its {{uuid}} are kept, so that the
    // same row gives the same document again.
    json::Value fill(const Values& values, const json::Value* earlier) const;

    // The salt of a document that was filled earlier; nullopt if there is none.
    std::optional<std::string> salt_in(const json::Value& earlier) const;

private:
    explicit CredentialTemplate(json::Value document) : document_(std::move(document)) {}

    json::Value document_;
    std::set<Hole> holes_;
    std::string salt_member_;  // The name of the member that is {{salt}}; empty if none is.
};

// 128 bits, in hex.
std::string random_salt();

}  // namespace chancery::cli

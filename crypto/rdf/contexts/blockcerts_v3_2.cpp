// https://w3id.org/blockcerts/v3.2.
#include <array>

#include "crypto/rdf/contexts/names.h"
#include "crypto/rdf/contexts/sheets.h"

namespace chancery::rdf::contexts {
namespace blockcerts_v3_2_words {

using names::blockcerts;
using names::schema;
using names::security;
using enum Container;

constexpr auto display_terms = std::to_array<Definition>({
    {"content", blockcerts, "content"},
    {"contentEncoding", blockcerts, "contentEncoding"},
    {"contentMediaType", blockcerts, "contentMediaType"},
    {"id", "@id"},
    {"type", "@type"},
});
constexpr TermSheet display{display_terms, false};

constexpr auto public_key_terms = std::to_array<Definition>({
    {"created", blockcerts, "created"},
});
constexpr TermSheet public_key{public_key_terms, false};

constexpr auto bc_terms = std::to_array<Definition>({
    {"BlockcertsCredential", blockcerts, "BlockcertsCredential"},
    {"BlockcertsIssuerProfile", blockcerts, "BlockcertsIssuerProfile"},
    {"bc", blockcerts},
    {"claim", schema, "claim"},
    {"criteria", schema, "criteria"},
    scoped("display", blockcerts, "display", display),
    {"email", schema, "email"},
    {"id", "@id"},
    {"image", schema, "image"},
    {"introductionUrl", blockcerts, "introductionUrl", by_id},
    {"metadata", blockcerts, "metadata"},
    scoped("publicKey", security, "publicKey", public_key),
    {"revocationList", blockcerts, "revocationList"},
    {"schema", schema},
    {"sec", security},
    {"type", "@type"},
    {"url", schema, "url"},
});

}  // namespace blockcerts_v3_2_words

constinit const TermSheet blockcerts_v3_2{blockcerts_v3_2_words::bc_terms, false};

}  // namespace chancery::rdf::contexts

// https://purl.imsglobal.org/spec/ob/v3p0/extensions.json.
#include <array>

#include "crypto/rdf/contexts/names.h"
#include "crypto/rdf/contexts/sheets.h"

namespace chancery::rdf::contexts {
namespace badge_extensions_words {

using enum Container;

constexpr auto ext_terms = std::to_array<Definition>({
    {"1EdTechCredentialRefresh",
     "https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh"},
    {"1EdTechJsonSchemaValidator2019",
     "https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019"},
    {"1EdTechRevocationList",
     "https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList"},
    {"id", "@id"},
    {"type", "@type"},
});

}  // namespace badge_extensions_words

constinit const TermSheet badge_extensions{badge_extensions_words::ext_terms, false};

}  // namespace chancery::rdf::contexts

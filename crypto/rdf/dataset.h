// What a JSON-LD document says, as RDF: a set of quads.
//
// Source: RDF 1.1 Concepts §3 and §4; N-Quads; RDFC-1.0 §4.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::rdf {

struct Term {
    enum class Kind : std::uint8_t { iri, blank, literal };

    Kind kind = Kind::iri;
    std::string value;     // An IRI; a blank node's label, without "_:"; a literal's lexical form.
    std::string datatype;  // Of a literal: its IRI. xsd:string and rdf:langString by their names.
    std::string language;  // Of an rdf:langString, as it was written.
    auto operator<=>(const Term&) const = default;
    bool operator==(const Term&) const = default;
};

struct Quad {
    Term subject;  // An IRI or a blank node.
    Term predicate;
    Term object;
    std::optional<Term> graph;  // An IRI or a blank node; nullopt: the default graph.
    auto operator<=>(const Quad&) const = default;
    bool operator==(const Quad&) const = default;
};

using Dataset = std::vector<Quad>;  // In any order, perhaps with repetitions.

inline constexpr std::string_view xsd_string = "http://www.w3.org/2001/XMLSchema#string";
inline constexpr std::string_view rdf_lang_string =
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString";

// Errc::invalid where a term stands that may not, or would make one line say two things: an IRI
// that is empty or has a space, a control character, `<`, `>` or `\`; a literal without a
// datatype; a language tag of other characters than letters, digits and hyphens, or on anything
// but an rdf:langString. What else no IRI has (`{`, `|`, `"`, …) passes: issuers write it, and it
// cannot be mistaken.
Result<void> check_quad(const Quad& quad);

// One line of canonical N-Quads with its line feed, RDFC-1.0 Appendix A: only `"`, `\`, control
// characters, U+007F and the noncharacters U+FFFE and U+FFFF are escaped, and in literals alone;
// xsd:string is left out.
std::string to_n_quad(const Quad& quad);

// One term as it stands in such a line.
void append_term(const Term& term, std::string& out);

}  // namespace chancery::rdf

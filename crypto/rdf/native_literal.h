// JSON's strings, numbers and booleans as RDF literals.
// Source: JSON-LD 1.1 API §8.2.2 (object to RDF conversion), §8.6 (data round tripping).
#pragma once

#include <string_view>

#include "crypto/json/value.h"
#include "crypto/rdf/dataset.h"

namespace chancery::rdf {

// `datatype` is an IRI; empty: the value's own. Numbers without a fraction and below 10^21 are
// written as integers, all others and those of type xsd:double as "1.5E0". CHECKs that the value
// is no null, array or object.
Term native_literal(const json::Value& value, std::string_view datatype);

// BCP 47's form: letters, then letters and digits, at most eight between hyphens.
bool is_language_tag(std::string_view text);

}  // namespace chancery::rdf

// Values of a JSON-LD document that are no nodes: words, IRIs and literals.
// Source: JSON-LD 1.1 API §5.3 (value expansion), §8.2.2 (object to RDF conversion).
#pragma once

#include <optional>
#include <string>

#include "crypto/base/result.h"
#include "crypto/json/pointer.h"
#include "crypto/json/value.h"
#include "crypto/rdf/active_terms.h"
#include "crypto/rdf/dataset.h"

namespace chancery::rdf {

// Where in the document, for messages; and the graph that quads go to.
struct Place {
    std::string pointer;
    std::size_t depth = 0;
    std::optional<Term> graph;

    Place member(std::string_view name) const {
        return {json::step(pointer, name), depth + 1, graph};
    }
    Place item(std::size_t index) const { return member(std::to_string(index)); }
};

// Errc::invalid with the place.
Error refusal(const Place& place, const std::string& what);

Term iri_term(std::string_view iri);
Term rdf_term(std::string_view name);  // Of RDF's own vocabulary.

// Whether a member of `object` stands for `keyword`.
bool has_keyword(const json::Object& object, const ActiveTerms& terms, std::string_view keyword);

// An IRI or a blank node. The labels of a document are kept apart from those that reading it makes.
Result<Term> resource(const std::string& iri, const Place& place);

// A string, number or boolean, as its property's definition wants it; nullptr: as it is.
Result<Term> scalar_term(const Definition* definition,
                         const json::Value& value,
                         const ActiveTerms& terms,
                         const Place& place);

// {"@value": …} with "@type" or "@language".
Result<Term> value_object_term(const json::Object& object,
                               const ActiveTerms& terms,
                               const Place& place);

}  // namespace chancery::rdf

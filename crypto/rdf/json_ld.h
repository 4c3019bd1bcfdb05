// What a JSON-LD document says, in a closed world: built-in contexts only, nothing fetched, and
// every member must mean something, since what means nothing is covered by no signature.
//
// Refused, with a JSON pointer to the place: contexts that are not known or written out in the
// document; members and types that no context defines; relative IRIs; text directions; and the
// keywords that credentials do not use (@graph, @included, @index, @list, @nest, @reverse, @set,
// @version …). Numbers become what RDF calls them: integers as they are, others as xsd:double.
// Source: JSON-LD 1.1 API §5.1 (expansion), §8.1 (deserialisation to RDF), without a base IRI.
#pragma once

#include "crypto/base/result.h"
#include "crypto/json/value.h"
#include "crypto/rdf/dataset.h"
#include "crypto/rdf/term_sheet.h"

namespace chancery::rdf {

// Errc::invalid as above, and for a document nested deeper than parse() lets through.
Result<Dataset> to_dataset(const json::Value& document,
                           std::span<const Context> contexts = known_contexts());

}  // namespace chancery::rdf

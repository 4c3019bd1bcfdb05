// The terms in force at one place of a document: context upon context, the newest first.
// Source: JSON-LD 1.1 API §4.1 (context processing), §5.2.2 (IRI expansion).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/rdf/term_sheet.h"

namespace chancery::rdf {

class ActiveTerms {
public:
    enum class Reason : std::uint8_t { named, type, property };

    // Errc::invalid if `sheet` gives a protected term another meaning; only a property may.
    // What a type brings is in force in its own node only: see outside_type().
    Result<ActiveTerms> with(const TermSheet& sheet, Reason reason) const;

    // As they were before the types of the node around.
    ActiveTerms outside_type() const;

    // nullptr if no context defines it.
    const Definition* find(std::string_view term) const;

    // The keyword or IRI that a member's name or a type stands for; "" if it stands for nothing.
    std::string expand(std::string_view name) const;
    // The IRI that a value is, written out or with a prefix; not necessarily a good one.
    std::string expand_iri(std::string_view value) const;

private:
    bool is_protected(std::string_view term) const;

    std::vector<const TermSheet*> sheets_;
    std::optional<std::size_t> outside_;  // How many of them were there before.
};

// An IRI that a quad may hold: with a scheme, and no character that N-Quads would need to escape.
bool is_absolute_iri(std::string_view text);

}  // namespace chancery::rdf

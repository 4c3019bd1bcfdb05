#include "crypto/rdf/term_sheet.h"

#include <algorithm>
#include <array>

#include "crypto/rdf/contexts/sheets.h"

namespace chancery::rdf {

const Definition* TermSheet::find(std::string_view term) const {
    const auto found = std::ranges::lower_bound(terms, term, {}, &Definition::term);
    return found == terms.end() || found->term != term ? nullptr : &*found;
}

bool mean_the_same(const Definition& a, const Definition& b) {
    const bool is_same_word =
        a.iri() == b.iri() && a.coercion == b.coercion && a.container == b.container;
    if (!is_same_word || a.scope == b.scope) return is_same_word;
    return a.scope != nullptr && b.scope != nullptr &&
           a.scope->is_protected == b.scope->is_protected &&
           a.scope->vocabulary == b.scope->vocabulary &&
           std::ranges::equal(
               a.scope->terms, b.scope->terms, [](const Definition& one, const Definition& other) {
                   return one.term == other.term && mean_the_same(one, other);
               });
}

std::span<const Context> known_contexts() {
    static constexpr std::array contexts_by_address = {
        Context{"https://www.w3.org/ns/credentials/v2", &contexts::credentials_v2},
        Context{"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
                &contexts::open_badges_3_0_3},
        Context{"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
                &contexts::open_badges_3_0_2},
        Context{"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json",
                &contexts::badge_extensions},
        Context{"https://w3id.org/security/suites/ed25519-2020/v1", &contexts::ed25519_2020},
        Context{"https://w3id.org/blockcerts/v3.2", &contexts::blockcerts_v3_2},
    };
    return contexts_by_address;
}

}  // namespace chancery::rdf

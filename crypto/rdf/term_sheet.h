// What the words of a JSON-LD context mean, as tables: our own telling of published contexts.
//
// A document names its contexts by address. Fetching them would let whoever serves them decide what
// a signature covers, and tell them who verifies what; so the few that credentials use are built
// in, and any other is refused.
//
// Source: JSON-LD 1.1 §4.1 (contexts), §4.1.8 (scoped), §4.1.11 (protected), §9.15 (definitions).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace chancery::rdf {

struct TermSheet;

enum class Container : std::uint8_t { none, set, list, graph };

// Coercions that are no datatype.
inline constexpr std::string_view by_id = "@id";
inline constexpr std::string_view by_term = "@vocab";
inline constexpr std::string_view as_json = "@json";

struct Definition {
    std::string_view term = {};
    std::string_view base = {};  // With `local` behind it an IRI, or a keyword.
    std::string_view local = {};
    std::string_view coercion = {};  // One of the above or a datatype's IRI; empty: none.
    Container container = Container::none;
    // In force in nodes of this type, or in this property's values.
    const TermSheet* scope = nullptr;

    std::string iri() const { return std::string(base).append(local); }
};

constexpr Definition scoped(std::string_view term,
                            std::string_view base,
                            std::string_view local,
                            const TermSheet& scope) {
    return {term, base, local, {}, Container::none, &scope};
}

// The terms of both, of which none may be in both; each rises, and so does the result.
template <std::size_t n, std::size_t m>
constexpr std::array<Definition, n + m> joined(const std::array<Definition, n>& common,
                                               const std::array<Definition, m>& own) {
    std::array<Definition, n + m> all{};
    std::ranges::merge(common, own, all.begin(), {}, &Definition::term, &Definition::term);
    return all;
}

struct TermSheet {
    std::span<const Definition> terms;  // Rising by term, each once.
    bool is_protected = false;          // No other context may give them another meaning.
    std::string_view vocabulary = {};   // Of terms that are not defined; empty: they are refused.

    const Definition* find(std::string_view term) const;
};

// As a property's scope: no term from outside is in force within.
inline constexpr TermSheet no_terms{};

// Whether both give a term the same meaning, scopes included.
bool mean_the_same(const Definition& a, const Definition& b);

struct Context {
    std::string_view address;
    const TermSheet* sheet = nullptr;
};

// Credentials 2.0; Open Badges 3.0.2 and 3.0.3 with their extensions; Ed25519 signatures of 2020;
// Blockcerts 3.2.
std::span<const Context> known_contexts();

}  // namespace chancery::rdf

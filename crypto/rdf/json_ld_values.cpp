#include "crypto/rdf/json_ld_values.h"

#include <algorithm>
#include <utility>

#include "crypto/rdf/native_literal.h"

namespace chancery::rdf {
namespace {

constexpr std::string_view rdf_vocabulary = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

}  // namespace

Error refusal(const Place& place, const std::string& what) {
    return Error{Errc::invalid,
                 (place.pointer.empty() ? "the document" : place.pointer) + ": " + what};
}

Term iri_term(std::string_view iri) { return {Term::Kind::iri, std::string(iri), {}, {}}; }
Term rdf_term(std::string_view name) { return iri_term(std::string(rdf_vocabulary).append(name)); }

bool has_keyword(const json::Object& object, const ActiveTerms& terms, std::string_view keyword) {
    return std::ranges::any_of(
        object, [&](const json::Member& member) { return terms.expand(member.name) == keyword; });
}

Result<Term> resource(const std::string& iri, const Place& place) {
    if (iri.starts_with("_:")) return Term{Term::Kind::blank, "d" + iri.substr(2), {}, {}};
    if (is_absolute_iri(iri)) return iri_term(iri);
    return refusal(place, "no absolute IRI, and there is nothing that it could be relative to");
}

Result<Term> scalar_term(const Definition* definition,
                         const json::Value& value,
                         const ActiveTerms& terms,
                         const Place& place) {
    const std::string_view coercion =
        definition == nullptr ? std::string_view() : definition->coercion;
    const bool is_name = coercion == by_id || coercion == by_term;
    if (const std::string* const text = value.as_string(); text != nullptr && is_name) {
        std::string iri = coercion == by_term ? terms.expand(*text) : terms.expand_iri(*text);
        if (iri.empty()) return refusal(place, "a word that no context defines");
        return resource(iri, place);
    }
    return native_literal(value, is_name ? std::string_view() : coercion);
}

Result<Term> value_object_term(const json::Object& object,
                               const ActiveTerms& terms,
                               const Place& place) {
    const json::Value* value = nullptr;
    std::optional<std::string> datatype;
    std::optional<std::string> language;
    for (const json::Member& member : object) {
        const std::string meaning = terms.expand(member.name);
        const Place there = place.member(member.name);
        if (meaning == "@value") {
            value = &member.value;
            continue;
        }
        const std::string* const text = member.value.as_string();
        const bool is_known = meaning == "@type" || meaning == "@language";
        if (!is_known || text == nullptr) {
            return refusal(there, "of a value only its type or its language is understood");
        }
        (meaning == "@type" ? datatype : language) =
            meaning == "@type" ? terms.expand(*text) : *text;
    }
    if (value->is_null() || value->as_array() != nullptr || value->as_object() != nullptr) {
        return refusal(place,
                       "got a value of type " + std::string(type_name(*value)) +
                           ", want string, number or boolean");
    }
    if (datatype && language) return refusal(place, "a value has a type or a language, not both");
    if (datatype && !is_absolute_iri(*datatype)) {
        return refusal(place, "a datatype that no context defines and that is no absolute IRI");
    }
    if (!language) return native_literal(*value, datatype.value_or(""));
    if (value->as_string() == nullptr || !is_language_tag(*language)) {
        return refusal(place, "want a string and a language tag");
    }
    // RDF 1.1 Concepts §3.3 lets it be written in lower case, and JSON-LD's readers do.
    std::ranges::transform(*language, language->begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return Term{Term::Kind::literal, *value->as_string(), std::string(rdf_lang_string), *language};
}

}  // namespace chancery::rdf

#include "crypto/rdf/json_ld.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "crypto/json/canonical.h"
#include "crypto/rdf/active_terms.h"
#include "crypto/rdf/json_ld_values.h"

namespace chancery::rdf {
namespace {

constexpr std::size_t depth_max = 64;

class Reader {
public:
    explicit Reader(std::span<const Context> contexts) : contexts_(contexts) {}

    // The node's IRI or blank node.
    Result<Term> read_node(const json::Object& object,
                           const ActiveTerms& around,
                           const TermSheet* scope,
                           const Place& place);

    Dataset take() { return std::move(quads_); }

private:
    // A property whose values are being read.
    struct Property {
        Term subject;
        Term predicate;
        const Definition* definition = nullptr;  // nullptr: its name is an IRI, or of a vocabulary.
    };

    struct Keywords {
        const json::Member* id = nullptr;
        const json::Member* type = nullptr;
    };

    static Result<Keywords> keywords_of(const json::Object& object,
                                        const ActiveTerms& terms,
                                        const Place& place);
    static Result<ActiveTerms> with_types(std::vector<std::string> types,
                                          const ActiveTerms& named,
                                          const Place& place);
    Result<Term> subject_of(const json::Member* id, const ActiveTerms& terms, const Place& place);
    Result<ActiveTerms> enter(const json::Object& object,
                              const ActiveTerms& around,
                              const TermSheet* scope,
                              const Place& place) const;
    Result<ActiveTerms> add_contexts(const json::Value& named,
                                     ActiveTerms terms,
                                     const Place& place) const;
    Result<void> read_types(const std::vector<std::string>& types,
                            const ActiveTerms& named,
                            const Term& subject,
                            const Place& place);
    Result<void> read_property(const Property& property,
                               const json::Value& value,
                               const ActiveTerms& terms,
                               const Place& place);
    Result<void> read_list(const Property& property,
                           const json::Value& value,
                           const ActiveTerms& terms,
                           const Place& place);
    Result<void> read_values(const Property& property,
                             const json::Value& value,
                             const ActiveTerms& terms,
                             const Place& place);
    Result<std::optional<Term>> read_value(const Definition* definition,
                                           const json::Value& value,
                                           const ActiveTerms& terms,
                                           const Place& place);
    Term new_blank() { return {Term::Kind::blank, "b" + std::to_string(blanks_++), {}, {}}; }
    void add(const Term& subject, const Term& predicate, const Term& object, const Place& place) {
        quads_.push_back({subject, predicate, object, place.graph});
    }

    std::span<const Context> contexts_;
    Dataset quads_;
    std::size_t blanks_ = 0;
};

Result<std::optional<Term>> optional_of(Result<Term> term) {
    if (!term) return term.error();
    return std::optional<Term>(std::move(*term));
}

// Strings of a member that may be one or several.
Result<std::vector<std::string>> strings_of(const json::Value& value, const Place& place) {
    std::vector<std::string> strings;
    for (const json::Value& each : json::one_or_several(value)) {
        if (each.as_string() == nullptr) {
            return refusal(place, "got " + std::string(type_name(each)) + ", want string");
        }
        strings.push_back(*each.as_string());
    }
    return strings;
}

Result<ActiveTerms> Reader::add_contexts(const json::Value& named,
                                         ActiveTerms terms,
                                         const Place& place) const {
    for (const json::Value& each : json::one_or_several(named)) {
        const std::string* const address = each.as_string();
        if (address == nullptr) {
            return refusal(place,
                           "got a context of type " + std::string(type_name(each)) +
                               ", want the address of one that is built in");
        }
        const auto known = std::ranges::find(contexts_, *address, &Context::address);
        if (known == contexts_.end()) {
            return refusal(place, "a context that is not built in, and none is fetched");
        }
        auto next = terms.with(*known->sheet, ActiveTerms::Reason::named);
        if (!next) return refusal(place, next.error().detail);
        terms = std::move(*next);
    }
    return terms;
}

// The terms in force for the members of `object`, but for those that its types bring.
Result<ActiveTerms> Reader::enter(const json::Object& object,
                                  const ActiveTerms& around,
                                  const TermSheet* scope,
                                  const Place& place) const {
    const bool is_reference = object.size() == 1 && has_keyword(object, around, "@id");
    ActiveTerms terms = is_reference ? around : around.outside_type();
    if (scope != nullptr) {
        auto scoped = terms.with(*scope, ActiveTerms::Reason::property);
        if (!scoped) return refusal(place, scoped.error().detail);
        terms = std::move(*scoped);
    }
    for (const json::Member& member : object) {
        if (member.name != "@context") continue;
        return add_contexts(member.value, std::move(terms), place.member(member.name));
    }
    return terms;
}

Result<Reader::Keywords> Reader::keywords_of(const json::Object& object,
                                             const ActiveTerms& terms,
                                             const Place& place) {
    Keywords found;
    for (const json::Member& member : object) {
        const std::string meaning = terms.expand(member.name);
        if (meaning != "@id" && meaning != "@type") continue;
        const json::Member*& keyword = meaning == "@id" ? found.id : found.type;
        if (keyword != nullptr) return refusal(place, meaning + " stands there twice");
        keyword = &member;
    }
    return found;
}

// What the types of a node bring, in the order of their names.
Result<ActiveTerms> Reader::with_types(std::vector<std::string> types,
                                       const ActiveTerms& named,
                                       const Place& place) {
    std::ranges::sort(types);
    ActiveTerms terms = named;
    for (const std::string& name : types) {
        const Definition* const definition = named.find(name);
        if (definition == nullptr || definition->scope == nullptr) continue;
        auto next = terms.with(*definition->scope, ActiveTerms::Reason::type);
        if (!next) return refusal(place, next.error().detail);
        terms = std::move(*next);
    }
    return terms;
}

Result<Term> Reader::subject_of(const json::Member* id,
                                const ActiveTerms& terms,
                                const Place& place) {
    if (id == nullptr) return new_blank();
    const Place there = place.member(id->name);
    const std::string* const text = id->value.as_string();
    if (text == nullptr) {
        return refusal(there, "got " + std::string(type_name(id->value)) + ", want string");
    }
    return resource(terms.expand_iri(*text), there);
}

Result<Term> Reader::read_node(const json::Object& object,
                               const ActiveTerms& around,
                               const TermSheet* scope,
                               const Place& place) {
    if (place.depth > depth_max) return refusal(place, "nested too deep, want at most 64 levels");
    const auto named = enter(object, around, scope, place);
    if (!named) return named.error();
    const auto keywords = keywords_of(object, *named, place);
    if (!keywords) return keywords.error();
    const auto [id, type] = *keywords;
    const Place type_place = type == nullptr ? place : place.member(type->name);
    const auto types = type == nullptr
                           ? Result<std::vector<std::string>>(std::vector<std::string>())
                           : strings_of(type->value, type_place);
    if (!types) return types.error();
    const auto terms = with_types(*types, *named, place);
    if (!terms) return terms.error();
    auto subject = subject_of(id, *terms, place);
    if (!subject) return subject.error();
    if (const auto read = read_types(*types, *named, *subject, type_place); !read) {
        return read.error();
    }
    for (const json::Member& member : object) {
        if (&member == id || &member == type || member.name == "@context") continue;
        const Place there = place.member(member.name);
        const std::string meaning = terms->expand(member.name);
        if (meaning.empty()) return refusal(there, "no context defines it");
        if (meaning.starts_with('@')) return refusal(there, "a keyword that is not supported");
        if (!is_absolute_iri(meaning)) return refusal(there, "no absolute IRI");
        const Property property{*subject, iri_term(meaning), terms->find(member.name)};
        const auto read = read_property(property, member.value, *terms, there);
        if (!read) return read.error();
    }
    return subject;
}

Result<void> Reader::read_types(const std::vector<std::string>& types,
                                const ActiveTerms& named,
                                const Term& subject,
                                const Place& place) {
    for (const std::string& name : types) {
        const std::string iri = named.expand(name);
        if (iri.empty()) return refusal(place, "a type that no context defines");
        const auto term = resource(iri, place);
        if (!term) return term.error();
        add(subject, rdf_term("type"), *term, place);
    }
    return {};
}

Result<void> Reader::read_property(const Property& property,
                                   const json::Value& value,
                                   const ActiveTerms& terms,
                                   const Place& place) {
    const Definition* const definition = property.definition;
    if (definition == nullptr) return read_values(property, value, terms, place);
    if (definition->coercion == as_json) {
        const Term literal{Term::Kind::literal, json::canonical(value), rdf_term("JSON").value, {}};
        add(property.subject, property.predicate, literal, place);
        return {};
    }
    if (definition->container == Container::list) return read_list(property, value, terms, place);
    return read_values(property, value, terms, place);
}

Result<void> Reader::read_list(const Property& property,
                               const json::Value& value,
                               const ActiveTerms& terms,
                               const Place& place) {
    const auto items = json::one_or_several(value);
    Term before = property.subject;
    Term link = property.predicate;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].as_array() != nullptr) return refusal(place.item(i), "a list within a list");
        const auto term = read_value(property.definition, items[i], terms, place.item(i));
        if (!term) return term.error();
        if (!*term) continue;
        const Term cell = new_blank();
        add(before, link, cell, place);
        add(cell, rdf_term("first"), **term, place);
        before = cell;
        link = rdf_term("rest");
    }
    add(before, link, rdf_term("nil"), place);
    return {};
}

// One value or several, each a quad; within arrays arrays are as if they were not there.
Result<void> Reader::read_values(const Property& property,
                                 const json::Value& value,
                                 const ActiveTerms& terms,
                                 const Place& place) {
    if (place.depth > depth_max) return refusal(place, "nested too deep, want at most 64 levels");
    if (const json::Array* const items = value.as_array()) {
        for (std::size_t i = 0; i < items->size(); ++i) {
            const auto read = read_values(property, (*items)[i], terms, place.item(i));
            if (!read) return read.error();
        }
        return {};
    }
    Place inside = place;
    const bool is_graph =
        property.definition != nullptr && property.definition->container == Container::graph;
    if (is_graph && !value.is_null()) {
        inside.graph = new_blank();
        add(property.subject, property.predicate, *inside.graph, place);
    }
    const auto term = read_value(property.definition, value, terms, inside);
    if (!term) return term.error();
    if (*term && !is_graph) add(property.subject, property.predicate, **term, place);
    return {};
}

Result<std::optional<Term>> Reader::read_value(const Definition* definition,
                                               const json::Value& value,
                                               const ActiveTerms& terms,
                                               const Place& place) {
    if (value.is_null()) return std::optional<Term>();
    const TermSheet* const scope = definition == nullptr ? nullptr : definition->scope;
    const json::Object* const object = value.as_object();
    if (object == nullptr) {
        auto inner = scope == nullptr ? terms : terms.with(*scope, ActiveTerms::Reason::property);
        if (!inner) return refusal(place, inner.error().detail);
        return optional_of(scalar_term(definition, value, *inner, place));
    }
    if (has_keyword(*object, terms, "@value")) {
        return optional_of(value_object_term(*object, terms, place));
    }
    return optional_of(read_node(*object, terms, scope, place));
}

}  // namespace

Result<Dataset> to_dataset(const json::Value& document, std::span<const Context> contexts) {
    if (document.as_object() == nullptr) {
        return refusal({}, "got " + std::string(type_name(document)) + ", want object");
    }
    Reader reader(contexts);
    const auto read = reader.read_node(*document.as_object(), ActiveTerms(), nullptr, {});
    if (!read) return read.error();
    return reader.take();
}

}  // namespace chancery::rdf

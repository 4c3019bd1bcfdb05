#include "crypto/rdf/active_terms.h"

#include <algorithm>

#include "crypto/base/ascii.h"

namespace chancery::rdf {
namespace {

// JSON-LD 1.1 §4.1.5: what a prefix must end in for the name of a term to be used as one.
bool can_be_prefix(std::string_view iri) {
    return !iri.empty() && std::string_view(":/?#[]@").find(iri.back()) != std::string_view::npos;
}

}  // namespace

bool is_absolute_iri(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return false;
    const auto in_scheme = [](char c) {
        return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
    };
    if (!std::ranges::all_of(text.substr(0, colon), in_scheme)) return false;
    return std::ranges::none_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte <= 0x20 ||
               std::string_view("<>\"{}|^`\\\x7f").find(c) != std::string_view::npos;
    });
}

Result<ActiveTerms> ActiveTerms::with(const TermSheet& sheet, Reason reason) const {
    ActiveTerms result = *this;
    if (&sheet == &no_terms) return ActiveTerms();
    if (reason != Reason::property) {
        for (const Definition& definition : sheet.terms) {
            if (!is_protected(definition.term)) continue;
            if (mean_the_same(*find(definition.term), definition)) continue;
            return Error{Errc::invalid,
                         "a context gives another meaning to the protected term " +
                             std::string(definition.term)};
        }
    }
    if (reason == Reason::type && !result.outside_) result.outside_ = sheets_.size();
    result.sheets_.push_back(&sheet);
    return result;
}

ActiveTerms ActiveTerms::outside_type() const {
    ActiveTerms result = *this;
    if (outside_) result.sheets_.resize(*outside_);
    result.outside_.reset();
    return result;
}

const Definition* ActiveTerms::find(std::string_view term) const {
    const auto sheet = std::find_if(sheets_.rbegin(), sheets_.rend(), [&](const TermSheet* each) {
        return each->find(term) != nullptr;
    });
    return sheet == sheets_.rend() ? nullptr : (*sheet)->find(term);
}

// A term stays protected when a context repeats its meaning without protecting it.
bool ActiveTerms::is_protected(std::string_view term) const {
    return std::ranges::any_of(sheets_, [&](const TermSheet* sheet) {
        return sheet->is_protected && sheet->find(term) != nullptr;
    });
}

std::string ActiveTerms::expand(std::string_view name) const {
    if (name.starts_with('@')) return std::string(name);
    if (const Definition* const definition = find(name)) return definition->iri();
    if (name.find(':') != std::string_view::npos) return expand_iri(name);
    const auto sheet = std::find_if(sheets_.rbegin(), sheets_.rend(), [](const TermSheet* each) {
        return !each->vocabulary.empty();
    });
    return sheet == sheets_.rend() ? std::string() : std::string((*sheet)->vocabulary).append(name);
}

std::string ActiveTerms::expand_iri(std::string_view value) const {
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos) return std::string(value);
    const std::string_view rest = value.substr(colon + 1);
    const Definition* const prefix = find(value.substr(0, colon));
    if (prefix == nullptr || rest.starts_with("//")) return std::string(value);
    const std::string iri = prefix->iri();
    const bool is_simple = prefix->coercion.empty() && prefix->container == Container::none &&
                           prefix->scope == nullptr;
    return is_simple && can_be_prefix(iri) ? iri + std::string(rest) : std::string(value);
}

}  // namespace chancery::rdf

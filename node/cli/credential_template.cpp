#include "node/cli/credential_template.h"

#include <algorithm>

#include "crypto/json/parse.h"
#include "node/cli/credential_file.h"

namespace chancery::cli {
namespace {

constexpr std::string_view hole_begin = "{{";
constexpr std::string_view hole_end = "}}";
constexpr json::Limits template_limits{.bytes_max = document_bytes_max, .elements_max = 100'000};

// A text up to its next hole, and the hole's name; no name after the last one.
struct Piece {
    std::string_view text;
    std::optional<std::string_view> hole;
};

std::string_view trimmed(std::string_view text) {
    while (text.starts_with(' '))
        text.remove_prefix(1);
    while (text.ends_with(' '))
        text.remove_suffix(1);
    return text;
}

Result<std::vector<Piece>> pieces_of(std::string_view text) {
    std::vector<Piece> pieces;
    while (true) {
        const std::size_t begin = text.find(hole_begin);
        if (begin == std::string_view::npos) {
            pieces.push_back(Piece{text, std::nullopt});
            return pieces;
        }
        const std::size_t end = text.find(hole_end, begin);
        if (end == std::string_view::npos) return Error{Errc::invalid, "{{ without }}"};
        const std::string_view name =
            trimmed(text.substr(begin + hole_begin.size(), end - begin - hole_begin.size()));
        if (name.empty() || name.find('{') != std::string_view::npos)
            return Error{Errc::invalid, "a hole without a name, want {{name}}"};
        pieces.push_back(Piece{text.substr(0, begin), name});
        text.remove_prefix(end + hole_end.size());
    }
}

using Names = std::set<std::string, std::less<>>;

std::optional<Error> collect(const json::Value& value, const std::string& where, Names& names) {
    if (const std::string* text = value.as_string()) {
        const auto pieces = pieces_of(*text);
        if (!pieces) return Error{Errc::invalid, where + ": " + pieces.error().detail};
        for (const Piece& piece : *pieces)
            if (piece.hole) names.emplace(*piece.hole);
    } else if (const json::Array* array = value.as_array()) {
        for (std::size_t i = 0; i < array->size(); ++i)
            if (auto wrong = collect((*array)[i], where + "/" + std::to_string(i), names))
                return wrong;
    } else if (const json::Object* object = value.as_object()) {
        for (const json::Member& member : *object) {
            if (member.name.find(hole_begin) != std::string::npos)
                return Error{Errc::invalid, where + ": a hole in a name, want it in a value"};
            if (auto wrong = collect(member.value, where + "/" + member.name, names)) return wrong;
        }
    }
    return std::nullopt;
}

bool is_uuid(std::string_view text) {
    return text.size() == uuid_characters && std::ranges::all_of(text, [](char letter) {
               return letter == '-' || (letter >= '0' && letter <= '9') ||
                      (letter >= 'a' && letter <= 'f');
           });
}

std::string fill_text(std::string_view text,
                      const CredentialTemplate::Values& values,
                      const std::string* earlier) {
    std::string filled;
    const auto pieces = pieces_of(text);
    CHECK(pieces.has_value());
    for (const Piece& piece : *pieces) {
        filled += piece.text;
        if (!piece.hole) break;
        if (*piece.hole != uuid_hole) {
            const auto value = values.find(*piece.hole);
            CHECK(value != values.end());
            filled += value->second;
            continue;
        }
        std::string kept;
        if (earlier != nullptr && earlier->size() >= filled.size())
            kept = earlier->substr(filled.size(), uuid_characters);
        filled += is_uuid(kept) ? kept : random_uuid();
    }
    return filled;
}

json::Value fill_value(const json::Value& value,
                       const CredentialTemplate::Values& values,
                       const json::Value* earlier) {
    if (const std::string* text = value.as_string())
        return fill_text(*text, values, earlier == nullptr ? nullptr : earlier->as_string());
    if (const json::Array* array = value.as_array()) {
        const json::Array* old = earlier == nullptr ? nullptr : earlier->as_array();
        json::Array filled;
        for (std::size_t i = 0; i < array->size(); ++i)
            filled.push_back(fill_value(
                (*array)[i], values, old != nullptr && i < old->size() ? &(*old)[i] : nullptr));
        return filled;
    }
    if (const json::Object* object = value.as_object()) {
        json::Object filled;
        for (const json::Member& member : *object)
            filled.push_back(json::Member{
                member.name,
                fill_value(member.value,
                           values,
                           earlier == nullptr ? nullptr : earlier->find(member.name))});
        return filled;
    }
    return value;
}

}  // namespace

Result<CredentialTemplate> CredentialTemplate::parse(std::string_view text) {
    auto document = json::parse(text, template_limits);
    if (!document) return document.error();
    if (document->as_object() == nullptr)
        return Error{Errc::invalid, "is no JSON object, want a credential with {{holes}}"};
    CredentialTemplate result(*std::move(document));
    if (auto wrong = collect(result.document_, "", result.columns_)) return *wrong;
    for (const std::string_view own : {uuid_hole, issuer_did_hole, issuer_name_hole})
        result.columns_.erase(std::string(own));
    return result;
}

json::Value CredentialTemplate::fill(const Values& values, const json::Value* earlier) const {
    return fill_value(document_, values, earlier);
}

}  // namespace chancery::cli

#include "node/cli/credential_template.h"

#include <algorithm>
#include <vector>

#include "crypto/base/ascii.h"
#include "crypto/base/check.h"
#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "node/cli/credential_file.h"
#include "node/keystore.h"

namespace chancery::cli {
namespace {

using Kind = Hole::Kind;
using IfEmpty = Hole::IfEmpty;

constexpr std::string_view hole_begin = "{{";
constexpr std::string_view hole_end = "}}";
constexpr std::size_t salt_bytes = 16;
constexpr json::Limits template_limits{.bytes_max = document_bytes_max, .elements_max = 100'000};

// A text up to its next hole, and the hole; none after the last one.
struct Piece {
    std::string_view text;
    std::optional<Hole> hole;
};

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
        const auto hole =
            parse_hole(text.substr(begin + hole_begin.size(), end - begin - hole_begin.size()));
        if (!hole) return hole.error();
        pieces.push_back(Piece{text.substr(0, begin), *hole});
        text.remove_prefix(end + hole_end.size());
    }
}

// Nothing but this one hole.
bool is_alone(const std::vector<Piece>& pieces) {
    return pieces.size() == 2 && pieces[0].text.empty() && pieces[1].text.empty();
}

// Gathers the holes of a template and finds what is wrong with them.
class Survey {
public:
    std::set<Hole> holes;
    std::string salt_member;

    // `objects`: how many lie around the value, the document itself included.
    std::optional<Error> look_at(const json::Value& value,
                                 const std::string& where,
                                 const std::string& name,
                                 std::size_t objects) {
        if (const std::string* text = value.as_string())
            return look_at_text(*text, where, name, objects);
        if (const json::Array* array = value.as_array()) {
            for (std::size_t i = 0; i < array->size(); ++i)
                if (auto wrong =
                        look_at((*array)[i], where + "/" + std::to_string(i), name, objects))
                    return wrong;
        } else if (const json::Object* object = value.as_object()) {
            for (const json::Member& member : *object) {
                if (member.name.find(hole_begin) != std::string::npos)
                    return Error{Errc::invalid, where + ": a hole in a name, want it in a value"};
                if (auto wrong =
                        look_at(member.value, where + "/" + member.name, member.name, objects + 1))
                    return wrong;
            }
        }
        return std::nullopt;
    }

private:
    std::optional<Error> look_at_text(const std::string& text,
                                      const std::string& where,
                                      const std::string& name,
                                      std::size_t objects) {
        const auto pieces = pieces_of(text);
        if (!pieces) return Error{Errc::invalid, where + ": " + pieces.error().detail};
        for (const Piece& piece : *pieces) {
            if (!piece.hole) continue;
            const Hole& hole = *piece.hole;
            holes.insert(hole);
            if (hole.kind == Kind::number && !is_alone(*pieces))
                return Error{Errc::invalid, where + ": a number among other text"};
            if (hole.if_empty == IfEmpty::leave_out_object && objects < 2)
                return Error{Errc::invalid, where + ": ?? would leave out the whole document"};
            if (hole.kind == Kind::salt && is_alone(*pieces)) salt_member = name;
        }
        return std::nullopt;
    }
};

bool is_uuid(std::string_view text) {
    return text.size() == uuid_characters && std::ranges::all_of(text, [](char letter) {
               return letter == '-' || is_digit(letter) || (letter >= 'a' && letter <= 'f');
           });
}

enum class Fate : std::uint8_t { kept, member_goes, object_goes };

struct Filled {
    json::Value value;
    Fate fate = Fate::kept;
};

struct Filler {
    const CredentialTemplate::Values& values;

    Filled fill_text(std::string_view text, const std::string* earlier) const {
        const auto pieces = pieces_of(text);
        CHECK(pieces.has_value());
        std::string filled;
        for (const Piece& piece : *pieces) {
            filled += piece.text;
            if (!piece.hole) break;
            const Hole& hole = *piece.hole;
            if (hole.kind == Kind::uuid) {
                std::string kept;
                if (earlier != nullptr && earlier->size() >= filled.size())
                    kept = earlier->substr(filled.size(), uuid_characters);
                filled += is_uuid(kept) ? kept : random_uuid();
                continue;
            }
            const auto value = values.find(hole);
            CHECK(value != values.end());
            if (!value->second)
                return {{},
                        hole.if_empty == IfEmpty::leave_out_object ? Fate::object_goes
                                                                   : Fate::member_goes};
            if (hole.kind == Kind::number) return {*json::parse(*value->second), Fate::kept};
            filled += *value->second;
        }
        return {std::move(filled), Fate::kept};
    }

    // An earlier document left out the same, so what is kept stands where it stood.
    Filled fill_array(const json::Array& array, const json::Array* earlier) const {
        json::Array filled;
        for (const json::Value& one : array) {
            const json::Value* const old = earlier != nullptr && filled.size() < earlier->size()
                                               ? &(*earlier)[filled.size()]
                                               : nullptr;
            Filled each = fill_value(one, old);
            if (each.fate == Fate::object_goes) return each;
            if (each.fate == Fate::kept) filled.push_back(std::move(each.value));
        }
        const bool is_emptied = filled.empty() && !array.empty();
        return {std::move(filled), is_emptied ? Fate::member_goes : Fate::kept};
    }

    Filled fill_object(const json::Object& object, const json::Value* earlier) const {
        json::Object filled;
        for (const json::Member& member : object) {
            Filled each =
                fill_value(member.value, earlier == nullptr ? nullptr : earlier->find(member.name));
            if (each.fate == Fate::object_goes) return {{}, Fate::member_goes};
            if (each.fate == Fate::kept)
                filled.push_back(json::Member{member.name, std::move(each.value)});
        }
        return {std::move(filled), Fate::kept};
    }

    Filled fill_value(const json::Value& value, const json::Value* earlier) const {
        if (const std::string* text = value.as_string())
            return fill_text(*text, earlier == nullptr ? nullptr : earlier->as_string());
        if (const json::Array* array = value.as_array())
            return fill_array(*array, earlier == nullptr ? nullptr : earlier->as_array());
        if (const json::Object* object = value.as_object()) return fill_object(*object, earlier);
        return {value, Fate::kept};
    }
};

bool is_salt(const std::string* text) {
    return text != nullptr && text->size() == 2 * salt_bytes && from_hex(*text).has_value();
}

const std::string* find_salt(const json::Value& value, std::string_view name) {
    if (const json::Array* array = value.as_array()) {
        for (const json::Value& one : *array)
            if (const std::string* found = find_salt(one, name)) return found;
    } else if (const json::Object* object = value.as_object()) {
        for (const json::Member& member : *object) {
            if (member.name == name && is_salt(member.value.as_string()))
                return member.value.as_string();
            if (const std::string* found = find_salt(member.value, name)) return found;
        }
    }
    return nullptr;
}

}  // namespace

Result<CredentialTemplate> CredentialTemplate::parse(std::string_view text) {
    auto document = json::parse(text, template_limits);
    if (!document) return document.error();
    if (document->as_object() == nullptr)
        return Error{Errc::invalid, "is no JSON object, want a credential with {{holes}}"};
    Survey survey;
    if (auto wrong = survey.look_at(*document, "", "", 0)) return *wrong;
    const bool wants_salt = std::ranges::any_of(
        survey.holes, [](const Hole& hole) { return hole.kind == Kind::identity_hash; });
    if (wants_salt && survey.salt_member.empty())
        return Error{Errc::invalid,
                     "identity_hash without a member that is {{salt}}: nobody could check it"};
    CredentialTemplate result(*std::move(document));
    result.holes_ = std::move(survey.holes);
    result.salt_member_ = std::move(survey.salt_member);
    return result;
}

json::Value CredentialTemplate::fill(const Values& values, const json::Value* earlier) const {
    Filled filled = Filler{values}.fill_value(document_, earlier);
    CHECK(filled.fate == Fate::kept);
    return std::move(filled.value);
}

std::optional<std::string> CredentialTemplate::salt_in(const json::Value& earlier) const {
    if (salt_member_.empty()) return std::nullopt;
    const std::string* const found = find_salt(earlier, salt_member_);
    if (found == nullptr) return std::nullopt;
    return *found;
}

std::string random_salt() {
    Bytes bytes(salt_bytes);
    keystore::fill_random(bytes);
    return to_hex(bytes);
}

}  // namespace chancery::cli

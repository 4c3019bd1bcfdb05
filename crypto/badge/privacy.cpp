#include "crypto/badge/privacy.h"

#include <algorithm>
#include <array>
#include <vector>

#include "crypto/badge/alignments.h"
#include "crypto/base/ascii.h"
#include "crypto/json/members.h"

namespace chancery::badge {
namespace {

// Parts of the document that are published, or the same for all holders.
constexpr auto public_places = std::to_array<std::string_view>({
    "/id",
    "/name",
    "/description",
    "/image",
    "/evidence",
    "/credentialStatus",
    "/credentialSubject/achievement",
});

constexpr auto name_places = std::to_array<std::string_view>({
    "/credentialSubject/name",
    "/credentialSubject/givenName",
    "/credentialSubject/familyName",
});
constexpr std::size_t name_characters_min = 3;  // Shorter ones stand in too many other words.

bool is_of_word(char c) {
    return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80;
}
bool is_of_local(char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '+' || c == '%'; }
bool is_of_domain(char c) { return is_letter(c) || is_digit(c) || c == '-' || c == '.'; }

char lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }

using Words = std::vector<std::string>;

// The words of a text, in small letters; letters beyond ASCII stay as they are.
Words words_of(std::string_view text) {
    Words words(1);
    for (const char c : text) {
        if (is_of_word(c)) {
            words.back() += lower(c);
        } else if (!words.back().empty()) {
            words.emplace_back();
        }
    }
    if (words.back().empty()) words.pop_back();
    return words;
}

// Whether the name's words stand in the text, one behind the other.
bool holds_name(const Words& text, const Words& name) {
    return !name.empty() &&
           std::search(text.begin(), text.end(), name.begin(), name.end()) != text.end();
}

class PublicTexts {
public:
    PublicTexts(std::vector<Words> names, Findings& findings)
        : names_(std::move(names)), findings_(findings) {}

    void check(const json::Value& value, const std::string& pointer) {
        if (const std::string* const text = value.as_string()) {
            check_text(*text, pointer);
        } else if (const json::Array* const array = value.as_array()) {
            for (std::size_t i = 0; i < array->size(); ++i)
                check((*array)[i], json::step(pointer, i));
        } else if (const json::Object* const object = value.as_object()) {
            for (const json::Member& member : *object)
                check(member.value, json::step(pointer, member.name));
        }
    }

private:
    void check_text(const std::string& text, const std::string& pointer) {
        if (holds_email(text))
            findings_.add("privacy.email-in-text",
                          pointer,
                          "holds an e-mail address where every holder's badge says the same");
        if (names_.empty()) return;
        const Words said = words_of(text);
        const auto is_said = [&](const Words& name) { return holds_name(said, name); };
        if (std::ranges::any_of(names_, is_said))
            findings_.add("privacy.name-in-text",
                          pointer,
                          "holds the holder's name where every holder's badge says the same");
    }

    std::vector<Words> names_;
    Findings& findings_;
};

std::vector<Words> names_of(const json::Value& document) {
    std::vector<Words> names;
    for (const std::string_view place : name_places) {
        const json::Value* const value = json::at(document, place);
        if (value == nullptr || value->as_string() == nullptr) continue;
        if (value->as_string()->size() >= name_characters_min)
            names.push_back(words_of(*value->as_string()));
    }
    return names;
}

void check_unhashed(const json::Value& identity, const std::string& pointer, Findings& findings) {
    const std::string value(json::text_in(identity, "identityHash"));
    if (json::text_in(identity, "identityType") == "emailAddress" || holds_email(value)) {
        findings.add("privacy.plaintext-email",
                     pointer + "/identityHash",
                     "is an e-mail address in clear, want its salted hash");
    } else {
        findings.add("privacy.plaintext-identifier",
                     pointer + "/hashed",
                     "says that the identifier stands there in clear");
    }
}

void check_hashed(const json::Value& identity, const std::string& pointer, Findings& findings) {
    const std::string salt(json::text_in(identity, "salt"));
    if (salt.empty()) {
        findings.add("privacy.unsalted-hash",
                     pointer + "/salt",
                     "missing: whoever has a list of addresses finds the one by trying all");
    } else if (salt.size() < salt_characters_min) {
        findings.add("privacy.short-salt",
                     pointer + "/salt",
                     "has " + std::to_string(salt.size()) +
                         " characters, want at least 16, drawn "
                         "anew for each badge");
    }
}

void check_identities(const json::Value& document, Findings& findings) {
    constexpr std::string_view place = "/credentialSubject/identifier";
    const json::Value* const identifier = json::at(document, place);
    if (identifier == nullptr || identifier->as_array() == nullptr) return;
    for (std::size_t i = 0; i < identifier->as_array()->size(); ++i) {
        const json::Value& identity = (*identifier->as_array())[i];
        const json::Value* const hashed = identity.find("hashed");
        if (hashed == nullptr || hashed->as_bool() == nullptr) continue;
        const std::string pointer = json::step(place, i);
        if (*hashed->as_bool()) {
            check_hashed(identity, pointer, findings);
        } else {
            check_unhashed(identity, pointer, findings);
        }
    }
}

void check_subject_email(const json::Value& document, Findings& findings) {
    for (const std::string_view place : {"/credentialSubject/id", "/credentialSubject/email"}) {
        const json::Value* const value = json::at(document, place);
        if (value != nullptr && value->as_string() != nullptr && holds_email(*value->as_string()))
            findings.add("privacy.plaintext-email",
                         std::string(place),
                         "is an e-mail address in clear, want a salted hash as identifier");
    }
}

}  // namespace

bool holds_email(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos;
         at = text.find('@', at + 1)) {
        if (at == 0 || !is_of_local(text[at - 1])) continue;
        std::string_view domain = text.substr(at + 1);
        const auto* const end = std::ranges::find_if_not(domain, is_of_domain);
        domain = domain.substr(0, static_cast<std::size_t>(end - domain.begin()));
        const std::size_t dot = domain.find('.');
        if (dot != std::string_view::npos && dot > 0 && dot + 2 < domain.size() &&
            is_letter(domain[dot + 1]))
            return true;
    }
    return false;
}

void check_privacy(const json::Value& document, Findings& findings) {
    PublicTexts texts(names_of(document), findings);
    for (const std::string_view place : public_places)
        if (const json::Value* const value = json::at(document, place))
            texts.check(*value, std::string(place));
    check_identities(document, findings);
    check_subject_email(document, findings);
}

}  // namespace chancery::badge

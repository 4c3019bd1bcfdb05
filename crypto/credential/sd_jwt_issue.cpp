// Making SD-JWTs: what an issuer conceals, and what a holder shows.
#include <algorithm>
#include <set>

#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/credential/sd_jwt.h"
#include "crypto/json/canonical.h"

namespace chancery::credential {
namespace {

// ~1 is a slash, ~0 the tilde. Errc::invalid for another ~.
Result<std::string> unescaped(std::string_view written) {
    std::string step;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i] != '~') {
            step += written[i];
            continue;
        }
        const char next = i + 1 < written.size() ? written[++i] : '\0';
        if (next != '0' && next != '1') {
            return Error{Errc::invalid, "a JSON pointer has ~ before something else than 0 and 1"};
        }
        step += next == '0' ? '~' : '/';
    }
    return step;
}

// The names along a JSON pointer. Errc::invalid unless it is one, to something within.
Result<std::vector<std::string>> steps_of(std::string_view pointer) {
    if (!pointer.starts_with('/')) return Error{Errc::invalid, "a JSON pointer begins with /"};
    std::vector<std::string> steps;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view written = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(written.size());
        auto step = unescaped(written);
        if (!step) return step.error();
        steps.push_back(*std::move(step));
    }
    return steps;
}

json::Value* element_at(json::Value& array, const std::string& step) {
    json::Array* const elements = array.as_array();
    const auto index = from_decimal(step);
    if (elements == nullptr || !index || *index >= elements->size()) return nullptr;
    return &(*elements)[static_cast<std::size_t>(*index)];
}

json::Value* child_of(json::Value& value, const std::string& step) {
    if (value.as_object() != nullptr) return value.find(step);
    return element_at(value, step);
}

// The value that holds what the steps lead to; nullptr if there is none.
json::Value* parent_of(json::Value& claims, const std::vector<std::string>& steps) {
    json::Value* value = &claims;
    for (std::size_t i = 0; i + 1 < steps.size() && value != nullptr; ++i)
        value = child_of(*value, steps[i]);
    return value;
}

void add_digest(json::Value& object, const std::string& digest) {
    json::Value* const digests = object.find("_sd");
    if (digests == nullptr) {
        object.set("_sd", json::Array{digest});
        return;
    }
    // Sorted, so that their order tells nothing.
    json::Array& array = *digests->as_array();
    const auto place = std::ranges::find_if(
        array, [&](const json::Value& other) { return *other.as_string() > digest; });
    array.insert(place, digest);
}

std::string encoded(json::Array parts) {
    return to_base64url(bytes_of(json::canonical(json::Value(std::move(parts)))));
}

// Takes what the steps lead to out of the claims. Gives its disclosure.
Result<std::string> conceal(json::Value& claims,
                            const std::vector<std::string>& steps,
                            const Salt& salt) {
    json::Value* const parent = parent_of(claims, steps);
    json::Value* const value = parent == nullptr ? nullptr : child_of(*parent, steps.back());
    if (value == nullptr) return Error{Errc::invalid, "nothing is at a pointer to conceal"};
    const std::string salt_text = to_base64url(salt);
    if (parent->as_array() != nullptr) {
        const std::string disclosure = encoded({salt_text, *value});
        *value = json::Object{{"...", sd_digest(disclosure)}};
        return disclosure;
    }
    const std::string disclosure = encoded({salt_text, steps.back(), *value});
    parent->erase(steps.back());
    add_digest(*parent, sd_digest(disclosure));
    return disclosure;
}

bool has_reserved_name(const json::Value& value) {
    if (const json::Object* const object = value.as_object()) {
        return std::ranges::any_of(*object, [](const json::Member& member) {
            const bool is_reserved =
                member.name == "_sd" || member.name == "..." || member.name == "_sd_alg";
            return is_reserved || has_reserved_name(member.value);
        });
    }
    const json::Array* const array = value.as_array();
    return array != nullptr && std::ranges::any_of(*array, has_reserved_name);
}

struct Concealment {
    std::vector<std::string> names;
    const Salt* salt = nullptr;
};

// Deepest first: what lies within is concealed before what it lies in.
Result<std::vector<Concealment>> steps_of_plan(const SdJwtPlan& plan) {
    CHECK(plan.salts.size() == plan.concealed.size());
    std::vector<Concealment> all;
    for (std::size_t i = 0; i < plan.concealed.size(); ++i) {
        auto names = steps_of(plan.concealed[i]);
        if (!names) return names.error();
        all.push_back({*std::move(names), &plan.salts[i]});
    }
    std::ranges::stable_sort(all, [](const Concealment& a, const Concealment& b) {
        return a.names.size() > b.names.size();
    });
    return all;
}

std::string joined(std::string issuer_text, const std::vector<std::string>& disclosures) {
    issuer_text += "~";
    for (const std::string& disclosure : disclosures)
        issuer_text += disclosure + "~";
    return issuer_text;
}

}  // namespace

Result<std::string> issue_sd_jwt(const SdJwtPlan& plan,
                                 const std::string& key_id,
                                 const jose::SecretKey& key) {
    if (plan.claims.as_object() == nullptr) return Error{Errc::invalid, "the claims are no object"};
    if (has_reserved_name(plan.claims)) {
        return Error{Errc::invalid, "the claims have a name that is reserved"};
    }
    const auto steps = steps_of_plan(plan);
    if (!steps) return steps.error();
    json::Value claims = plan.claims;
    std::vector<std::string> disclosures;
    for (const Concealment& step : *steps) {
        auto disclosure = conceal(claims, step.names, *step.salt);
        if (!disclosure) return disclosure.error();
        disclosures.push_back(*std::move(disclosure));
    }
    for (const Hash& decoy : plan.decoys)
        add_digest(claims, to_base64url(decoy));
    claims.set("_sd_alg", "sha-256");
    const std::string text =
        joined(jose::sign_jws({.type = plan.type, .key_id = key_id}, json::canonical(claims), key),
               disclosures);
    // What a verifier would refuse is not issued, as what conceals what must always be seen.
    const auto read = parse_sd_jwt(text);
    if (!read) return read.error();
    if (const auto good = disclosed_claims(*read); !good) return good.error();
    return text;
}

Result<std::string> present_sd_jwt(std::string_view text,
                                   const std::vector<std::string>& pointers) {
    const auto sd_jwt = parse_sd_jwt(text);
    if (!sd_jwt) return sd_jwt.error();
    const auto disclosed = disclosed_claims(*sd_jwt);
    if (!disclosed) return disclosed.error();
    std::set<std::size_t> shown;
    for (const std::string& pointer : pointers) {
        const auto place = std::ranges::find(disclosed->places, pointer, &Place::pointer);
        if (place == disclosed->places.end()) {
            return Error{Errc::invalid, "nothing was concealed at a pointer to show"};
        }
        std::optional<std::size_t> index =
            static_cast<std::size_t>(place - disclosed->places.begin());
        for (; index; index = disclosed->places[*index].within)
            shown.insert(*index);
    }
    std::vector<std::string> disclosures;
    disclosures.reserve(shown.size());
    for (const std::size_t index : shown)
        disclosures.push_back(sd_jwt->disclosures[index].encoded);
    return joined(sd_jwt->issuer_text, disclosures);
}

}  // namespace chancery::credential

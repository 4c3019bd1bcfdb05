// The claims of an SD-JWT with its disclosures in their places.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "crypto/credential/sd_jwt.h"

namespace chancery::credential {
namespace {

constexpr std::string_view digests_name = "_sd";
constexpr std::string_view element_name = "...";
constexpr std::string_view algorithm_name = "_sd_alg";
constexpr std::array<std::string_view, 7> always_seen = {
    "iss", "nbf", "exp", "cnf", "vct", "vct#integrity", "status"};

std::string escaped(std::string_view name) {
    std::string text;
    for (const char c : name)
        text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return text;
}

// The digest of {"...": digest}; nullptr for another value.
const std::string* element_digest(const json::Value& value) {
    const json::Object* const object = value.as_object();
    if (object == nullptr || object->size() != 1 || object->front().name != element_name) {
        return nullptr;
    }
    return object->front().value.as_string();
}

class Resolver {
public:
    explicit Resolver(const SdJwt& sd_jwt)
        : disclosures_(sd_jwt.disclosures), places_(sd_jwt.disclosures.size()) {
        for (std::size_t i = 0; i < disclosures_.size(); ++i)
            has_twins_ |= !by_digest_.emplace(sd_digest(disclosures_[i].encoded), i).second;
    }

    Result<DisclosedClaims> resolve(const json::Value& payload) {
        if (has_twins_) return Error{Errc::invalid, "a disclosure is there twice"};
        auto claims = value_of(payload, Spot{});
        if (!claims) return claims.error();
        if (placed_.size() != disclosures_.size()) {
            return Error{Errc::invalid,
                         std::to_string(disclosures_.size() - placed_.size()) +
                             " disclosures belong nowhere"};
        }
        return DisclosedClaims{*std::move(claims), std::move(places_)};
    }

private:
    // Where in the claims we are.
    struct Spot {
        std::string pointer = {};
        std::optional<std::size_t> within = {};
        std::size_t depth = 0;

        Spot below(std::string_view name) const {
            return {pointer + "/" + escaped(name), within, depth + 1};
        }
    };

    Result<json::Value> value_of(const json::Value& value, const Spot& spot) {
        if (spot.depth > sd_jwt_depth_max) {
            return Error{Errc::invalid, "claims are deeper than 32"};
        }
        if (const json::Object* const object = value.as_object()) return object_of(*object, spot);
        if (const json::Array* const array = value.as_array()) return array_of(*array, spot);
        return value;
    }

    Result<json::Value> object_of(const json::Object& object, const Spot& spot) {
        json::Value claims = json::Object{};
        const json::Value* digests = nullptr;
        for (const json::Member& member : object) {
            if (member.name == digests_name) {
                digests = &member.value;
                continue;
            }
            if (member.name == element_name) {
                return Error{Errc::invalid, "a claim is named \"...\""};
            }
            if (member.name == algorithm_name) {
                if (const auto good = check_algorithm(member.value, spot); !good)
                    return good.error();
                continue;
            }
            auto claim = value_of(member.value, spot.below(member.name));
            if (!claim) return claim.error();
            claims.set(member.name, *std::move(claim));
        }
        if (digests == nullptr) return claims;
        if (const auto added = add_disclosed(*digests, spot, claims); !added) return added.error();
        return claims;
    }

    static Result<void> check_algorithm(const json::Value& value, const Spot& spot) {
        if (spot.depth != 0)
            return Error{Errc::invalid, "_sd_alg stands below the outermost claims"};
        const std::string* const name = value.as_string();
        if (name == nullptr || *name != "sha-256") {
            return Error{Errc::invalid, "_sd_alg is not sha-256"};
        }
        return {};
    }

    Result<void> add_disclosed(const json::Value& digests, const Spot& spot, json::Value& claims) {
        const json::Array* const array = digests.as_array();
        if (array == nullptr) return Error{Errc::invalid, "_sd is no array"};
        for (const json::Value& digest : *array) {
            const std::string* const text = digest.as_string();
            if (text == nullptr) return Error{Errc::invalid, "_sd holds something else than text"};
            const auto index = disclosure_of(*text);
            if (!index) return index.error();
            if (!*index) continue;
            const Disclosure& disclosure = disclosures_[**index];
            if (const auto good = check_name(disclosure, spot, claims); !good) return good.error();
            auto value = disclosed_value(**index, spot.below(*disclosure.name));
            if (!value) return value.error();
            claims.set(*disclosure.name, *std::move(value));
        }
        return {};
    }

    static Result<void> check_name(const Disclosure& disclosure,
                                   const Spot& spot,
                                   const json::Value& claims) {
        if (!disclosure.name) {
            return Error{Errc::invalid, "an array element's disclosure stands for a member"};
        }
        const std::string& name = *disclosure.name;
        if (name == digests_name || name == element_name || name == algorithm_name) {
            return Error{Errc::invalid, "a disclosure has a name that is reserved"};
        }
        if (claims.find(name) != nullptr) {
            return Error{Errc::invalid, "a disclosure has a name that is there already"};
        }
        if (spot.depth == 0 && std::ranges::find(always_seen, name) != always_seen.end()) {
            return Error{Errc::invalid, "a disclosure is of a claim that must not be concealed"};
        }
        return {};
    }

    Result<json::Value> array_of(const json::Array& array, const Spot& spot) {
        json::Array elements;
        for (const json::Value& element : array) {
            auto value = element_of(element, spot.below(std::to_string(elements.size())));
            if (!value) return value.error();
            if (*value) elements.push_back(**std::move(value));
        }
        return json::Value(std::move(elements));
    }

    // nullopt: a digest of what is not disclosed.
    Result<std::optional<json::Value>> element_of(const json::Value& element, const Spot& place) {
        const std::string* const digest = element_digest(element);
        if (digest == nullptr) return some(value_of(element, place));
        const auto index = disclosure_of(*digest);
        if (!index) return index.error();
        if (!*index) return std::optional<json::Value>();
        if (disclosures_[**index].name) {
            return Error{Errc::invalid, "a member's disclosure stands for an array element"};
        }
        return some(disclosed_value(**index, place));
    }

    static Result<std::optional<json::Value>> some(Result<json::Value> value) {
        if (!value) return value.error();
        return std::optional(*std::move(value));
    }

    // nullopt: a decoy, or what the holder keeps.
    Result<std::optional<std::size_t>> disclosure_of(const std::string& digest) {
        if (!seen_.insert(digest).second) return Error{Errc::invalid, "a digest is there twice"};
        const auto found = by_digest_.find(digest);
        if (found == by_digest_.end()) return std::optional<std::size_t>();
        return std::optional(found->second);
    }

    Result<json::Value> disclosed_value(std::size_t index, const Spot& place) {
        placed_.insert(index);
        places_[index] = {place.pointer, place.within};
        return value_of(disclosures_[index].value, Spot{place.pointer, index, place.depth});
    }

    const std::vector<Disclosure>& disclosures_;
    std::map<std::string, std::size_t, std::less<>> by_digest_;
    bool has_twins_ = false;
    std::set<std::string, std::less<>> seen_;  // Digests.
    std::set<std::size_t> placed_;
    std::vector<Place> places_;
};

}  // namespace

Result<DisclosedClaims> disclosed_claims(const SdJwt& sd_jwt) {
    return Resolver(sd_jwt).resolve(sd_jwt.payload);
}

}  // namespace chancery::credential

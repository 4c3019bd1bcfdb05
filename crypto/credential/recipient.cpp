#include "crypto/credential/recipient.h"

#include <optional>
#include <vector>

#include "crypto/base/ascii.h"
#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/members.h"

namespace chancery::credential {
namespace {

constexpr std::string_view sha256_prefix = "sha256$";
constexpr std::string_view address_type = "emailAddress";

std::string lower_case(std::string_view text) {
    std::string lower(text);
    for (char& c : lower)
        if (is_upper(c)) c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

// nullopt: it is no address, or hashed in a way that is not known here.
std::optional<bool> is_of(const json::Value& identity, std::string_view address) {
    if (json::text_in(identity, "identityType") != address_type) return std::nullopt;
    const std::string_view hash = json::text_in(identity, "identityHash");
    const json::Value* const hashed = identity.find("hashed");
    if (hash.empty() || hashed == nullptr || hashed->as_bool() == nullptr) return std::nullopt;
    if (!*hashed->as_bool()) return lower_case(hash) == lower_case(address);
    if (!hash.starts_with(sha256_prefix)) return std::nullopt;
    return lower_case(hash) == identity_hash(address, json::text_in(identity, "salt"));
}

// Of all subjects.
std::vector<const json::Value*> identities_in(const json::Value& document) {
    std::vector<const json::Value*> found;
    const json::Value* const subjects = document.find("credentialSubject");
    if (subjects == nullptr) return found;
    for (const json::Value& subject : json::one_or_several(*subjects)) {
        const json::Value* const identities = subject.find("identifier");
        if (identities == nullptr) continue;
        for (const json::Value& identity : json::one_or_several(*identities))
            found.push_back(&identity);
    }
    return found;
}

}  // namespace

std::string identity_hash(std::string_view address, std::string_view salt) {
    const std::string text = lower_case(address) + std::string(salt);
    return std::string(sha256_prefix) + to_hex(sha256(bytes_of(text)));
}

StepReport check_recipient(const json::Value& document, std::string_view address) {
    bool is_about_another = false;
    for (const json::Value* const identity : identities_in(document)) {
        const auto is_same = is_of(*identity, address);
        if (is_same && *is_same) return {StepResult::pass, "is about this address"};
        is_about_another = is_about_another || is_same.has_value();
    }
    if (is_about_another) return {StepResult::fail, "is about another address"};
    return {StepResult::could_not_check, "the document names no address that could be compared"};
}

}  // namespace chancery::credential

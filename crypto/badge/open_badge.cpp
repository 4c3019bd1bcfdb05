#include "crypto/badge/open_badge.h"

#include <algorithm>
#include <array>
#include <optional>

#include "crypto/base/ascii.h"
#include "crypto/base/decimal.h"
#include "crypto/credential/date_time.h"
#include "crypto/json/pointer.h"

namespace chancery::badge {
namespace {

const std::string* string_at(const json::Value& document, std::string_view pointer) {
    const json::Value* const value = json::at(document, pointer);
    return value == nullptr ? nullptr : value->as_string();
}

void check_badge_type(const json::Value& document, Findings& findings) {
    const json::Value* const type = document.find("type");
    if (type == nullptr) return;
    const auto is_badge = [](const json::Value& each) {
        const std::string* const name = each.as_string();
        return name != nullptr &&
               (*name == "OpenBadgeCredential" || *name == "AchievementCredential");
    };
    if (std::ranges::none_of(json::one_or_several(*type), is_badge))
        findings.add(
            "ob3.type", "/type", "names neither OpenBadgeCredential nor AchievementCredential");
}

void check_recipient(const json::Value& subject, Findings& findings) {
    const json::Value* const identifier = subject.find("identifier");
    const bool has_identifier = identifier != nullptr && (identifier->as_array() == nullptr ||
                                                          !identifier->as_array()->empty());
    if (subject.find("id") == nullptr && !has_identifier)
        findings.add("ob3.recipient",
                     "/credentialSubject",
                     "has neither id nor identifier, so that it is nobody's badge");
}

bool is_identity_hash(std::string_view text) {
    constexpr std::string_view algorithm = "sha256$";
    if (!text.starts_with(algorithm) || text.size() != algorithm.size() + 64) return false;
    return std::ranges::all_of(text.substr(algorithm.size()), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

void check_identity_hashes(const json::Value& subject, Findings& findings) {
    const json::Value* const identifier = subject.find("identifier");
    if (identifier == nullptr || identifier->as_array() == nullptr) return;
    for (std::size_t i = 0; i < identifier->as_array()->size(); ++i) {
        const json::Value& each = (*identifier->as_array())[i];
        const json::Value* const hashed = each.find("hashed");
        const json::Value* const hash = each.find("identityHash");
        if (hashed == nullptr || hashed->as_bool() == nullptr || !*hashed->as_bool()) continue;
        if (hash == nullptr || hash->as_string() == nullptr || hash->as_string()->empty()) continue;
        if (!is_identity_hash(*hash->as_string()))
            findings.add("ob3.identity-hash",
                         json::step("/credentialSubject/identifier", i) + "/identityHash",
                         "is no hash, want sha256$ and 64 hexadecimal digits");
    }
}

void check_criteria(const json::Value& document, Findings& findings) {
    constexpr std::string_view place = "/credentialSubject/achievement/criteria";
    const json::Value* const criteria = json::at(document, place);
    if (criteria == nullptr || criteria->as_object() == nullptr) return;
    if (criteria->find("id") == nullptr && criteria->find("narrative") == nullptr)
        findings.add("ob3.criteria", std::string(place), "has neither id nor narrative");
}

void check_dates(const json::Value& document, Findings& findings) {
    const std::string* const from = string_at(document, "/validFrom");
    const std::string* const until = string_at(document, "/validUntil");
    if (from == nullptr || until == nullptr) return;
    const auto begin = credential::parse_date_time(*from);
    const auto end = credential::parse_date_time(*until);
    if (begin && end && end->second <= begin->second)
        findings.add("ob3.date-order", "/validUntil", "is not after validFrom");
}

void check_status_entry(const json::Value& entry, const std::string& pointer, Findings& findings) {
    check_shape(entry, status_entry_shape, pointer, findings);
    const std::string* const index = string_at(entry, "/statusListIndex");
    if (index != nullptr && !index->empty() && !from_decimal(*index))
        findings.add("ob3.status-index",
                     pointer + "/statusListIndex",
                     "is no count in decimal digits, as in \"94567\"");
    const std::string* const id = string_at(entry, "/id");
    const std::string* const list = string_at(entry, "/statusListCredential");
    if (id != nullptr && list != nullptr && *id == *list)
        findings.add("ob3.status-id", pointer + "/id", "is the list's own address");
}

void check_statuses(const json::Value& document, Findings& findings) {
    const json::Value* const status = document.find("credentialStatus");
    if (status == nullptr) return;
    const json::Array* const several = status->as_array();
    const auto entries = json::one_or_several(*status);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const std::string* const type = string_at(entries[i], "/type");
        if (type == nullptr || *type != status_entry_type) continue;
        const std::string pointer =
            several == nullptr ? "/credentialStatus" : json::step("/credentialStatus", i);
        check_status_entry(entries[i], pointer, findings);
    }
}

// What displays and wallets show, and some refuse to do without.
void check_display(const json::Value& document, Findings& findings) {
    if (document.find("name") == nullptr)
        findings.add(
            "ob3.credential-name", "/name", "missing: wallets list credentials by this name");
    const json::Value* const issuer = document.find("issuer");
    if (issuer != nullptr && json::at(*issuer, "/name") == nullptr)
        findings.add("ob3.issuer-name", "/issuer/name", "missing: displays must show who issued");
    constexpr std::string_view achievement = "/credentialSubject/achievement";
    const json::Value* const achieved = json::at(document, achievement);
    if (achieved != nullptr && achieved->find("image") == nullptr)
        findings.add("ob3.achievement-image",
                     std::string(achievement) + "/image",
                     "missing: displays show it, and some do not import a badge without");
    const json::Value* const proof = document.find("proof");
    if (proof != nullptr && proof->as_array() == nullptr)
        findings.add("ob3.proof-array", "/proof", "is no array, which some verifiers complain of");
}

}  // namespace

void check_open_badge(const json::Value& document, Findings& findings) {
    check_shape(document, open_badge_shape, "", findings);
    if (document.as_object() == nullptr) return;
    check_badge_type(document, findings);
    if (const json::Value* const subject = document.find("credentialSubject");
        subject != nullptr && subject->as_object() != nullptr) {
        check_recipient(*subject, findings);
        check_identity_hashes(*subject, findings);
    }
    check_criteria(document, findings);
    check_dates(document, findings);
    check_statuses(document, findings);
    check_display(document, findings);
}

}  // namespace chancery::badge

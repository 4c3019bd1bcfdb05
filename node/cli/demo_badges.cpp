#include "node/cli/demo_badges.h"

#include "crypto/base/encoding.h"
#include "node/cli/command.h"
#include "node/keystore.h"

namespace chancery::cli {
namespace {

struct Lesson {
    std::string file;
    std::string recipient;
    std::string name;
    std::string criteria;
};

const std::vector<Lesson>& lessons() {
    static const std::vector<Lesson> all = {
        {"ana.badge.json",
         "Ana Pérez",
         "Fundamentals of Cryptography",
         "Explained and used hashes, signatures and key exchange in four graded exercises."},
        {"ben.badge.json",
         "Ben Okafor",
         "Data Analysis with Statistics",
         "Analysed a public data set and defended the result before two examiners."},
        {"eva.badge.json",
         "Eva Lindqvist",
         "Academic Writing",
         "Wrote a term paper of twenty pages that passed two rounds of review."}};
    return all;
}

// RFC 9562 version 4.
std::string random_urn() {
    std::array<std::uint8_t, 16> bytes{};
    keystore::fill_random(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0fU) | 0x40U);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3fU) | 0x80U);
    std::string hex = to_hex(bytes);
    for (const std::size_t place : {20U, 16U, 12U, 8U})
        hex.insert(place, "-");
    return "urn:uuid:" + hex;
}

DemoBadge badge(const Lesson& lesson, const DemoIssuer& issuer, std::uint64_t valid_from_s) {
    const json::Value achievement =
        json::Object{{"id", random_urn()},
                     {"type", json::Array{"Achievement"}},
                     {"name", lesson.name},
                     {"description", "A course of the demonstration university."},
                     {"criteria", json::Object{{"narrative", lesson.criteria}}}};
    json::Value document = json::Object{
        {"@context",
         json::Array{"https://www.w3.org/ns/credentials/v2",
                     "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}},
        {"id", random_urn()},
        {"type", json::Array{"VerifiableCredential", "OpenBadgeCredential"}},
        {"name", lesson.name},
        {"issuer",
         json::Object{{"id", issuer.did}, {"type", json::Array{"Profile"}}, {"name", issuer.name}}},
        {"validFrom", time_text(valid_from_s)},
        {"credentialSubject",
         json::Object{{"type", json::Array{"AchievementSubject"}},
                      {"name", lesson.recipient},
                      {"achievement", achievement}}}};
    return DemoBadge{lesson.file, lesson.recipient, std::move(document)};
}

}  // namespace

std::vector<DemoBadge> demo_badges(const DemoIssuer& issuer, std::uint64_t valid_from_s) {
    std::vector<DemoBadge> badges;
    for (const Lesson& lesson : lessons())
        badges.push_back(badge(lesson, issuer, valid_from_s));
    return badges;
}

DemoBadge renewed_badge(const DemoIssuer& issuer, std::uint64_t valid_from_s) {
    Lesson lesson = lessons().front();
    lesson.file = "ana-renewed.badge.json";
    return badge(lesson, issuer, valid_from_s);
}

}  // namespace chancery::cli

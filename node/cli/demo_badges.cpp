#include "node/cli/demo_badges.h"

#include "crypto/badge/target_types.h"
#include "node/cli/command.h"
#include "node/cli/credential_file.h"

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

struct BadgeText {
    Lesson lesson;
    DemoIssuer issuer;
    std::string id;
    std::string subject_id;
    std::string valid_from;
};

struct Skill {
    std::string name;
    std::string framework;
    std::string url;
};

json::Value alignment(const Skill& skill) {
    return json::Object{{"type", json::Array{"Alignment"}},
                        {"targetName", skill.name},
                        {"targetUrl", skill.url},
                        {"targetFramework", skill.framework},
                        {"targetType", "CFItem"}};
}

// One of the European standard elements that Open Badges has no member for.
json::Value element(std::string_view type, const std::string& name, const std::string& about) {
    return json::Object{{"type", json::Array{"Alignment"}},
                        {"targetType", std::string(type)},
                        {"targetName", name},
                        {"targetUrl", "https://uni-a.example/achievements/" + about}};
}

json::Value eqf_level_six() {
    return json::Object{{"type", json::Array{"Alignment"}},
                        {"targetType", std::string(badge::eqf_level)},
                        {"targetName", "EQF level 6"},
                        {"targetCode", "6"},
                        {"targetUrl", "http://data.europa.eu/snb/eqf/6"}};
}

// Five competencies, each in a framework of skills, and how the course was led and judged.
json::Array sample_alignments() {
    const std::string esco = "http://data.europa.eu/esco/skill/00000000-0000-0000-0000-00000000000";
    json::Array all;
    for (const Skill& skill : {Skill{"use digital signatures", "ESCO", esco + "1"},
                               Skill{"choose cryptographic algorithms", "ESCO", esco + "2"},
                               Skill{"manage keys and certificates", "ESCO", esco + "3"},
                               Skill{"identify weaknesses of ICT systems", "ESCO", esco + "4"},
                               Skill{"Information Security Analysts",
                                     "O*NET-SOC",
                                     "https://www.onetonline.org/link/summary/15-1212.00"}})
        all.push_back(alignment(skill));
    all.push_back(eqf_level_six());
    all.push_back(element(badge::assessment_type,
                          "Four graded exercises and a written examination",
                          "cryptography-101#assessment"));
    all.push_back(element(
        badge::participation_form, "Blended: online, with two days on site", "cryptography-101"));
    all.push_back(element(badge::quality_assurance,
                          "Reviewed each year by the faculty's council",
                          "quality-assurance"));
    all.push_back(element(
        badge::supervision, "Supervised on site, identity checked", "cryptography-101#assessment"));
    return all;
}

json::Value document_of(const BadgeText& text) {
    const json::Value achievement =
        json::Object{{"id", "urn:uuid:" + random_uuid()},
                     {"type", json::Array{"Achievement"}},
                     {"name", text.lesson.name},
                     {"description", "A course of the demonstration university."},
                     {"criteria", json::Object{{"narrative", text.lesson.criteria}}}};
    return json::Object{{"@context",
                         json::Array{"https://www.w3.org/ns/credentials/v2",
                                     "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}},
                        {"id", text.id},
                        {"type", json::Array{"VerifiableCredential", "OpenBadgeCredential"}},
                        {"name", text.lesson.name},
                        {"issuer",
                         json::Object{{"id", text.issuer.did},
                                      {"type", json::Array{"Profile"}},
                                      {"name", text.issuer.name}}},
                        {"validFrom", text.valid_from},
                        {"credentialSubject",
                         json::Object{{"id", text.subject_id},
                                      {"type", json::Array{"AchievementSubject"}},
                                      {"name", text.lesson.recipient},
                                      {"achievement", achievement}}}};
}

constexpr std::string_view table_columns =
    "file,recipient,email,valid_from,credits,evidence_url,evidence_name\r\n";

std::string table_row(const std::string& file,
                      const std::string& recipient,
                      std::uint64_t valid_from_s) {
    const std::string who = file.substr(0, file.find('.'));
    return file + "," + recipient + "," + who + "@example.org," + time_text(valid_from_s) +
           ",3,https://uni-a.example/work/" + who + ",Term paper\r\n";
}

// At least four digits, so that names sort.
std::string padded(std::size_t number) {
    const std::string digits = std::to_string(number);
    return std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

DemoBadge badge(const Lesson& lesson, const DemoIssuer& issuer, std::uint64_t valid_from_s) {
    return DemoBadge{lesson.file,
                     lesson.recipient,
                     document_of({.lesson = lesson,
                                  .issuer = issuer,
                                  .id = "urn:uuid:" + random_uuid(),
                                  .subject_id = "urn:uuid:" + random_uuid(),
                                  .valid_from = time_text(valid_from_s)})};
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

// A whole micro-credential: what the field's verifiers, an employer's system and the European
// recommendation look for.
json::Value sample_template() {
    const json::Value achievement = json::Object{
        {"id", "https://uni-a.example/achievements/cryptography-101"},
        {"type", json::Array{"Achievement"}},
        {"achievementType", "MicroCredential"},
        {"name", "Fundamentals of Cryptography"},
        {"description", "Hashes, signatures and key exchange, and what goes wrong with them."},
        {"inLanguage", "en"},
        {"criteria",
         json::Object{{"id", "https://uni-a.example/achievements/cryptography-101#criteria"},
                      {"narrative",
                       "Explained and used hashes, signatures and key exchange in four graded "
                       "exercises, and passed a written examination under supervision."}}},
        {"image",
         json::Object{{"id", "https://uni-a.example/achievements/cryptography-101.png"},
                      {"type", "Image"}}},
        {"creditsAvailable", 3},
        {"alignment", sample_alignments()}};
    const json::Value identity = json::Object{{"type", "IdentityObject"},
                                              {"hashed", true},
                                              {"identityHash", "{{identity_hash email??}}"},
                                              {"identityType", "emailAddress"},
                                              {"salt", "{{salt}}"}};
    const json::Value evidence = json::Object{{"id", "{{evidence_url??}}"},
                                              {"type", json::Array{"Evidence"}},
                                              {"name", "{{evidence_name?}}"},
                                              {"digestMultibase", "{{digest evidence_file?}}"}};
    return json::Object{{"@context",
                         json::Array{"https://www.w3.org/ns/credentials/v2",
                                     "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}},
                        {"id", "urn:uuid:{{uuid}}"},
                        {"type", json::Array{"VerifiableCredential", "OpenBadgeCredential"}},
                        {"name", "Fundamentals of Cryptography"},
                        {"issuer",
                         json::Object{{"id", "{{issuer_did}}"},
                                      {"type", json::Array{"Profile"}},
                                      {"name", "{{issuer_name}}"},
                                      {"url", "https://uni-a.example"},
                                      {"address",
                                       json::Object{{"type", json::Array{"Address"}},
                                                    {"addressCountryCode", "ES"}}}}},
                        {"validFrom", "{{valid_from}}"},
                        {"awardedDate", "{{valid_from}}"},
                        {"validUntil", "{{after valid_from 3y}}"},
                        {"credentialSubject",
                         json::Object{{"id", "urn:uuid:{{uuid}}"},
                                      {"type", json::Array{"AchievementSubject"}},
                                      {"name", "{{recipient}}"},
                                      {"identifier", json::Array{identity}},
                                      {"creditsEarned", "{{number credits?}}"},
                                      {"achievement", achievement}}},
                        {"evidence", json::Array{evidence}}};
}

std::string sample_table(std::uint64_t valid_from_s) {
    std::string text(table_columns);
    for (const Lesson& lesson : lessons())
        text += table_row(lesson.file, lesson.recipient, valid_from_s);
    return text;
}

std::string sample_roster(std::uint64_t valid_from_s, std::size_t learners) {
    std::string text(table_columns);
    for (std::size_t i = 1; i <= learners; ++i) {
        const std::string number = padded(i);
        text += table_row("learner-" + number + ".json", "Learner " + number, valid_from_s);
    }
    return text;
}

}  // namespace chancery::cli

#include "node/cli/demo_badges.h"

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

json::Value sample_template() {
    Lesson lesson = lessons().front();
    lesson.recipient = "{{recipient}}";
    return document_of({.lesson = lesson,
                        .issuer = {"{{issuer_did}}", "{{issuer_name}}"},
                        .id = "urn:uuid:{{uuid}}",
                        .subject_id = "urn:uuid:{{uuid}}",
                        .valid_from = "{{valid_from}}"});
}

std::string sample_table(std::uint64_t valid_from_s) {
    std::string text = "file,recipient,valid_from\r\n";
    for (const Lesson& lesson : lessons())
        text += lesson.file + "," + lesson.recipient + "," + time_text(valid_from_s) + "\r\n";
    return text;
}

}  // namespace chancery::cli

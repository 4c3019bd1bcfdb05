#include "node/cli/demo_pathway.h"

#include "crypto/credential/commitment.h"
#include "crypto/pathway/component.h"
#include "node/cli/command.h"
#include "node/cli/credential_file.h"

namespace chancery::cli {
namespace {

constexpr std::string_view achievements = "https://uni-a.example/achievements/";
constexpr std::string_view pathways = "https://uni-a.example/pathways/";

struct Award {
    std::string file;
    std::string achievement;  // The end of its id.
    std::string type;
    std::string name;
    std::string criteria;
};

const std::vector<Award>& courses() {
    static const std::vector<Award> all = {
        {"component-1.json",
         "network-security",
         "MicroCredential",
         "Network Security",
         "Hardened a network of four hosts and found the faults in another's."},
        {"component-2.json",
         "applied-cryptography",
         "MicroCredential",
         "Applied Cryptography",
         "Built and attacked a protocol for messages in four graded exercises."},
        {"component-3.json",
         "incident-response",
         "MicroCredential",
         "Incident Response",
         "Led an exercise of two days and wrote its report."}};
    return all;
}

json::Object relation(const DemoPathway::File& rule) {
    return {
        {"id", *rule.document.find("id")},
        {"digestMultibase", pathway::digest_to_multibase(credential::document_hash(rule.document))},
        {"mediaType", "application/json"}};
}

json::Array evidence(const std::vector<DemoPathway::File>& components) {
    json::Array all;
    for (const DemoPathway::File& component : components)
        all.push_back(json::Object{
            {"id", *component.document.find("id")},
            {"type", json::Array{"Evidence"}},
            {"genre", "ComponentCredential"},
            {"name", *component.document.find("name")},
            {"digestMultibase",
             pathway::digest_to_multibase(credential::document_hash(component.document))}});
    return all;
}

class Learner {
public:
    Learner(const DemoIssuer& issuer, std::uint64_t valid_from_s)
        : issuer_(issuer),
          valid_from_(time_text(valid_from_s)),
          subject_("urn:uuid:" + random_uuid()) {}

    DemoPathway::File earns(const Award& award) const {
        const json::Value achievement =
            json::Object{{"id", std::string(achievements) + award.achievement},
                         {"type", json::Array{"Achievement"}},
                         {"achievementType", award.type},
                         {"name", award.name},
                         {"description", "Of the demonstration university's security pathway."},
                         {"criteria", json::Object{{"narrative", award.criteria}}},
                         {"creditsAvailable", 3}};
        json::Value document = json::Object{
            {"@context",
             json::Array{"https://www.w3.org/ns/credentials/v2",
                         "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"}},
            {"id", "urn:uuid:" + random_uuid()},
            {"type", json::Array{"VerifiableCredential", "OpenBadgeCredential"}},
            {"name", award.name},
            {"issuer",
             json::Object{
                 {"id", issuer_.did}, {"type", json::Array{"Profile"}}, {"name", issuer_.name}}},
            {"validFrom", valid_from_},
            {"credentialSubject",
             json::Object{{"id", subject_},
                          {"type", json::Array{"AchievementSubject"}},
                          {"achievement", achievement}}}};
        return {award.file, std::move(document)};
    }

    // The same, made of components by a rule.
    DemoPathway::File earns(const Award& award,
                            const std::vector<DemoPathway::File>& components,
                            const DemoPathway::File& rule) const {
        DemoPathway::File file = earns(award);
        file.document.set("evidence", evidence(components));
        file.document.set("relatedResource", json::Array{relation(rule)});
        return file;
    }

private:
    const DemoIssuer& issuer_;
    std::string valid_from_;
    std::string subject_;
};

DemoPathway::File rule_to(const Award& award,
                          const DemoIssuer& issuer,
                          const std::vector<DemoPathway::File>& components) {
    json::Array targets;
    for (const DemoPathway::File& component : components)
        targets.push_back(
            *component.document.find("credentialSubject")->find("achievement")->find("id"));
    json::Value rule = json::Object{
        {"id", std::string(pathways) + award.achievement + "/v1"},
        {"type", "Pathway"},
        {"name", "The way to the " + award.name},
        {"issuer", issuer.did},
        {"destination", std::string(achievements) + award.achievement},
        {"condition", json::Object{{"targetComponent", std::move(targets)}, {"minCredits", 3}}},
        {"cascade", "warn"}};
    return {"rule-" + award.achievement + ".json", std::move(rule)};
}

}  // namespace

DemoPathway demo_pathway(const DemoIssuer& issuer, std::uint64_t valid_from_s) {
    const Award certificate{"certificate.json",
                            "security-certificate",
                            "Certificate",
                            "Certificate in Information Security",
                            "Earned three micro-credentials of the pathway."};
    const Award diploma{"diploma.json",
                        "security-diploma",
                        "Diploma",
                        "Diploma in Information Security",
                        "Earned the certificate in information security."};
    const Learner learner(issuer, valid_from_s);
    DemoPathway made;
    for (const Award& course : courses())
        made.components.push_back(learner.earns(course));
    made.certificate_rule = rule_to(certificate, issuer, made.components);
    made.certificate = learner.earns(certificate, made.components, made.certificate_rule);
    made.diploma_rule = rule_to(diploma, issuer, {made.certificate});
    made.diploma = learner.earns(diploma, {made.certificate}, made.diploma_rule);
    return made;
}

}  // namespace chancery::cli

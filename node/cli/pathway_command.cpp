// chancery pathway: what a certificate is made of, and whether it was earned.
#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "node/cli/commands.h"
#include "node/cli/credential_evidence.h"
#include "node/cli/credential_file.h"
#include "node/cli/inspector.h"
#include "node/cli/pathway_text.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using pathway::Component;
using pathway::Rule;

Result<Rule> read_rule(const std::string& path) {
    const auto text = node::read_file(path, pathway::rule_bytes_max);
    if (!text) return text.error();
    auto rule = pathway::parse_rule(*text);
    if (!rule) return Error{Errc::invalid, path + ": " + rule.error().detail};
    return rule;
}

Result<std::vector<Rule>> read_other_rules(const Invocation& call) {
    std::vector<Rule> rules;
    for (const std::string& path : call.texts("with")) {
        auto rule = read_rule(path);
        if (!rule) return rule.error();
        rules.push_back(*std::move(rule));
    }
    return rules;
}

Result<std::vector<Component>> components_in(Session& session,
                                             const std::vector<std::string>& files,
                                             bool is_offline) {
    auto inspector = Inspector::open(session, is_offline);
    if (!inspector) return inspector.error();
    std::vector<Component> components;
    for (const std::string& file : files) {
        auto evidence = evidence_in(file, session.clock.now_s());
        if (!evidence) return evidence.error();
        auto beside = status_beside(file);
        if (!beside) return beside.error();
        evidence->status = *std::move(beside);
        if (const auto done = inspector->complete(*evidence); !done) return done.error();
        components.push_back(pathway::component_of(*evidence));
    }
    return components;
}

Exit exit_of_pathway(pathway::StepResult result) {
    if (result == pathway::StepResult::pass) return Exit::done;
    return result == pathway::StepResult::fail ? Exit::not_valid : Exit::cannot_tell;
}

// `files`: the certificate first, if there is one.
Result<Exit> answer_for(Session& session,
                        const Invocation& call,
                        std::vector<std::string> files,
                        bool has_certificate) {
    const auto rule = read_rule(call.argument(0));
    if (!rule) return rule.error();
    const auto others = read_other_rules(call);
    if (!others) return others.error();
    auto components = components_in(session, files, call.has("offline"));
    if (!components) return components.error();
    PathwayAnswer answer;
    std::optional<Component> certificate;
    if (has_certificate) {
        certificate = std::move(components->front());
        answer.certificate = files.front();
        answer.certificate_today = certificate->today;
        components->erase(components->begin());
        files.erase(files.begin());
    }
    auto evaluations =
        pathway::evaluate({.rule = &*rule,
                           .certificate = certificate ? &*certificate : nullptr,
                           .components = *components,
                           .others = *others,
                           .now_s = static_cast<std::int64_t>(session.clock.now_s())});
    if (!evaluations) return evaluations.error();
    answer.evaluations = *std::move(evaluations);
    answer.files = std::move(files);
    answer.components = *std::move(components);
    show_pathway(session.out, answer, call.has("explain"));
    session.out.document(pathway_json(answer));
    return exit_of_pathway(answer.result());
}

Result<Exit> check_pathway(Session& session, const Invocation& call) {
    const auto& words = call.arguments();
    return answer_for(session, call, {words.begin() + 1, words.end()}, true);
}

Result<Exit> tell_pathway_status(Session& session, const Invocation& call) {
    const auto& words = call.arguments();
    return answer_for(session, call, {words.begin() + 1, words.end()}, false);
}

struct Digests {
    Hash document{};
    std::optional<Hash> commitment;
};

Result<Digests> digests_of(const std::string& path) {
    auto file = read_credential(path);
    if (!file) return file.error();
    const json::Value* const type = file->document.find("type");
    if (type != nullptr && *type == json::Value("Pathway")) {
        const auto rule = read_rule(path);
        if (!rule) return rule.error();
        return Digests{rule->hash, std::nullopt};
    }
    const auto receipt = receipt_of(*file);
    if (!receipt) return receipt.error();
    Digests digests{file->hash, std::nullopt};
    if (*receipt) digests.commitment = credential::commitment((*receipt)->salt, file->hash);
    return digests;
}

Result<Exit> show_digests(Session& session, const Invocation& call) {
    json::Array list;
    for (const std::string& path : call.arguments()) {
        const auto digests = digests_of(path);
        if (!digests) return digests.error();
        const std::string document = pathway::digest_to_multibase(digests->document);
        session.out.line(std::string(document).append("  ").append(path));
        json::Object each{{"file", path}, {"digestMultibase", document}};
        if (digests->commitment) {
            const std::string commitment = pathway::digest_to_multibase(*digests->commitment);
            session.out.line(
                std::string(commitment).append("  ").append(path).append(", its commitment"));
            each.push_back({"commitmentMultibase", commitment});
        }
        list.push_back(std::move(each));
    }
    session.out.document(json::Object{{"digests", std::move(list)}});
    return Exit::done;
}

std::vector<Option> pathway_options() {
    return {{"offline", ValueKind::flag, "", "ask nobody; use the status proofs beside them"},
            {.name = "with",
             .kind = ValueKind::path,
             .value_name = "RULE",
             .help = "a rule that leads to a component, which is held against it; again for more",
             .is_repeated = true},
            {"explain", ValueKind::flag, "", "every clause with its reason"}};
}

}  // namespace

Command pathway_command() {
    const Argument rule = {.name = "RULE", .help = "the rule, JSON"};
    const Argument component = {.name = "COMPONENT",
                                .help = "a credential with its receipt",
                                .is_required = false,
                                .is_repeated = true};
    return {
        .name = "pathway",
        .summary = "certificates that are made of credentials",
        .children = {
            {.name = "check",
             .summary = "was this certificate earned by the rule",
             .examples = {{"chancery pathway check rule.json cert.json a.json b.json c.json",
                           "each clause, as of the award"}},
             .arguments = {rule,
                           {.name = "CERTIFICATE", .help = "the certificate with its receipt"},
                           component},
             .options = pathway_options(),
             .run = check_pathway},
            {.name = "status",
             .summary = "what of a rule is held already, and what is missing",
             .examples = {{"chancery pathway status rule.json a.json b.json", ""}},
             .arguments = {rule, component},
             .options = pathway_options(),
             .run = tell_pathway_status},
            {.name = "digest",
             .summary = "the digests by which certificates name rules and components",
             .examples = {{"chancery pathway digest rule.json a.json", ""}},
             .arguments = {{.name = "FILE", .help = "a rule or a credential", .is_repeated = true}},
             .run = show_digests}}};
}

}  // namespace chancery::cli

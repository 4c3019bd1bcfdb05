// chancery pathway: what a certificate is made of, and whether it was earned.
#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "node/cli/commands.h"
#include "node/cli/component_files.h"
#include "node/cli/credential_file.h"
#include "node/cli/pathway_text.h"
#include "node/cli/rule_finder.h"

namespace chancery::cli {
namespace {

using pathway::Component;
using pathway::Rule;

Result<std::vector<Rule>> read_other_rules(const Invocation& call) {
    std::vector<Rule> rules;
    for (const std::string& path : call.texts("with")) {
        auto rule = read_rule(path);
        if (!rule) return rule.error();
        rules.push_back(*std::move(rule));
    }
    return rules;
}

Exit exit_of_pathway(pathway::StepResult result) {
    if (result == pathway::StepResult::pass) return Exit::done;
    return result == pathway::StepResult::fail ? Exit::not_valid : Exit::cannot_tell;
}

// What is asked, once all of it is at hand.
struct Asked {
    FoundRule found;
    std::vector<Rule> others;
    std::optional<Component> certificate;
    PathwayAnswer answer;

    pathway::Question question(const Session& session) const {
        return {.rule = &found.rule,
                .certificate = certificate ? &*certificate : nullptr,
                .components = answer.components,
                .others = others,
                .now_s = static_cast<std::int64_t>(session.clock.now_s())};
    }
};

// A file's mistakes are told before anybody is asked.
Result<void> take_rule_files(const Invocation& call, Asked& asked) {
    const std::string word = call.argument(0);
    auto others = read_other_rules(call);
    if (!others) return others.error();
    asked.others = *std::move(others);
    if (is_published_rule(word)) {
        if (!call.has("offline")) return {};
        return Error{Errc::invalid, "RULE: a published one takes a node, --offline wants a file"};
    }
    auto rule = read_rule(word);
    if (!rule) return rule.error();
    asked.found.rule = *std::move(rule);
    return {};
}

// `files`: the certificate first, if there is one.
Result<void> take_credentials(Session& session,
                              const Invocation& call,
                              bool has_certificate,
                              Asked& asked) {
    PathwayAnswer& answer = asked.answer;
    answer.files.assign(call.arguments().begin() + 1, call.arguments().end());
    auto components = components_in(session, answer.files, call.has("offline"));
    if (!components) return components.error();
    if (has_certificate) {
        asked.certificate = std::move(components->front());
        answer.certificate = answer.files.front();
        answer.certificate_today = asked.certificate->today;
        components->erase(components->begin());
        answer.files.erase(answer.files.begin());
    }
    answer.components = *std::move(components);
    return {};
}

// Which version of a published rule counts depends on where the certificate stands.
Result<void> take_published_rule(Session& session, const Invocation& call, Asked& asked) {
    if (!is_published_rule(call.argument(0))) return {};
    const auto award = asked.certificate ? asked.certificate->position : std::nullopt;
    if (asked.certificate && !award)
        return Error{Errc::invalid,
                     "where the certificate stands is not proven, so which version of the rule "
                     "was in force cannot be told; want the rule as a file"};
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    auto found = find_published_rule(*desk, call.argument(0), award);
    if (!found) return found.error();
    asked.found = *std::move(found);
    asked.answer.origin = asked.found.origin;
    asked.answer.award = award;
    return {};
}

// A learner wants to know where the rest is to be had, an employer what became of the components.
Result<void> add_consequences(Session& session, const Invocation& call, Asked& asked) {
    PathwayAnswer& answer = asked.answer;
    if (asked.certificate) {
        auto after = pathway::aftermath_of(asked.question(session));
        if (!after) return after.error();
        answer.aftermath = *std::move(after);
        return {};
    }
    if (call.has("offline") || missing_targets(answer.evaluations.front()).empty()) return {};
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    auto gaps = find_gaps(session, *desk, answer.evaluations.front());
    if (!gaps) return gaps.error();
    answer.gaps = *std::move(gaps);
    return {};
}

Result<Exit> answer_for(Session& session, const Invocation& call, bool has_certificate) {
    Asked asked;
    if (const auto done = take_rule_files(call, asked); !done) return done.error();
    if (const auto done = take_credentials(session, call, has_certificate, asked); !done)
        return done.error();
    if (const auto done = take_published_rule(session, call, asked); !done) return done.error();
    auto evaluations = pathway::evaluate(asked.question(session));
    if (!evaluations) return evaluations.error();
    PathwayAnswer& answer = asked.answer;
    answer.evaluations = *std::move(evaluations);
    if (const auto done = add_consequences(session, call, asked); !done) return done.error();
    show_pathway(session.out, answer, call.has("explain"));
    session.out.document(pathway_json(answer));
    return exit_of_pathway(answer.result());
}

Result<Exit> check_pathway(Session& session, const Invocation& call) {
    return answer_for(session, call, true);
}

Result<Exit> tell_pathway_status(Session& session, const Invocation& call) {
    return answer_for(session, call, false);
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
    const Argument rule = {.name = "RULE",
                           .help = "the rule: a file, or the URL or hash it was published by"};
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
                           "each clause, as of the award"},
                          {"chancery pathway check https://uni-a.example/pathways/da-cert/1 "
                           "cert.json a.json b.json c.json",
                           "by the version that was in force then"}},
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
             .run = show_digests},
            pathway_publish_command(),
            pathway_cascade_command()}};
}

}  // namespace chancery::cli

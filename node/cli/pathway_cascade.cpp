// chancery pathway cascade: what a rule wants done about certificates whose components were
// withdrawn after the award, done by their issuer.
#include <algorithm>

#include "node/cli/commands.h"
#include "node/cli/component_files.h"
#include "node/cli/credential_file.h"
#include "node/cli/pathway_text.h"
#include "node/cli/status_follow.h"
#include "node/cli/verdict_text.h"

namespace chancery::cli {
namespace {

using pathway::Cascade;
using pathway::Component;

struct Given {
    std::vector<std::string> files;
    std::vector<Component> credentials;
};

struct Certificate {
    std::string file;
    Component credential;
    std::string_view asks_for;  // As asked_for(); "suspended already", "nothing".
    std::string reason;
    std::vector<std::string> withdrawn;  // Files.
};

bool is_named(const Component& component, const Component& certificate) {
    const auto names = [&](const Hash& hash) {
        return std::ranges::find(certificate.evidence, hash) != certificate.evidence.end();
    };
    return names(component.document_hash) || (component.commitment && names(*component.commitment));
}

// What stands no longer needs no suspension, and what is suspended has it.
bool is_withdrawn(const Component& certificate) {
    using credential::Headline;
    return certificate.today == Headline::revoked || certificate.today == Headline::superseded ||
           certificate.today == Headline::suspended;
}

Result<Certificate> look_at_certificate(const pathway::Rule& rule,
                                        std::string file,
                                        const Component& certificate,
                                        const Given& given,
                                        std::int64_t now_s) {
    std::vector<Component> components;
    std::vector<std::string> files;
    for (std::size_t i = 0; i < given.files.size(); ++i) {
        if (!is_named(given.credentials[i], certificate)) continue;
        components.push_back(given.credentials[i]);
        files.push_back(given.files[i]);
    }
    const auto after = pathway::aftermath_of(
        {.rule = &rule, .certificate = &certificate, .components = components, .now_s = now_s});
    if (!after) return Error{after.error().code, file + ": " + after.error().detail};
    Certificate seen{.file = std::move(file),
                     .credential = certificate,
                     .asks_for = asked_for(rule.cascade, *after),
                     .reason = after->still_met.reason,
                     .withdrawn = {}};
    for (const std::size_t each : after->withdrawn)
        seen.withdrawn.push_back(files[each]);
    if (is_withdrawn(certificate)) {
        seen.asks_for = "nothing";
        seen.reason = "is " + std::string(name_of(certificate.today)) + " already";
    }
    return seen;
}

Result<std::vector<Certificate>> look_at_all(Session& session,
                                             const Invocation& call,
                                             const pathway::Rule& rule) {
    const auto certificates = components_in(session, call.arguments(), false);
    if (!certificates) return certificates.error();
    Given given;
    auto files = find_credentials(call.texts("components"));
    if (!files) return files.error();
    given.files = *std::move(files);
    auto credentials = components_in(session, given.files, false);
    if (!credentials) return credentials.error();
    given.credentials = *std::move(credentials);
    std::vector<Certificate> seen;
    for (std::size_t i = 0; i < certificates->size(); ++i) {
        auto one = look_at_certificate(rule,
                                       call.arguments()[i],
                                       (*certificates)[i],
                                       given,
                                       static_cast<std::int64_t>(session.clock.now_s()));
        if (!one) return one.error();
        seen.push_back(*std::move(one));
    }
    return seen;
}

struct Done {
    std::size_t suspended = 0;
    std::vector<RowError> errors;
    json::Array lists;
};

Result<Done> suspend_all(Session& session,
                         const std::vector<Certificate>& certificates,
                         ledger::Reason reason) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto issuer = load_issuer(session.context, desk->trust);
    if (!issuer) return issuer.error();
    std::vector<StatusTarget> targets;
    for (const Certificate& one : certificates) {
        if (one.asks_for != "suspension") continue;
        auto target = find_target(one.file, *issuer);
        if (!target) return target.error();
        target->reason = reason;
        targets.push_back(*std::move(target));
    }
    auto lists = StatusLists::open(session.context);
    if (!lists) return lists.error();
    StatusJob job(session, desk->node, desk->trust, *issuer);
    const auto done = job.run(targets, {ledger::CredentialStatus::suspended});
    auto told = tell_lists(session, *desk, *issuer, *lists, job);
    if (!done) return done.error();
    if (!told) return told.error();
    return Done{job.changed(), job.errors(), *std::move(told)};
}

json::Array certificates_json(const std::vector<Certificate>& certificates) {
    json::Array list;
    for (const Certificate& one : certificates) {
        json::Array withdrawn;
        for (const std::string& file : one.withdrawn)
            withdrawn.push_back(file);
        list.push_back(json::Object{{"file", one.file},
                                    {"asks_for", one.asks_for},
                                    {"reason", one.reason},
                                    {"withdrawn", std::move(withdrawn)}});
    }
    return list;
}

Exit tell_cascade(Session& session,
                  Cascade policy,
                  const std::vector<Certificate>& certificates,
                  const Done& done) {
    const auto count = [&](std::string_view asks_for) {
        return std::ranges::count(certificates, asks_for, &Certificate::asks_for);
    };
    for (const Certificate& one : certificates)
        session.out.line(printable(one.file) + ": " + std::string(one.asks_for) + ", " +
                         one.reason);
    json::Array errors;
    for (const RowError& error : done.errors) {
        session.out.note("  " + text_of(error));
        errors.push_back(json_of(error));
    }
    session.out.line("policy " + std::string(pathway::name_of(policy)) + ": " +
                     grouped(done.suspended) + " suspended, " + grouped(done.errors.size()) +
                     " failed");
    session.out.document(json::Object{{"policy", pathway::name_of(policy)},
                                      {"certificates", certificates_json(certificates)},
                                      {"suspended", done.suspended},
                                      {"failed", done.errors.size()},
                                      {"errors", std::move(errors)},
                                      {"status_lists", done.lists}});
    if (!done.errors.empty()) return Exit::some_failed;
    return count("unknown") > 0 ? Exit::cannot_tell : Exit::done;
}

Result<FoundRule> rule_named(Session& session, const std::string& word) {
    if (!is_published_rule(word)) {
        auto rule = read_rule(word);
        if (!rule) return rule.error();
        return FoundRule{*std::move(rule), std::nullopt};
    }
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    return find_published_rule(*desk, word, std::nullopt);
}

Result<Exit> cascade(Session& session, const Invocation& call) {
    for (const std::string_view name : {"rule", "components"})
        if (!call.has(name)) return Error{Errc::invalid, "--" + std::string(name) + " is missing"};
    ledger::Reason reason = ledger::Reason::requirement_expired;
    if (call.has("reason")) reason = *ledger::reason_named(call.text("reason"));
    const auto found = rule_named(session, call.text("rule"));
    if (!found) return found.error();
    const auto certificates = look_at_all(session, call, found->rule);
    if (!certificates) return certificates.error();
    const bool asks = std::ranges::any_of(
        *certificates, [](const Certificate& one) { return one.asks_for == "suspension"; });
    if (!asks || call.has("dry-run"))
        return tell_cascade(session, found->rule.cascade, *certificates, {});
    const auto done = suspend_all(session, *certificates, reason);
    if (!done) return done.error();
    return tell_cascade(session, found->rule.cascade, *certificates, *done);
}

std::vector<std::string> reason_names() {
    std::vector<std::string> names;
    for (std::uint8_t code = 0; code <= static_cast<std::uint8_t>(ledger::Reason::legal_order);
         ++code)
        names.emplace_back(ledger::name_of(static_cast<ledger::Reason>(code)));
    return names;
}

}  // namespace

Command pathway_cascade_command() {
    return {.name = "cascade",
            .summary = "suspend certificates whose components were withdrawn, if the rule wants it",
            .examples = {{"chancery pathway cascade certs/*.json --rule rule.json --components "
                          "badges/ --dry-run",
                          "what would be suspended"}},
            .arguments = {{.name = "CERTIFICATE",
                           .help = "certificates of the rule, with their receipts",
                           .is_repeated = true}},
            .options = {{"rule",
                         ValueKind::text,
                         "RULE",
                         "the rule: a file, or the URL or hash it was published by"},
                        {.name = "components",
                         .kind = ValueKind::path,
                         .value_name = "PATH",
                         .help = "credentials or folders of them, among which those are that the "
                                 "certificates name; again for more",
                         .is_repeated = true},
                        {"reason",
                         ValueKind::choice,
                         "NAME",
                         "why, for everyone to read; requirement_expired if not said",
                         reason_names()},
                        {"dry-run", ValueKind::flag, "", "say what would be done, and do nothing"}},
            .run = cascade};
}

}  // namespace chancery::cli

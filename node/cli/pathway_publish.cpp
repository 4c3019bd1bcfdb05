// chancery pathway publish: a rule, or an achievement that rules ask for, for every node to serve.
#include "crypto/badge/alignments.h"
#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "crypto/ledger/entry_rules.h"
#include "node/cli/commands.h"
#include "node/cli/credential_container.h"
#include "node/cli/issuer.h"
#include "node/cli/publication.h"
#include "node/cli/rule_finder.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using ledger::PublicationType;

constexpr std::string_view hole_mark = "{{";

struct Draft {
    Publication publication;
    std::optional<pathway::Rule> rule;  // Unless it is an achievement.
};

// Of a definition itself, or of a credential or template that holds one.
Result<json::Value> achievement_in(const json::Value& document) {
    const json::Value* const within = json::at(document, badge::achievement_place);
    const json::Value& achievement = within == nullptr ? document : *within;
    const std::string place = within == nullptr ? "" : std::string(badge::achievement_place);
    if (achievement.as_object() == nullptr || !json::has_type(achievement, "Achievement"))
        return invalid_at(place, "is no achievement, want type Achievement, or type Pathway");
    for (const std::string_view name : {"id", "name"})
        if (json::text_in(achievement, name).empty())
            return invalid_at(json::step(place, name), "is missing or empty");
    if (json::canonical(achievement).find(hole_mark) != std::string::npos)
        return invalid_at(place, "has a {{…}} of a template: what is published is for everybody");
    return achievement;
}

Result<Draft> draft_of(const std::string& path) {
    const auto text = node::read_file(path, document_bytes_max);
    if (!text) return text.error();
    const auto document = json::parse(*text, {.bytes_max = document_bytes_max});
    if (!document) return Error{Errc::invalid, path + ": " + document.error().detail};
    Draft draft;
    if (json::has_type(*document, "Pathway")) {
        auto rule = read_rule(path);
        if (!rule) return rule.error();
        draft.publication = {PublicationType::pathway, rule->id, json::canonical(*document)};
        draft.rule = *std::move(rule);
        return draft;
    }
    const auto achievement = achievement_in(*document);
    if (!achievement) return Error{Errc::invalid, path + ": " + achievement.error().detail};
    draft.publication = {PublicationType::achievement,
                         std::string(json::text_in(*achievement, "id")),
                         json::canonical(*achievement)};
    return draft;
}

// Only its issuer may put a rule in force, and none that could never be fulfilled.
Result<void> check_rule(Session& session, Desk& desk, const Issuer& issuer, const Draft& draft) {
    if (draft.rule->issuer != did_of(*issuer.member))
        return Error{
            Errc::forbidden,
            "/issuer: is not " + issuer.member->slug + "'s DID, want " + did_of(*issuer.member)};
    const auto others = rules_in_force(
        session, desk, {.member = issuer.member->number, .url = draft.publication.url});
    if (!others) return others.error();
    const auto fits = pathway::check_beside(*draft.rule, *others);
    if (fits) return {};
    return Error{Errc::conflict, "beside the rules published already: " + fits.error().detail};
}

Exit tell_published(Session& session, const Draft& draft, ledger::Position position, bool is_new) {
    const Publication& one = draft.publication;
    const std::string type(ledger::name_of(one.type));
    session.out.line(type + (is_new ? " published at " : " is published already, at ") +
                     grouped(position) + ": " + one.url);
    session.out.document(json::Object{{"type", type},
                                      {"url", one.url},
                                      {"content_hash", to_hex(sha256(bytes_of(one.content)))},
                                      {"position", position},
                                      {"is_new", is_new}});
    return Exit::done;
}

Result<Exit> publish_file(Session& session, const Invocation& call) {
    auto draft = draft_of(call.argument(0));
    if (!draft) return draft.error();
    Publication& one = draft->publication;
    if (call.has("url")) one.url = call.text("url");
    ledger::PublicationEntry entry;
    entry.type = one.type;
    entry.url = one.url;
    if (const auto fault = ledger::fault_of(entry)) return Error{Errc::invalid, *fault};
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto issuer = load_issuer(session.context, desk->trust);
    if (!issuer) return issuer.error();
    if (draft->rule)
        if (const auto good = check_rule(session, *desk, *issuer, *draft); !good)
            return good.error();
    const auto newest = desk->node.publication(issuer->member->slug, one.type, one.url);
    if (!newest && newest.error().code != Errc::not_found) return newest.error();
    if (newest && newest->content_hash == sha256(bytes_of(one.content)))
        return tell_published(session, *draft, newest->position, false);
    const auto position = publish(session, desk->node, *issuer, {one});
    if (!position) return position.error();
    return tell_published(session, *draft, *position, true);
}

}  // namespace

Command pathway_publish_command() {
    return {.name = "publish",
            .summary = "register a rule, or an achievement, and let every node serve it",
            .examples = {{"chancery pathway publish rule.json",
                          "under its id; nothing new if it is published already"},
                         {"chancery pathway publish badge.json",
                          "the achievement of a template or credential, and nothing else of it"}},
            .arguments = {{.name = "FILE",
                           .help = "a rule, an achievement, or what holds an achievement; JSON"}},
            .options = {{"url",
                         ValueKind::text,
                         "URL",
                         "the name to publish it under; its id if not said"}},
            .run = publish_file};
}

}  // namespace chancery::cli

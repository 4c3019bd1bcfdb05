// chancery key list and acts: members' keys, and how they came to be.
#include <algorithm>

#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/key_act_call.h"
#include "node/cli/verdict_text.h"

namespace chancery::cli {
namespace {

std::string span_of(const ledger::InForce& in_force) {
    const std::string from = "from " + std::to_string(in_force.from);
    return in_force.until ? from + " to " + std::to_string(*in_force.until) : from;
}

Result<Exit> list_keys(Session& session, const Invocation& call) {
    const auto desk = open_desk(session);
    if (!desk) return desk.error();
    const std::string slug = call.text("member");
    json::Array listed;
    for (const ledger::Member& member : desk->trust.trust().newest().members) {
        if (!slug.empty() && member.slug != slug) continue;
        session.out.line(member.slug + "  " + printable(member.name));
        json::Array keys;
        for (const ledger::KeyRecord& record : member.keys) {
            const KeyStanding standing{
                record.use, record.number, record.key.text(), record.in_force, true};
            session.out.line("  " + name_of_key(standing) + "  " + span_of(record.in_force) + "  " +
                             record.key.text());
            keys.push_back(standing_json(standing));
        }
        listed.push_back(json::Object{
            {"number", member.number}, {"member", member.slug}, {"keys", std::move(keys)}});
    }
    if (listed.empty()) return Error{Errc::not_found, "no member is called " + slug};
    session.out.document(json::Object{{"members", std::move(listed)}});
    return Exit::done;
}

std::string word_of(const json::Value& act, std::string_view name) {
    const json::Value* const value = act.find(name);
    if (value == nullptr || value->is_null()) return {};
    const std::string* const text = value->as_string();
    return " " + printable(text != nullptr ? *text : json::canonical(*value));
}

// All of a member. Errc::corrupt if the node lists one twice, which would have no end.
Result<std::vector<ListedAct>> acts_of(NodeClient& node, ledger::MemberNumber member) {
    std::vector<ListedAct> all;
    while (true) {
        auto more = node.acts(member, all.empty() ? 0 : all.back().sequence);
        if (!more) return more.error();
        if (more->empty()) return all;
        for (ListedAct& act : *more) {
            if (!all.empty() && act.sequence <= all.back().sequence)
                return Error{Errc::corrupt, node.url() + ": acts are not listed in their order"};
            all.push_back(std::move(act));
        }
    }
}

std::string line_of(const ListedAct& act) {
    return std::to_string(act.sequence) + "  position " + std::to_string(act.position) + "  " +
           printable(act.time) + " " + word_of(act.act, "act") + word_of(act.act, "use") +
           word_of(act.act, "number") + word_of(act.act, "key");
}

// As the nodes list them: what came of them, key list shows, which the trust proves.
Result<Exit> list_acts(Session& session, const Invocation& call) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const std::string slug = call.text("member");
    json::Array listed;
    bool is_known = false;
    for (const ledger::Member& member : desk->trust.trust().newest().members) {
        if (!slug.empty() && member.slug != slug) continue;
        is_known = true;
        const auto acts = acts_of(desk->node, member.number);
        if (!acts) return acts.error();
        for (const ListedAct& act : *acts) {
            session.out.line(member.slug + "  " + line_of(act));
            listed.push_back(json::Object{{"member", member.slug},
                                          {"sequence", act.sequence},
                                          {"position", act.position},
                                          {"time", act.time},
                                          {"act", act.act}});
        }
    }
    if (!is_known) return Error{Errc::not_found, "no member is called " + slug};
    if (listed.empty()) session.out.note("no act yet");
    session.out.document(json::Object{{"acts", std::move(listed)}});
    return Exit::done;
}

}  // namespace

Command key_acts_command() {
    return {.name = "acts",
            .summary = "list the acts by which members changed their keys",
            .examples = {{"chancery key acts --member uni-a", "what the nodes say"}},
            .options = {{"member", ValueKind::text, "SLUG", "of this member alone"}},
            .run = list_acts};
}

Command key_list_command() {
    return {.name = "list",
            .summary = "list members' keys as the ledger has them, with positions",
            .examples = {{"chancery key list --member uni-a", ""}},
            .options = {{"member", ValueKind::text, "SLUG", "of this member alone"}},
            .run = list_keys};
}

}  // namespace chancery::cli

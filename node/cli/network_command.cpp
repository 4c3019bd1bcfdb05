// chancery network: what a network and its nodes say of themselves.
#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/node_client.h"
#include "node/cli/session.h"
#include "node/cli/trust_store.h"
#include "node/cli/verdict_text.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

std::string value_text(const json::Value& value) {
    if (const std::string* text = value.as_string()) return text->empty() ? "-" : printable(*text);
    if (const std::int64_t* number = value.as_integer()) return std::to_string(*number);
    if (const bool* claim = value.as_bool()) return *claim ? "yes" : "no";
    return printable(json::canonical(value));
}

// "size  8", and "node.slug  uni-a" for what lies within.
void show_fields(Output& out, const json::Object& fields, const std::string& prefix) {
    for (const json::Member& member : fields) {
        const std::string name = prefix + printable(member.name);
        if (const json::Object* inner = member.value.as_object();
            inner != nullptr && prefix.empty())
            show_fields(out, *inner, name + ".");
        else
            out.line(name + std::string(name.size() < 18 ? 18 - name.size() : 0, ' ') + " " +
                     value_text(member.value));
    }
}

Result<Exit> status(Session& session, const Invocation& /*call*/) {
    auto node = NodeClient::to(session.context);
    if (!node) return node.error();
    auto answer = node->status();
    if (!answer) return answer.error();
    const json::Object* about = answer->as_object();
    if (about == nullptr)
        return Error{Errc::unavailable, node->url() + ": this is no answer of a node"};
    show_fields(session.out, *about, "");
    session.out.document(*std::move(answer));
    return Exit::done;
}

Result<Exit> trust(Session& session, const Invocation& call) {
    if (!call.has("out")) return Error{Errc::invalid, "--out is missing: where the file goes"};
    auto node = NodeClient::to(session.context);
    if (!node) return node.error();
    ClientContext context = session.context;
    context.trust.clear();  // What the node has, from genesis on, under the pinned network id.
    NodeLog log(*node);
    const auto store = TrustStore::load(context, &log, session.out);
    if (!store) return store.error();
    const auto text = log.trust();
    if (!text) return text.error();
    const auto written = node::replace_file(call.text("out"), *text, node::public_mode);
    if (!written) return written.error();
    const ledger::Members& members = store->trust().newest();
    for (const ledger::Member& member : members.members)
        session.out.line(std::to_string(member.number) + "  " + member.slug + "  " +
                         printable(member.name));
    session.out.note("wrote " + call.text("out") + ": " + std::to_string(members.quorum) + " of " +
                     counted(members.members.size(), "member") + " must sign a checkpoint");
    session.out.document(json::Object{{"file", call.text("out")},
                                      {"network_id", to_hex(store->network_id())},
                                      {"members", ledger::to_json(members)}});
    return Exit::done;
}

}  // namespace

Command network_command() {
    return {.name = "network",
            .summary = "found a network and look at it",
            .children = {genesis_command(),
                         {.name = "status",
                          .summary = "what the node says of itself and its network",
                          .examples = {{"chancery network status --json", "for a monitor"}},
                          .run = status},
                         {.name = "trust",
                          .summary = "fetch the trust file, checked from the pinned network id on",
                          .examples = {{"chancery network trust --network-id 4f…9a --out "
                                        "trust.json",
                                        "for verifying offline"}},
                          .options = {{"out", ValueKind::path, "FILE", "where the file goes"}},
                          .run = trust}}};
}

}  // namespace chancery::cli

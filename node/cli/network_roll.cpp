#include "node/cli/network_roll.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "node/cli/node_client.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::seconds patience_max{5};

// The trust file that was named, or the one that a node has; of the pinned network, if one is.
Result<ledger::Genesis> network_genesis(const Session& session) {
    Result<std::string> text = Error{Errc::invalid, ""};
    if (!session.context.trust.empty()) {
        text = node::read_file(session.context.trust, credential::trust_bytes_max);
    } else {
        auto node = NodeClient::to(session.context);
        if (!node) return node.error();
        text = node->trust_file();
    }
    if (!text) return text.error();
    const auto file = credential::parse_trust_file(*text);
    const std::string name =
        session.context.trust.empty() ? "the node's trust file" : session.context.trust;
    if (!file)
        return Error{session.context.trust.empty() ? Errc::unavailable : file.error().code,
                     name + ": " + file.error().detail};
    const Hash shown = ledger::network_id(file->genesis);
    if (session.context.network_id && shown != *session.context.network_id)
        return Error{Errc::forbidden,
                     name + ": is of network " + to_hex(shown) + ", want " +
                         to_hex(*session.context.network_id)};
    return file->genesis;
}

// A node that was named is asked where it was named: its public address may be a proxy's, or be
// written for the world and not for this machine.
void use_named(Roll& roll, Session& session) {
    for (const std::string& url : session.context.nodes) {
        const auto is_there = [&url](const MemberAddress& member) { return member.url == url; };
        if (std::ranges::any_of(roll.members, is_there)) continue;
        auto client = NodeClient::to(url, member_reach(session));
        const auto status = client ? client->status() : Result<json::Value>(client.error());
        if (!status) {
            session.out.warning(status.error().detail);
            continue;
        }
        const json::Value* node = status->find("node");
        const json::Value* slug = node == nullptr ? nullptr : node->find("slug");
        for (MemberAddress& member : roll.members)
            if (slug != nullptr && *slug == json::Value(member.slug)) member.url = url;
    }
}

}  // namespace

node::Reach member_reach(const Session& session) {
    node::Reach reach = session.context.reach();
    reach.timeout = std::min<std::chrono::milliseconds>(reach.timeout, patience_max);
    return reach;
}

Result<Roll> call_roll(Session& session) {
    for (const std::string& url : session.context.nodes)
        if (const auto client = NodeClient::to(url, member_reach(session)); !client)
            return client.error();
    const auto genesis = network_genesis(session);
    if (!genesis) return genesis.error();
    Roll roll = roll_of(*genesis);
    use_named(roll, session);
    return roll;
}

}  // namespace chancery::cli

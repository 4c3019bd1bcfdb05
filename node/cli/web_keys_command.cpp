// chancery network did-check: what the members' domains serve, held against the ledger.
#include "node/cli/commands.h"
#include "node/cli/issuer.h"
#include "node/cli/session.h"
#include "node/cli/verdict_text.h"
#include "node/cli/web_fetch.h"
#include "node/cli/web_keys.h"

namespace chancery::cli {
namespace {

struct Served {
    std::string slug;
    std::string did;
    std::string result;  // "same", "differs", "not served", "not did:web".
    std::vector<std::string> what = {};
};

Served look_at_domain(const ledger::Member& member, const WebReach& reach) {
    Served one{.slug = member.slug, .did = did_of(member), .result = "not did:web"};
    if (!one.did.starts_with("did:web:")) return one;
    one.result = "not served";
    const auto address = credential::did_web_address(one.did);
    const auto text = address ? fetch_web(*address, reach) : Result<std::string>(address.error());
    if (!text) {
        one.what = {text.error().detail};
        return one;
    }
    const auto keys = credential::parse_did_document(*text, one.did);
    one.what = keys ? differences_from_ledger(*keys, member)
                    : std::vector{*address + ": " + keys.error().detail};
    one.result = one.what.empty() ? "same" : "differs";
    return one;
}

Result<Exit> check_dids(Session& session, const Invocation& call) {
    const auto desk = open_desk(session);
    if (!desk) return desk.error();
    const WebReach reach{.timeout = session.context.timeout,
                         .ca_file = session.context.ca,
                         .bytes_max = credential::did_document_bytes_max,
                         .only_public = !call.has("private-network")};
    json::Array listed;
    bool differs = false;
    bool is_missing = false;
    for (const ledger::Member& member : desk->trust.trust().newest().members) {
        const Served one = look_at_domain(member, reach);
        differs = differs || one.result == "differs";
        is_missing = is_missing || one.result == "not served";
        session.out.line(one.slug + "  " + printable(one.did) + "  " + one.result);
        json::Array what;
        for (const std::string& each : one.what) {
            session.out.line("  " + printable(each));
            what.push_back(each);
        }
        listed.push_back(json::Object{{"member", one.slug},
                                      {"did", one.did},
                                      {"result", one.result},
                                      {"what", std::move(what)}});
    }
    session.out.document(json::Object{{"members", std::move(listed)}});
    if (differs) return Exit::not_valid;
    return is_missing ? Exit::cannot_tell : Exit::done;
}

}  // namespace

Command did_check_command() {
    return {.name = "did-check",
            .summary = "fetch the members' DID documents, and hold their keys against the ledger",
            .examples = {{"chancery network did-check",
                          "1 if a domain serves other keys, 3 if one serves none"}},
            .options = {{"private-network",
                         ValueKind::flag,
                         "",
                         "also from this machine and private networks"}},
            .run = check_dids};
}

}  // namespace chancery::cli

// Who the network is: what a stranger needs before the first proof means anything.

#include "crypto/base/encoding.h"
#include "crypto/credential/did_document.h"
#include "rpc/api.h"
#include "rpc/documents.h"
#include "rpc/problem.h"
#include "rpc/routes.h"

namespace chancery::rpc {
namespace {

Response with_tag(Response response) {
    set_caching(response, Caching::revalidate);
    return response;
}

Response answer_members(const Service& service) {
    const auto members = service.members();
    if (!members) return problem("unavailable", "the members are not known yet");
    return with_tag(json_response(200, ledger::to_json(*members)));
}

Response answer_text(Result<std::string> text, std::string_view type) {
    if (!text) return problem_of(text.error(), Fault::request);
    return with_tag(Response(200, type, std::move(*text)));
}

Response answer_did(const Service& service, ledger::MemberNumber number) {
    const auto members = service.members();
    if (!members) return problem("unavailable", "the members are not known yet");
    const ledger::Member* const member = members->find(number);
    auto document = member == nullptr ? std::nullopt : credential::did_document(*member);
    if (!document) return problem("not_found", "no member with a DID in force has this number");
    Response response = json_response(200, *document);
    response.set_field("Content-Type", "application/did+json");
    return with_tag(std::move(response));
}

Response answer_did_of(const Service& service, const Request& request) {
    const auto member = member_of(service, request.path_parameter("member"));
    if (!member) return problem_of(member.error(), Fault::request);
    return answer_did(service, *member);
}

// RFC 8615. Every address is relative to this document, so that a proxy may put a node anywhere.
Response answer_well_known(const Service& service) {
    const auto members = service.members();
    if (!members) return problem("unavailable", "the members are not known yet");
    const NodeStatus status = service.status();
    json::Value node = json::Object{};
    node.set("member", status.member);
    node.set("slug", status.slug);
    node.set("version", status.version);
    json::Value links = json::Object{};
    links.set("checkpoint", "/checkpoint");
    links.set("members", "/v1/members");
    links.set("openapi", "/openapi.json");
    links.set("policy", "/v1/policy");
    links.set("tiles", "/tile/");
    links.set("trust", "/v1/trust");
    json::Value document = json::Object{};
    document.set("api", json::Array{json::Value("v1")});
    document.set("epoch", members->epoch);
    document.set("links", std::move(links));
    document.set("log", members->log);
    document.set("network_id", to_hex(members->network));
    document.set("node", std::move(node));
    document.set("origin", members->origin);
    document.set("quorum", members->quorum);
    return with_tag(json_response(200, document));
}

}  // namespace

void add_network_routes(Router& router, const Service& service) {
    add_get(router, "/v1/members", [&](const Request&) { return answer_members(service); });
    add_get(router, "/v1/trust", [&](const Request&) {
        return answer_text(service.trust_file(), "application/json");
    });
    add_get(router, "/v1/policy", [&](const Request&) {
        return answer_text(service.policy(), "text/plain; charset=utf-8");
    });
    add_get(router, "/v1/status", [&](const Request&) {
        return json_response(200, to_json(service.status()));
    });
    add_get(router, "/.well-known/chancery.json", [&](const Request&) {
        return answer_well_known(service);
    });
    // did:web names the one, and some resolvers ask for the other whatever it names.
    for (const char* path : {"/.well-known/did.json", "/did.json"}) {
        add_get(router, path, [&](const Request&) {
            return answer_did(service, service.status().member);
        });
    }
    add_get(router, "/v1/members/{member}/did.json", [&](const Request& request) {
        return answer_did_of(service, request);
    });
    add_get(router, "/openapi.json", [](const Request&) {
        return with_tag(Response(200, "application/json", std::string(openapi_text())));
    });
}

}  // namespace chancery::rpc

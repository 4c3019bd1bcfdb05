// What the registry says of a credential: its record, its receipt, its status, and many at once.
// Nobody is asked who they are, and nothing personal is known.

#include "crypto/base/encoding.h"
#include "rpc/documents.h"
#include "rpc/negotiation.h"
#include "rpc/problem.h"
#include "rpc/rate_limit.h"
#include "rpc/routes.h"
#include "rpc/submission_parse.h"

namespace chancery::rpc {
namespace {

constexpr std::size_t proofs_per_read = 100;  // What POST /v1/proofs costs its caller.

Result<CredentialKey> key_of(const Service& service, const Request& request) {
    const auto member = member_of(service, request.path_parameter("member"));
    if (!member) return member.error();
    const Result<Hash> commitment = hash_from_hex(request.path_parameter("commitment"));
    if (!commitment) {
        return Error{Errc::invalid, "not a commitment, want 64 lower-case hex digits"};
    }
    CredentialKey key;
    key.member = *member;
    key.commitment = *commitment;
    return key;
}

Response answer_record(const Service& service, const Request& request) {
    const Result<CredentialKey> key = key_of(service, request);
    if (!key) return problem_of(key.error(), Fault::request);
    const Result<CredentialAnswer> answer = service.credential(*key);
    if (!answer) return problem_of(answer.error(), Fault::request);
    const auto members = service.members();
    const ledger::Member* const member = members ? members->find(answer->member) : nullptr;
    return json_response(200, to_json(*answer, member == nullptr ? "" : member->slug));
}

Response answer_receipt(const Service& service, const Request& request) {
    static constexpr std::array<std::string_view, 2> offered = {"text/plain", "application/json"};
    const auto form = preferred_type(request.field("Accept"), offered);
    if (!form) return problem("not_acceptable", "want text/plain or application/json");
    const Result<CredentialKey> key = key_of(service, request);
    if (!key) return problem_of(key.error(), Fault::request);
    const Result<credential::Receipt> receipt = service.receipt(*key);
    if (!receipt) return problem_of(receipt.error(), Fault::request);
    Response response = *form == 0 ? Response(200, "text/plain; charset=utf-8", to_text(*receipt))
                                   : json_response(200, to_json(*receipt));
    response.set_field("Vary", "Accept");
    return response;
}

Response answer_status(const Service& service, const Request& request) {
    const Result<CredentialKey> key = key_of(service, request);
    if (!key) return problem_of(key.error(), Fault::request);
    const Result<credential::StatusProof> proof = service.status_proof(*key);
    if (!proof) return problem_of(proof.error(), Fault::request);
    return json_response(200, credential::to_text(*proof));
}

// Errc::not_found for a slug that no member has.
Result<CredentialKey> key_of(const WantedProof& wanted, const ledger::Members* members) {
    if (const auto* const number = std::get_if<ledger::MemberNumber>(&wanted.member))
        return CredentialKey{.member = *number, .commitment = wanted.commitment};
    const auto& slug = std::get<std::string>(wanted.member);
    const ledger::Member* const member = members != nullptr ? members->find_slug(slug) : nullptr;
    if (member == nullptr) return Error{Errc::not_found, "no such slug"};
    return CredentialKey{.member = member->number, .commitment = wanted.commitment};
}

Response answer_proofs(const Service& service, const Request& request) {
    if (!is_type(request.field("Content-Type"), "application/json")) {
        return problem("media_type", "want application/json");
    }
    const Result<std::vector<WantedProof>> wanted = parse_wanted_proofs(request.body);
    if (!wanted) return malformed_body(wanted.error());
    if (request.caller != nullptr) {
        request.caller->charge(Demand{.reads = (wanted->size() - 1) / proofs_per_read});
    }
    const auto members = service.members();
    std::vector<CredentialKey> keys;
    keys.reserve(wanted->size());
    for (const WantedProof& one : *wanted) {
        const auto key = key_of(one, members.get());
        if (!key) {
            const std::string pointer = "/credentials/" + std::to_string(keys.size()) + "/member";
            return problem("not_found",
                           "a member that is not in the network",
                           {FieldError{.pointer = pointer, .detail = key.error().detail}});
        }
        keys.push_back(*key);
    }
    const Result<ProofsAnswer> answer = service.proofs(keys);
    if (!answer) return problem_of(answer.error(), Fault::request);
    return json_response(200, to_text(*answer));
}

}  // namespace

void add_credential_routes(Router& router, const Service& service) {
    constexpr const char* record_path = "/v1/credentials/{member}/{commitment}";
    add_get(router, std::string(record_path) + "/receipt", [&](const Request& request) {
        return answer_receipt(service, request);
    });
    add_get(router, std::string(record_path) + "/status", [&](const Request& request) {
        return answer_status(service, request);
    });
    add_get(router, record_path, [&](const Request& request) {
        return answer_record(service, request);
    });
    Route proofs;
    proofs.method = Method::post;
    proofs.path = "/v1/proofs";
    proofs.is_cross_origin = true;  // Reads, and browsers' verifiers read many at once.
    proofs.handler =
        Handler([&](const Request& request) { return answer_proofs(service, request); });
    router.add(std::move(proofs));
}

}  // namespace chancery::rpc

// The step that asks whether the issuer signed the document itself.
#include <algorithm>

#include "crypto/credential/assertion_keys.h"
#include "crypto/credential/verdict_case.h"

namespace chancery::credential {
namespace {

// A proof whose method is under a DID that was the member's.
bool is_of_member(const json::Value& proof, const ledger::Member& member, ledger::Position at) {
    const std::string_view did = controller_of(proof);
    return std::ranges::any_of(member.dids, [&](const ledger::DidRecord& record) {
        return record.did == did && record.in_force.at(at);
    });
}

StepReport weigh(const Case& the_case, const std::vector<const json::Value*>& proofs) {
    const ledger::Member& member = *the_case.member;
    const ledger::Position position = the_case.receipt->index;
    const std::vector<ProofKey> keys = assertion_keys(member, position);
    std::string verified;
    std::optional<ProofFault> unjudged;
    for (const json::Value* const proof : proofs) {
        if (!is_of_member(*proof, member, position)) continue;
        const std::string name(name_of(*suite_of(*proof)));
        if (keys.empty()) {
            return fails("the issuer's " + name +
                         " proof: no assertion key was in force at its position");
        }
        const auto now_s = static_cast<std::int64_t>(the_case.evidence.now_s);
        auto fault = fault_of(the_case.evidence.document, *proof, keys, now_s);
        if (!fault) {
            verified += (verified.empty() ? "" : " and ") + name;
        } else if (fault->kind == ProofFault::Kind::unreadable ||
                   fault->kind == ProofFault::Kind::expired) {
            unjudged = std::move(fault);
        } else {
            return fails("the issuer's " + name + " proof: " + fault->reason);
        }
    }
    if (!verified.empty()) return passes(member.slug + " signed the document with " + verified);
    if (unjudged) return cannot_check("the issuer's proof: " + unjudged->reason);
    return cannot_check("none of the document's signatures is by the member that registered it");
}

// A JWT's one signature is around all that the document says.
StepReport weigh_jwt(const Case& the_case) {
    if (!the_case.jwt) return cannot_check("the JWT could not be read");
    if (the_case.member == nullptr) {
        return cannot_check("whose keys the JWT must be signed by is not known");
    }
    const jose::Jws& jws = the_case.jwt->jws;
    const std::string name(name_of(jws.algorithm));
    const std::string form = the_case.jwt->is_sd_jwt ? "SD-JWT" : "JWT";
    const auto keys = jwt_assertion_keys(*the_case.member, the_case.receipt->index);
    const bool has_such_key = std::ranges::any_of(
        keys, [&](const jose::PublicKey& key) { return jose::is_for(key, jws.algorithm); });
    if (!has_such_key) {
        return cannot_check("the ledger has no " + name + " key of the issuer at its position");
    }
    if (jose::is_signed_by(jws, keys)) {
        return passes(the_case.member->slug + " signed the " + form + " with " + name);
    }
    return fails("the " + form + "'s " + name +
                 " signature is by no assertion key of the issuer in force" + " at its position");
}

}  // namespace

StepReport check_issuer_signature(const Case& the_case) {
    if (!the_case.evidence.jwt.empty()) return weigh_jwt(the_case);
    if (!the_case.has_issuer_signature) {
        return cannot_check("the document carries no issuer signature");
    }
    const Result<std::vector<const json::Value*>> all = proofs_of(the_case.evidence.document);
    std::vector<const json::Value*> known;
    if (all) {
        std::ranges::copy_if(*all, std::back_inserter(known), [](const json::Value* proof) {
            return suite_of(*proof).has_value();
        });
    }
    if (known.empty()) {
        return cannot_check("the document carries signatures of kinds that are not known here");
    }
    if (the_case.member == nullptr) {
        return cannot_check("whose keys the document's signatures must be by is not known");
    }
    return weigh(the_case, known);
}

}  // namespace chancery::credential

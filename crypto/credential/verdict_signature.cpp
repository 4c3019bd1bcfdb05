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

// The keys that the issuer's domain serves, if they are the issuer's whom the document names, and
// the ledger knows no better.
const IssuerKeys* web_keys(const Case& the_case) {
    const auto& keys = the_case.evidence.issuer_keys;
    const bool is_claimed = the_case.jwt && the_case.jwt->is_sd_jwt;
    if (!keys || issuer_named_by(the_case.evidence.document, is_claimed) != keys->did)
        return nullptr;
    if (the_case.evidence.trust == nullptr) return &*keys;
    const auto had_it = [&](const ledger::Member& member) {
        return std::ranges::find(member.dids, keys->did, &ledger::DidRecord::did) !=
               member.dids.end();
    };
    const bool is_members = std::ranges::any_of(the_case.evidence.trust->newest().members, had_it);
    return is_members ? nullptr : &*keys;
}

std::string served_by(const IssuerKeys& keys) { return "a key that " + keys.did + " serves today"; }

// Nothing fails by a web page: keys change, and domains their owners.
StepReport weigh_by_web(const Case& the_case,
                        const IssuerKeys& keys,
                        const std::vector<const json::Value*>& proofs) {
    std::string verified;
    std::string open = "none of the document's signatures is by " + served_by(keys);
    for (const json::Value* const proof : proofs) {
        const json::Value* const named = proof->find("verificationMethod");
        const std::string* const id = named == nullptr ? nullptr : named->as_string();
        const IssuerKeys::Method* const method = id == nullptr ? nullptr : keys.find(*id);
        if (method == nullptr || !method->proof_key) continue;
        const std::string name(name_of(*suite_of(*proof)));
        const auto now_s = static_cast<std::int64_t>(the_case.evidence.now_s);
        const auto fault =
            fault_of(the_case.evidence.document, *proof, std::span(&*method->proof_key, 1), now_s);
        if (fault)
            open = "the " + name + " proof does not verify by " + served_by(keys) + ": " +
                   fault->reason;
        else
            verified += (verified.empty() ? "" : " and ") + name;
    }
    if (verified.empty()) return cannot_check(open);
    return passes("signed with " + verified + " by " + served_by(keys));
}

StepReport weigh_jwt_by_web(const Case& the_case, const IssuerKeys& keys) {
    std::vector<jose::PublicKey> served;
    for (const IssuerKeys::Method& method : keys.methods)
        if (method.jwt_key) served.push_back(*method.jwt_key);
    const std::string name(name_of(the_case.jwt->jws.algorithm));
    if (!jose::is_signed_by(the_case.jwt->jws, served))
        return cannot_check("the " + name + " signature is by no " +
                            served_by(keys).substr(std::string_view("a ").size()));
    return passes("signed with " + name + " by " + served_by(keys));
}

// A JWT's one signature is around all that the document says.
StepReport weigh_jwt(const Case& the_case) {
    if (!the_case.jwt) return cannot_check("the JWT could not be read");
    if (the_case.member == nullptr) {
        if (const IssuerKeys* const keys = web_keys(the_case))
            return weigh_jwt_by_web(the_case, *keys);
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
        if (const IssuerKeys* const keys = web_keys(the_case))
            return weigh_by_web(the_case, *keys, known);
        return cannot_check("whose keys the document's signatures must be by is not known");
    }
    return weigh(the_case, known);
}

}  // namespace chancery::credential

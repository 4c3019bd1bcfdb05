#include "crypto/credential/date_time.h"
#include "crypto/credential/verdict_case.h"

namespace chancery::credential {
namespace {

using ledger::CredentialStatus;

StepReport not_proven() {
    return cannot_check("the receipt does not prove that this document is registered");
}

// Why nothing of the ledger can be looked up for this receipt; nullopt if it can.
std::optional<StepReport> obstacle(const Case& the_case) {
    if (!the_case.receipt) return cannot_check("there is no receipt");
    if (the_case.evidence.trust == nullptr) return cannot_check("no trusted network was given");
    if (!the_case.is_of_trusted_network) {
        return cannot_check("the receipt is of " + the_case.checkpoint->checkpoint.origin +
                            ", trusted is " + the_case.evidence.trust->newest().origin);
    }
    return std::nullopt;
}

std::optional<std::string> issuer_of(const Case& the_case) {
    const bool is_claimed = the_case.jwt && the_case.jwt->is_sd_jwt;
    std::string issuer = issuer_named_by(the_case.evidence.document, is_claimed);
    return issuer.empty() ? std::nullopt : std::optional(std::move(issuer));
}

const ledger::DidRecord* did_at(const ledger::Member& member, ledger::Position position) {
    for (const ledger::DidRecord& record : member.dids) {
        if (record.in_force.at(position)) return &record;
    }
    return nullptr;
}

// The seal of the status proof's checkpoint, of this very log; else why it does not count.
struct StatusSeal {
    std::optional<std::uint64_t> time_s;
    std::string reason;
};
StatusSeal status_seal(const Case& the_case, const note::SignedCheckpoint& checkpoint) {
    const Trust& trust = *the_case.evidence.trust;
    if (checkpoint.checkpoint.origin != trust.newest().origin) {
        return {std::nullopt, "the status proof is of " + checkpoint.checkpoint.origin};
    }
    const Result<std::optional<ledger::Seal>> seal = trust.seal(checkpoint);
    if (!seal) return {std::nullopt, "the status proof: " + seal.error().detail};
    if (!*seal) return {std::nullopt, "the status proof has too few known cosignatures"};
    const merkle::TreeHead& head = checkpoint.checkpoint.head;
    const merkle::TreeHead& receipts_head = the_case.checkpoint->checkpoint.head;
    if (head.size == receipts_head.size && head.root != receipts_head.root) {
        return {std::nullopt,
                "receipt and status proof name two roots for one size: the network has forked"};
    }
    return {(*seal)->time_s, {}};
}

bool is_final(CredentialStatus status) {
    return status == CredentialStatus::revoked || status == CredentialStatus::superseded;
}

std::string reason_of(const ProvenStatus& status) {
    if (status.status == CredentialStatus::good) return "the credential is in good standing";
    std::string text = "the credential is " + std::string(name_of(status.status));
    if (status.change) text += ", reason " + std::string(name_of(status.change->reason));
    return text;
}

// The network's members may have set the status of whoever is a member no more.
StepReport members_unknown() {
    return cannot_check("the network's members have changed since the trust that was given");
}

// What it shows of an earlier time. A change names the entry that set the status before it, and
// none if it was the first; but of one that is good nothing shows whether it was suspended between.
StepReport weigh_earlier(const Case& the_case, const ProvenStatus& status, std::uint64_t time_s) {
    const Evidence& evidence = the_case.evidence;
    const std::uint64_t as_of_s = *evidence.as_of_s;
    const std::string then = to_date_time(as_of_s);
    if (the_case.entry->time / 1'000 > as_of_s)
        return cannot_check("it was registered later than " + then);
    if (time_s < as_of_s)
        return cannot_check("the status proof is of " + to_date_time(time_s) +
                            ", earlier than the time asked for");
    if (!evidence.trust->knows(status.state.members_hash)) return members_unknown();
    if (status.status == CredentialStatus::good)
        return cannot_check("it is in good standing as of " + to_date_time(time_s) +
                            "; whether it was suspended at " + then + " is not shown");
    if (!status.change) return cannot_check("an act changed its status, not its issuer");
    if (status.change->time / 1'000 <= as_of_s) return fails(reason_of(status));
    if (status.change->previous != ledger::no_position)
        return cannot_check("it is " + std::string(name_of(status.status)) +
                            " since a later time, and had another status before");
    return passes("it was in good standing at " + then + "; it is " +
                  std::string(name_of(status.status)) + " since " +
                  to_date_time(status.change->time / 1'000));
}

// What a sealed status proof is worth at the verifier's time.
StepReport weigh_status(const Case& the_case, const ProvenStatus& status, std::uint64_t time_s) {
    const Evidence& evidence = the_case.evidence;
    const std::string at = to_date_time(time_s);
    if (time_s > evidence.now_s && time_s - evidence.now_s > clock_ahead_max_s) {
        return cannot_check("the status proof is of " + at + ", ahead of this clock");
    }
    if (evidence.as_of_s) return weigh_earlier(the_case, status, time_s);
    if (is_final(status.status)) return fails(reason_of(status));
    const std::uint64_t age_s = time_s < evidence.now_s ? evidence.now_s - time_s : 0;
    if (age_s > evidence.status_age_max_s) {
        return cannot_check("the status proof is of " + at + ", " + std::to_string(age_s) +
                            " s old, want at most " + std::to_string(evidence.status_age_max_s));
    }
    if (status.status == CredentialStatus::suspended) return fails(reason_of(status));
    if (!evidence.trust->knows(status.state.members_hash)) return members_unknown();
    return passes(reason_of(status) + " as of " + at);
}

}  // namespace

void read_entry(Case& the_case) {
    if (!the_case.receipt) return;
    const Result<ledger::Entry> entry = ledger::decode(the_case.receipt->entry);
    if (!entry) return;
    const auto* credential = std::get_if<ledger::CredentialEntry>(&*entry);
    if (credential == nullptr) return;
    the_case.entry = *credential;
    if (the_case.is_of_trusted_network) {
        the_case.member = the_case.evidence.trust->newest().find(credential->member);
    }
}

StepReport check_entry(const Case& the_case) {
    if (!the_case.receipt) return cannot_check("there is no receipt");
    const Result<ledger::Entry> entry = ledger::decode(the_case.receipt->entry);
    if (!entry) return fails(entry.error().detail);
    if (std::holds_alternative<ledger::UnknownEntry>(*entry)) {
        return cannot_check("the receipt's entry is of a later release");
    }
    if (!the_case.entry) return fails("the receipt's entry is not a credential's");
    if (the_case.failed(Step::commitment)) return fails("the entry holds another commitment");
    if (!the_case.passed(Step::commitment)) {
        return cannot_check("the entry's commitment could not be compared");
    }
    if (auto why = obstacle(the_case)) return *why;
    if (the_case.member == nullptr) {
        return cannot_check("member " + std::to_string(the_case.entry->member) +
                            " is not known to the trust that was given");
    }
    return passes("the entry is a credential of member " + the_case.member->slug);
}

StepReport check_inclusion(const Case& the_case) {
    if (auto why = obstacle(the_case)) return *why;
    const Receipt& receipt = *the_case.receipt;
    const Result<void> included = merkle::verify_inclusion(merkle::leaf_hash(receipt.entry),
                                                           receipt.index,
                                                           the_case.checkpoint->checkpoint.head,
                                                           receipt.path);
    if (!included) return fails(included.error().detail);
    return passes("the path leads from position " + std::to_string(receipt.index) +
                  " to the checkpoint's root");
}

StepReport check_seal(const Case& the_case) {
    if (auto why = obstacle(the_case)) return *why;
    const Result<std::optional<ledger::Seal>> seal =
        the_case.evidence.trust->seal(*the_case.checkpoint);
    if (!seal) return fails(seal.error().detail);
    if (!*seal) return cannot_check("the checkpoint has too few cosignatures of known members");
    return passes("the checkpoint is cosigned by " + std::to_string((*seal)->members) + " members");
}

StepReport check_status(Case& the_case) {
    if (!the_case.evidence.status) return cannot_check("there is no status proof");
    if (!the_case.is_proven_on_ledger()) return not_proven();
    const StatusProof& proof = *the_case.evidence.status;
    const Result<ProvenStatus> status = check_status_proof(proof);
    if (!status) return cannot_check("the status proof: " + status.error().detail);
    const bool is_of_this_entry = proof.credential.index == the_case.receipt->index &&
                                  proof.credential.entry == the_case.receipt->entry;
    if (!is_of_this_entry) return cannot_check("the status proof is of another credential");
    const Result<note::SignedCheckpoint> checkpoint = parse_proof_checkpoint(proof.checkpoint);
    CHECK(checkpoint);
    const StatusSeal seal = status_seal(the_case, *checkpoint);
    if (!seal.time_s) return cannot_check(seal.reason);

    the_case.status = *status;
    the_case.status_time_s = seal.time_s;
    const Trust& trust = *the_case.evidence.trust;
    if (status->state.members_hash == ledger::members_hash(trust.newest())) {
        the_case.status_covers = checkpoint->checkpoint.head.size;
    }
    return weigh_status(the_case, *status, *seal.time_s);
}

StepReport check_issuer(const Case& the_case) {
    if (!the_case.is_proven_on_ledger()) return not_proven();
    const ledger::Position position = the_case.receipt->index;
    const ledger::DidRecord* record = did_at(*the_case.member, position);
    const std::optional<std::string> issuer = issuer_of(the_case);
    if (record != nullptr && issuer && *issuer == record->did) {
        return passes("the issuer is " + the_case.member->name);
    }
    // An act that the trust given does not know may have changed the DID before the position.
    const bool is_covered =
        position < the_case.evidence.trust->known_size() || position < the_case.status_covers;
    if (issuer && !is_covered) {
        return cannot_check("the trust that was given may be older than the entry");
    }
    return fails(issuer ? "the document's issuer is not the member that registered it"
                        : "the document names no issuer");
}

}  // namespace chancery::credential

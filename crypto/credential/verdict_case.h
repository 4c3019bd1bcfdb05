// One credential under judgement: what its steps find out and hand on to the next.
//
// Each check_… is one step, or half of one, of PROTOCOL.md, Proofs and verdicts; it reads what the
// earlier steps put into the case. Only judge() puts them in order.
#pragma once

#include "crypto/credential/compact_form.h"
#include "crypto/credential/verdict.h"

namespace chancery::credential {

struct Case {
    explicit Case(const Evidence& given) : evidence(given) {}

    const Evidence& evidence;

    // The receipt that counts: the first of the trusted network, or else the first of all.
    std::optional<Receipt> receipt;
    std::optional<note::SignedCheckpoint> checkpoint;  // The receipt's.
    bool is_of_trusted_network = false;
    bool has_issuer_signature = false;
    std::optional<CompactForm> jwt;  // Set by the format step, if the evidence has one.

    std::optional<ledger::CredentialEntry> entry;  // The receipt's, if it is one of kind 2.
    const ledger::Member* member = nullptr;        // That registered it, if trust knows it.

    // Set by the status step, once its proof holds and is sealed.
    std::optional<ProvenStatus> status;
    std::optional<std::uint64_t> status_time_s;
    ledger::Position status_covers = 0;  // Below it no change of members is unknown.

    bool is_expired = false;  // Set by the dates step; if it fails otherwise: not yet valid.

    std::array<StepReport, step_count> steps;

    StepReport& report(Step step) { return steps[static_cast<std::size_t>(step)]; }
    const StepReport& report(Step step) const { return steps[static_cast<std::size_t>(step)]; }
    bool passed(Step step) const { return report(step).result == StepResult::pass; }
    bool failed(Step step) const { return report(step).result == StepResult::fail; }

    // The document is the one that the receipt's sealed entry speaks of: what the ledger says of
    // the entry, it says of the document.
    bool is_proven_on_ledger() const {
        return passed(Step::format) && passed(Step::commitment) && passed(Step::entry) &&
               passed(Step::inclusion) && passed(Step::seal);
    }
};

StepReport passes(std::string reason);
StepReport fails(std::string reason);
StepReport cannot_check(std::string reason);

// Finds the receipt that counts.
StepReport check_format(Case& the_case);
StepReport check_issuer_signature(const Case& the_case);
StepReport check_commitment(const Case& the_case);
StepReport check_entry(const Case& the_case);
StepReport check_inclusion(const Case& the_case);
StepReport check_seal(const Case& the_case);
// Sets the status and what it covers: to be checked before the issuer.
StepReport check_status(Case& the_case);
StepReport check_issuer(const Case& the_case);
StepReport check_dates(Case& the_case);

// Takes the receipt's entry and its member apart, as far as they are known.
void read_entry(Case& the_case);

}  // namespace chancery::credential

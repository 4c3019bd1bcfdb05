// Whether an anchor holds: what its bytes prove, and what the chain's endpoint says of it.
//
// A transaction is judged by its own bytes: what hashes to the recorded name has this calldata and
// this sender, whoever shows it. That it is in a block of the chain, and how deep, is the
// endpoint's word. Steps that cannot be looked at are said to be that, and never passed.
// Source: PROTOCOL.md, Witnesses and anchors.
#pragma once

#include <vector>

#include "crypto/ledger/members.h"
#include "crypto/merkle/proof.h"
#include "node/cli/exit_status.h"
#include "rpc/evm_client.h"

namespace chancery::cli {

struct AnchorStep {
    enum class Outcome : std::uint8_t { pass, fail, unknown };
    std::string name;  // "transaction", "calldata", "sender", "block", …
    Outcome outcome = Outcome::unknown;
    std::string reason;
};

struct AnchorFindings {
    std::vector<AnchorStep> steps;
    std::optional<keys::EvmAddress> sender;  // If its signature could be read.
    std::optional<std::uint64_t> block_number;
    std::optional<std::uint64_t> block_time_s;  // As the endpoint says.
    std::uint64_t confirmations = 0;

    void add(std::string name, AnchorStep::Outcome outcome, std::string reason);
    // not_valid if a step failed, cannot_tell if one is unknown, else done.
    Exit verdict() const;
};

// A root that should be on a chain, and where.
struct AnchorClaim {
    Hash root{};
    std::uint64_t chain_id = 0;
    Hash transaction{};
};

// The steps "transaction" (it is there, and is what its hash says), "chain", "calldata" and
// "block" (in a block of the chain, deep enough). `chain` is null if no endpoint was named.
// Errors are the endpoint's, if it does not answer.
Result<void> check_on_chain(rpc::EvmClient* chain,
                            const AnchorClaim& claim,
                            std::uint64_t confirmations,
                            AnchorFindings& findings);

// The step "sender": an anchor key of this member, in force at the entry's position. After
// check_on_chain().
void check_sender(const ledger::Member& member,
                  ledger::Position position,
                  AnchorFindings& findings);

// The number in "eip155:<number>"; nullopt for chains of other kinds.
std::optional<std::uint64_t> evm_chain_id(std::string_view chain);

}  // namespace chancery::cli

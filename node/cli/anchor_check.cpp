#include "node/cli/anchor_check.h"

#include <algorithm>

#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"

namespace chancery::cli {
namespace {

using Outcome = AnchorStep::Outcome;

constexpr std::string_view evm_namespace = "eip155:";

Outcome outcome_of(bool holds) { return holds ? Outcome::pass : Outcome::fail; }

// Of a transaction whose bytes were seen.
void check_bytes(const evm::SignedTransaction& transaction,
                 const AnchorClaim& claim,
                 AnchorFindings& findings) {
    const evm::Transaction& fields = transaction.transaction;
    findings.add("chain",
                 outcome_of(fields.chain_id == claim.chain_id),
                 "it was made for eip155:" + std::to_string(fields.chain_id) +
                     ", claimed is eip155:" + std::to_string(claim.chain_id));
    const bool is_root = equal(fields.data, claim.root);
    findings.add("calldata",
                 outcome_of(is_root),
                 is_root ? "it carries the root and nothing else"
                         : "it carries " + std::to_string(fields.data.size()) +
                               " other bytes than the root " + to_hex(claim.root));
    const auto sender = evm::sender_of(transaction);
    if (sender) findings.sender = *sender;
}

void unknown_bytes(AnchorFindings& findings, const std::string& why) {
    for (const char* const step : {"chain", "calldata"})
        findings.add(step, Outcome::unknown, why);
}

Result<void> check_place(rpc::EvmClient& chain,
                         const std::optional<rpc::EvmPlace>& place,
                         std::uint64_t wanted,
                         AnchorFindings& findings) {
    if (!place) {
        findings.add("block", Outcome::unknown, "it is in no block yet");
        return {};
    }
    const auto newest = chain.newest_block();
    if (!newest) return newest.error();
    const auto block = chain.block(place->block_number);
    if (!block) return block.error();
    if (!*block || (*block)->hash != place->block_hash) {
        findings.add("block", Outcome::unknown, "its block is not on the chain any more");
        return {};
    }
    findings.block_number = place->block_number;
    findings.block_time_s = (*block)->time_s;
    if (newest->number >= place->block_number)
        findings.confirmations = newest->number - place->block_number + 1;
    const bool is_deep = findings.confirmations >= wanted;
    findings.add("block",
                 is_deep ? Outcome::pass : Outcome::unknown,
                 "block " + std::to_string(place->block_number) + ", " +
                     std::to_string(findings.confirmations) + " confirmations, want " +
                     std::to_string(wanted));
    return {};
}

}  // namespace

void AnchorFindings::add(std::string name, Outcome outcome, std::string reason) {
    steps.push_back({std::move(name), outcome, std::move(reason)});
}

Exit AnchorFindings::verdict() const {
    const auto has = [this](Outcome outcome) {
        return std::ranges::any_of(steps,
                                   [outcome](const auto& s) { return s.outcome == outcome; });
    };
    if (has(Outcome::fail)) return Exit::not_valid;
    return has(Outcome::unknown) ? Exit::cannot_tell : Exit::done;
}

Result<void> check_on_chain(rpc::EvmClient* chain,
                            const AnchorClaim& claim,
                            std::uint64_t confirmations,
                            AnchorFindings& findings) {
    const auto cannot = [&](const std::string& why) {
        findings.add("transaction", Outcome::unknown, why);
        unknown_bytes(findings, "its bytes were not seen");
        findings.add("block", Outcome::unknown, "it was not looked for");
    };
    if (chain == nullptr) {
        cannot("no endpoint of the chain was named: --chain-url");
        return {};
    }
    const auto chain_id = chain->chain_id();
    if (!chain_id) return chain_id.error();
    if (*chain_id != claim.chain_id) {
        cannot("the endpoint is of eip155:" + std::to_string(*chain_id) +
               ", the anchor on eip155:" + std::to_string(claim.chain_id));
        return {};
    }
    const auto found = chain->transaction(claim.transaction);
    if (!found) {
        const Errc code = found.error().code;
        if (code != Errc::invalid && code != Errc::corrupt) return found.error();
        cannot(found.error().detail);
        return {};
    }
    if (!*found) {
        cannot("the endpoint has no transaction 0x" + to_hex(claim.transaction));
        return {};
    }
    findings.add("transaction", Outcome::pass, "its bytes have the recorded hash");
    check_bytes((*found)->transaction, claim, findings);
    return check_place(*chain, (*found)->place, confirmations, findings);
}

void check_sender(const ledger::Member& member,
                  ledger::Position position,
                  AnchorFindings& findings) {
    if (!findings.sender) {
        findings.add("sender", Outcome::unknown, "it was not seen who sent it");
        return;
    }
    const std::string address = findings.sender->text();
    const auto is_it = [&](const ledger::KeyRecord& record) {
        return record.use == ledger::KeyUse::anchor && record.key.text() == address;
    };
    const auto record = std::ranges::find_if(member.keys, is_it);
    if (record == member.keys.end()) {
        findings.add("sender", Outcome::fail, address + " is no anchor key of " + member.slug);
        return;
    }
    const bool is_in_force = record->in_force.at(position);
    findings.add("sender",
                 outcome_of(is_in_force),
                 address + " is anchor key " + std::to_string(record->number) + " of " +
                     member.slug + (is_in_force ? "" : ", not in force at position ") +
                     (is_in_force ? "" : std::to_string(position)));
}

std::optional<std::uint64_t> evm_chain_id(std::string_view chain) {
    if (!chain.starts_with(evm_namespace)) return std::nullopt;
    const auto number = from_decimal(chain.substr(evm_namespace.size()));
    if (!number || *number == 0) return std::nullopt;
    return *number;
}

}  // namespace chancery::cli

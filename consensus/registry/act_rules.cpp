#include "consensus/registry/act_rules.h"

#include <algorithm>

namespace chancery::registry {
namespace {

constexpr std::uint64_t governance_head_bytes = 74;  // Format, kind, time, signature.

std::string name_of_member(const ledger::Act& act, const GrowingBlock& block) {
    const ledger::Member* const member = block.before().members->find(act.by);
    return member == nullptr ? "member " + std::to_string(act.by) : member->slug;
}

}  // namespace

std::optional<Error> act_time_fault(const ledger::Act& act, ledger::TimeMs time) {
    if (time > act.expires) {
        return Error{
            Errc::invalid,
            "act expired " + std::to_string(time - act.expires) + " ms before the block's time"};
    }
    if (act.expires - time > ledger::act_lifetime_ms_max) {
        return Error{Errc::invalid,
                     "act expires " + std::to_string(act.expires - time) +
                         " ms after the block's time, want at most " +
                         std::to_string(ledger::act_lifetime_ms_max)};
    }
    return std::nullopt;
}

std::optional<Error> sequence_fault(const ledger::Act& act, const GrowingBlock& block) {
    const std::uint64_t next = block.last_sequence(act.by) + 1;
    if (act.sequence == next) return std::nullopt;
    return Error{Errc::conflict,
                 "sequence is " + std::to_string(act.sequence) + ", the next act of " +
                     name_of_member(act, block) + " has " + std::to_string(next)};
}

std::optional<Error> act_signature_fault(const ledger::Act& act,
                                         const ledger::Signature& signature,
                                         const Hash& message,
                                         const GrowingBlock& block,
                                         SignatureMemory* signatures) {
    const ledger::Member* const member = block.before().members->find(act.by);
    if (member == nullptr) {
        return Error{Errc::forbidden, "no member has number " + std::to_string(act.by)};
    }
    const auto key = std::ranges::find_if(member->keys, [&](const ledger::KeyRecord& record) {
        return record.use == ledger::KeyUse::governance && record.in_force.at(block.first());
    });
    if (key == member->keys.end()) {
        return Error{Errc::forbidden,
                     member->slug + " has no governance key in force at position " +
                         std::to_string(block.first())};
    }
    const keys::MemberPublicKey& governance = key->key.member_key();
    const bool is_good = signatures != nullptr
                             ? signatures->verifies(governance, message, signature)
                             : governance.verifies(message, signature);
    if (is_good) return std::nullopt;
    return Error{Errc::forbidden,
                 "the signature is not by governance key " + std::to_string(key->number) + " of " +
                     member->slug};
}

std::optional<Error> act_size_fault(const ledger::SignedAct& act, const GrowingBlock& block) {
    const std::uint64_t wanted = governance_head_bytes + act.text.size();
    const std::uint64_t left =
        ledger::block_bytes_max - ledger::state_entry_bytes - block.entry_bytes();
    if (wanted <= left) return std::nullopt;
    return Error{Errc::unavailable,
                 "the block has " + std::to_string(left) + " bytes left, the act needs " +
                     std::to_string(wanted)};
}

}  // namespace chancery::registry

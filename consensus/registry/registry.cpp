#include "consensus/registry/registry.h"

#include <cstring>
#include <limits>

#include "consensus/registry/act_rules.h"
#include "consensus/registry/growing_block.h"
#include "consensus/registry/rules.h"
#include "crypto/base/check.h"
#include "crypto/keys/multikey.h"
#include "crypto/merkle/tile.h"

namespace chancery::registry {
namespace {

using Outcome = BlockBuilder::Outcome;

Outcome refused(Fault fault) {
    Outcome outcome;
    outcome.refusal = std::move(fault.error);
    outcome.refused_record = fault.record;
    return outcome;
}

Outcome refused(Error error) { return refused(Fault{std::move(error), std::nullopt}); }

// A nonce that the ledger remembers: the same batch again, or another one under its name.
Outcome answer_again(const BatchRecord& first, const Hash& message) {
    if (first.message != message) {
        return refused(Error{
            Errc::conflict,
            "the nonce stands for another batch, at position " + std::to_string(first.first)});
    }
    Outcome outcome;
    outcome.kind = Outcome::Kind::repeated;
    outcome.record = first;
    return outcome;
}

// A number that the member has given to an act.
Outcome answer_again(const ActRecord& first, const Hash& message) {
    if (first.message != message) {
        return refused(Error{Errc::conflict,
                             "sequence " + std::to_string(first.sequence) +
                                 " stands for another act, at position " +
                                 std::to_string(first.position)});
    }
    Outcome outcome;
    outcome.kind = Outcome::Kind::repeated;
    outcome.act = first;
    return outcome;
}

}  // namespace

const Hash& Outcome::message() const {
    CHECK(record || act);
    return record ? record->message : act->message;
}

std::uint64_t Outcome::height() const {
    CHECK(record || act);
    return record ? record->height : act->height;
}

ledger::Position Outcome::position() const {
    CHECK(record || act);
    return record ? record->first : act->position;
}

ByteView EntryRun::entry(std::size_t i) const {
    const std::size_t begin = offsets[i] + merkle::entry_length_bytes;
    const std::size_t end = i + 1 < offsets.size() ? offsets[i + 1] : bytes.size();
    return ByteView(bytes).subspan(begin, end - begin);
}

void EntryRun::append(ByteView entry) {
    CHECK(entry.size() <= merkle::entry_bytes_max);
    CHECK(bytes.size() <= std::numeric_limits<std::uint32_t>::max());
    offsets.push_back(static_cast<std::uint32_t>(bytes.size()));
    merkle::append_to_bundle(bytes, entry);
}

void EntryRun::append_run(ByteView entries, std::size_t entry_bytes) {
    CHECK(0 < entry_bytes && entry_bytes <= merkle::entry_bytes_max);
    CHECK(entries.size() % entry_bytes == 0);
    const std::size_t count_added = entries.size() / entry_bytes;
    const std::size_t each = merkle::entry_length_bytes + entry_bytes;
    std::size_t at = bytes.size();
    CHECK(at + each * count_added <= std::numeric_limits<std::uint32_t>::max());
    bytes.resize(at + each * count_added);
    std::size_t next = offsets.size();
    offsets.resize(next + count_added);  // Not reserve(), which would copy all for each run.
    for (std::size_t i = 0; i < count_added; ++i, ++next, at += each) {
        offsets[next] = static_cast<std::uint32_t>(at);
        bytes[at] = static_cast<std::uint8_t>(entry_bytes >> 8);
        bytes[at + 1] = static_cast<std::uint8_t>(entry_bytes);
        std::memcpy(
            &bytes[at + merkle::entry_length_bytes], &entries[i * entry_bytes], entry_bytes);
    }
}

BlockBuilder::BlockBuilder(const State& before,
                           const LedgerView& view,
                           ledger::TimeMs time,
                           SignatureMemory* signatures)
    : block_(std::make_unique<GrowingBlock>(before, view, time)), signatures_(signatures) {}

BlockBuilder::~BlockBuilder() = default;

Result<Outcome> BlockBuilder::add_batch(ByteView bulk) {
    const Result<Batch> batch = split_bulk(bulk);
    if (!batch) return refused(batch.error());
    if (auto fault = fault_in(*batch)) return refused(std::move(*fault));
    const ledger::BatchEntry& header = batch->header;
    if (auto fault = time_fault(header, block_->time())) return refused(std::move(*fault));

    // Before the key, which may have changed since: a retry gets the first answer.
    const Hash message = batch_message(block_->before().members->network, header);
    const auto first = block_->find_batch(header.member, header.nonce);
    if (!first) return first.error();
    if (*first) return answer_again(**first, message);

    if (auto fault = signature_fault(header, message, *block_, signatures_)) {
        return refused(std::move(*fault));
    }
    if (auto fault = size_fault(*batch, *block_)) return refused(std::move(*fault));
    auto fault = records_fault(*batch, *block_);
    if (!fault) return fault.error();
    if (*fault) return refused(std::move(**fault));

    Outcome outcome;
    outcome.kind = Outcome::Kind::accepted;
    outcome.record = block_->add(*batch, message);
    return outcome;
}

Result<Outcome> BlockBuilder::add_act(ByteView bytes) {
    const auto signed_act = ledger::split_act(bytes);
    if (!signed_act) return refused(signed_act.error());
    const auto act = ledger::parse_act(signed_act->text);
    if (!act) return refused(act.error());
    if (auto fault = act_time_fault(*act, block_->time())) return refused(std::move(*fault));

    const Hash message = ledger::act_message(block_->before().members->network, signed_act->text);
    const auto first = block_->find_act(act->by, act->sequence);
    if (!first) return first.error();
    if (*first) return answer_again(**first, message);
    if (auto fault = sequence_fault(*act, *block_)) {
        Outcome early = refused(std::move(*fault));
        early.is_early = act->sequence > block_->last_sequence(act->by);
        return early;
    }
    if (auto fault =
            act_signature_fault(*act, signed_act->signature, message, *block_, signatures_)) {
        return refused(std::move(*fault));
    }
    if (auto fault = act_size_fault(*signed_act, *block_)) return refused(std::move(*fault));
    if (auto fault = block_->changes().fault_of(*act)) return refused(std::move(*fault));

    Outcome outcome;
    outcome.kind = Outcome::Kind::accepted;
    outcome.act = block_->add(*signed_act, *act, message);
    return outcome;
}

Result<Outcome> BlockBuilder::add(ByteView submission) {
    const auto act = ledger::act_in(submission);
    return act ? add_act(*act) : add_batch(submission);
}

bool BlockBuilder::is_empty() const { return block_->is_empty(); }

AppliedBlock BlockBuilder::finish() { return block_->finish(); }

Result<AppliedBlock> apply_block(const State& before,
                                 const LedgerView& view,
                                 ByteView block,
                                 SignatureMemory* signatures) {
    Result<Block> parsed = parse_block(block);
    // What cannot be read is an empty block of the same time.
    if (!parsed) parsed = Block{before.time, {}};
    BlockBuilder builder(before, view, parsed->time, signatures);
    for (const Item& item : parsed->items) {
        const auto outcome = item.type == ItemType::batch ? builder.add_batch(item.bytes)
                                                          : builder.add_act(item.bytes);
        if (!outcome) return outcome.error();
    }
    return builder.finish();
}

State initial_state(const ledger::Genesis& genesis) {
    State state;
    state.members = std::make_shared<const ledger::Members>(ledger::members_from(genesis));
    Governance governance;
    for (const ledger::GenesisMember& founder : genesis.members)
        governance.node_keys.insert(keys::multikey(founder.node_key));
    state.governance = std::make_shared<const Governance>(std::move(governance));
    return state;
}

}  // namespace chancery::registry

#include "node/cli/anchor_registration.h"

#include "node/cli/log_reader.h"

namespace chancery::cli {

ledger::AnchorEntry anchor_entry_of(const AnchorRecord& record) {
    CHECK(record.mined);
    ledger::AnchorEntry entry;
    entry.size = record.head.size;
    entry.root = record.head.root;
    entry.chain = "eip155:" + std::to_string(record.newest().transaction.transaction.chain_id);
    entry.transaction = *record.mined;
    return entry;
}

Result<void> AnchorRegistration::sign(AnchorRecord& record) const {
    std::optional<ledger::Nonce> nonce;
    if (record.batch) nonce = record.batch->nonce;
    auto batch = sign_batch(issuer_,
                            ledger::Kind::anchor,
                            {ledger::body_of(anchor_entry_of(record))},
                            session_.clock.now_ms(),
                            nonce);
    if (!batch) return batch.error();
    record.batch = AnchorBatch{*record.mined, batch->nonce, batch->expires, std::move(batch->bulk)};
    return journal_.write(record);
}

Result<std::optional<ledger::Position>> AnchorRegistration::find_placed(const AnchorBatch& batch) {
    const auto placement = desk_.node.batch(issuer_.member->number, batch.nonce);
    if (placement && placement->is_sealed) return std::optional(placement->first + 1);
    if (!placement && placement.error().code != Errc::not_found) return placement.error();
    return std::optional<ledger::Position>();
}

// Whether the ledger's own time, under a seal, is past the last moment at which it could be taken.
Result<bool> AnchorRegistration::has_lapsed(const AnchorBatch& batch) {
    const auto accepted = accept_newest(desk_);
    if (!accepted) return accepted.error();
    const merkle::TreeHead& head = accepted->checkpoint.checkpoint.head;
    if (head.size == 0) return false;
    NodeLog log(desk_.node);
    LogReader reader(log, head);
    const auto last = reader.entry(head.size - 1);
    if (!last) return last.error();
    const auto entry = ledger::decode(last->entry);
    const auto* const state = entry ? std::get_if<ledger::StateEntry>(&*entry) : nullptr;
    if (state == nullptr) return Error{Errc::corrupt, "the log does not end with a state entry"};
    return state->time > batch.expires;
}

Result<ledger::Position> AnchorRegistration::place(AnchorRecord& record) {
    if (!record.batch)
        if (const auto signed_batch = sign(record); !signed_batch) return signed_batch.error();
    auto placement = submit_until_sealed(desk_.node, record.batch->bulk, session_.context.timeout);
    if (placement) return placement->first + 1;
    const Errc code = placement.error().code;
    if (code != Errc::invalid && code != Errc::forbidden) return placement.error();
    // Refused: perhaps because it came too late, or the issuer key has changed since.
    const auto lapsed = has_lapsed(*record.batch);
    if (!lapsed) return lapsed.error();
    const auto placed = find_placed(*record.batch);
    if (!placed) return placed.error();
    if (*placed) return **placed;
    if (!*lapsed) return placement.error();
    if (const auto signed_anew = sign(record); !signed_anew) return signed_anew.error();
    placement = submit_until_sealed(desk_.node, record.batch->bulk, session_.context.timeout);
    if (!placement) return placement.error();
    return placement->first + 1;
}

// The node's word is not enough: the entry itself, under a seal.
Result<void> AnchorRegistration::check_entry(const AnchorRecord& record,
                                             ledger::Position position) {
    const auto accepted = accept_newest(desk_);
    if (!accepted) return accepted.error();
    NodeLog log(desk_.node);
    LogReader reader(log, accepted->checkpoint.checkpoint.head);
    const auto proven = reader.entry(position);
    if (!proven) return proven.error();
    const auto entry = ledger::decode(proven->entry);
    const auto* const anchor = entry ? std::get_if<ledger::AnchorEntry>(&*entry) : nullptr;
    const bool is_it = anchor != nullptr && anchor->member == issuer_.member->number &&
                       ledger::body_of(*anchor) == ledger::body_of(anchor_entry_of(record));
    if (is_it) return {};
    return Error{Errc::corrupt,
                 "the node says that the anchor is at position " + std::to_string(position) +
                     ", and another entry is there"};
}

Result<void> AnchorRegistration::run(AnchorRecord& record) {
    CHECK(record.is_of_ledger());
    const auto position = place(record);
    if (!position) return position.error();
    if (const auto checked = check_entry(record, *position); !checked) return checked.error();
    record.position = *position;
    return journal_.write(record);
}

}  // namespace chancery::cli

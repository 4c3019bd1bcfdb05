#include "consensus/registry/growing_block.h"

#include <algorithm>
#include <cstring>

#include "crypto/base/check.h"
#include "crypto/ledger/publication.h"
#include "crypto/merkle/node_hash.h"
#include "crypto/merkle/tile.h"

namespace chancery::registry {
namespace {

constexpr std::size_t credential_entry_bytes = 46;
constexpr std::size_t head_bytes = credential_entry_bytes - credential_body_bytes;

}  // namespace

GrowingBlock::GrowingBlock(const State& before, const LedgerView& view, ledger::TimeMs time)
    : before_(before),
      view_(view),
      time_(std::max(before.time, time)),
      changes_(before),
      commitments_(before.frontier.root()) {
    block_.first = before.frontier.leaf_count();
    block_.after = before;
}

std::uint64_t GrowingBlock::entry_bytes() const {
    return block_.entries.bytes.size() - merkle::entry_length_bytes * block_.entries.count();
}

Result<std::optional<GrowingBlock::Registered>> GrowingBlock::first_registered(
    ledger::MemberNumber member, std::span<const Hash> commitments) const {
    const auto on_ledger = view_.find_commitments(member, commitments);
    if (!on_ledger) return on_ledger.error();
    CHECK(on_ledger->size() == commitments.size());
    for (std::uint32_t i = 0; i < commitments.size(); ++i) {
        if (const auto& position = (*on_ledger)[i]) return std::optional(Registered{i, *position});
        const auto here = commitments_.find(member, commitments[i], block_.commitments);
        if (here) return std::optional(Registered{i, *here});
    }
    return std::optional<Registered>();
}

Result<Bytes> GrowingBlock::entry(ledger::Position position) const {
    CHECK(position < next());
    if (position < first()) return view_.entry(position);
    const ByteView found = block_.entries.entry(position - first());
    return Bytes(found.begin(), found.end());
}

ledger::CredentialStatus GrowingBlock::status(ledger::Position position) const {
    return static_cast<ledger::CredentialStatus>(block_.after.status.status(position));
}

Result<std::optional<ledger::Position>> GrowingBlock::newest_status(
    ledger::Position position) const {
    const auto here = newest_status_.find(position);
    if (here != newest_status_.end()) return std::optional(here->second);
    if (position >= first()) return std::optional<ledger::Position>();
    return view_.newest_status(position);
}

Result<Hash> GrowingBlock::root_at(std::uint64_t size) const {
    // Most anchors are of the newest checkpoint.
    if (size == before_.frontier.leaf_count()) return before_.frontier.root();
    return view_.root_at(size);
}

Result<std::optional<BatchRecord>> GrowingBlock::find_batch(ledger::MemberNumber member,
                                                            const ledger::Nonce& nonce) const {
    const auto here = batches_.find({member, nonce});
    if (here != batches_.end()) return std::optional(block_.batches[here->second]);
    auto on_ledger = view_.find_batch(member, nonce);
    if (on_ledger && *on_ledger && (*on_ledger)->expires < time_) on_ledger->reset();
    return on_ledger;
}

Result<std::optional<ActRecord>> GrowingBlock::find_act(ledger::MemberNumber member,
                                                        std::uint64_t sequence) const {
    const auto here = std::ranges::find_if(block_.acts, [&](const ActRecord& act) {
        return act.member == member && act.sequence == sequence;
    });
    if (here != block_.acts.end()) return std::optional(*here);
    return view_.find_act(member, sequence);
}

std::uint64_t GrowingBlock::last_sequence(ledger::MemberNumber member) const {
    const auto here = std::find_if(block_.acts.rbegin(),
                                   block_.acts.rend(),
                                   [member](const ActRecord& act) { return act.member == member; });
    if (here != block_.acts.rend()) return here->sequence;
    const auto before = before_.governance->sequences.find(member);
    return before == before_.governance->sequences.end() ? 0 : before->second;
}

const ActRecord& GrowingBlock::add(const ledger::SignedAct& signed_act,
                                   const ledger::Act& act,
                                   const Hash& message) {
    block_.acts.push_back({.member = act.by,
                           .sequence = act.sequence,
                           .message = message,
                           .position = next(),
                           .time = time_,
                           .height = before_.height + 1});
    ledger::GovernanceEntry entry;
    entry.time = time_;
    entry.signature = signed_act.signature;
    const ByteView text = bytes_of(signed_act.text);
    entry.act.assign(text.begin(), text.end());
    add_entry(ledger::encode(entry));
    changes_.add(act);
    return block_.acts.back();
}

const BatchRecord& GrowingBlock::add(const Batch& batch, const Hash& message) {
    BatchRecord record;
    record.member = batch.header.member;
    record.nonce = batch.header.nonce;
    record.message = message;
    record.expires = batch.header.expires;
    record.first = next();
    record.count = batch.count();
    record.time = time_;
    record.height = before_.height + 1;

    ledger::BatchEntry header = batch.header;
    header.time = time_;
    add_entry(ledger::encode(header));
    if (batch.header.record_kind == ledger::Kind::credential) {
        add_credentials(batch);
    } else if (batch.header.record_kind == ledger::Kind::status) {
        add_statuses(batch);
    } else if (batch.header.record_kind == ledger::Kind::publication) {
        add_publications(batch);
    } else {
        CHECK(batch.header.record_kind == ledger::Kind::anchor);
        add_anchors(batch);
    }
    batches_.emplace(std::pair(record.member, record.nonce), block_.batches.size());
    block_.batches.push_back(record);
    return block_.batches.back();
}

void GrowingBlock::add_entry(ByteView entry) {
    block_.entries.append(entry);
    block_.leaves.push_back(merkle::leaf_hash(entry));
}

// The one path that must carry a million records a second: no call and no memory for each of them.
void GrowingBlock::add_credentials(const Batch& batch) {
    Writer head;
    head.u8(ledger::entry_format).u8(static_cast<std::uint8_t>(ledger::Kind::credential));
    head.u32(batch.header.member).u64(time_);
    CHECK(head.written().size() == head_bytes);

    const std::size_t count = batch.count();
    const ledger::Position position = next();
    Bytes entries(count * credential_entry_bytes);
    const std::size_t known = block_.commitments.size();
    block_.commitments.resize(known + count);
    for (std::size_t i = 0; i < count; ++i) {
        std::uint8_t* const entry = entries.data() + i * credential_entry_bytes;
        const std::uint8_t* const body = batch.bodies.data() + i * credential_body_bytes;
        std::memcpy(entry, head.written().data(), head_bytes);
        std::memcpy(entry + head_bytes, body, credential_body_bytes);
        NewCommitment& added = block_.commitments[known + i];
        std::memcpy(added.commitment.data(), body, credential_body_bytes);
        added.member = batch.header.member;
        added.position = position + i;
    }
    commitments_.extend_to(block_.commitments);

    const std::size_t hashed = block_.leaves.size();
    block_.leaves.resize(hashed + count);
    merkle::leaf_hashes(
        entries, credential_entry_bytes, std::span(block_.leaves).subspan(hashed, count));
    block_.entries.append_run(entries, credential_entry_bytes);
}

void GrowingBlock::add_statuses(const Batch& batch) {
    std::vector<merkle::StatusTree::Change> changes;
    changes.reserve(batch.count());
    for (std::uint32_t i = 0; i < batch.count(); ++i) {
        const auto record =
            ledger::record_of(ledger::Kind::status, batch.header.member, time_, batch.body(i));
        CHECK(record);
        const auto* status = std::get_if<ledger::StatusEntry>(&*record);
        CHECK(status != nullptr);
        const ledger::Position here = next();
        changes.push_back({status->position, static_cast<std::uint8_t>(status->status)});
        block_.statuses.push_back(NewStatus{status->position, here, status->status});
        newest_status_.insert_or_assign(status->position, here);
        add_entry(ledger::encode(*record));
    }
    // Later batches of this block are judged by it.
    block_.after.status.set(changes);
}

void GrowingBlock::add_publications(const Batch& batch) {
    for (std::uint32_t i = 0; i < batch.count(); ++i) {
        const auto record =
            ledger::record_of(ledger::Kind::publication, batch.header.member, time_, batch.body(i));
        CHECK(record);
        const auto* publication = std::get_if<ledger::PublicationEntry>(&*record);
        CHECK(publication != nullptr);
        block_.contents.push_back(publication->content_hash);
        const auto name = ledger::publication_name(publication->type, publication->url);
        block_.publications.push_back(NewPublication{
            next(), publication->member, publication->type, ledger::publication_key(name)});
        add_entry(ledger::encode(*record));
    }
}

void GrowingBlock::add_anchors(const Batch& batch) {
    for (std::uint32_t i = 0; i < batch.count(); ++i) {
        const auto record =
            ledger::record_of(ledger::Kind::anchor, batch.header.member, time_, batch.body(i));
        CHECK(record);
        add_entry(ledger::encode(*record));
    }
    block_.anchors += batch.count();
}

// From the position after the state entry, which has the new object's hash already.
void GrowingBlock::put_changes_in_force() {
    if (block_.acts.empty()) return;
    auto governance = std::make_shared<Governance>(*before_.governance);
    for (const ActRecord& act : block_.acts)
        governance->sequences[act.member] = act.sequence;
    block_.after.governance = std::move(governance);
    block_.after.members =
        std::make_shared<const ledger::Members>(std::move(changes_).in_force_from(next() + 1));
    block_.after.members_hash.reset();
    block_.members_changed = true;
}

AppliedBlock GrowingBlock::finish() {
    put_changes_in_force();
    ledger::StateEntry state;
    state.height = before_.height + 1;
    state.time = time_;
    state.size = next();
    state.status_root = block_.after.status.root(state.size);
    if (!block_.after.members_hash) {
        block_.after.members_hash = ledger::members_hash(*block_.after.members);
    }
    state.members_hash = *block_.after.members_hash;
    add_entry(ledger::encode(state));

    block_.after.height = state.height;
    block_.after.time = time_;
    block_.after.frontier.append(std::span<const Hash>(block_.leaves));
    return std::move(block_);
}

}  // namespace chancery::registry

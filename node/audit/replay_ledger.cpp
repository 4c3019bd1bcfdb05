#include "node/audit/replay_ledger.h"

namespace chancery::audit {
namespace {

constexpr std::size_t batches_kept_min = 1'024;
// 256 MiB at once: a source can prove a long log cheaply that it then does not show.
constexpr std::uint64_t reserved_max = 11'000'000;

}  // namespace

void ReplayLedger::reserve(std::uint64_t entries) {
    table_.reserve(std::min(entries, reserved_max));
}

Checked ReplayLedger::take(const registry::State& /*before*/,
                           std::shared_ptr<const registry::AppliedBlock> block) {
    for (const registry::NewCommitment& added : block->commitments)
        table_.insert(table_.mix(added.member, added.commitment), added.position);
    for (const registry::NewStatus& change : block->statuses)
        newest_status_[change.credential] = change.entry;
    for (const registry::BatchRecord& batch : block->batches)
        batches_[{batch.member, batch.nonce}] = batch;
    heads_.push_back(block->after.head());
    for (const registry::ActRecord& act : block->acts)
        acts_[{act.member, act.sequence}] = act;
    // Looking through all of them once for each doubling costs little for each of them.
    if (batches_.size() > 2 * std::max(batches_kept_, batches_kept_min)) {
        forget_expired(block->after.time);
    }
    return all_well();
}

void ReplayLedger::forget_expired(ledger::TimeMs time) {
    std::erase_if(batches_, [time](const auto& kept) { return kept.second.expires < time; });
    batches_kept_ = batches_.size();
}

Result<std::vector<std::optional<ledger::Position>>> ReplayLedger::find_commitments(
    ledger::MemberNumber member, std::span<const Hash> commitments) const {
    std::vector<std::uint64_t> mixed(commitments.size());
    for (std::size_t i = 0; i < commitments.size(); ++i) {
        mixed[i] = table_.mix(member, commitments[i]);
        table_.prefetch(mixed[i]);
    }
    std::vector<std::optional<ledger::Position>> found(commitments.size());
    for (std::size_t i = 0; i < commitments.size(); ++i) {
        for (const ledger::Position place : table_.places_of(mixed[i])) {
            const auto registered = credential_at(place);
            if (!registered) return registered.error();
            const bool is_it =
                registered->member == member && registered->commitment == commitments[i];
            if (is_it) found[i] = place;
        }
    }
    return found;
}

// One that the replay has judged.
Result<ledger::CredentialEntry> ReplayLedger::credential_at(ledger::Position position) const {
    const Result<Bytes> bytes = reader_.entry(position);
    if (!bytes) return bytes.error();
    const auto entry = ledger::decode(*bytes);
    CHECK(entry);
    const auto* credential = std::get_if<ledger::CredentialEntry>(&*entry);
    CHECK(credential != nullptr);
    return *credential;
}

Result<Bytes> ReplayLedger::entry(ledger::Position position) const {
    return reader_.entry(position);
}

Result<std::optional<ledger::Position>> ReplayLedger::newest_status(
    ledger::Position position) const {
    const auto found = newest_status_.find(position);
    if (found == newest_status_.end()) return std::optional<ledger::Position>();
    return std::optional(found->second);
}

Result<std::optional<registry::BatchRecord>> ReplayLedger::find_batch(
    ledger::MemberNumber member, const ledger::Nonce& nonce) const {
    const auto found = batches_.find({member, nonce});
    if (found == batches_.end()) return std::optional<registry::BatchRecord>();
    return std::optional(found->second);
}

Result<Hash> ReplayLedger::root_at(std::uint64_t size) const {
    const auto found = std::ranges::lower_bound(heads_, size, {}, &merkle::TreeHead::size);
    CHECK(found != heads_.end() && found->size == size);
    return found->root;
}

Result<std::optional<registry::ActRecord>> ReplayLedger::find_act(ledger::MemberNumber member,
                                                                  std::uint64_t sequence) const {
    const auto found = acts_.find({member, sequence});
    if (found == acts_.end()) return std::optional<registry::ActRecord>();
    return std::optional(found->second);
}

}  // namespace chancery::audit

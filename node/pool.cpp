#include "node/pool.h"

#include <algorithm>
#include <iterator>
#include <string>

namespace chancery::node {
namespace {

std::uint64_t bytes_of(const PooledBatch& batch) {
    std::uint64_t bytes = batch.bulk->size();
    for (const storage::StoredContent& content : batch.contents)
        bytes += content.bytes->size();
    return bytes;
}

}  // namespace

SubmissionKey batch_key(ledger::MemberNumber member, const ledger::Nonce& nonce) {
    return {registry::ItemType::batch, member, nonce};
}

SubmissionKey act_key(ledger::MemberNumber member, std::uint64_t sequence) {
    SubmissionKey key{registry::ItemType::act, member, {}};
    const Bytes number = Writer().u64(sequence).take();
    std::ranges::copy(number, key.name.end() - static_cast<std::ptrdiff_t>(number.size()));
    return key;
}

Result<void> Pool::check_room(const PooledBatch& batch) const {
    if (bytes_ + bytes_of(batch) <= bytes_max_) return {};
    return Error{Errc::unavailable,
                 std::to_string(bytes_) + " bytes of submissions wait, at most " +
                     std::to_string(bytes_max_)};
}

bool Pool::add(Kept kept) {
    const raft::NodeId origin = kept.batch.origin;
    const Place place = last_ + 1;
    if (!by_ticket_.try_emplace({origin, kept.batch.ticket}, place).second) return false;
    last_ = place;
    bytes_ += bytes_of(kept.batch);
    waiting_.insert(place);
    if (origin == 0) to_forward_.insert(place);
    by_key_.emplace(kept.key, place);
    kept.is_in_block = false;
    kept.forwarded_ms = 0;
    kept_.emplace(place, std::move(kept));
    return true;
}

std::pair<Pool::Place, const Pool::Kept*> Pool::front() const {
    CHECK(!waiting_.empty());
    const Place place = *waiting_.begin();
    return {place, &kept_.at(place)};
}

void Pool::put_into_block(Place place, const Hash& message) {
    Kept& kept = kept_.at(place);
    kept.is_in_block = true;
    kept.message = message;
    waiting_.erase(place);
    to_forward_.erase(place);
}

void Pool::return_block() {
    for (auto& [place, kept] : kept_) {
        if (!std::exchange(kept.is_in_block, false)) continue;
        waiting_.insert(place);
        if (kept.batch.origin == 0 && kept.forwarded_ms == 0) to_forward_.insert(place);
    }
}

PooledBatch Pool::take(Place place) { return remove(place).batch; }

Pool::Kept Pool::remove(Place place) {
    const auto found = kept_.find(place);
    CHECK(found != kept_.end());
    Kept kept = std::move(found->second);
    kept_.erase(found);
    bytes_ -= bytes_of(kept.batch);
    waiting_.erase(place);
    to_forward_.erase(place);
    if (on_their_way_.erase(place) != 0) forwarded_bytes_ -= kept.batch.bulk->size();
    by_ticket_.erase({kept.batch.origin, kept.batch.ticket});
    const auto [begin, end] = by_key_.equal_range(kept.key);
    const auto entry =
        std::find_if(begin, end, [place](const auto& each) { return each.second == place; });
    CHECK(entry != end);
    by_key_.erase(entry);
    return kept;
}

std::vector<Pool::Kept> Pool::take_all(const SubmissionKey& key) {
    std::vector<Kept> taken;
    for (auto found = by_key_.find(key); found != by_key_.end(); found = by_key_.find(key))
        taken.push_back(remove(found->second));
    return taken;
}

template <typename Claim>
std::vector<Pool::Kept> Pool::take_waiting(Claim claim) {
    std::vector<Place> claimed;
    std::ranges::copy_if(
        waiting_, std::back_inserter(claimed), [&](Place place) { return claim(kept_.at(place)); });
    std::vector<Kept> taken;
    taken.reserve(claimed.size());
    for (const Place place : claimed)
        taken.push_back(remove(place));
    return taken;
}

std::vector<Pool::Kept> Pool::take_expired(ledger::TimeMs now_ms) {
    return take_waiting([now_ms](const Kept& kept) { return kept.expires < now_ms; });
}

std::vector<Pool::Kept> Pool::take_unjudged() {
    return take_waiting(
        [](const Kept& kept) { return kept.batch.origin == 0 && kept.message == Hash{}; });
}

void Pool::drop_forwarded() {
    take_waiting([](const Kept& kept) { return kept.batch.origin != 0; });
}

const Pool::Kept* Pool::next_to_forward(ledger::TimeMs now_ms, std::uint64_t bytes_max) {
    if (to_forward_.empty()) return nullptr;
    const Place place = *to_forward_.begin();
    Kept& kept = kept_.at(place);
    const std::uint64_t bytes = kept.batch.bulk->size();
    if (forwarded_bytes_ > 0 && forwarded_bytes_ + bytes > bytes_max) return nullptr;
    to_forward_.erase(place);
    on_their_way_.insert(place);
    forwarded_bytes_ += bytes;
    kept.forwarded_ms = now_ms;
    return &kept;
}

void Pool::forget_forwarding() {
    for (const Place place : std::exchange(on_their_way_, {})) {
        Kept& kept = kept_.at(place);
        kept.forwarded_ms = 0;
        kept.spread_ms = 0;
        if (!kept.is_in_block) to_forward_.insert(place);
    }
    forwarded_bytes_ = 0;
}

void Pool::forget_forwarding_before(ledger::TimeMs since_ms) {
    if (on_their_way_.empty()) return;
    const ledger::TimeMs oldest = kept_.at(*on_their_way_.begin()).forwarded_ms;
    if (oldest < since_ms) forget_forwarding();
}

const Pool::Kept* Pool::next_to_spread(ledger::TimeMs since_ms, ledger::TimeMs now_ms) {
    for (auto& [place, kept] : kept_) {
        if (kept.since_ms >= since_ms) return nullptr;
        if (kept.batch.origin != 0 || kept.spread_ms >= since_ms) continue;
        kept.spread_ms = now_ms;
        return &kept;
    }
    return nullptr;
}

std::optional<Pool::Place> Pool::find(Ticket ticket) const {
    const auto found = by_ticket_.find({0, ticket});
    return found == by_ticket_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<ledger::TimeMs> Pool::oldest_ms() const {
    return kept_.empty() ? std::nullopt : std::optional(kept_.begin()->second.since_ms);
}

}  // namespace chancery::node

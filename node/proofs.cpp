#include "node/proofs.h"

#include <bit>

#include "crypto/ledger/publication.h"
#include "crypto/merkle/proof.h"

namespace chancery::node {
namespace {

Error beyond(const std::string& what, std::uint64_t got, std::uint64_t size) {
    return {
        Errc::not_found,
        what + " " + std::to_string(got) + " is beyond the sealed size " + std::to_string(size)};
}

// A status entry's successor, if it names one.
std::optional<ledger::Position> successor_of(const ledger::StatusEntry& change) {
    if (change.successor == ledger::no_position) return std::nullopt;
    return change.successor;
}

Error unreadable(ledger::Position position) {
    return {Errc::corrupt, "entry " + std::to_string(position) + " is not what the index says"};
}

}  // namespace

Result<ledger::Position> Proofs::position_of(const rpc::CredentialKey& key) const {
    const auto found = store_.find_commitments(key.member, std::span(&key.commitment, 1));
    if (!found) return found.error();
    const std::optional<ledger::Position>& position = found->front();
    if (!position || *position >= published_.size()) {
        return Error{Errc::not_found, "this member registered no such commitment"};
    }
    return *position;
}

Result<std::optional<ledger::Position>> Proofs::change_of(ledger::Position position) const {
    auto change = store_.newest_status(position);
    if (!change) return change.error();
    // The store may be a block ahead of what is published: walk back to what was.
    while (*change && **change >= published_.size()) {
        const auto bytes = store_.entry(**change);
        if (!bytes) return bytes.error();
        const auto entry = ledger::decode(*bytes);
        const auto* const status = entry ? std::get_if<ledger::StatusEntry>(&*entry) : nullptr;
        if (status == nullptr) return unreadable(**change);
        if (status->previous == ledger::no_position) {
            change->reset();
        } else if (status->previous < **change) {
            *change = status->previous;
        } else {
            return unreadable(**change);
        }
    }
    const bool is_good = published_.state.status.status(position) == 0;
    if (!*change && !is_good) return unreadable(position);
    return change;
}

Result<rpc::CredentialAnswer> Proofs::credential(const rpc::CredentialKey& key) const {
    const auto position = position_of(key);
    if (!position) return position.error();
    const auto bytes = store_.entry(*position);
    if (!bytes) return bytes.error();
    const auto entry = ledger::decode(*bytes);
    const auto* const registered = entry ? std::get_if<ledger::CredentialEntry>(&*entry) : nullptr;
    if (registered == nullptr || registered->commitment != key.commitment) {
        return unreadable(*position);
    }
    rpc::CredentialAnswer answer;
    answer.member = key.member;
    answer.commitment = key.commitment;
    answer.position = *position;
    answer.time = registered->time;
    answer.as_of_size = published_.size();
    const auto changed = change_of(*position);
    if (!changed) return changed.error();
    if (!*changed) return answer;  // Never changed: good.
    const auto change_bytes = store_.entry(**changed);
    if (!change_bytes) return change_bytes.error();
    const auto change_entry = ledger::decode(*change_bytes);
    const auto* const change =
        change_entry ? std::get_if<ledger::StatusEntry>(&*change_entry) : nullptr;
    if (change == nullptr) return unreadable(**changed);
    answer.status = change->status;
    answer.changed_at = **changed;
    answer.changed_time = change->time;
    answer.reason = change->reason;
    answer.successor = successor_of(*change);
    return answer;
}

Result<rpc::PublicationAnswer> Proofs::publication(ledger::MemberNumber member,
                                                   ledger::PublicationType type,
                                                   std::string_view name) const {
    const auto position = store_.newest_publication(member, type, ledger::publication_key(name));
    if (!position) return position.error();
    if (!*position) return Error{Errc::not_found, "this member published nothing of that name"};
    if (**position >= published_.size())
        return Error{Errc::unavailable, "a newer one is just being published"};
    auto found = publication_at(**position, member, type);
    if (found && ledger::publication_name(type, found->entry.url) != name)
        return unreadable(**position);
    return found;
}

Result<rpc::PublicationAnswer> Proofs::publication_at(ledger::Position position,
                                                      ledger::MemberNumber member,
                                                      ledger::PublicationType type) const {
    const auto bytes = store_.entry(position);
    if (!bytes) return bytes.error();
    const auto entry = ledger::decode(*bytes);
    const auto* const found = entry ? std::get_if<ledger::PublicationEntry>(&*entry) : nullptr;
    if (found == nullptr || found->member != member || found->type != type)
        return unreadable(position);
    return rpc::PublicationAnswer{position, *found};
}

Result<rpc::PublicationsAnswer> Proofs::publications(const rpc::PublicationsWanted& wanted) const {
    const auto positions = store_.publications({.member = wanted.member,
                                                .type = wanted.type,
                                                .first = wanted.first,
                                                .count_max = wanted.limit + std::size_t{1}});
    if (!positions) return positions.error();
    rpc::PublicationsAnswer answer;
    for (const ledger::Position position : *positions) {
        if (position >= published_.size()) break;
        answer.has_more = answer.publications.size() == wanted.limit;
        if (answer.has_more) break;
        auto one = publication_at(position, wanted.member, wanted.type);
        if (!one) return one.error();
        const auto name = ledger::publication_name(wanted.type, one->entry.url);
        const auto newest =
            store_.newest_publication(wanted.member, wanted.type, ledger::publication_key(name));
        if (!newest) return newest.error();
        if (!*newest || **newest < position) return unreadable(position);
        if (**newest >= published_.size())
            return Error{Errc::unavailable, "a newer one is just being published"};
        answer.publications.push_back({*std::move(one), **newest});
    }
    return answer;
}

Result<credential::Receipt> Proofs::receipt(ledger::Position position) const {
    auto proof = entry_proof(position);
    if (!proof) return proof.error();
    credential::Receipt receipt;
    receipt.entry = std::move(proof->entry);
    receipt.index = position;
    receipt.path = std::move(proof->path);
    receipt.checkpoint = published_.checkpoint;
    return receipt;
}

Result<credential::EntryProof> Proofs::entry_proof(ledger::Position position) const {
    auto bytes = store_.entry(position);
    if (!bytes) return bytes.error();
    auto path = inclusion(position, published_.size());
    if (!path) return path.error();
    return credential::EntryProof{position, std::move(*bytes), std::move(*path)};
}

Result<credential::StatusProof> Proofs::status_proof(ledger::Position position) const {
    credential::StatusProof proof;
    proof.checkpoint = published_.checkpoint;
    proof.state_entry = published_.state_entry;
    proof.state_path = published_.state_path;
    auto registered = entry_proof(position);
    if (!registered) return registered.error();
    proof.credential = std::move(*registered);
    const std::uint64_t chunk = position / merkle::positions_per_chunk;
    proof.chunk = published_.state.status.chunk(chunk);
    // The state entry's status root covers the entries before it.
    proof.chunk_path = published_.state.status.path(chunk, published_.size() - 1);
    const bool is_good = merkle::status_in(proof.chunk, position) == 0;
    if (is_good) return proof;
    const auto changed = change_of(position);
    if (!changed) return changed.error();
    auto change = entry_proof(**changed);
    if (!change) return change.error();
    proof.change = std::move(*change);
    return proof;
}

Result<std::vector<Hash>> Proofs::path_through(std::span<const merkle::Range> ranges) const {
    return merkle::path_through(ranges, published_.size(), [this](const merkle::TileId& id) {
        return tiles_.tile(id.level, id.index, id.width);
    });
}

Result<std::vector<Hash>> Proofs::inclusion(ledger::Position index, std::uint64_t size) const {
    if (size > published_.size()) return beyond("size", size, published_.size());
    if (index >= size) return beyond("index", index, size);
    return path_through(merkle::inclusion_ranges(index, size));
}

Result<credential::ForkEvidence::Beginning> beginning_of(std::uint64_t from,
                                                         std::uint64_t size,
                                                         TileCache& tiles) {
    const auto tile_of = [&tiles](const merkle::TileId& id) {
        return tiles.tile(id.level, id.index, id.width);
    };
    const merkle::Range first{.begin = 0, .end = from};
    auto root = merkle::path_through(std::span(&first, 1), size, tile_of);
    if (!root) return root.error();
    auto path = merkle::path_through(merkle::consistency_ranges(from, size), size, tile_of);
    if (!path) return path.error();
    return credential::ForkEvidence::Beginning{.root = root->front(), .path = std::move(*path)};
}

Result<std::vector<Hash>> Proofs::consistency(std::uint64_t from, std::uint64_t to) const {
    if (to > published_.size()) return beyond("size", to, published_.size());
    if (from == 0 || from > to) {
        return Error{Errc::invalid,
                     "from is " + std::to_string(from) + ", want 1…" + std::to_string(to)};
    }
    return path_through(merkle::consistency_ranges(from, to));
}

Result<credential::TrustStep> Proofs::trust_step(storage::LedgerStore::MembersStep stored) const {
    CHECK(stored.size > 0);
    auto entry = store_.entry(stored.size - 1);
    if (!entry) return entry.error();
    auto path = inclusion(stored.size - 1, stored.size);
    if (!path) return path.error();
    return credential::TrustStep{.checkpoint = std::move(stored.checkpoint),
                                 .state_entry = *std::move(entry),
                                 .state_path = *std::move(path),
                                 .members = std::move(stored.members)};
}

Result<rpc::StatusRangeAnswer> Proofs::status_range(std::uint64_t from, std::uint64_t to) const {
    if (published_.size() == 0) return beyond("chunk", from, 0);
    const std::uint64_t positions = published_.size() - 1;
    const std::uint64_t count = merkle::chunk_count(positions);
    if (from >= to || to > count) {
        return Error{Errc::invalid,
                     "chunks " + std::to_string(from) + " to " + std::to_string(to) +
                         " of a tree of " + std::to_string(count)};
    }
    const std::uint64_t width = std::bit_ceil(to - from);
    const bool is_subtree = from % width == 0 && (to - from == width || to == count);
    if (!is_subtree) {
        return Error{Errc::invalid, "want chunks k·2^j to (k+1)·2^j, cut at the tree's end"};
    }
    rpc::StatusRangeAnswer answer;
    answer.checkpoint = published_.checkpoint;
    answer.first_chunk = from;
    for (std::uint64_t chunk = from; chunk < to; ++chunk) {
        const merkle::Chunk bytes = published_.state.status.chunk(chunk);
        answer.chunks.insert(answer.chunks.end(), bytes.begin(), bytes.end());
    }
    // The path of the subtree's root is that of its first chunk, less the levels inside it.
    const auto whole = published_.state.status.path(from, positions);
    const auto outside = merkle::inclusion_ranges(from, count);
    for (std::size_t i = 0; i < whole.size(); ++i) {
        const bool is_inside = outside[i].begin >= from && outside[i].end <= to;
        if (!is_inside) answer.path.push_back(whole[i]);
    }
    answer.state_entry = published_.state_entry;
    answer.state_path = published_.state_path;
    return answer;
}

Result<std::shared_ptr<const Published>> publish(const registry::State& state,
                                                 const SealedNote& note,
                                                 const storage::LedgerStore& store,
                                                 TileCache& tiles) {
    const auto parsed = note::parse_checkpoint(note.checkpoint);
    if (!parsed) return parsed.error();
    const merkle::TreeHead head = state.head();
    if (parsed->checkpoint.head != head) {
        return Error{
            Errc::corrupt,
            "the sealed checkpoint is of size " + std::to_string(parsed->checkpoint.head.size) +
                " with another root than the ledger's at size " + std::to_string(head.size)};
    }
    auto published = std::make_shared<Published>();
    published->checkpoint = note.checkpoint;
    published->state = state;
    CHECK(note.seal.is_sealed());
    published->cosigners = note.seal.members;
    published->sealed_s = *note.seal.time_s;
    if (head.size > 0) {
        auto entry = store.entry(head.size - 1);
        if (!entry) return entry.error();
        published->state_entry = std::move(*entry);
        auto path = Proofs(*published, store, tiles).inclusion(head.size - 1, head.size);
        if (!path) return path.error();
        published->state_path = std::move(*path);
    }
    return std::shared_ptr<const Published>(std::move(published));
}

}  // namespace chancery::node

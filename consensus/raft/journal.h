// The journal as the core holds it: a base, and the entries after it in memory, chained.
//
// Whoever stores entries durably is told of every change by the core's writes; this is the view
// that decisions are made on. The active configuration is derived from it, never remembered past
// a truncation.
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <vector>

#include "consensus/raft/configuration.h"
#include "consensus/raft/types.h"

namespace chancery::raft {

inline constexpr std::size_t payload_bytes_max = std::size_t{8} * 1024 * 1024;

class Journal {
public:
    Journal() = default;
    Journal(const Base& base, Configuration base_configuration);

    const Base& base() const { return base_; }
    EntryId last() const { return entries_.empty() ? base_.id : entries_.back().id; }
    const Hash& last_chain() const {
        return entries_.empty() ? base_.chain : entries_.back().chain;
    }

    // base().id.index < index <= last().index
    bool has(Index index) const { return index > base_.id.index && index <= last().index; }
    // CHECKs has(index). Valid until the journal changes.
    const Entry& at(Index index) const;

    // None before the base, whose own place counts, and after the end.
    std::optional<EntryId> id_at(Index index) const;
    std::optional<Hash> chain_at(Index index) const;
    bool agrees(Index index, const Hash& chain) const { return chain_at(index) == chain; }

    // CHECKs that it is the next one.
    void append(Entry entry);

    // Keeps what is at or before `index`. CHECKs that this is not before the base.
    void truncate_after(Index index);

    // Forgets the entries at or before `index`, which becomes the base.
    void cut(Index index);

    // The newest in the journal, or the base's.
    const Configuration& configuration() const { return configuration_; }
    Index configuration_index() const { return configuration_index_; }

    // The newest at or before `index`.
    Configuration configuration_at(Index index) const;

    // The newest block at or before `index` and after the base; 0 if none.
    Index block_at_or_before(Index index) const;
    Index last_block() const { return last_block_; }

    // Where this journal may agree with one that has `term` at `index`: the last place at or
    // before it whose term is not higher.
    EntryId agreement_guess(EntryId limit) const;

    bool operator==(const Journal&) const = default;

private:
    void derive();

    Base base_;
    Configuration base_configuration_;
    std::deque<Entry> entries_;
    // Derived from the above.
    Configuration configuration_;
    Index configuration_index_ = 0;
    Index last_block_ = 0;
};

// What an entry must satisfy upon the one before it, whoever sends it: contiguous, chained, terms
// that never fall, a no-op at the start of each term and nowhere else, whose certificate names
// exactly this place and is a quorum of `configuration`; a payload within its limit. Errc::invalid.
// Signatures are not looked at.
struct EntryContext {
    Hash network{};
    std::uint32_t epoch = 1;
    Base previous;                                 // Position and chain of the entry before.
    const Configuration* configuration = nullptr;  // Active before the entry; outlives the call.
};
Result<void> check_entry(const Entry& entry, const EntryContext& context);

}  // namespace chancery::raft

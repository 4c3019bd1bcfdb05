#include "node/recovery.h"

#include <algorithm>

#include "crypto/note/checkpoint.h"

namespace chancery::node {
namespace {

std::string number(std::uint64_t value) { return std::to_string(value); }

// The journal's entry at `index`; nullptr outside of it.
const raft::Entry* entry_at(const storage::Recovered& journal, raft::Index index) {
    if (index <= journal.base.id.index) return nullptr;
    const raft::Index offset = index - journal.base.id.index - 1;
    return offset < journal.entries.size() ? &journal.entries[offset] : nullptr;
}

std::optional<Error> check_joint(const storage::Recovered& journal,
                                 const storage::StoredState& stored) {
    const raft::Index index = stored.id.index;
    if (index < journal.base.id.index) {
        return Error{Errc::corrupt,
                     "the database ends at journal entry " + number(index) +
                         ", the journal begins after " + number(journal.base.id.index) +
                         ": rebuild the database from an exported log with chanceryd recover"};
    }
    if (index == journal.base.id.index) {
        if (index == 0 || journal.base.chain == stored.chain) return std::nullopt;
    } else if (const raft::Entry* const entry = entry_at(journal, index)) {
        if (entry->chain == stored.chain) return std::nullopt;
    } else {
        return Error{Errc::corrupt,
                     "the journal ends before entry " + number(index) +
                         ", which the database holds as sealed: the journal was lost or replaced"};
    }
    return Error{Errc::corrupt,
                 "journal entry " + number(index) + " is not the one that the database holds"};
}

std::vector<storage::StoredContent> contents_of(const registry::AppliedBlock& block,
                                                const storage::Recovered& journal) {
    std::vector<storage::StoredContent> contents;
    for (const Hash& hash : block.contents) {
        const auto found = std::ranges::find(journal.contents, hash, &storage::ContentRecord::hash);
        if (found != journal.contents.end()) contents.push_back({found->hash, found->bytes});
    }
    return contents;
}

// Judges a sealed block again and stores it. `checkpoint` seals it or a later one.
Result<registry::State> replay_block(const registry::State& before,
                                     const raft::Entry& entry,
                                     const storage::Recovered& journal,
                                     storage::LedgerStore& store) {
    auto applied = registry::apply_block(before, store, *entry.payload);
    if (!applied) return applied.error();
    auto block = std::make_shared<const registry::AppliedBlock>(std::move(*applied));
    const auto stored = store.write(
        {block, entry.id, entry.chain, journal.sealed->checkpoint, contents_of(*block, journal)});
    if (!stored) return stored.error();
    return block->after;
}

}  // namespace

Result<RecoveredLedger> recover_ledger(const storage::Recovered& journal,
                                       storage::LedgerStore& store) {
    auto stored = store.load();
    if (!stored) return stored.error();
    if (auto wrong = check_joint(journal, *stored)) return *wrong;

    RecoveredLedger ledger{stored->state, stored->checkpoint, stored->id.index, 0};
    if (!journal.sealed || journal.sealed->index < stored->id.index) return ledger;
    if (journal.sealed->index == stored->id.index) {
        // The same head, perhaps with a newer note, or one that the database never flushed.
        if (stored->state.head() == merkle::TreeHead{journal.sealed->size, journal.sealed->root}) {
            ledger.checkpoint = journal.sealed->checkpoint;
        }
        return ledger;
    }

    const raft::Index sealed = journal.sealed->index;
    for (raft::Index index = stored->id.index + 1; index <= sealed; ++index) {
        const raft::Entry* const entry = entry_at(journal, index);
        if (entry == nullptr) {
            return Error{Errc::corrupt,
                         "the journal ends before entry " + number(sealed) + ", which is sealed"};
        }
        if (entry->kind != raft::EntryKind::block) continue;
        auto state = replay_block(ledger.state, *entry, journal, store);
        if (!state) return state.error();
        ledger.state = std::move(*state);
        ++ledger.replayed;
    }
    const merkle::TreeHead head = ledger.state.head();
    if (head != merkle::TreeHead{journal.sealed->size, journal.sealed->root}) {
        return Error{Errc::corrupt,
                     "journal entries up to " + number(sealed) + " give size " + number(head.size) +
                         ", sealed was size " + number(journal.sealed->size) +
                         (head.size == journal.sealed->size ? " with another root" : "")};
    }
    ledger.checkpoint = journal.sealed->checkpoint;
    ledger.sealed = sealed;
    return ledger;
}

}  // namespace chancery::node

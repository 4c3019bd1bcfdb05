#include "node/recovery.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/note/checkpoint.h"

namespace chancery::node {
namespace {

std::optional<Error> check_joint(const storage::Recovered& journal,
                                 const storage::StoredState& stored) {
    const raft::Index index = stored.id.index;
    if (index < journal.base.id.index) {
        return Error{Errc::corrupt,
                     "the database ends at journal entry " + std::to_string(index) +
                         ", the journal begins after " + std::to_string(journal.base.id.index) +
                         ": rebuild the database with chanceryd recover --from URL|FOLDER"};
    }
    if (index == journal.base.id.index) {
        if (index == 0 || journal.base.chain == stored.chain) return std::nullopt;
    } else if (const raft::Entry* const entry = entry_at(journal, index)) {
        if (entry->chain == stored.chain) return std::nullopt;
    } else {
        return Error{Errc::corrupt,
                     "the journal ends before entry " + std::to_string(index) +
                         ", which the database holds as sealed: the journal was lost or replaced"};
    }
    return Error{
        Errc::corrupt,
        "journal entry " + std::to_string(index) + " is not the one that the database holds"};
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

}  // namespace

std::string text_of(const merkle::TreeHead& head) {
    return "size " + std::to_string(head.size) + ", root " + to_hex(head.root);
}

const raft::Entry* entry_at(const storage::Recovered& journal, raft::Index index) {
    if (index <= journal.base.id.index) return nullptr;
    const raft::Index offset = index - journal.base.id.index - 1;
    return offset < journal.entries.size() ? &journal.entries[offset] : nullptr;
}

Result<void> store_block(registry::AppliedBlock block,
                         const raft::Entry& entry,
                         const storage::Recovered& journal,
                         storage::LedgerStore& store) {
    auto contents = contents_of(block, journal);
    return store.write({std::make_shared<const registry::AppliedBlock>(std::move(block)),
                        entry.id,
                        entry.chain,
                        journal.sealed->checkpoint,
                        std::move(contents)});
}

Result<RecoveredLedger> recover_ledger(const storage::Recovered& journal,
                                       storage::LedgerStore& store) {
    auto stored = store.load();
    if (!stored) return stored.error();
    if (auto wrong = check_joint(journal, *stored)) return *wrong;

    RecoveredLedger ledger{stored->state, stored->checkpoint, stored->id.index, 0};
    if (!journal.sealed || journal.sealed->index < stored->id.index) return ledger;
    if (journal.sealed->index == stored->id.index) {
        // The same head, perhaps with a newer note, or one that the database never flushed.
        if (stored->state.head() == journal.sealed->head()) {
            ledger.checkpoint = journal.sealed->checkpoint;
        }
        return ledger;
    }

    const raft::Index sealed = journal.sealed->index;
    for (raft::Index index = stored->id.index + 1; index <= sealed; ++index) {
        const raft::Entry* const entry = entry_at(journal, index);
        if (entry == nullptr) {
            return Error{
                Errc::corrupt,
                "the journal ends before entry " + std::to_string(sealed) + ", which is sealed"};
        }
        if (entry->kind != raft::EntryKind::block) continue;
        auto applied = registry::apply_block(ledger.state, store, *entry->payload);
        if (!applied) return applied.error();
        ledger.state = applied->after;
        const auto written = store_block(std::move(*applied), *entry, journal, store);
        if (!written) return written.error();
        ++ledger.replayed;
    }
    const merkle::TreeHead head = ledger.state.head();
    const merkle::TreeHead want = journal.sealed->head();
    if (head != want) {
        return Error{Errc::corrupt,
                     "journal entries up to " + std::to_string(sealed) + " lead to " +
                         text_of(head) + ", sealed was " + text_of(want)};
    }
    ledger.checkpoint = journal.sealed->checkpoint;
    ledger.sealed = sealed;
    return ledger;
}

}  // namespace chancery::node

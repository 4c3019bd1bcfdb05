// The registry between two blocks: all that the next block is judged by, but for what only the
// disk can hold, which is asked for through LedgerView.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "crypto/ledger/members.h"
#include "crypto/merkle/frontier.h"
#include "crypto/merkle/status_tree.h"

namespace chancery::registry {

// What acts are judged by beside the members object.
struct Governance {
    std::map<ledger::MemberNumber, std::uint64_t> sequences;  // Of each member's last act.
    std::set<std::string> node_keys;  // Every one that was ever in use, as Multikeys.
};

// A value: copies are cheap and independent.
struct State {
    std::uint64_t height = 0;  // Of the last block; 0: none yet.
    ledger::TimeMs time = 0;   // Of the last block.
    merkle::Frontier frontier;
    merkle::StatusTree status;
    std::shared_ptr<const ledger::Members> members;  // Never null; never changes once linked.
    // Of `members`, once a block has needed it: each names it, and making it takes as long as a
    // signature. Whoever sets `members` anew leaves it empty.
    std::optional<Hash> members_hash;
    std::shared_ptr<const Governance> governance;  // Never null; never changes once linked.

    merkle::TreeHead head() const { return {frontier.leaf_count(), frontier.root()}; }
};

// What an applied batch left on the ledger.
struct BatchRecord {
    ledger::MemberNumber member = 0;
    ledger::Nonce nonce{};
    Hash message{};  // batch_message of its header: equal means the same batch.
    ledger::TimeMs expires = 0;
    ledger::Position first = 0;  // Of its kind-1 entry; its records follow.
    std::uint32_t count = 0;     // Records.
    ledger::TimeMs time = 0;
    std::uint64_t height = 0;
    bool operator==(const BatchRecord&) const = default;
};

// An act on the ledger.
struct ActRecord {
    ledger::MemberNumber member = 0;
    std::uint64_t sequence = 0;
    Hash message{};                 // act_message: equal means the same act.
    ledger::Position position = 0;  // Of its kind-5 entry.
    ledger::TimeMs time = 0;
    std::uint64_t height = 0;
    bool operator==(const ActRecord&) const = default;
};

// What the registry asks of the ledger as it stood after the last block. Errors are a damaged or
// failing disk, never an absence; they are no outcome of a block: the node stops.
class LedgerView {
public:
    LedgerView() = default;
    LedgerView(const LedgerView&) = delete;
    LedgerView& operator=(const LedgerView&) = delete;
    virtual ~LedgerView() = default;

    // Where this member registered each commitment; `commitments` strictly ascending.
    virtual Result<std::vector<std::optional<ledger::Position>>> find_commitments(
        ledger::MemberNumber member, std::span<const Hash> commitments) const = 0;

    // The entry's bytes. CHECKs that the position is below the size.
    virtual Result<Bytes> entry(ledger::Position position) const = 0;

    // The entry that set the present status of the credential at `position`; nullopt if none did.
    virtual Result<std::optional<ledger::Position>> newest_status(
        ledger::Position position) const = 0;

    // The newest batch with this nonce.
    virtual Result<std::optional<BatchRecord>> find_batch(ledger::MemberNumber member,
                                                          const ledger::Nonce& nonce) const = 0;

    // The tree's root when it had `size` entries: what a block sealed that ended there. CHECKs that
    // the size is above 0 and not above the ledger's.
    virtual Result<Hash> root_at(std::uint64_t size) const = 0;

    // This member's act of that number; nullopt if there is none yet.
    virtual Result<std::optional<ActRecord>> find_act(ledger::MemberNumber member,
                                                      std::uint64_t sequence) const = 0;
};

}  // namespace chancery::registry

// What an anchoring wrote down before it asked anybody for anything, so that it can be killed at
// any moment and taken up again: one transaction for one root, one entry on the ledger.
//
//     <journal>/eip155-<chain id>/000001.json     one file for each anchoring, the newest may be
//     open
//
// A transaction is durable before it is sent, and all attempts at one anchoring have one nonce, of
// which a chain takes one. The batch is durable before it is submitted; the same bytes are
// registered once. Files of finished anchorings stay: they say what this key paid for.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/evm/transaction.h"
#include "crypto/ledger/entry.h"
#include "crypto/merkle/proof.h"

namespace chancery::cli {

inline constexpr std::size_t anchor_attempts_max = 64;

struct AnchorAttempt {
    evm::SignedTransaction transaction;
    std::uint64_t block = 0;  // The chain's newest when it was signed.
    bool operator==(const AnchorAttempt&) const = default;
};

struct AnchorBatch {
    Hash transaction{};  // Of the attempt that was mined.
    ledger::Nonce nonce{};
    ledger::TimeMs expires = 0;
    Bytes bulk;
    bool operator==(const AnchorBatch&) const = default;
};

struct AnchorRecord {
    std::uint64_t number = 0;  // Of its file; 0: not written yet.
    Hash network{};
    merkle::TreeHead head;                // Of the ledger; size 0 for a root of something else.
    std::string note;                     // What the root is of, if not of the ledger.
    std::vector<AnchorAttempt> attempts;  // Of one nonce, the newest last; never empty.
    std::vector<Hash> given_up;           // Transactions that can no longer be mined.
    std::optional<Hash> mined;            // With as many blocks on it as were wanted.
    std::optional<AnchorBatch> batch;
    std::optional<ledger::Position> position;  // Of the kind-6 entry.

    const AnchorAttempt& newest() const { return attempts.back(); }
    bool is_of_ledger() const { return head.size != 0; }
    bool is_finished() const { return is_of_ledger() ? position.has_value() : mined.has_value(); }
    bool operator==(const AnchorRecord&) const = default;
};

// A record's file, back and forth. Errc::invalid for what no anchoring wrote: attempts of different
// nonces, chains, senders or roots among them.
std::string to_text(const AnchorRecord& record);
Result<AnchorRecord> parse_anchor_record(std::string_view text);

class AnchorJournal {
public:
    AnchorJournal(const std::string& folder, std::uint64_t chain_id)
        : folder_(folder + "/eip155-" + std::to_string(chain_id)) {}

    // By number. Errc::corrupt for a file that cannot be read.
    Result<std::vector<AnchorRecord>> all() const;
    // The last of them, finished or not.
    Result<std::optional<AnchorRecord>> newest() const;

    // Durable on return. A record with number 0 gets the next one; any other replaces its file.
    Result<void> write(AnchorRecord& record) const;

    const std::string& folder() const { return folder_; }

private:
    Result<std::vector<std::uint64_t>> numbers() const;
    Result<AnchorRecord> read(std::uint64_t number) const;
    std::string path_of(std::uint64_t number) const;

    std::string folder_;
};

}  // namespace chancery::cli

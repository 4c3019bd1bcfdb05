// The ledger as an auditor carries it from block to block: in memory only what rules ask for, the
// entries themselves with the source.
#pragma once

#include <map>
#include <unordered_map>
#include <utility>

#include "consensus/registry/registry.h"
#include "node/audit/commitment_table.h"
#include "node/audit/log_reader.h"
#include "node/audit/replay.h"

namespace chancery::audit {

class ReplayLedger : public registry::LedgerView, public ReplayKeeper {
public:
    // `reader` must outlive it. `table_key`: secret, fresh for each replay.
    ReplayLedger(LogReader& reader, const Hash& table_key) : reader_(reader), table_(table_key) {}

    // Room for the commitments of a log of `entries`, a number that has been proven.
    void reserve(std::uint64_t entries);

    const registry::LedgerView& view() const override { return *this; }
    Checked take(const registry::State& before,
                 std::shared_ptr<const registry::AppliedBlock> block) override;

    Result<std::vector<std::optional<ledger::Position>>> find_commitments(
        ledger::MemberNumber member, std::span<const Hash> commitments) const override;
    Result<Bytes> entry(ledger::Position position) const override;
    Result<std::optional<ledger::Position>> newest_status(ledger::Position position) const override;
    Result<std::optional<registry::BatchRecord>> find_batch(
        ledger::MemberNumber member, const ledger::Nonce& nonce) const override;
    // Of sizes at which a block ended; rules ask for no others.
    Result<Hash> root_at(std::uint64_t size) const override;
    Result<std::optional<registry::ActRecord>> find_act(ledger::MemberNumber member,
                                                        std::uint64_t sequence) const override;

private:
    Result<ledger::CredentialEntry> credential_at(ledger::Position position) const;
    void forget_expired(ledger::TimeMs time);

    LogReader& reader_;
    CommitmentTable table_;
    std::unordered_map<ledger::Position, ledger::Position> newest_status_;
    std::map<std::pair<ledger::MemberNumber, ledger::Nonce>, registry::BatchRecord> batches_;
    std::vector<merkle::TreeHead> heads_;  // After each block.
    std::map<std::pair<ledger::MemberNumber, std::uint64_t>, registry::ActRecord> acts_;
    std::size_t batches_kept_ = 0;  // After expired ones were last forgotten.
};

}  // namespace chancery::audit

// A ledger in memory, for tests of what asks for one: every look-up is a plain map.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "consensus/registry/registry.h"
#include "crypto/merkle/node_hash.h"

namespace chancery::test {

class MemoryLedgerView : public registry::LedgerView {
public:
    // Takes what a block left. Blocks come in order.
    void add(const registry::AppliedBlock& block) {
        for (std::size_t i = 0; i < block.entries.count(); ++i) {
            const ByteView entry = block.entries.entry(i);
            entries_.emplace_back(entry.begin(), entry.end());
        }
        for (const auto& added : block.commitments) {
            commitments_[{added.member, added.commitment}] = added.position;
        }
        for (const auto& change : block.statuses)
            newest_status_[change.credential] = change.entry;
        for (const auto& batch : block.batches)
            batches_[{batch.member, batch.nonce}] = batch;
        for (const auto& act : block.acts)
            acts_[{act.member, act.sequence}] = act;
    }

    const std::vector<Bytes>& entries() const { return entries_; }

    Result<std::vector<std::optional<ledger::Position>>> find_commitments(
        ledger::MemberNumber member, std::span<const Hash> commitments) const override {
        std::vector<std::optional<ledger::Position>> found;
        for (const Hash& commitment : commitments) {
            found.push_back(value_at(commitments_, std::pair(member, commitment)));
        }
        return found;
    }

    Result<Bytes> entry(ledger::Position position) const override {
        CHECK(position < entries_.size());
        return entries_[position];
    }

    Result<std::optional<ledger::Position>> newest_status(
        ledger::Position position) const override {
        return value_at(newest_status_, position);
    }

    Result<std::optional<registry::BatchRecord>> find_batch(
        ledger::MemberNumber member, const ledger::Nonce& nonce) const override {
        return value_at(batches_, std::pair(member, nonce));
    }

    Result<Hash> root_at(std::uint64_t size) const override {
        CHECK(size > 0 && size <= entries_.size());
        std::vector<Hash> leaves;
        for (std::uint64_t i = 0; i < size; ++i)
            leaves.push_back(merkle::leaf_hash(entries_[i]));
        return merkle::root_of(leaves);
    }

    Result<std::optional<registry::ActRecord>> find_act(ledger::MemberNumber member,
                                                        std::uint64_t sequence) const override {
        return value_at(acts_, std::pair(member, sequence));
    }

private:
    template <typename Map>
    static std::optional<typename Map::mapped_type> value_at(const Map& map,
                                                             const typename Map::key_type& key) {
        const auto found = map.find(key);
        if (found == map.end()) return std::nullopt;
        return found->second;
    }

    std::vector<Bytes> entries_;
    std::map<std::pair<ledger::MemberNumber, Hash>, ledger::Position> commitments_;
    std::map<ledger::Position, ledger::Position> newest_status_;
    std::map<std::pair<ledger::MemberNumber, ledger::Nonce>, registry::BatchRecord> batches_;
    std::map<std::pair<ledger::MemberNumber, std::uint64_t>, registry::ActRecord> acts_;
};

}  // namespace chancery::test

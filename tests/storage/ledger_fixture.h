// Makes sealed blocks of every kind of record from a seed, without judging anything: what a ledger
// store is given, and what it must give back.
#pragma once

#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "crypto/hash/sha256.h"
#include "crypto/ledger/publication.h"
#include "crypto/merkle/node_hash.h"
#include "crypto/note/checkpoint.h"
#include "storage/ledger_store.h"
#include "tests/support/chancery_vectors.h"
#include "tests/support/test_network.h"

namespace chancery::test {

inline storage::StoredContent content_of(std::string_view text) {
    const ByteView view = bytes_of(text);
    storage::StoredContent content;
    content.bytes = std::make_shared<const Bytes>(view.begin(), view.end());
    content.hash = sha256(view);
    return content;
}

class BlockMaker {
public:
    // `is_signed`: batches carry root and signature; their signing takes its time.
    BlockMaker(const ledger::Genesis& genesis, std::uint64_t seed, bool is_signed = false)
        : network_(ledger::network_id(genesis)),
          origin_(genesis.origin),
          random_(seed),
          is_signed_(is_signed) {
        state_.members = std::make_shared<const ledger::Members>(ledger::members_from(genesis));
    }

    // Few, so that each is published again and again.
    static constexpr std::uint64_t publication_urls = 3;
    static std::string publication_url(std::uint64_t number) {
        return "https://uni.example/achievements/" + std::to_string(number);
    }

    struct Shape {
        std::size_t credentials = 10;
        std::size_t statuses = 2;
        bool has_publication = false;
        bool changes_members = false;
    };

    storage::SealedBlock next(const Shape& shape) {
        registry::AppliedBlock block;
        block.first = state_.frontier.leaf_count();
        registry::State after = state_;
        ++after.height;
        after.time += 1000;
        storage::SealedBlock sealed;
        if (shape.credentials > 0) add_credentials(block, after, shape.credentials);
        if (shape.statuses > 0) add_statuses(block, after, shape.statuses);
        if (shape.has_publication) add_publication(block, after, sealed);
        if (shape.changes_members) {
            ledger::Members members = *after.members;
            members.members.front().name += "'";
            after.members = std::make_shared<const ledger::Members>(std::move(members));
            block.members_changed = true;
        }
        add_state(block, after);
        after.frontier.append(block.leaves);
        block.after = after;
        state_ = after;
        sealed.id = {3, after.height + 5};
        sealed.chain = sha256(Writer().u64(after.height).written());
        sealed.checkpoint = checkpoint();
        sealed.block = std::make_shared<const registry::AppliedBlock>(std::move(block));
        return sealed;
    }

    Shape random_shape() {
        Shape shape;
        shape.credentials = random_() % 4 == 0 ? 0 : random_() % 300;
        shape.statuses = random_() % 5;
        shape.has_publication = random_() % 3 == 0;
        shape.changes_members = random_() % 7 == 0;
        return shape;
    }

    const registry::State& state() const { return state_; }
    const std::vector<registry::NewCommitment>& commitments() const { return commitments_; }

    // A note over the newest head; its signature is nobody's.
    std::string checkpoint() const {
        return note::checkpoint_text({origin_, state_.head()}) +
               "\n\u2014 example.com/nobody AAAAAAAAAAAAAAAA\n";
    }

private:
    void add(registry::AppliedBlock& block, const ledger::Entry& entry) {
        const Bytes bytes = ledger::encode(entry);
        block.entries.append(bytes);
        block.leaves.push_back(merkle::leaf_hash(bytes));
    }
    static ledger::Position next_position(const registry::AppliedBlock& block) {
        return block.first + block.leaves.size();
    }

    // The batch and its records; gives the position of the first record.
    ledger::Position add_batch(registry::AppliedBlock& block,
                               const registry::State& after,
                               ledger::Kind kind,
                               const std::vector<ledger::Entry>& records) {
        ledger::BatchEntry batch;
        batch.member = member_;
        batch.key_number = 1;
        batch.time = after.time;
        for (std::uint8_t& byte : batch.nonce)
            byte = static_cast<std::uint8_t>(random_());
        batch.expires = after.time + 60'000;
        batch.record_kind = kind;
        batch.count = static_cast<std::uint32_t>(records.size());
        if (is_signed_) {
            std::vector<Hash> bodies;
            for (const ledger::Entry& record : records)
                bodies.push_back(merkle::leaf_hash(ledger::body_of(record)));
            batch.records_root = merkle::root_of(bodies);
            batch.signature = member_key(slug_of(member_), "issuer")
                                  .sign(registry::batch_message(network_, batch), Hash{});
        }
        registry::BatchRecord record;
        record.member = batch.member;
        record.nonce = batch.nonce;
        record.message = sha256(batch.nonce);
        record.expires = batch.expires;
        record.first = next_position(block);
        record.count = batch.count;
        record.time = batch.time;
        record.height = after.height;
        block.batches.push_back(record);
        add(block, batch);
        const ledger::Position first = next_position(block);
        for (const ledger::Entry& each : records)
            add(block, each);
        return first;
    }

    void choose_member() { member_ = static_cast<ledger::MemberNumber>(random_() % 3 + 1); }

    void add_credentials(registry::AppliedBlock& block, registry::State& after, std::size_t count) {
        choose_member();
        std::vector<Hash> hashes(count);
        for (Hash& hash : hashes) {
            for (std::uint8_t& byte : hash)
                byte = static_cast<std::uint8_t>(random_());
        }
        std::ranges::sort(hashes);
        std::vector<ledger::Entry> records;
        for (const Hash& hash : hashes)
            records.push_back(ledger::CredentialEntry{member_, after.time, hash});
        ledger::Position position = add_batch(block, after, ledger::Kind::credential, records);
        for (const Hash& hash : hashes)
            block.commitments.push_back({hash, member_, position++});
        commitments_.insert(commitments_.end(), block.commitments.begin(), block.commitments.end());
    }

    void add_statuses(registry::AppliedBlock& block, registry::State& after, std::size_t count) {
        if (commitments_.empty()) return;
        choose_member();
        std::vector<ledger::Entry> records;
        std::vector<registry::NewStatus> statuses;
        for (std::size_t i = 0; i < count; ++i) {
            const registry::NewCommitment& of = commitments_[random_() % commitments_.size()];
            ledger::StatusEntry entry;
            entry.member = member_;
            entry.time = after.time;
            entry.position = of.position;
            entry.commitment = of.commitment;
            entry.status = static_cast<ledger::CredentialStatus>(random_() % 3);
            records.push_back(entry);
            statuses.push_back({of.position, 0, entry.status});
            const merkle::StatusTree::Change change{of.position,
                                                    static_cast<std::uint8_t>(entry.status)};
            after.status.set(std::span(&change, 1));
        }
        ledger::Position position = add_batch(block, after, ledger::Kind::status, records);
        for (registry::NewStatus& status : statuses) {
            status.entry = position++;
            block.statuses.push_back(status);
        }
    }

    void add_publication(registry::AppliedBlock& block,
                         registry::State& after,
                         storage::SealedBlock& sealed) {
        choose_member();
        sealed.contents.push_back(content_of("content of block " + std::to_string(after.height)));
        block.contents.push_back(sealed.contents.back().hash);
        ledger::PublicationEntry entry;
        entry.member = member_;
        entry.time = after.time;
        entry.content_hash = sealed.contents.back().hash;
        entry.url = publication_url(after.height % publication_urls);
        const ledger::Position position =
            add_batch(block, after, ledger::Kind::publication, {entry});
        block.publications.push_back(
            {position, member_, entry.type, ledger::publication_key(entry.url)});
    }

    void add_state(registry::AppliedBlock& block, const registry::State& after) {
        ledger::StateEntry entry;
        entry.height = after.height;
        entry.time = after.time;
        entry.size = next_position(block);
        entry.status_root = after.status.root(entry.size);
        entry.members_hash = ledger::members_hash(*after.members);
        add(block, entry);
    }

    Hash network_;
    std::string origin_;
    std::mt19937_64 random_;
    registry::State state_;
    bool is_signed_;
    ledger::MemberNumber member_ = 1;
    std::vector<registry::NewCommitment> commitments_;
};

}  // namespace chancery::test

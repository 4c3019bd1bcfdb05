// What a follower takes upon the word of seals: node 1 of three, whose peers the test plays.
#include <gtest/gtest.h>

#include "consensus/raft/certificate.h"
#include "consensus/registry/block.h"
#include "node/restored_replica.h"
#include "storage/memory_ledger_store.h"
#include "tests/support/memory_disk.h"
#include "tests/support/test_network.h"

namespace chancery::node {
namespace {

constexpr ledger::TimeMs now_ms = 1'767'225'600'000;

class FollowerOfThree : public testing::Test {
protected:
    static constexpr raft::NodeId leader = 2;

    void SetUp() override {
        ASSERT_TRUE(storage::Journal::create(disk_, identity_, options));
        boot();
        last_ = replica_->core().journal().base();
        hear(rpc::Seal{0, seal_of(state_)});
        entries_.push_back(no_op());
    }

    // A life begins with what the disk has, and the leader remembers nothing of the one before.
    void boot() {
        auto opened = storage::Journal::open(disk_, identity_, options);
        ASSERT_TRUE(opened);
        journal_.emplace(std::move(opened->journal));
        turns_left_.reset();
        const auto ledger = recover_ledger(opened->recovered, store_);
        ASSERT_TRUE(ledger);
        auto replica = restore_replica(
            {genesis_, opened->recovered, *ledger, store_},
            {},
            {1,
             network_,
             test::ed25519_key("uni-a", "node"),
             {1, test::ed25519_key("uni-a", "cosigner"), test::ed25519_key("log", "log")},
             life},
            1);
        ASSERT_TRUE(replica);
        replica_ = std::move(*replica);
        replica_->start(now_ms);
        gather();
        hear(rpc::Memory{life, {}, {}, {}});
    }
    // Its journal takes so many turns more; then the machine dies at the next.
    void let_write(int turns) { turns_left_ = turns; }

    void hear(rpc::PeerBody body) {
        replica_->receive(leader, {network_, 1, leader, 1, std::move(body)}, now_ms);
        gather();
        while (replica_->has_work()) {
            replica_->work();
            gather();
        }
    }

    // The leader hands over what it has not yet, and says that all of it is sealed.
    void hear_append(std::vector<rpc::Seal> seals) {
        raft::Append append;
        append.previous = sent_.id;
        append.previous_chain = sent_.chain;
        append.sealed = last_.id.index;
        append.certificate = certificate_;
        append.entries = std::exchange(entries_, {});
        sent_ = last_;
        hear(rpc::RaftMessage{append, std::move(seals)});
    }

    // What it has not handed over yet, for another to do so.
    std::vector<raft::Entry> take_entries() { return std::exchange(entries_, {}); }

    // Until it hears no leader, and asks the others.
    void wait_in_silence() {
        const std::uint32_t ticks = replica_->core().settings().election_ticks + 1;
        for (std::uint32_t tick = 0; tick < ticks; ++tick) {
            replica_->tick(now_ms);
            gather();
        }
    }

    // The leader's next block; its note by a quorum of the others.
    std::string add_block(ledger::TimeMs time) {
        auto payload = std::make_shared<const Bytes>(registry::BlockWriter(time).finish());
        auto applied = registry::apply_block(state_, store_, *payload);
        EXPECT_TRUE(applied);
        state_ = applied->after;
        entries_.push_back(entry(raft::EntryKind::block, std::move(payload)));
        return seal_of(state_);
    }

    raft::Index last_taken() const { return replica_->status().last.index; }

    template <typename Body>
    std::vector<Body> heard_by(raft::NodeId node) const {
        std::vector<Body> bodies;
        for (const rpc::PeerEnvelope& envelope : said_) {
            const auto* const body = std::get_if<Body>(&envelope.message.body);
            if (envelope.to == node && body != nullptr) bodies.push_back(*body);
        }
        return bodies;
    }
    std::vector<raft::Refusal::Reason> refusals() const {
        std::vector<raft::Refusal::Reason> reasons;
        for (const rpc::RaftMessage& message : heard_by<rpc::RaftMessage>(leader)) {
            const auto* const refusal = std::get_if<raft::Refusal>(&message.body);
            if (refusal != nullptr) reasons.push_back(refusal->reason);
        }
        return reasons;
    }

    void gather() {
        ReplicaEffects effects = replica_->take_effects();
        std::ranges::move(effects.send, std::back_inserter(said_));
        const bool is_dying = turns_left_ == 0;
        if (effects.turn && !is_dying) {
            if (turns_left_) --*turns_left_;
            ASSERT_TRUE(journal_->write(effects.turn->turn));
            replica_->journal_done(effects.turn->number, now_ms);
            gather();
        }
        if (!effects.store || (is_dying && !is_store_faster_)) return;
        ASSERT_TRUE(store_.write(*effects.store));
        if (is_dying) return;
        replica_->store_done(effects.store->block->after.height, now_ms);
        gather();
    }

    std::unique_ptr<Replica> replica_;
    std::vector<rpc::PeerEnvelope> said_;
    bool is_store_faster_ = false;  // What dies at a turn has stored the block beside it.

private:
    static constexpr std::uint64_t life = 7;
    static constexpr storage::Journal::Options options{64UL * 1024, 1024UL * 1024};

    std::string seal_of(const registry::State& state) const {
        const std::string text = note::checkpoint_text({genesis_.origin, state.head()});
        note::SignedNote note{text, {}};
        for (const std::string slug : {"uni-b", "uni-c"}) {
            note.signatures.push_back(note::cosign(text,
                                                   genesis_.origin + "/" + slug,
                                                   now_ms / 1'000,
                                                   test::ed25519_key(slug, "cosigner")));
        }
        return note::to_text(note);
    }

    raft::Entry no_op() {
        sent_ = last_;
        certificate_.ballot = {network_, 1, 1, leader, last_.id, last_.chain};
        certificate_.votes = {{leader, {}}, {3, {}}};
        return entry(raft::EntryKind::no_op,
                     std::make_shared<const Bytes>(raft::encode_certificate(certificate_)));
    }

    raft::Entry entry(raft::EntryKind kind, std::shared_ptr<const Bytes> payload) {
        raft::Entry entry;
        entry.id = {1, last_.id.index + 1};
        entry.kind = kind;
        entry.chain = raft::chain_hash(last_.chain, entry.id, kind, *payload);
        entry.payload = std::move(payload);
        last_.id = entry.id;
        last_.chain = entry.chain;
        return entry;
    }

    ledger::Genesis genesis_ = test::test_genesis(3);
    Hash network_ = ledger::network_id(genesis_);
    storage::JournalIdentity identity_{network_, 1, 1};
    test::MemoryDisk disk_;
    std::optional<storage::Journal> journal_;
    std::optional<int> turns_left_;
    storage::MemoryLedgerStore store_{genesis_};
    registry::State state_ = registry::initial_state(genesis_);  // Of the leader.
    raft::Certificate certificate_;
    std::vector<raft::Entry> entries_;  // Not handed over yet.
    raft::Base last_;                   // Where the leader's journal ends.
    raft::Base sent_;
};

TEST_F(FollowerOfThree, ASealVouchesForOneBlockWhateverPlaceItIsSaidToHave) {
    const std::string first = add_block(now_ms);
    add_block(now_ms + 1);
    add_block(now_ms + 2);
    hear_append({{4, first}});
    EXPECT_EQ(last_taken(), 3U);  // The third block wants the second one's seal.
    EXPECT_EQ(refusals(), std::vector{raft::Refusal::Reason::unsealed});
}

TEST_F(FollowerOfThree, AnotherBlocksSealLetsNoBlockInFromTheFuture) {
    const std::string first = add_block(now_ms);
    add_block(now_ms + 60'000);
    hear_append({{3, first}});
    EXPECT_EQ(last_taken(), 2U);
    EXPECT_EQ(refusals(), std::vector{raft::Refusal::Reason::clock});
}

TEST_F(FollowerOfThree, SealsOfTwoSizesVouchForTwoBlocks) {
    const std::string first = add_block(now_ms);
    const std::string second = add_block(now_ms + 60'000);
    add_block(now_ms + 60'000);
    hear_append({{9, second}, {9, first}, {9, first}});
    EXPECT_EQ(last_taken(), 3U);
}

TEST_F(FollowerOfThree, APendingBlockIsVouchedForByItsOwnSealAlone) {
    const std::string first = add_block(now_ms);
    hear_append({});
    ASSERT_EQ(last_taken(), 2U);
    const std::string second = add_block(now_ms + 1);
    hear_append({{2, second}});
    EXPECT_EQ(last_taken(), 2U);

    hear(rpc::Seal{5, first});
    EXPECT_EQ(replica_->status().sealed, 2U);
}

TEST_F(FollowerOfThree, TakesSealedBlocksOfAnybodyWhileItHearsNoLeader) {
    hear_append({});
    const std::string first = add_block(now_ms);
    const std::string second = add_block(now_ms + 1);
    add_block(now_ms + 2);  // Not sealed: not taken either.
    rpc::JournalEntries answer;
    answer.after = 1;
    answer.entries = take_entries();
    answer.seals = {{2, first}, {3, second}};
    hear(answer);
    EXPECT_EQ(last_taken(), 1U);  // It hears its leader still.

    hear(rpc::RaftMessage{raft::Ack{.index = 3, .chain = {}, .claim = {}, .sealed = 3}, {}});
    wait_in_silence();
    EXPECT_EQ(heard_by<rpc::JournalRequest>(leader).back().after, 0U);
    hear(answer);
    EXPECT_EQ(last_taken(), 3U);
    EXPECT_EQ(replica_->status().sealed, 3U);
    EXPECT_EQ(replica_->status().cosigned, 0U);

    said_.clear();
    wait_in_silence();
    EXPECT_TRUE(heard_by<rpc::JournalRequest>(leader).empty());  // Nobody shows more.
}

TEST_F(FollowerOfThree, OthersBlocksUnderGoodSealsAreNotTakenForSealed) {
    hear_append({});
    const std::string first = add_block(now_ms);
    rpc::JournalEntries answer;
    answer.after = 1;
    answer.entries = take_entries();
    answer.seals = {{2, first}};
    raft::Entry& forged = answer.entries.front();
    forged.payload = std::make_shared<const Bytes>(registry::BlockWriter(now_ms + 5).finish());
    forged.chain = raft::chain_hash(
        replica_->core().journal().last_chain(), forged.id, forged.kind, *forged.payload);
    wait_in_silence();
    hear(answer);
    EXPECT_EQ(last_taken(), 2U);  // In the journal, as any block that a leader lies about;
    EXPECT_EQ(replica_->status().sealed, 0U);  // the seal is not over its head.
}

TEST_F(FollowerOfThree, TheSealThatLetABlockInOutlivesACrash) {
    const std::string first = add_block(now_ms);
    add_block(now_ms + 1);
    let_write(1);
    hear_append({{2, first}});
    ASSERT_EQ(last_taken(), 3U);
    ASSERT_EQ(replica_->status().sealed, 0U);

    boot();  // Nobody says the seal again.
    EXPECT_EQ(last_taken(), 3U);
    EXPECT_EQ(replica_->status().sealed, 2U);
}

TEST_F(FollowerOfThree, ASealThatOnlyTheDatabaseGotIsThereForOthers) {
    const std::string first = add_block(now_ms);
    let_write(1);
    is_store_faster_ = true;
    hear_append({{2, first}});
    boot();
    EXPECT_EQ(replica_->status().sealed, 2U);
    const std::string second = add_block(now_ms + 1);
    hear_append({{3, second}});
    EXPECT_EQ(replica_->status().sealed, 3U);
    for (int lives = 0; lives < 2; ++lives) {
        said_.clear();
        hear(rpc::JournalRequest{1, *replica_->core().journal().chain_at(1)});
        const auto answers = heard_by<rpc::JournalEntries>(leader);
        ASSERT_EQ(answers.size(), 1U);
        ASSERT_EQ(answers.front().seals.size(), 2U);
        EXPECT_EQ(answers.front().seals.front().index, 2U);
        EXPECT_EQ(answers.front().seals.back().index, 3U);
        is_store_faster_ = false;
        boot();
    }
}

TEST_F(FollowerOfThree, HandsOverTheSealOfTheEmptyLogAgainAndAgain) {
    said_.clear();
    for (int ticks = 0; ticks < 5; ++ticks) {
        replica_->tick(now_ms);
        gather();
    }
    for (const raft::NodeId other : {2U, 3U}) {
        const auto seals = heard_by<rpc::Seal>(other);
        ASSERT_EQ(seals.size(), 1U);
        EXPECT_EQ(seals.front().index, 0U);
        EXPECT_TRUE(verify_seal(seals.front().checkpoint, *replica_->state().members));
    }
}

TEST(SealShelf, GivesEachToTheJournalOnce) {
    SealShelf shelf({});
    const auto expect = [&shelf](std::uint64_t size, bool is_written) {
        VerifiedSeal seal;
        seal.checkpoint = "of " + std::to_string(size);
        seal.parsed.checkpoint.head.size = size;
        shelf.expect(seal, is_written);
    };
    expect(3, false);
    expect(4, true);  // The journal gave it.
    expect(5, false);
    EXPECT_EQ(shelf.take_unwritten(3), (std::vector<storage::ExpectedSeal>{{5, "of 5"}}));
    EXPECT_EQ(shelf.take_unwritten(0), (std::vector<storage::ExpectedSeal>{{3, "of 3"}}));
    expect(5, false);
    EXPECT_TRUE(shelf.take_unwritten(0).empty());
}

TEST(SealShelf, KeepsTheSmallestOfMoreThanItHolds) {
    SealShelf shelf({});
    const auto expect = [&shelf](std::uint64_t size) {
        VerifiedSeal seal;
        seal.parsed.checkpoint.head.size = size;
        shelf.expect(seal);
    };
    for (std::uint64_t size = 2; size <= rpc::peer_entries_max + 2; ++size)
        expect(size);
    expect(1);
    EXPECT_NE(shelf.expected_of_size(1), nullptr);
    EXPECT_EQ(shelf.expected_beyond(0), rpc::peer_entries_max);
    EXPECT_EQ(shelf.expected_of_size(rpc::peer_entries_max + 1), nullptr);
}

}  // namespace
}  // namespace chancery::node

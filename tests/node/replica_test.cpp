#include "node/replica.h"

#include <gtest/gtest.h>

#include "node/proofs.h"
#include "tests/support/act_drafts.h"
#include "tests/support/replica_world.h"

namespace chancery::node {
namespace {

using test::ReplicaWorld;

// A batch of `count` credentials numbered from `first`, under the nonce `nonce`.
Bytes credentials(const ReplicaWorld& world,
                  std::uint64_t nonce,
                  std::uint64_t first,
                  std::uint64_t count) {
    std::vector<Hash> commitments;
    for (std::uint64_t i = 0; i < count; ++i)
        commitments.push_back(test::commitment_of(first + i));
    registry::BatchDraft draft;
    draft.member = 1;
    draft.key_number = 1;
    draft.nonce = test::nonce_of(nonce);
    draft.expires = world.now_ms + 3'600'000;
    return *registry::make_bulk(draft,
                                test::credential_bodies(commitments),
                                world.network_id(),
                                test::member_key("uni-a", "issuer"),
                                Hash{});
}

merkle::TreeHead head_of(const std::string& checkpoint) {
    const auto parsed = note::parse_checkpoint(checkpoint);
    EXPECT_TRUE(parsed) << checkpoint;
    return parsed ? parsed->checkpoint.head : merkle::TreeHead{};
}

TEST(Replica, ElectsItselfAndSealsTheEmptyLog) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    ASSERT_FALSE(world.shown().empty());
    EXPECT_EQ(head_of(world.shown().front()), (merkle::TreeHead{0, merkle::empty_root()}));
    EXPECT_EQ(world.replica().status().role, raft::Role::leader);
    EXPECT_EQ(world.replica().status().term, 1U);
}

TEST(Replica, SealsABatchAndSaysWhere) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    world.submit(1, credentials(world, 1, 0, 3));
    world.run();
    ASSERT_TRUE(world.answers.contains(1));
    const TicketAnswer& answer = world.answers[1];
    ASSERT_TRUE(answer.record);
    EXPECT_EQ(answer.record->first, 0U);
    EXPECT_EQ(answer.record->count, 3U);
    EXPECT_EQ(answer.sealed_size, 5U);  // Header, three credentials, state.
    EXPECT_FALSE(answer.is_repeat);
    EXPECT_EQ(head_of(world.shown().back()).size, 5U);
}

TEST(Replica, SealsAnActAndSaysWhere) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    const Hash& network = world.replica().state().members->network;
    const Bytes act = test::signed_act(
        test::act_of(1, 1, test::new_issuer_key(network, 1, test::member_key("new", "issuer"), 1)),
        network);
    world.submit(1, act);
    world.submit(2, act);
    world.run();
    ASSERT_TRUE(world.answers.contains(1) && world.answers.contains(2));
    const TicketAnswer& answer = world.answers[1];
    ASSERT_TRUE(answer.act) << (answer.refusal ? answer.refusal->detail : "");
    EXPECT_EQ(answer.act->position, 0U);
    EXPECT_FALSE(answer.is_repeat);
    EXPECT_TRUE(world.answers[2].is_repeat);
    EXPECT_EQ(world.answers[2].act, answer.act);
    EXPECT_EQ(world.replica().state().members->find(1)->keys.size(), 5U);
    world.submit(3, act);
    world.submit(4, test::signed_act(test::act_of(1, 3, ledger::EndKey{}), network));
    world.run();
    EXPECT_TRUE(world.answers[3].is_repeat);
    ASSERT_TRUE(world.answers[4].refusal);
}

TEST(Replica, AnswersOnlyWhatIsSealedStoredAndShown) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    world.submit(1, credentials(world, 1, 0, 3));
    const std::size_t shown = world.shown().size();
    while (world.shown().size() == shown) {
        EXPECT_TRUE(world.answers.empty());
        ASSERT_TRUE(world.step());
    }
    EXPECT_TRUE(world.answers.contains(1));
    EXPECT_TRUE(*world.store().find_batch(1, test::nonce_of(1)));
}

TEST(Replica, RefusesABadSignatureAndLeavesNoTrace) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    Bytes bulk = credentials(world, 1, 0, 3);
    bulk[registry::bulk_header_bytes - 1] ^= 1;
    world.submit(1, bulk);
    world.run();
    ASSERT_TRUE(world.answers.contains(1));
    ASSERT_TRUE(world.answers[1].refusal);
    EXPECT_EQ(world.answers[1].refusal->code, Errc::forbidden);
    EXPECT_EQ(head_of(world.shown().back()).size, 0U);
}

TEST(Replica, ARepeatedBatchGetsTheFirstPositions) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    const Bytes bulk = credentials(world, 1, 0, 3);
    world.submit(1, bulk);
    world.submit(2, bulk);  // While the first is under way.
    world.run();
    world.submit(3, bulk);  // Once it is on the ledger.
    world.run();
    for (const Ticket ticket : {Ticket{2}, Ticket{3}}) {
        ASSERT_TRUE(world.answers.contains(ticket));
        EXPECT_TRUE(world.answers[ticket].is_repeat);
        ASSERT_TRUE(world.answers[ticket].record);
        EXPECT_EQ(*world.answers[ticket].record, *world.answers[1].record);
    }
    EXPECT_EQ(head_of(world.shown().back()).size, 5U);
}

TEST(Replica, PoolsWhatComesWhileABlockIsUnsealed) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    for (Ticket ticket = 1; ticket <= 10; ++ticket) {
        world.submit(ticket, credentials(world, ticket, ticket * 10, 2));
    }
    world.run();
    for (Ticket ticket = 1; ticket <= 10; ++ticket) {
        ASSERT_TRUE(world.answers[ticket].record) << ticket;
        EXPECT_EQ(world.answers[ticket].record->height, ticket == 1 ? 1U : 2U);
    }
}

TEST(Replica, RefusesWhatThePoolCannotHold) {
    Replica::Settings settings;
    settings.pool_bytes_max = 500;
    ReplicaWorld world(settings);
    world.boot();
    world.settle();
    world.submit(1, credentials(world, 1, 0, 3));
    for (Ticket ticket = 2; ticket <= 5; ++ticket) {
        world.submit(ticket, credentials(world, ticket, ticket * 10, 3));
    }
    ASSERT_TRUE(world.answers.contains(5));
    EXPECT_EQ(world.answers[5].refusal->code, Errc::unavailable);
    world.run();
    EXPECT_TRUE(world.answers[1].record);
    world.submit(6, credentials(world, 6, 90, 3));
    world.run();
    EXPECT_TRUE(world.answers[6].record);
}

TEST(Replica, TakesNoWritesWhileTheDiskIsNearlyFull) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    world.replica().disk_low(true);
    world.submit(1, credentials(world, 1, 0, 3));
    ASSERT_TRUE(world.answers[1].refusal);
    EXPECT_EQ(*world.answers[1].refusal, (Error{Errc::unavailable, "the disk is nearly full"}));
    world.replica().disk_low(false);
    world.submit(2, credentials(world, 1, 0, 3));
    world.run();
    EXPECT_TRUE(world.answers[2].record);
}

TEST(Replica, RefreshesTheSealWhileIdle) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    const std::size_t shown = world.shown().size();
    world.tick(31'000);
    world.run();
    ASSERT_GT(world.shown().size(), shown);
    EXPECT_EQ(head_of(world.shown()[shown]), head_of(world.shown()[shown - 1]));
    EXPECT_NE(world.shown()[shown], world.shown()[shown - 1]);
}

TEST(Replica, ProposesAnEmptyBlockWhenTheNewestIsAnHourOld) {
    ReplicaWorld world;
    world.boot();
    world.settle();
    world.submit(1, credentials(world, 1, 0, 1));
    world.run();
    const std::uint64_t size = head_of(world.shown().back()).size;
    world.tick(3'600'000);
    world.run();
    EXPECT_EQ(head_of(world.shown().back()).size, size + 1);
}

// Submits batches, dies after `steps` pieces of work, starts again and finishes.
void live_twice(std::uint64_t steps, std::uint64_t seed) {
    SCOPED_TRACE("dies after " + std::to_string(steps) + " steps, seed " + std::to_string(seed));
    ReplicaWorld world;
    world.boot();
    std::map<std::uint64_t, Bytes> bulks;
    std::uint64_t submitted = 0;
    for (int ticks = 0; ticks < 200 && world.steps() < steps; ++ticks) {
        world.tick(100);
        if (world.replica().why_no_writes().empty() && submitted < 4) {
            ++submitted;
            bulks[submitted] = credentials(world, submitted, submitted * 10, submitted);
            world.submit(submitted, bulks[submitted]);
        }
        while (world.steps() < steps && world.step()) {
        }
    }
    const auto acknowledged = world.answers;
    if (seed % 2 == 0) {
        EXPECT_TRUE(world.store().flush());
    }
    world.crash(seed);
    world.boot();
    world.settle();
    world.answers.clear();
    for (const auto& [nonce, bulk] : bulks)
        world.submit(100 + nonce, bulk);
    world.run();
    EXPECT_FALSE(world.halted) << world.halted->detail;

    for (const auto& [ticket, answer] : acknowledged) {
        ASSERT_TRUE(answer.record);
        ASSERT_TRUE(world.answers[100 + ticket].record);
        EXPECT_EQ(*world.answers[100 + ticket].record, *answer.record);
    }
    // Power loss may take the newest seals, never what they sealed: it is sealed again, and the
    // same. Within one life sizes never fall.
    std::map<std::uint64_t, Hash> roots;
    std::uint64_t largest = 0;
    std::uint64_t newest = 0;
    for (std::size_t i = 0; i < world.shown().size(); ++i) {
        const merkle::TreeHead head = head_of(world.shown()[i]);
        if (i != world.shown_before_boot()) {
            EXPECT_GE(head.size, newest);
        }
        newest = head.size;
        largest = std::max(largest, head.size);
        EXPECT_EQ(roots.emplace(head.size, head.root).first->second, head.root);
    }
    EXPECT_EQ(newest, largest);
    merkle::Frontier whole;
    for (std::uint64_t position = 0; position < largest; ++position) {
        whole.append(merkle::leaf_hash(*world.store().entry(position)));
        const auto shown = roots.find(position + 1);
        if (shown == roots.end()) continue;
        EXPECT_EQ(whole.root(), shown->second) << position + 1;
    }
}

TEST(Replica, LosesNothingAcknowledgedWhereverItDies) {
    for (std::uint64_t steps = 0; steps <= 24; ++steps) {
        for (const std::uint64_t seed : {1U, 2U, 3U, 4U})
            live_twice(steps, seed * 31 + steps);
    }
}

}  // namespace
}  // namespace chancery::node

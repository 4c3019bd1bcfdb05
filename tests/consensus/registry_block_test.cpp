// What blocks do as a whole: their bytes, their order, their limits and what they remember. Long,
// for all of it builds upon one ledger and its drafts.
#include <random>

#include <gtest/gtest.h>

#include "crypto/ledger/publication.h"
#include "tests/support/memory_ledger_view.h"
#include "tests/support/registry_drafts.h"
#include "tests/support/test_network.h"

namespace chancery::registry {
namespace {

using ledger::CredentialStatus;
using ledger::Kind;
using ledger::no_position;
using test::commitment_of;
using test::credential_bodies;
using test::day;
using test::draft;
using test::nonce_of;
using test::start;
using OutcomeKind = BlockBuilder::Outcome::Kind;

TEST(Block, WhatTheWriterWritesIsRead) {
    const Bytes first{1, 2, 3};
    const Bytes second;
    BlockWriter writer(start);
    writer.add(ItemType::batch, first);
    writer.add(ItemType::act, second);
    EXPECT_EQ(writer.item_count(), 2U);
    EXPECT_EQ(writer.byte_count(), 13U + 5 + 3 + 5);

    const Bytes bytes = writer.finish();
    const auto block = parse_block(bytes);

    ASSERT_TRUE(block) << block.error().detail;
    EXPECT_EQ(block->time, start);
    ASSERT_EQ(block->items.size(), 2U);
    EXPECT_EQ(block->items[0].type, ItemType::batch);
    EXPECT_TRUE(equal(block->items[0].bytes, first));
    EXPECT_EQ(block->items[1].type, ItemType::act);
    EXPECT_TRUE(block->items[1].bytes.empty());
}

TEST(Block, EveryOtherBytesAreRefused) {
    BlockWriter writer(start);
    writer.add(ItemType::batch, Bytes{1, 2, 3});
    const Bytes bytes = writer.finish();
    for (std::size_t length = 0; length < bytes.size(); ++length)
        EXPECT_FALSE(parse_block(ByteView(bytes).first(length))) << length;
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(parse_block(longer));
    Bytes format = bytes;
    format[0] = 2;
    EXPECT_EQ(parse_block(format).error().detail, "block format 2, want 1");
    for (const int type : {0, 3, 255}) {
        Bytes other = bytes;
        other[13] = static_cast<std::uint8_t>(type);
        EXPECT_FALSE(parse_block(other)) << type;
    }
    Bytes many = bytes;
    many[9] = 0xFF;
    EXPECT_EQ(parse_block(many).error().code, Errc::invalid);
}

class RegistryBlock : public testing::Test {
protected:
    RegistryBlock() : state_(initial_state(test::test_genesis(4))) {}

    Bytes make(const BatchDraft& draft, const std::vector<Bytes>& bodies) const {
        const auto bulk = make_bulk(draft,
                                    bodies,
                                    state_.members->network,
                                    test::member_key(test::slug_of(draft.member), "issuer"),
                                    Hash{});
        EXPECT_TRUE(bulk) << bulk.error().detail;
        return *bulk;
    }

    Bytes credentials(const BatchDraft& draft, std::uint64_t from, std::uint64_t count) const {
        std::vector<Hash> commitments;
        for (std::uint64_t i = from; i < from + count; ++i)
            commitments.push_back(commitment_of(i));
        return make(draft, credential_bodies(commitments));
    }

    BlockBuilder::Outcome add(BlockBuilder& builder, const Bytes& bulk) {
        auto outcome = builder.add_batch(bulk);
        EXPECT_TRUE(outcome);
        return *outcome;
    }

    AppliedBlock store(AppliedBlock block) {
        ledger_.add(block);
        state_ = block.after;
        return block;
    }

    AppliedBlock commit(const std::vector<Bytes>& bulks, ledger::TimeMs time = start) {
        BlockBuilder builder(state_, ledger_, time);
        for (const Bytes& bulk : bulks)
            EXPECT_EQ(add(builder, bulk).kind, OutcomeKind::accepted);
        return store(builder.finish());
    }

    ledger::StateEntry last_state() const {
        return std::get<ledger::StateEntry>(*ledger::decode(ledger_.entries().back()));
    }

    test::MemoryLedgerView ledger_;
    State state_;
};

TEST_F(RegistryBlock, AnEmptyBlockIsItsStateEntry) {
    const AppliedBlock block = commit({});
    EXPECT_EQ(block.entries.count(), 1U);
    const auto entry = last_state();
    EXPECT_EQ(entry.height, 1U);
    EXPECT_EQ(entry.time, start);
    EXPECT_EQ(entry.size, 0U);
    EXPECT_EQ(entry.status_root, merkle::empty_root());
    EXPECT_EQ(entry.members_hash, ledger::members_hash(*state_.members));
}

TEST_F(RegistryBlock, TimeNeverFalls) {
    commit({});
    commit({}, start - 1);
    EXPECT_EQ(last_state().time, start);
    commit({}, start + 1);
    EXPECT_EQ(last_state().time, start + 1);
}

TEST_F(RegistryBlock, WhatDoesNotParseIsAnEmptyBlockOfTheSameTime) {
    commit({});
    BlockWriter writer(start + 5'000);
    writer.add(ItemType::batch, credentials(draft(1, 1), 0, 3));
    Bytes bytes = writer.finish();
    bytes.push_back(0);
    const auto block = apply_block(state_, ledger_, bytes);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->entries.count(), 1U);
    EXPECT_EQ(block->after.time, start);
    EXPECT_EQ(block->after.height, 2U);
}

TEST_F(RegistryBlock, AnyBytesHaveOneOutcome) {
    commit({credentials(draft(1, 1), 0, 3)});
    std::mt19937_64 random(20261);
    for (int round = 0; round < 2'000; ++round) {
        BlockWriter writer(start + random() % 2'000);
        writer.add(ItemType::batch, credentials(draft(2, 2), 0, 2));
        Bytes bytes = writer.finish();
        if (round % 2 == 0) {
            bytes.resize(random() % 300);
            for (auto& byte : bytes)
                byte = static_cast<std::uint8_t>(random());
        } else {
            bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << random() % 8);
        }
        const auto once = apply_block(state_, ledger_, bytes);
        const auto again = apply_block(state_, ledger_, bytes);
        ASSERT_TRUE(once && again);
        ASSERT_EQ(once->entries.bytes, again->entries.bytes);
        ASSERT_EQ(once->after.head().size, 5 + once->entries.count());
        ASSERT_GE(once->after.time, start);
    }
}

TEST_F(RegistryBlock, AnchorsNameTheEndsOfEarlierBlocks) {
    commit({credentials(draft(1, 1), 0, 3)});
    const merkle::TreeHead older = state_.head();
    commit({credentials(draft(1, 2), 3, 9)});
    std::vector<Bytes> bodies;
    for (const merkle::TreeHead& head : {state_.head(), older, older}) {
        ledger::AnchorEntry anchor;
        anchor.size = head.size;
        anchor.root = head.root;
        anchor.chain = bodies.size() == 2 ? "eip155:1" : "eip155:11155111";
        anchor.transaction = commitment_of(bodies.size());
        bodies.push_back(ledger::body_of(anchor));
    }
    const Bytes bulk = test::sign_anything(draft(1, 3, Kind::anchor),
                                           bodies,
                                           state_.members->network,
                                           test::member_key(test::slug_of(1), "issuer"));

    const AppliedBlock block = commit({bulk}, start + 1);

    ASSERT_EQ(block.entries.count(), 5U);
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        const auto entry = ledger::decode(block.entries.entry(1 + i));
        ASSERT_TRUE(entry);
        const auto& anchor = std::get<ledger::AnchorEntry>(*entry);
        EXPECT_EQ(anchor.member, 1U);
        EXPECT_EQ(anchor.time, start + 1);
        EXPECT_EQ(ledger::body_of(*entry), bodies[i]);  // In the order of submission.
    }
    EXPECT_TRUE(block.contents.empty() && block.publications.empty() && block.statuses.empty());
}

TEST_F(RegistryBlock, RefusedItemsAmongOthersLeaveTheOthersStanding) {
    BlockWriter writer(start);
    writer.add(ItemType::batch, credentials(draft(1, 1), 0, 2));
    writer.add(ItemType::batch, Bytes{1, 2, 3});
    writer.add(ItemType::act, Bytes(70));
    writer.add(ItemType::batch, credentials(draft(2, 1), 0, 2));
    const Bytes bytes = writer.finish();
    const auto block = apply_block(state_, ledger_, bytes);
    ASSERT_TRUE(block);
    EXPECT_EQ(block->entries.count(), 7U);
    ASSERT_EQ(block->batches.size(), 2U);
    EXPECT_EQ(block->batches[1].first, 3U);
    EXPECT_EQ(block->batches[1].member, 2U);
}

TEST_F(RegistryBlock, TheSameBatchAgainIsAnsweredWithTheFirstPositions) {
    const Bytes bulk = credentials(draft(1, 1), 0, 2);
    BlockBuilder builder(state_, ledger_, start);
    const auto first = add(builder, bulk);
    const auto again = add(builder, bulk);
    EXPECT_EQ(first.kind, OutcomeKind::accepted);
    EXPECT_EQ(again.kind, OutcomeKind::repeated);
    EXPECT_EQ(again.record, first.record);
    store(builder.finish());

    BlockBuilder next(state_, ledger_, start + day);  // Remembered to the last millisecond.
    const auto later = add(next, bulk);
    EXPECT_EQ(later.kind, OutcomeKind::repeated);
    EXPECT_EQ(later.record, first.record);
    EXPECT_TRUE(next.is_empty());
    EXPECT_EQ(store(next.finish()).entries.count(), 1U);
}

TEST_F(RegistryBlock, ARepeatIsKnownByItsSignedHashWhateverTheKeyIsNow) {
    const Bytes bulk = credentials(draft(1, 1), 0, 2);
    commit({bulk});
    ledger::Members members = *state_.members;
    for (auto& key : members.members[0].keys)
        key.in_force.until = 1;
    state_.members = std::make_shared<const ledger::Members>(members);
    BlockBuilder builder(state_, ledger_, start);
    EXPECT_EQ(add(builder, bulk).kind, OutcomeKind::repeated);
}

TEST_F(RegistryBlock, ANonceWithAnotherBatchConflictsUntilTheFirstOneExpires) {
    BatchDraft first = draft(1, 1);
    first.expires = start + 1'000;
    commit({credentials(first, 0, 1)});
    const Bytes other = credentials(draft(1, 1), 5, 1);
    BlockBuilder early(state_, ledger_, start + 1'000);
    EXPECT_EQ(add(early, other).refusal->code, Errc::conflict);
    BlockBuilder late(state_, ledger_, start + 1'001);
    EXPECT_EQ(add(late, other).kind, OutcomeKind::accepted);
}

TEST_F(RegistryBlock, ANonceConflictsWithinOneBlock) {
    BlockBuilder builder(state_, ledger_, start);
    EXPECT_EQ(add(builder, credentials(draft(1, 1), 0, 1)).kind, OutcomeKind::accepted);
    EXPECT_EQ(add(builder, credentials(draft(1, 1), 1, 1)).refusal->code, Errc::conflict);
    EXPECT_EQ(add(builder, credentials(draft(2, 1), 1, 1)).kind, OutcomeKind::accepted);
}

TEST_F(RegistryBlock, ACommitmentIsUniquePerMember) {
    BlockBuilder builder(state_, ledger_, start);
    EXPECT_EQ(add(builder, credentials(draft(1, 1), 0, 200)).kind, OutcomeKind::accepted);
    EXPECT_EQ(add(builder, credentials(draft(2, 1), 0, 200)).kind, OutcomeKind::accepted);
    const auto refused = add(builder, credentials(draft(1, 2), 199, 2));
    EXPECT_EQ(refused.refusal->code, Errc::conflict);
    store(builder.finish());
    EXPECT_EQ(ledger_.entries().size(), 403U);
    BlockBuilder next(state_, ledger_, start);
    EXPECT_EQ(add(next, credentials(draft(1, 2), 199, 2)).refusal->code, Errc::conflict);
    EXPECT_EQ(add(next, credentials(draft(3, 2), 199, 2)).kind, OutcomeKind::accepted);
}

TEST_F(RegistryBlock, LaterBatchesSeeWhatEarlierOnesOfTheBlockDid) {
    const std::vector<Bytes> bodies = credential_bodies({commitment_of(1), commitment_of(2)});
    const auto change =
        [&](ledger::Position position, ledger::Position previous, CredentialStatus status) {
            ledger::StatusEntry entry;
            entry.position = position;
            std::ranges::copy(bodies[position - 1], entry.commitment.begin());
            entry.previous = previous;
            entry.status = status;
            return ledger::body_of(entry);
        };
    BlockBuilder builder(state_, ledger_, start);
    const auto kind = [&](std::uint64_t nonce, const Bytes& body) {
        return add(builder, make(draft(1, nonce, Kind::status), {body})).kind;
    };
    EXPECT_EQ(kind(9, change(1, no_position, CredentialStatus::revoked)), OutcomeKind::refused);
    EXPECT_EQ(add(builder, make(draft(1, 1), bodies)).kind, OutcomeKind::accepted);
    // 0 batch, 1 and 2 credentials, 3 batch, 4 change, 5 batch, 6 change, …
    EXPECT_EQ(kind(2, change(1, no_position, CredentialStatus::suspended)), OutcomeKind::accepted);
    EXPECT_EQ(kind(3, change(1, no_position, CredentialStatus::revoked)), OutcomeKind::refused);
    EXPECT_EQ(kind(4, change(1, 4, CredentialStatus::good)), OutcomeKind::accepted);
    EXPECT_EQ(kind(5, change(1, 6, CredentialStatus::revoked)), OutcomeKind::accepted);
    EXPECT_EQ(kind(6, change(1, 8, CredentialStatus::good)), OutcomeKind::refused);
    const AppliedBlock block = store(builder.finish());
    EXPECT_EQ(block.statuses.size(), 3U);
    EXPECT_EQ(state_.status.status(1), 2U);
    merkle::StatusTree want;
    const std::vector<merkle::StatusTree::Change> changes{{.position = 1, .status = 2}};
    want.set(changes);
    EXPECT_EQ(last_state().status_root, want.root(9));
}

TEST_F(RegistryBlock, PublicationsAreGatheredByContent) {
    ledger::PublicationEntry publication;
    publication.content_hash = commitment_of(1);
    publication.url = "https://uni-a.example/skills";
    const Bytes body = ledger::body_of(publication);
    publication.type = ledger::PublicationType::pathway;
    publication.content_hash = commitment_of(0);
    const Bytes other = ledger::body_of(publication);
    const AppliedBlock block = commit({make(draft(1, 1, Kind::publication), {body, other, body})});
    const std::vector<Hash> want{commitment_of(1), commitment_of(0), commitment_of(1)};
    EXPECT_EQ(block.contents, want);
    EXPECT_EQ(block.entries.count(), 5U);
    publication.member = 1;
    publication.time = start;
    EXPECT_EQ(ledger_.entries()[2], ledger::encode(publication));
    ASSERT_EQ(block.publications.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        const registry::NewPublication& each = block.publications[i];
        EXPECT_EQ(each.entry, i + 1);
        EXPECT_EQ(each.member, 1U);
        EXPECT_EQ(each.type,
                  i == 1 ? ledger::PublicationType::pathway : ledger::PublicationType::achievement);
        EXPECT_EQ(each.name, ledger::publication_key(publication.url));
    }
}

TEST_F(RegistryBlock, ABlockIsFilledToTheByteAndNoFurther) {
    // 90 for the state entry; batches of 65,536 credentials take 143 + 65,536 · 46 = 3,014,799.
    const Bytes full = credentials(draft(1, 1), 0, 65'536);
    const std::uint64_t left = ledger::block_bytes_max - 90 - 3'014'799 - 143;
    const std::uint64_t fitting = left / 46;
    BlockBuilder builder(state_, ledger_, start);
    EXPECT_EQ(add(builder, full).kind, OutcomeKind::accepted);
    const auto refused = add(builder, credentials(draft(2, 1), 0, fitting + 1));
    EXPECT_EQ(refused.refusal->code, Errc::unavailable);  // Another block has room for it.
    EXPECT_EQ(add(builder, credentials(draft(2, 2), 0, fitting)).kind, OutcomeKind::accepted);

    // What is left is less than a batch with one credential.
    EXPECT_EQ(add(builder, credentials(draft(3, 3), 0, 1)).refusal->code, Errc::unavailable);
    const AppliedBlock block = builder.finish();
    const std::uint64_t bytes = block.entries.bytes.size() - 2 * block.entries.count();
    EXPECT_LE(bytes, ledger::block_bytes_max);
    EXPECT_GT(bytes + 46, ledger::block_bytes_max);
}

TEST_F(RegistryBlock, APublicationMayEndABlockExactlyAtItsLimit) {
    const Bytes full = credentials(draft(1, 1), 0, 65'536);
    const std::uint64_t left = ledger::block_bytes_max - 90 - 3'014'799 - 143;
    const std::uint64_t fixed = 14 + 1 + 32;  // Of a publication, without its URL.
    const std::uint64_t count = left / (fixed + 2'048) + 1;
    const std::uint64_t urls = left - count * fixed;
    std::vector<Bytes> bodies;
    for (std::uint64_t i = 0; i < count; ++i) {
        ledger::PublicationEntry publication;
        publication.url = std::string(urls / count + (i < urls % count ? 1 : 0), 'u');
        bodies.push_back(ledger::body_of(publication));
    }
    std::vector<Bytes> longer = bodies;
    longer.back().push_back('u');

    BlockBuilder builder(state_, ledger_, start);
    EXPECT_EQ(add(builder, full).kind, OutcomeKind::accepted);
    EXPECT_EQ(add(builder, make(draft(2, 1, Kind::publication), longer)).refusal->code,
              Errc::unavailable);
    EXPECT_EQ(add(builder, make(draft(2, 2, Kind::publication), bodies)).kind,
              OutcomeKind::accepted);
    const AppliedBlock block = builder.finish();
    EXPECT_EQ(block.entries.bytes.size() - 2 * block.entries.count(), ledger::block_bytes_max);
}

TEST_F(RegistryBlock, MakeBulkRefusesWhatWouldBeRefused) {
    const Hash network = state_.members->network;
    const auto issuer = test::member_key("uni-a", "issuer");
    EXPECT_FALSE(make_bulk(draft(1, 1), {}, network, issuer, Hash{}));
    EXPECT_FALSE(make_bulk(draft(1, 1), {Bytes(31)}, network, issuer, Hash{}));
    EXPECT_FALSE(make_bulk(draft(1, 1), {Bytes(32), Bytes(32)}, network, issuer, Hash{}));
    EXPECT_FALSE(make_bulk(draft(1, 1, Kind::state), {Bytes(32)}, network, issuer, Hash{}));
    EXPECT_FALSE(make_bulk(draft(1, 1, Kind::publication), {Bytes(70'000)}, network, issuer, {}));
    EXPECT_FALSE(
        make_bulk(draft(1, 1), std::vector<Bytes>(65'537, Bytes(32)), network, issuer, Hash{}));
}

// A disk that cannot answer is no outcome of a block.
class BrokenLedger : public test::MemoryLedgerView {
public:
    Result<std::vector<std::optional<ledger::Position>>> find_commitments(
        ledger::MemberNumber, std::span<const Hash>) const override {
        return Error{Errc::io, "the disk is gone"};
    }
};

TEST_F(RegistryBlock, ADiskThatFailsIsAnErrorAndNoRefusal) {
    BlockWriter writer(start);
    writer.add(ItemType::batch, credentials(draft(1, 1), 0, 1));
    const Bytes bytes = writer.finish();
    const BrokenLedger broken;
    const auto block = apply_block(state_, broken, bytes);
    ASSERT_FALSE(block);
    EXPECT_EQ(block.error().code, Errc::io);
}

}  // namespace
}  // namespace chancery::registry

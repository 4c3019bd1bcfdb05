// PROTOCOL.md, Members and governance: the acts by which members add and end keys of their own.

#include <gtest/gtest.h>

#include "consensus/registry/registry.h"
#include "crypto/json/canonical.h"
#include "tests/support/act_drafts.h"
#include "tests/support/format_vectors.h"
#include "tests/support/memory_ledger_view.h"

namespace chancery::registry {
namespace {

using ledger::EndKey;
using ledger::KeyUse;
using test::act_of;
using test::day;
using test::signed_act;
using test::start;
using Judgement = BlockBuilder::Outcome::Kind;

class RegistryActs : public testing::Test {
protected:
    RegistryActs() : state_(initial_state(test::test_genesis(4))) {}

    const Hash& network() const { return state_.members->network; }

    ledger::AddKey issuer(const std::string& name,
                          std::optional<std::uint32_t> replaces = 1) const {
        return test::new_issuer_key(network(), 1, test::member_key("new", name), replaces);
    }
    ledger::AddKey assertion(const std::string& name,
                             std::optional<std::uint32_t> replaces = std::nullopt) const {
        return test::new_ed25519_key(network(), 1, test::ed25519_key("new", name), replaces);
    }
    Bytes by_first(std::uint64_t sequence,
                   std::variant<ledger::AddKey, EndKey> what,
                   ledger::TimeMs expires = start + day) const {
        return signed_act(act_of(1, sequence, std::move(what), expires), network());
    }
    Bytes batch(std::uint64_t number, std::uint32_t key_number, const keys::MemberKey& key) const {
        BatchDraft draft = test::draft(1, number);
        draft.key_number = key_number;
        return test::sign_anything(
            draft, test::credential_bodies({test::commitment_of(number)}), network(), key);
    }

    // Of one block with all of them, judged in this order.
    AppliedBlock apply(const std::vector<Bytes>& submissions, ledger::TimeMs time = start) {
        BlockBuilder builder(state_, ledger_, time);
        for (const Bytes& submission : submissions) {
            const auto outcome = builder.add(submission);
            EXPECT_TRUE(outcome);
            EXPECT_EQ(outcome->kind, Judgement::accepted)
                << (outcome->refusal ? outcome->refusal->detail : "");
        }
        AppliedBlock applied = builder.finish();
        ledger_.add(applied);
        state_ = applied.after;
        return applied;
    }

    void expect_refused(const Bytes& submission,
                        Errc code,
                        const std::string& reason,
                        ledger::TimeMs time = start) {
        BlockBuilder builder(state_, ledger_, time);
        const auto outcome = builder.add(submission);
        ASSERT_TRUE(outcome);
        ASSERT_EQ(outcome->kind, Judgement::refused) << reason;
        EXPECT_EQ(outcome->refusal->code, code) << outcome->refusal->detail;
        EXPECT_NE(outcome->refusal->detail.find(reason), std::string::npos)
            << outcome->refusal->detail << "\nwant " << reason;
        EXPECT_TRUE(builder.is_empty());
        const AppliedBlock left = builder.finish();
        EXPECT_EQ(left.entries.bytes, BlockBuilder(state_, ledger_, time).finish().entries.bytes);
        EXPECT_EQ(left.after.members, state_.members);
        EXPECT_FALSE(left.members_changed);
    }

    const ledger::KeyRecord& key(KeyUse use, std::uint32_t number) const {
        const ledger::KeyRecord* const found =
            ledger::find_key(*state_.members->find(1), use, number);
        CHECK(found != nullptr);
        return *found;
    }

    test::MemoryLedgerView ledger_;
    State state_;
};

TEST_F(RegistryActs, ANewKeyIsInForceAfterTheStateEntryThatNamesIt) {
    const AppliedBlock block = apply({by_first(1, issuer("second"))});
    ASSERT_EQ(block.entries.count(), 2U);  // The act and the state.
    EXPECT_TRUE(block.members_changed);
    EXPECT_EQ(key(KeyUse::issuer, 1).in_force.until, 2U);
    EXPECT_EQ(key(KeyUse::issuer, 2).in_force.from, 2U);
    EXPECT_EQ(key(KeyUse::issuer, 2).in_force.until, std::nullopt);

    const auto entry = ledger::decode(block.entries.entry(1));
    ASSERT_TRUE(entry);
    EXPECT_EQ(std::get<ledger::StateEntry>(*entry).members_hash,
              ledger::members_hash(*state_.members));
    const auto act = ledger::decode(block.entries.entry(0));
    EXPECT_EQ(std::get<ledger::GovernanceEntry>(*act).time, start);
}

TEST_F(RegistryActs, ABlockIsJudgedByTheKeysOfItsStart) {
    const keys::MemberKey first = test::member_key("uni-a", "issuer");
    const keys::MemberKey second = test::member_key("new", "second");
    apply({by_first(1, issuer("second")), batch(1, 1, first)});
    expect_refused(batch(2, 1, first), Errc::forbidden, "not in force at position 4");
    apply({batch(3, 2, second)});
}

TEST_F(RegistryActs, TheMembersObjectThatResultsCanBeRead) {
    apply({by_first(1, issuer("second")),
           by_first(2, assertion("other")),
           by_first(3, assertion("third", 1)),
           by_first(4, test::new_anchor_key(network(), 1, *keys::EvmKey::from_secret(Hash{1}))),
           by_first(5, EndKey{KeyUse::assertion, 2}),
           signed_act(act_of(3, 1, EndKey{KeyUse::issuer, 1}), network())});
    const auto read = ledger::parse_members(ledger::to_json(*state_.members));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(*read, *state_.members);
    // Added and ended by one block: never in force.
    EXPECT_EQ(key(KeyUse::assertion, 2).in_force.from, key(KeyUse::assertion, 2).in_force.until);
    EXPECT_EQ(key(KeyUse::assertion, 3).in_force.until, std::nullopt);
    EXPECT_EQ(state_.governance->sequences.at(1), 5U);
    EXPECT_EQ(state_.governance->sequences.at(3), 1U);
}

TEST_F(RegistryActs, AnActIsTakenOnce) {
    const Bytes act = by_first(1, issuer("second"));
    const AppliedBlock block = apply({act});
    BlockBuilder builder(state_, ledger_, start);
    const auto again = builder.add(act);
    ASSERT_TRUE(again);
    ASSERT_EQ(again->kind, Judgement::repeated);
    EXPECT_EQ(*again->act, block.acts.front());
    EXPECT_TRUE(builder.is_empty());
    expect_refused(by_first(1, issuer("third", 2)), Errc::conflict, "stands for another act");
}

TEST_F(RegistryActs, WithinOneBlockAsAcrossBlocks) {
    BlockBuilder builder(state_, ledger_, start);
    const Bytes act = by_first(1, issuer("second"));
    ASSERT_EQ(builder.add(act)->kind, Judgement::accepted);
    EXPECT_EQ(builder.add(act)->kind, Judgement::repeated);
    // The key and its number are taken, though not yet in force.
    const auto same_key = builder.add(by_first(2, issuer("second", 2)));
    EXPECT_EQ(same_key->kind, Judgement::refused);
    const auto same_number = builder.add(by_first(2, issuer("third", 1)));
    EXPECT_EQ(same_number->refusal->detail, "issuer key 1 of uni-a is not in force any more");
    EXPECT_EQ(builder.add(by_first(2, issuer("third", 2)))->kind, Judgement::accepted);
    const AppliedBlock block = builder.finish();
    ASSERT_EQ(block.acts.size(), 2U);
    EXPECT_EQ(ledger::find_key(*block.after.members->find(1), KeyUse::issuer, 3)->in_force.from,
              block.after.frontier.leaf_count());
}

TEST_F(RegistryActs, SequencesRiseByOne) {
    expect_refused(by_first(2, issuer("second")), Errc::conflict, "next act of uni-a has 1");
    apply({by_first(1, issuer("second"))});
    expect_refused(by_first(3, issuer("third", 2)), Errc::conflict, "next act of uni-a has 2");
}

TEST_F(RegistryActs, TimeIsWithinNinetyDaysOfExpiry) {
    constexpr ledger::TimeMs most = ledger::act_lifetime_ms_max;
    const Bytes act = by_first(1, issuer("second"), start + most);
    expect_refused(act, Errc::invalid, "expires 7776000001 ms after", start - 1);
    expect_refused(act, Errc::invalid, "expired 1 ms before", start + most + 1);
    apply({act}, start + most);
}

TEST_F(RegistryActs, OnlyTheGovernanceKeyInForceSigns) {
    const std::string text = ledger::to_text(act_of(1, 1, issuer("second")));
    expect_refused(test::signed_text(text, network(), test::member_key("uni-a", "issuer")),
                   Errc::forbidden,
                   "not by governance key 1 of uni-a");
    expect_refused(test::signed_text(text, network(), test::member_key("uni-b", "governance")),
                   Errc::forbidden,
                   "not by governance key 1 of uni-a");
    expect_refused(test::signed_text(text, Hash{}, test::member_key("uni-a", "governance")),
                   Errc::forbidden,
                   "not by governance key 1 of uni-a");
    expect_refused(signed_act(act_of(9, 1, EndKey{KeyUse::issuer, 1}), network()),
                   Errc::forbidden,
                   "no member has number 9");
}

TEST_F(RegistryActs, ANewKeyProvesItsPossession) {
    for (std::size_t i = 0; i < 64; ++i) {
        ledger::AddKey added = issuer("second");
        added.possession[i] ^= 1;
        expect_refused(by_first(1, added), Errc::forbidden, "possession");
    }
    ledger::AddKey of_another = test::new_issuer_key(network(), 2, test::member_key("new", "x"), 1);
    expect_refused(by_first(1, of_another), Errc::forbidden, "possession");
    ledger::AddKey of_another_network =
        test::new_issuer_key(Hash{}, 1, test::member_key("new", "x"), 1);
    expect_refused(by_first(1, of_another_network), Errc::forbidden, "possession");
    ledger::AddKey shorter = assertion("other");
    shorter.possession.pop_back();
    expect_refused(by_first(1, shorter), Errc::forbidden, "possession");
}

TEST_F(RegistryActs, NoKeyIsUsedTwiceByAnyoneForAnything) {
    const std::string reason = "in use in this network before";
    const auto as_assertion = [&](const keys::Ed25519Key& key) {
        return by_first(1, test::new_ed25519_key(network(), 1, key));
    };
    for (const char* use : {"assertion", "cosigner", "node"}) {
        for (const char* slug : {"uni-a", "uni-c"}) {
            expect_refused(as_assertion(test::ed25519_key(slug, use)), Errc::conflict, reason);
        }
    }
    expect_refused(as_assertion(test::ed25519_key("log", "log")), Errc::conflict, reason);
    for (const char* use : {"issuer", "governance"}) {
        const keys::MemberKey key = test::member_key("uni-d", use);
        expect_refused(
            by_first(1, test::new_issuer_key(network(), 1, key, 1)), Errc::conflict, reason);
    }
    apply({by_first(1, assertion("other")), by_first(2, EndKey{KeyUse::assertion, 2})});
    expect_refused(by_first(3, assertion("other")), Errc::conflict, reason);
}

TEST_F(RegistryActs, OneIssuerKeyIsInForceAtMost) {
    expect_refused(by_first(1, issuer("second", std::nullopt)), Errc::conflict, "want replaces 1");
    expect_refused(by_first(1, issuer("second", 2)), Errc::conflict, "has no issuer key 2");
    apply({by_first(1, EndKey{KeyUse::issuer, 1})});
    expect_refused(by_first(2, issuer("second", 1)), Errc::conflict, "not in force any more");
    expect_refused(by_first(2, EndKey{KeyUse::issuer, 1}), Errc::conflict, "not in force any more");
    expect_refused(
        batch(1, 1, test::member_key("uni-a", "issuer")), Errc::forbidden, "not in force");
    apply({by_first(2, issuer("second", std::nullopt))});
    apply({batch(2, 2, test::member_key("new", "second"))});
}

TEST_F(RegistryActs, OtherUsesStandSideBySide) {
    apply({by_first(1, assertion("other"))});
    EXPECT_EQ(key(KeyUse::assertion, 1).in_force.until, std::nullopt);
    EXPECT_EQ(key(KeyUse::assertion, 2).in_force.until, std::nullopt);
    apply({by_first(2, assertion("third", 1))});
    EXPECT_EQ(key(KeyUse::assertion, 1).in_force.until, key(KeyUse::assertion, 3).in_force.from);
    EXPECT_EQ(key(KeyUse::assertion, 2).in_force.until, std::nullopt);
}

TEST_F(RegistryActs, AMemberHasAtMost128KeysForEver) {
    std::uint64_t sequence = 0;
    for (std::size_t keys = state_.members->find(1)->keys.size(); keys < ledger::member_keys_max;
         ++keys) {
        ++sequence;
        const auto number = static_cast<std::uint32_t>(sequence);
        apply({by_first(sequence, assertion("number " + std::to_string(number), number))});
    }
    const auto last = static_cast<std::uint32_t>(sequence + 1);
    expect_refused(by_first(sequence + 1, assertion("one more", last)),
                   Errc::conflict,
                   "has had 128 keys, want at most 128");
}

TEST_F(RegistryActs, WhatIsNoActLeavesNoTrace) {
    const Bytes act = by_first(1, issuer("second"));
    for (std::size_t length = 2; length < act.size(); ++length) {
        expect_refused(Bytes(act.begin(), act.begin() + static_cast<std::ptrdiff_t>(length)),
                       Errc::invalid,
                       "");
    }
    Bytes longer = act;
    longer.push_back(' ');
    expect_refused(longer, Errc::invalid, "");
    expect_refused(test::signed_text(std::string(ledger::act_bytes_max + 1, ' '),
                                     network(),
                                     test::member_key("uni-a", "governance")),
                   Errc::invalid,
                   "32833 bytes, want 65 to 32832");
}

TEST_F(RegistryActs, EveryNetworkComesToTheMembersObjectOfTheVectors) {
    const json::Value vectors = test::vector_json("chancery/acts.json");
    ASSERT_EQ(to_hex(network()), test::text_at(vectors, "network_id"));
    for (const json::Value& block : test::cases_in(vectors, "blocks")) {
        std::vector<Bytes> submissions;
        for (const json::Value& one : test::array_at(block, "submissions"))
            submissions.push_back(test::unhex(*one.as_string()));
        const AppliedBlock applied = apply(submissions, test::number_at(block, "time"));
        EXPECT_EQ(json::canonical(ledger::to_json(*state_.members)),
                  test::text_at(block, "members"));
        EXPECT_EQ(ledger::members_hash(*state_.members), test::hash_at(block, "members_hash"));
        const ByteView last = applied.entries.entry(applied.entries.count() - 1);
        EXPECT_EQ(to_hex(last), test::text_at(block, "state_entry"));
        EXPECT_EQ(state_.frontier.leaf_count(), test::number_at(block, "size"));
        EXPECT_EQ(state_.frontier.root(), test::hash_at(block, "root"));
    }
}

TEST_F(RegistryActs, ABlockCarriesThemAsItemsOfTypeTwo) {
    const Bytes act = by_first(1, issuer("second"));
    BlockWriter writer(start);
    writer.add(ItemType::act, *ledger::act_in(act));
    writer.add(ItemType::batch, batch(1, 1, test::member_key("uni-a", "issuer")));
    const auto block = apply_block(state_, ledger_, writer.finish());
    ASSERT_TRUE(block);
    EXPECT_EQ(block->acts.size(), 1U);
    EXPECT_EQ(block->batches.size(), 1U);
    EXPECT_EQ(block->entries.bytes,
              apply({act, batch(1, 1, test::member_key("uni-a", "issuer"))}).entries.bytes);
}

}  // namespace
}  // namespace chancery::registry

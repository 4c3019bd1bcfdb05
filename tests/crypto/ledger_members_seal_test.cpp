#include <gtest/gtest.h>

#include "crypto/ledger/members.h"
#include "tests/support/chancery_vectors.h"
#include "tests/support/small_network.h"

namespace chancery::ledger {
namespace {

using test::chancery_genesis;
using test::chancery_vector;
using test::SmallNetwork;

note::SignedNote vector_note(std::string_view name) {
    return note::parse_note(*chancery_vector(name).as_string()).value();
}

TEST(Seal, OfTheVectorIsOfThreeMembersAndItsOldestTime) {
    const Members members = members_from(chancery_genesis());
    const Result<Seal> seal =
        seal_of(vector_note("checkpoint"), cosigners_at(members, 308), members.quorum);
    ASSERT_TRUE(seal) << seal.error().detail;
    EXPECT_EQ(seal->members, 3U);
    EXPECT_EQ(seal->time_s, 1'767'225'602U);
}

TEST(Seal, IsMissingOnTheVectorWithTooFewCosignatures) {
    const Members members = members_from(chancery_genesis());
    const Result<Seal> seal =
        seal_of(vector_note("unsealed_checkpoint"), cosigners_at(members, 308), members.quorum);
    ASSERT_TRUE(seal);
    EXPECT_EQ(seal->members, 2U);
    EXPECT_FALSE(seal->is_sealed());
}

TEST(Seal, HasTheQuorumthNewestTime) {
    SmallNetwork network(4);
    network.end_block();
    const auto cosigners = cosigners_at(network.members, 0);
    const note::SignedNote note = note::parse_note(network.checkpoint(4, 100)).value();
    for (std::uint32_t quorum = 1; quorum <= 4; ++quorum) {
        const Seal seal = seal_of(note, cosigners, quorum).value();
        EXPECT_EQ(seal.members, 4U);
        EXPECT_EQ(seal.time_s, 104 - quorum);
    }
    EXPECT_FALSE(seal_of(note, cosigners, 5)->is_sealed());
}

TEST(Seal, CountsAMemberOnceWhateverItsKeysAndTimes) {
    SmallNetwork network(4);
    network.end_block();
    note::SignedNote note = note::parse_note(network.checkpoint(2, 100)).value();
    const auto& [slug, key] = network.cosigners.at(0);
    note.signatures.push_back(note::cosign(note.text, "log.example/small/" + slug, 500, key));
    const Seal twice = seal_of(note, cosigners_at(network.members, 0), 2).value();
    EXPECT_EQ(twice.members, 2U);
    EXPECT_EQ(twice.time_s, 101U);

    const keys::Ed25519Key second = test::ed25519_key(99);
    Members members = network.members;
    members.members[0].keys.insert(
        members.members[0].keys.begin() + 2,
        {.use = KeyUse::cosigner, .number = 2, .key = second.public_key(), .in_force = {}});
    note.signatures.push_back(note::cosign(note.text, "log.example/small/m1", 600, second));
    const Seal two_keys = seal_of(note, cosigners_at(members, 0), 2).value();
    EXPECT_EQ(two_keys.members, 2U);
    EXPECT_EQ(two_keys.time_s, 101U);
}

TEST(Seal, IsRefusedForABadLineOfAKnownKey) {
    SmallNetwork network(4);
    network.end_block();
    note::SignedNote note = note::parse_note(network.checkpoint(4)).value();
    note.signatures[3].signature.back() ^= 1;
    const Result<Seal> seal = seal_of(note, cosigners_at(network.members, 0), 3);
    ASSERT_FALSE(seal);
    EXPECT_EQ(seal.error().code, Errc::forbidden);
    network.members.members.pop_back();  // Unknown keys may write what they like.
    EXPECT_TRUE(seal_of(note, cosigners_at(network.members, 0), 3)->is_sealed());
}

TEST(Policy, OfTheVectorsMembersIsTheVectors) {
    const Members members = members_from(chancery_genesis());
    EXPECT_EQ(policy_of(members, 308), *chancery_vector("policy").as_string());
}

}  // namespace
}  // namespace chancery::ledger

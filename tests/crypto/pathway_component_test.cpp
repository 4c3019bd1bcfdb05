// What a credential contributes to a certificate: as much as its verdict proves.
#include <gtest/gtest.h>

#include "crypto/pathway/evaluate.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::pathway::component_test {
namespace {

using credential::Headline;

constexpr std::int64_t day_s = 86'400;

Hash hash_of(std::uint8_t byte) {
    Hash hash{};
    hash.fill(byte);
    return hash;
}

// What a component says is what a verdict proved.
class PathwayComponent : public test::VerdictTest {};

TEST_F(PathwayComponent, IsWhatTheVerdictProves) {
    const Component one = component_of(evidence());
    EXPECT_EQ(one.issuer, "did:web:m1.example");
    EXPECT_EQ(one.proven.result, StepResult::pass) << one.proven.reason;
    EXPECT_EQ(one.position, position);
    EXPECT_EQ(one.commitment, credential::commitment(salt, credential::document_hash(document)));
    EXPECT_EQ(one.status_size, network.leaves.size());
    EXPECT_FALSE(one.withdrawal);
    EXPECT_EQ(one.today, Headline::valid);
}

TEST_F(PathwayComponent, KnowsWhenItWasWithdrawn) {
    const ledger::Position change =
        network.change_status(position, ledger::CredentialStatus::revoked);
    network.end_block();
    const Component one = component_of(evidence());
    ASSERT_TRUE(one.withdrawal);
    EXPECT_EQ(one.withdrawal->position, change);
    EXPECT_TRUE(one.withdrawal->is_first);
    EXPECT_EQ(one.proven.result, StepResult::pass);
    EXPECT_EQ(one.today, Headline::revoked);
}

TEST_F(PathwayComponent, WhatIsNotProvenIsNoFact) {
    credential::Evidence altered = evidence();
    altered.document.set("name", "Another");
    EXPECT_EQ(component_of(altered).proven.result, StepResult::fail);
    EXPECT_FALSE(component_of(altered).position);
    EXPECT_FALSE(component_of(altered).status_size);
    credential::Evidence bare = evidence();
    bare.receipt.reset();
    EXPECT_EQ(component_of(bare).proven.result, StepResult::could_not_check);
    EXPECT_FALSE(component_of(bare).commitment);
    credential::Evidence silent = evidence();
    silent.status.reset();
    EXPECT_EQ(component_of(silent).proven.result, StepResult::pass);
    EXPECT_FALSE(component_of(silent).status_size);
    EXPECT_EQ(component_of(silent).today, Headline::cannot_tell);
}

TEST_F(PathwayComponent, ReadsWhatMattersOfTheDocument) {
    json::Value achievement = json::Object{{"id", "urn:a"}, {"creditsAvailable", 3}};
    const std::string digest = digest_to_multibase(hash_of(7));
    register_document(json::Object{
        {"issuer", json::Object{{"id", "did:web:m1.example"}}},
        {"validFrom", "2025-01-01T00:00:00Z"},
        {"validUntil", "2030-01-01T00:00:00Z"},
        {"credentialSubject", json::Object{{"id", "did:key:ana"}, {"achievement", achievement}}},
        {"evidence",
         json::Array{json::Object{{"digestMultibase", digest}}, json::Object{{"name", "other"}}}},
        {"relatedResource", json::Object{{"digestMultibase", digest}}}});
    Component one = component_of(evidence());
    EXPECT_EQ(one.achievement, "urn:a");
    EXPECT_EQ(one.issuer, "did:web:m1.example");
    EXPECT_EQ(one.subject, "did:key:ana");
    EXPECT_EQ(one.credits, 3'000);
    EXPECT_EQ(one.valid_until->second - one.valid_from->second, 1'826 * day_s);
    EXPECT_EQ(one.evidence, std::vector<Hash>{hash_of(7)});
    EXPECT_EQ(one.related, std::vector<Hash>{hash_of(7)});
    document.find("credentialSubject")->set("creditsEarned", json::Value::fraction(1.5));
    EXPECT_EQ(component_of(evidence()).credits, 1'500);
}

}  // namespace
}  // namespace chancery::pathway::component_test

#include <gtest/gtest.h>

#include "crypto/credential/did_document.h"
#include "tests/support/test_network.h"

namespace chancery::credential {
namespace {

TEST(DidDocument, AuthorisesKeysInForceAndNoOthers) {
    ledger::Members members = ledger::members_from(test::test_genesis(1));
    ledger::Member& member = members.members.front();
    const auto key =
        std::ranges::find(member.keys, ledger::KeyUse::assertion, &ledger::KeyRecord::use);
    ASSERT_NE(key, member.keys.end());
    const std::string did = member.dids.front().did;
    const std::string id = did + "#" + key->key.text();
    auto document = did_document(member);
    ASSERT_TRUE(document);
    EXPECT_EQ(*document->find("id")->as_string(), did);
    EXPECT_EQ(*document->find("assertionMethod"), json::Value(json::Array{id}));
    const json::Value method = json::Object{{"id", id},
                                            {"type", "Multikey"},
                                            {"controller", did},
                                            {"publicKeyMultibase", key->key.text()}};
    EXPECT_EQ(*document->find("verificationMethod"), json::Value(json::Array{method}));

    key->in_force.until = 7;
    document = did_document(member);
    ASSERT_TRUE(document);
    EXPECT_EQ(*document->find("assertionMethod"), json::Value(json::Array{}));
    EXPECT_EQ(*document->find("verificationMethod"), json::Value(json::Array{method}));
    member.dids.front().in_force.until = 7;
    EXPECT_FALSE(did_document(member));
}

}  // namespace
}  // namespace chancery::credential

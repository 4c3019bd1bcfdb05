#include <gtest/gtest.h>

#include "crypto/credential/did_document.h"
#include "crypto/jose/jws.h"
#include "crypto/keys/multikey.h"
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

TEST(DidDocument, WritesP256AsMultikeyAndRsaAsJwk) {
    ledger::Members members = ledger::members_from(test::test_genesis(1));
    ledger::Member& member = members.members.front();
    const auto p256 = keys::P256Key::from_secret(Hash{5})->public_key();
    Bytes modulus(256, 0x55);
    modulus.front() = 0x80;
    const auto rsa = keys::RsaPublicKey::parse(modulus).value();
    for (const std::string& text : {keys::multikey(p256), keys::multikey(rsa)})
        member.keys.push_back({.use = ledger::KeyUse::assertion,
                               .number = 9,
                               .key = *ledger::RecordedKey::parse(ledger::KeyUse::assertion, text),
                               .in_force = {5, {}}});
    const json::Value document = did_document(member).value();
    const json::Array& methods = *document.find("verificationMethod")->as_array();
    ASSERT_EQ(methods.size(), 3U);
    EXPECT_EQ(*methods[1].find("publicKeyMultibase")->as_string(), keys::multikey(p256));
    EXPECT_EQ(*methods[2].find("type")->as_string(), "JsonWebKey");
    EXPECT_EQ(*methods[2].find("publicKeyJwk"), jose::to_jwk(rsa));
    EXPECT_EQ(document.find("assertionMethod")->as_array()->size(), 3U);
    EXPECT_EQ(*document.find("@context")->as_array()->back().as_string(),
              "https://w3id.org/security/jwk/v1");
}

}  // namespace
}  // namespace chancery::credential

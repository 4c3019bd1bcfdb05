#include <gtest/gtest.h>

#include "crypto/keys/multikey.h"
#include "tests/support/vectors.h"

namespace chancery::keys {
namespace {

using test::array_at;
using test::text_at;
using test::unhex;
using test::unhex32;
using test::vector_json;

std::string multikey_of(ByteView prefix, ByteView key) {
    return "z" + to_base58(Writer().bytes(prefix).bytes(key).written());
}

const Bytes ed25519_codec = {0xed, 0x01};
const Bytes secp256k1_codec = {0xe7, 0x01};

MemberKey member_key_of(const json::Value& seeds, std::string_view use) {
    auto key = MemberKey::from_secret(unhex32(text_at(seeds, use)));
    CHECK(key);
    return *key;
}

Ed25519Key ed25519_of(const json::Value& seeds, std::string_view use) {
    return Ed25519Key::from_seed(unhex32(text_at(seeds, use)));
}

TEST(Multikey, AgreesWithTheKeysOfTheTestNetwork) {
    const json::Value file = vector_json("chancery/v1.json");
    const json::Array& members = array_at(*file.find("genesis"), "members");
    EXPECT_EQ(members.size(), 4U);
    for (const json::Value& member : members) {
        const json::Value& seeds = *file.find("seeds")->find(text_at(member, "slug"));
        const json::Value& keys = *member.find("keys");

        for (const std::string use : {"issuer", "governance"}) {
            const MemberPublicKey key = member_key_of(seeds, use).public_key();
            EXPECT_EQ(multikey(key), text_at(keys, use));
            const auto read = member_key_from_multikey(text_at(keys, use));
            ASSERT_TRUE(read) << read.error().detail;
            EXPECT_EQ(*read, key);
        }
        for (const std::string use : {"assertion", "cosigner"}) {
            const Ed25519PublicKey key = ed25519_of(seeds, use).public_key();
            EXPECT_EQ(multikey(key), text_at(keys, use));
            const auto read = ed25519_from_multikey(text_at(keys, use));
            ASSERT_TRUE(read) << read.error().detail;
            EXPECT_EQ(*read, key);
        }
        EXPECT_EQ(multikey(ed25519_of(seeds, "node").public_key()),
                  text_at(*member.find("node"), "node_key"));
        EXPECT_EQ(did_key(ed25519_of(seeds, "assertion").public_key()), text_at(member, "did"));
        EXPECT_TRUE(ed25519_from_did_key(text_at(member, "did")));
    }
}

TEST(Multikey, VerifiesTheGenesisSignatures) {
    const json::Value file = vector_json("chancery/v1.json");
    const json::Value& genesis = *file.find("genesis");
    const Hash signed_hash = tagged_hash("chancery/genesis/v1", unhex(text_at(file, "network_id")));
    for (const json::Value& member : array_at(genesis, "members")) {
        const auto key = member_key_from_multikey(text_at(*member.find("keys"), "governance"));
        ASSERT_TRUE(key);
        const Bytes signature =
            unhex(text_at(*genesis.find("signatures"), text_at(member, "slug")));
        EXPECT_TRUE(key->verifies(signed_hash, signature));
    }
}

TEST(Multikey, RefusesOtherKindsOfKey) {
    const Bytes p256_codec = {0x80, 0x24};
    const Bytes p256(33, 2);
    EXPECT_FALSE(ed25519_from_multikey(multikey_of(p256_codec, p256)));
    EXPECT_FALSE(member_key_from_multikey(multikey_of(p256_codec, p256)));
    const auto key = Ed25519Key::from_seed(Hash{1}).public_key();
    EXPECT_FALSE(member_key_from_multikey(multikey(key)));
    const auto member = MemberKey::from_secret(Hash{1});
    ASSERT_TRUE(member);
    EXPECT_FALSE(ed25519_from_multikey(multikey(member->public_key())));
}

TEST(Multikey, RefusesAnOddY) {
    const auto member = MemberKey::from_secret(Hash{1});
    ASSERT_TRUE(member);
    for (const std::uint8_t sign : Bytes{0x00, 0x03, 0x04, 0x82}) {
        const Bytes key = Writer().u8(sign).bytes(member->public_key().x()).take();
        EXPECT_FALSE(member_key_from_multikey(multikey_of(secp256k1_codec, key)));
    }
}

TEST(Multikey, RefusesKeysOfSmallOrderAndOffTheCurve) {
    const json::Value file = vector_json("ed25519/small_order_points.json");
    for (const json::Value& point : array_at(file, "points")) {
        EXPECT_FALSE(
            ed25519_from_multikey(multikey_of(ed25519_codec, unhex(text_at(point, "pk")))));
    }
    const Bytes no_point = Writer().u8(2).bytes(Bytes(32, 0xff)).take();
    EXPECT_FALSE(member_key_from_multikey(multikey_of(secp256k1_codec, no_point)));
}

TEST(Multikey, RefusesEveryOtherLength) {
    for (std::size_t length = 0; length <= 80; ++length) {
        const Bytes key(length, 2);
        if (length != 32) {
            EXPECT_FALSE(ed25519_from_multikey(multikey_of(ed25519_codec, key)));
        }
        if (length != 33) {
            EXPECT_FALSE(member_key_from_multikey(multikey_of(secp256k1_codec, key)));
        }
    }
}

TEST(Multikey, RefusesEveryOtherSpelling) {
    const std::string good = multikey(Ed25519Key::from_seed(Hash{1}).public_key());
    ASSERT_TRUE(ed25519_from_multikey(good));
    const std::vector<std::string> bad = {"",
                                          "z",
                                          good.substr(1),
                                          "u" + good.substr(1),
                                          "Z" + good.substr(1),
                                          "z1" + good.substr(1),
                                          good + "1",
                                          " " + good,
                                          good + " ",
                                          good + "\n",
                                          "did:key:" + good,
                                          good.substr(0, good.size() - 1),
                                          std::string(200, 'z')};
    for (const std::string& text : bad) {
        EXPECT_FALSE(ed25519_from_multikey(text)) << text;
        EXPECT_FALSE(member_key_from_multikey(text)) << text;
    }
}

TEST(DidKey, RefusesEveryOtherIdentifier) {
    const std::string good = did_key(Ed25519Key::from_seed(Hash{1}).public_key());
    ASSERT_TRUE(ed25519_from_did_key(good));
    const std::string key = good.substr(8);
    const std::vector<std::string> bad = {"",
                                          key,
                                          "did:web:" + key,
                                          "DID:key:" + key,
                                          "did:key:1.1:" + key,
                                          good + "#" + key,
                                          good + "?x",
                                          "did:key:"};
    for (const std::string& did : bad) {
        EXPECT_FALSE(ed25519_from_did_key(did)) << did;
    }
}

}  // namespace
}  // namespace chancery::keys

#include <functional>

#include <gtest/gtest.h>

#include "crypto/keys/multikey.h"
#include "crypto/ledger/genesis.h"
#include "tests/support/chancery_vectors.h"

namespace chancery::ledger {
namespace {

using test::chancery_genesis;
using test::chancery_vector;
using test::value_at;

std::string genesis_refusal(const json::Value& genesis) {
    const Result<Genesis> read = genesis_from(genesis);
    if (read) return "accepted";
    EXPECT_EQ(read.error().code, Errc::invalid);
    return read.error().detail;
}

std::string genesis_refusal_after(const std::function<void(json::Value&)>& change) {
    json::Value genesis = chancery_vector("genesis");
    change(genesis);
    return genesis_refusal(genesis);
}

TEST(Genesis, HasTheVectorsNetworkId) {
    const Genesis genesis = chancery_genesis();
    EXPECT_EQ(genesis.members.size(), 4U);
    EXPECT_EQ(genesis.quorum, 3U);
    EXPECT_EQ(to_hex(network_id(genesis)), *chancery_vector("network_id").as_string());
}

TEST(Genesis, ComesBackAsItWasWritten) {
    const Genesis genesis = chancery_genesis();
    EXPECT_EQ(json::canonical(to_json(genesis)), json::canonical(chancery_vector("genesis")));
    EXPECT_EQ(parse_genesis(json::canonical(to_json(genesis))).value(), genesis);
    EXPECT_EQ(parse_genesis(json::pretty(to_json(genesis))).value(), genesis);
}

TEST(Genesis, IsSignedByEveryMember) { EXPECT_TRUE(check_signatures(chancery_genesis())); }

TEST(Genesis, IsRefusedWithoutASignatureOfEveryMemberAndNobodyElse) {
    Genesis genesis = chancery_genesis();
    genesis.signatures.erase("uni-c");
    const Result<void> missing = check_signatures(genesis);
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::forbidden);
    EXPECT_NE(missing.error().detail.find("of uni-c,"), std::string::npos);

    genesis = chancery_genesis();
    genesis.signatures.at("uni-a").at(10) ^= 1;
    genesis.signatures.at("uni-d").resize(63);
    EXPECT_NE(check_signatures(genesis).error().detail.find("uni-a, uni-d"), std::string::npos);

    genesis = chancery_genesis();
    genesis.signatures["uni-e"] = genesis.signatures["uni-a"];
    EXPECT_EQ(check_signatures(genesis).error().detail, "genesis has 5 signatures, want 4");

    genesis = chancery_genesis();
    std::swap(genesis.signatures["uni-a"], genesis.signatures["uni-b"]);
    EXPECT_FALSE(check_signatures(genesis));
}

TEST(Genesis, ChangesItsIdWithEveryField) {
    const Genesis genesis = chancery_genesis();
    Genesis other = genesis;
    other.members[2].tls_spki_sha256[0] ^= 1;
    EXPECT_NE(network_id(other), network_id(genesis));
    other = genesis;
    other.signatures.clear();
    EXPECT_EQ(network_id(other), network_id(genesis));
    EXPECT_FALSE(check_signatures(other));
}

TEST(Genesis, IsRefusedForEachMissingOrUnknownName) {
    const json::Value genesis = chancery_vector("genesis");
    const std::vector<std::vector<std::string_view>> objects = {
        {},
        {"members", "1"},
        {"members", "1", "keys"},
        {"members", "1", "node"},
        {"members", "1", "node", "endpoints"}};
    for (const auto& path : objects) {
        const auto object_in = [&path](json::Value& root) -> json::Value& {
            json::Value* value = &root;
            for (const std::string_view step : path)
                value = &value_at(*value, {step});
            return *value;
        };
        json::Value copy = genesis;
        const json::Object names = *object_in(copy).as_object();
        for (const json::Member& member : names) {
            json::Value without = genesis;
            object_in(without).erase(member.name);
            EXPECT_NE(genesis_refusal(without).find(member.name), std::string::npos) << member.name;
            json::Value other_type = genesis;
            object_in(other_type).set(member.name, true);
            EXPECT_NE(genesis_refusal(other_type), "accepted") << member.name;
        }
        object_in(copy).set("surplus", 1);
        EXPECT_NE(genesis_refusal(copy).find("surplus"), std::string::npos);
    }
}

TEST(Genesis, IsRefusedForABadField) {
    struct Case {
        std::vector<std::string_view> path;
        json::Value value;
    };
    const json::Value vector = chancery_vector("genesis");
    json::Value of_a = vector;
    const json::Value log_as_cosigner(
        "registry.example/test/uni-a+9c8b0ae1+BMBFU8ne6TFKgLbXZYu4NibdBAK2O1VPukenQl60N18v");
    const std::vector<Case> cases = {
        {{"format"}, "chancery-genesis/v2"},
        {{"network_name"}, ""},
        {{"network_name"}, std::string(201, 'x')},
        {{"network_name"}, "a\nb"},
        {{"origin"}, "registry.example/other"},
        {{"origin"}, "https://registry.example/test"},
        {{"origin"}, "registry.example/epoch/2"},
        {{"log"}, log_as_cosigner},
        {{"quorum"}, 2},
        {{"quorum"}, 5},
        {{"quorum"}, 0},
        {{"members"}, json::Array()},
        {{"members", "0", "slug"}, "none"},
        {{"members", "0", "slug"}, "Uni-a"},
        {{"members", "0", "slug"}, "1uni"},
        {{"members", "0", "slug"}, ""},
        {{"members", "0", "slug"}, std::string(33, 'a')},
        {{"members", "0", "slug"}, "uni-b"},
        {{"members", "0", "name"}, ""},
        {{"members", "0", "did"}, "did:web"},
        {{"members", "0", "did"}, "did:web:"},
        {{"members", "0", "did"}, "did:WEB:a"},
        {{"members", "0", "did"}, "did:web:a/b"},
        {{"members", "0", "did"}, value_at(of_a, {"members", "1", "did"})},
        {{"members", "0", "keys", "issuer"}, value_at(of_a, {"members", "0", "keys", "assertion"})},
        {{"members", "0", "keys", "issuer"},
         value_at(of_a, {"members", "0", "keys", "governance"})},
        {{"members", "0", "keys", "issuer"}, value_at(of_a, {"members", "1", "keys", "issuer"})},
        {{"members", "0", "keys", "cosigner"}, value_at(of_a, {"members", "0", "keys", "issuer"})},
        {{"members", "0", "keys", "cosigner"},
         value_at(of_a, {"members", "3", "node", "node_key"})},
        {{"members", "0", "keys", "assertion"}, "z6Mk"},
        {{"members", "0", "keys", "governance"}, "zQ3"},
        {{"members", "0", "node", "node_key"}, ""},
        {{"members", "0", "node", "tls_spki_sha256"}, std::string(64, 'A')},
        {{"members", "0", "node", "tls_spki_sha256"},
         value_at(of_a, {"members", "1", "node", "tls_spki_sha256"})},
        {{"members", "0", "node", "endpoints", "peer"}, "uni-a.example"},
        {{"members", "0", "node", "endpoints", "peer"}, ":7300"},
        {{"members", "0", "node", "endpoints", "peer"}, "uni-a.example:0"},
        {{"members", "0", "node", "endpoints", "peer"}, "uni-a.example:65536"},
        {{"members", "0", "node", "endpoints", "peer"}, "uni a:7300"},
        {{"members", "0", "node", "endpoints", "public"}, "ftp://uni-a.example"},
        {{"members", "0", "node", "endpoints", "public"}, "https://"},
        {{"signatures", "uni-a"}, "00"},
        {{"signatures", "uni-a"}, 1},
    };
    for (const Case& bad : cases) {
        json::Value genesis = vector;
        value_at(genesis, bad.path) = bad.value;
        EXPECT_NE(genesis_refusal(genesis), "accepted")
            << json::canonical(bad.value) << " at " << bad.path.back();
    }
    EXPECT_NE(
        genesis_refusal_after([](json::Value& g) { value_at(g, {"signatures"}).set("Bad", "00"); }),
        "accepted");
}

TEST(Genesis, NamesThePlaceOfWhatIsWrong) {
    EXPECT_EQ(genesis_refusal_after([](json::Value& g) {
                  value_at(g, {"members", "2", "slug"}) = "-";
              }),
              "/members/2/slug: want [a-z][a-z0-9-]{0,31}, not none");
    EXPECT_EQ(genesis_refusal_after([](json::Value& g) { g.set("quorum", 2); }),
              "/quorum: got 2, want 3 to 4");
}

TEST(Genesis, LetsTheLogKeyStandForNoMember) {
    const Genesis genesis = chancery_genesis();
    EXPECT_EQ(
        genesis_refusal_after([&genesis](json::Value& g) {
            value_at(g, {"members", "0", "keys", "cosigner"}) = keys::multikey(genesis.log.key);
        }),
        "/members/0: a key occurs twice");
}

TEST(Genesis, HasAtMost256KiB) {
    EXPECT_FALSE(parse_genesis(std::string(genesis_bytes_max + 1, ' ')));
    EXPECT_FALSE(parse_genesis(""));
    EXPECT_FALSE(parse_genesis("[]"));
}

TEST(QuorumMin, IsTheSpecificationsTable) {
    const std::vector<std::pair<std::uint32_t, std::uint32_t>> table = {
        {1, 1}, {2, 2}, {3, 2}, {4, 3}, {5, 4}, {6, 4}, {7, 5}, {10, 7}};
    for (const auto& [members, quorum] : table)
        EXPECT_EQ(quorum_min(members), quorum) << members;
}

TEST(QuorumMin, LetsTwoQuorumsShareMoreThanTheLiars) {
    for (std::uint32_t n = 1; n <= 64; ++n) {
        const std::uint32_t f = (n - 1) / 3;
        const std::uint32_t quorum = quorum_min(n);
        EXPECT_GT(2 * quorum, n + f) << n;
        EXPECT_LE(2 * (quorum - 1), n + f) << n;
        EXPECT_LE(quorum, n);
    }
}

TEST(Slug, HasItsOwnCharacters) {
    for (const char* good : {"a", "uni-a", "a0-", "none1"})
        EXPECT_TRUE(is_slug(good)) << good;
    for (const char* bad : {"", "A", "0a", "-a", "a_b", "a.b", "none", "\xc3\xa4"})
        EXPECT_FALSE(is_slug(bad)) << bad;
}

}  // namespace
}  // namespace chancery::ledger

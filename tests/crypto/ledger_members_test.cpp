#include <functional>

#include <gtest/gtest.h>

#include "crypto/keys/multikey.h"
#include "crypto/ledger/members.h"
#include "tests/support/chancery_vectors.h"

namespace chancery::ledger {
namespace {

using test::chancery_genesis;
using test::chancery_vector;
using test::value_at;

json::Value range(std::string_view name, const json::Value& value, int from, json::Value until) {
    return json::Object{{std::string(name), value}, {"from", from}, {"until", std::move(until)}};
}

json::Value key_record(std::string_view use, int number, const std::string& key, InForce in_force) {
    return json::Object{{"use", use},
                        {"number", number},
                        {"key", key},
                        {"from", in_force.from},
                        {"until", in_force.until ? json::Value(*in_force.until) : json::Value()}};
}

std::string ed25519_multikey(std::uint8_t filling) {
    Hash seed{};
    seed.fill(filling);
    return keys::multikey(keys::Ed25519Key::from_seed(seed).public_key());
}

std::string member_multikey(std::uint8_t filling) {
    Hash secret{};
    secret.fill(filling);
    return keys::multikey(keys::MemberKey::from_secret(secret)->public_key());
}

std::string members_refusal(const json::Value& members) {
    const Result<Members> read = parse_members(members);
    if (read) return "accepted";
    EXPECT_EQ(read.error().code, Errc::invalid);
    return read.error().detail;
}

std::string members_refusal_after(const std::function<void(json::Value&)>& change) {
    json::Value members = chancery_vector("members");
    change(members);
    return members_refusal(members);
}

void append(json::Value& root, const std::vector<std::string_view>& path, json::Value element) {
    value_at(root, path).as_array()->push_back(std::move(element));
}

TEST(Members, OfAGenesisAreTheVectors) {
    const Members members = members_from(chancery_genesis());
    EXPECT_EQ(json::canonical(to_json(members)), *chancery_vector("members_jcs").as_string());
    EXPECT_EQ(to_hex(members_hash(members)), *chancery_vector("members_hash").as_string());
}

TEST(Members, ComeBackAsTheyWereWritten) {
    const Result<Members> members = parse_members(chancery_vector("members"));
    ASSERT_TRUE(members) << members.error().detail;
    EXPECT_EQ(*members, members_from(chancery_genesis()));
    EXPECT_EQ(parse_members(to_json(*members)).value(), *members);
}

TEST(Members, AreFoundByNumberAndSlug) {
    const Members members = members_from(chancery_genesis());
    EXPECT_EQ(members.find(2)->slug, "uni-b");
    EXPECT_EQ(members.find(0), nullptr);
    EXPECT_EQ(members.find(5), nullptr);
    EXPECT_EQ(members.find_slug("uni-d")->number, 4U);
    EXPECT_EQ(members.find_slug("uni"), nullptr);
    EXPECT_EQ(find_key(members.members[0], KeyUse::issuer, 1)->use, KeyUse::issuer);
    EXPECT_EQ(find_key(members.members[0], KeyUse::issuer, 2), nullptr);
    EXPECT_EQ(find_key(members.members[0], KeyUse::anchor, 1), nullptr);
}

TEST(Members, AreRefusedForEachMissingOrUnknownName) {
    const json::Value members = chancery_vector("members");
    const std::vector<std::vector<std::string_view>> objects = {
        {}, {"members", "1"}, {"members", "1", "dids", "0"}, {"members", "1", "keys", "2"}};
    for (const auto& path : objects) {
        json::Value copy = members;
        const json::Object names = *value_at(copy, path).as_object();
        for (const json::Member& member : names) {
            json::Value without = members;
            value_at(without, path).erase(member.name);
            EXPECT_NE(members_refusal(without).find(member.name), std::string::npos) << member.name;
            json::Value other_type = members;
            value_at(other_type, path).set(member.name, true);
            EXPECT_NE(members_refusal(other_type), "accepted") << member.name;
        }
        value_at(copy, path).set("surplus", 1);
        EXPECT_NE(members_refusal(copy).find("surplus"), std::string::npos);
    }
}

TEST(Members, AreRefusedForABadField) {
    struct Case {
        std::vector<std::string_view> path;
        json::Value value;
    };
    json::Value vector = chancery_vector("members");
    const std::vector<Case> cases = {
        {{"network"}, "00"},
        {{"origin"}, "registry.example/other"},
        {{"origin"}, "registry.example/test/epoch/1"},
        {{"epoch"}, 0},
        {{"epoch"}, 2},
        {{"epoch"}, std::int64_t{1} << 32},
        {{"log"}, ""},
        {{"quorum"}, 2},
        {{"quorum"}, 5},
        {{"members"}, json::Array()},
        {{"members", "0", "number"}, 0},
        {{"members", "0", "number"}, 2},
        {{"members", "3", "number"}, std::int64_t{1} << 32},
        {{"members", "0", "slug"}, "uni-b"},
        {{"members", "0", "slug"}, "UNI"},
        {{"members", "0", "name"}, "\t"},
        {{"members", "0", "dids"}, json::Array()},
        {{"members", "0", "dids", "0", "did"}, "web:x"},
        {{"members", "0", "dids", "0", "did"},
         value_at(vector, {"members", "1", "dids", "0", "did"})},
        {{"members", "0", "keys", "0", "use"}, "node"},
        {{"members", "0", "keys", "0", "use"}, "issuer"},
        {{"members", "0", "keys", "0", "number"}, 2},
        {{"members", "0", "keys", "0", "number"}, 0},
        {{"members", "0", "keys", "0", "key"}, "z6Mkbad"},
        {{"members", "0", "keys", "0", "key"}, "uAAAA"},
        {{"members", "0", "keys", "0", "key"}, "z0OIl"},
        {{"members", "0", "keys", "0", "key"}, std::string(1'025, 'z')},
        {{"members", "0", "keys", "1", "key"},
         value_at(vector, {"members", "0", "keys", "0", "key"})},
        {{"members", "0", "keys", "1", "key"},
         value_at(vector, {"members", "0", "keys", "2", "key"})},
        {{"members", "0", "keys", "2", "key"},
         value_at(vector, {"members", "3", "keys", "3", "key"})},
        {{"members", "0", "keys", "3", "key"},
         value_at(vector, {"members", "0", "keys", "1", "key"})},
        {{"members", "0", "keys", "1", "until"}, 5},  // Three cosign: 2 of 3 or 3 of 3.
    };
    for (const Case& bad : cases) {
        json::Value members = vector;
        value_at(members, bad.path) = bad.value;
        const bool is_allowed = bad.path.back() == "until";
        EXPECT_EQ(members_refusal(members) == "accepted", is_allowed)
            << json::canonical(bad.value) << " at " << bad.path.back();
    }
    EXPECT_EQ(members_refusal_after([](json::Value& m) {
                  value_at(m, {"members", "0", "dids", "0", "from"}) = 6;
                  value_at(m, {"members", "0", "dids", "0", "until"}) = 5;
              }),
              "/members/0/dids/0/until: less than from");
    EXPECT_EQ(members_refusal_after([](json::Value& m) {
                  value_at(m, {"members", "0", "keys", "3", "from"}) = 6;
                  value_at(m, {"members", "0", "keys", "3", "until"}) = 5;
              }),
              "/members/0/keys/3/until: less than from");
}

TEST(Members, KeepTheirHistoryInOrder) {
    const auto with_key = [](json::Value until, const json::Value& record) {
        return members_refusal_after([&until, &record](json::Value& m) {
            value_at(m, {"members", "0", "keys", "3", "until"}) = until;
            append(m, {"members", "0", "keys"}, record);
        });
    };
    const std::string fresh = member_multikey(9);
    EXPECT_EQ(with_key(10, key_record("issuer", 2, fresh, {10, {}})), "accepted");
    EXPECT_EQ(with_key(10, key_record("issuer", 2, fresh, {12, 12})), "accepted");
    EXPECT_NE(with_key(10, key_record("issuer", 2, fresh, {9, {}})), "accepted");
    EXPECT_NE(with_key({}, key_record("issuer", 2, fresh, {10, {}})), "accepted");
    EXPECT_NE(with_key(10, key_record("issuer", 3, fresh, {10, {}})), "accepted");
    EXPECT_NE(with_key(10, key_record("issuer", 1, fresh, {10, {}})), "accepted");
    EXPECT_NE(with_key(10, key_record("anchor", 1, "0x" + std::string(40, 'a'), {})), "accepted");

    const auto with_did = [](json::Value until, const json::Value& record) {
        return members_refusal_after([&until, &record](json::Value& m) {
            value_at(m, {"members", "0", "dids", "0", "until"}) = until;
            append(m, {"members", "0", "dids"}, record);
        });
    };
    EXPECT_EQ(with_did(10, range("did", "did:web:a", 10, {})), "accepted");
    EXPECT_NE(with_did(10, range("did", "did:web:a", 9, {})), "accepted");
    EXPECT_NE(with_did({}, range("did", "did:web:a", 10, {})), "accepted");
}

TEST(Members, MayTakeADidThatAnotherGaveUp) {
    const auto with_until = [](int until, int from) {
        return members_refusal_after([until, from](json::Value& m) {
            const json::Value did = value_at(m, {"members", "1", "dids", "0", "did"});
            value_at(m, {"members", "1", "dids", "0", "until"}) = until;
            append(m, {"members", "1", "dids"}, range("did", "did:web:b", until, {}));
            value_at(m, {"members", "0", "dids", "0", "until"}) = from;
            append(m, {"members", "0", "dids"}, range("did", did, from, {}));
        });
    };
    EXPECT_EQ(with_until(10, 10), "accepted");
    EXPECT_EQ(with_until(11, 10), "/members/1: a DID is held by two at a time");
}

TEST(Members, MayHaveAnchorsAndAssertionKeysOfOtherKinds) {
    const auto with_first = [](const json::Value& record) {
        return members_refusal_after([&record](json::Value& m) {
            json::Array& keys = *value_at(m, {"members", "0", "keys"}).as_array();
            keys.insert(keys.begin(), record);
        });
    };
    EXPECT_EQ(with_first(key_record("anchor", 1, "0x" + std::string(40, 'a'), {})), "accepted");
    EXPECT_NE(with_first(key_record("anchor", 1, "0x" + std::string(40, 'A'), {})), "accepted");
    EXPECT_NE(with_first(key_record("anchor", 1, "0x" + std::string(39, 'a'), {})), "accepted");
    EXPECT_EQ(members_refusal_after([](json::Value& m) {
                  value_at(m, {"members", "0", "keys", "0", "key"}) =
                      "zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";
              }),
              "accepted");
}

TEST(Members, OfALaterEpochNameTheirKeysAfterTheFirst) {
    json::Value value = chancery_vector("members");
    Genesis genesis = chancery_genesis();
    note::VerifierKey log = genesis.log;
    log.name = "registry.example/test/epoch/12";
    value.set("origin", log.name);
    value.set("log", note::to_vkey(log));
    value.set("epoch", 12);
    const Result<Members> members = parse_members(value);
    ASSERT_TRUE(members) << members.error().detail;
    EXPECT_EQ(genesis_origin(*members), "registry.example/test");
    EXPECT_EQ(cosigners_at(*members, 7).at(1).key.name, "registry.example/test/uni-b");
    value.set("epoch", 2);
    EXPECT_NE(members_refusal(value), "accepted");
}

TEST(Cosigners, AreThoseInForceAtThePosition) {
    Members members = members_from(chancery_genesis());
    members.members[2].keys[1].in_force = {.from = 0, .until = 10};
    members.members[2].keys.insert(members.members[2].keys.begin() + 2,
                                   {.use = KeyUse::cosigner,
                                    .number = 2,
                                    .key = test::ed25519_key(7).public_key(),
                                    .in_force = {10, {}}});
    members.members[3].keys[1].in_force.from = 5;
    const auto slugs_at = [&members](Position position) {
        std::string slugs;
        for (const Cosigner& cosigner : cosigners_at(members, position))
            slugs += cosigner.slug + " ";
        return slugs;
    };
    EXPECT_EQ(slugs_at(4), "uni-a uni-b uni-c ");
    EXPECT_EQ(slugs_at(5), "uni-a uni-b uni-c uni-d ");
    EXPECT_NE(cosigners_at(members, 9)[2].key.key, cosigners_at(members, 10)[2].key.key);
    EXPECT_EQ(keys::multikey(cosigners_at(members, 10)[2].key.key), ed25519_multikey(7));
}

TEST(KeyUse, IsNamedBothWays) {
    for (const KeyUse use : {KeyUse::anchor,
                             KeyUse::assertion,
                             KeyUse::cosigner,
                             KeyUse::governance,
                             KeyUse::issuer}) {
        EXPECT_EQ(key_use_named(name_of(use)), use);
    }
    EXPECT_EQ(key_use_named("node"), std::nullopt);
}

}  // namespace
}  // namespace chancery::ledger

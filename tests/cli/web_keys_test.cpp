// What a member's domain serves, held against its keys on the ledger.
#include "node/cli/web_keys.h"

#include <gtest/gtest.h>

#include "crypto/credential/did_document.h"
#include "crypto/json/canonical.h"
#include "crypto/keys/multikey.h"
#include "tests/support/shared_sandbox.h"

namespace chancery::cli {
namespace {

keys::Ed25519Key numbered_key(std::uint8_t number) {
    return keys::Ed25519Key::from_seed(Hash{number});
}

struct DidCheck : testing::Test {
    ledger::Member member;

    DidCheck() {
        member.slug = "uni-a";
        member.dids.push_back({"did:web:uni-a.example", {}});
        member.keys.push_back(
            {ledger::KeyUse::assertion, 1, numbered_key(1).public_key(), {0, 50}});
        member.keys.push_back({ledger::KeyUse::assertion, 2, numbered_key(2).public_key(), {}});
        member.keys.push_back({ledger::KeyUse::assertion, 3, numbered_key(3).public_key(), {}});
    }
    std::vector<std::string> differences(const ledger::Member& served) const {
        const auto document = credential::did_document(served);
        const auto keys =
            credential::parse_did_document(json::canonical(*document), "did:web:uni-a.example");
        EXPECT_TRUE(keys);
        return differences_from_ledger(*keys, member);
    }
};

TEST_F(DidCheck, WhatANodeServesIsWhatTheLedgerSays) {
    EXPECT_EQ(differences(member), std::vector<std::string>());
}

TEST_F(DidCheck, AKeyThatIsMissingAndOneTooManyAreTold) {
    ledger::Member without = member;
    without.keys.pop_back();
    EXPECT_EQ(differences(without),
              std::vector<std::string>{"assertion key 3 of the ledger is not served"});
    ledger::Member with = member;
    with.keys.push_back({ledger::KeyUse::assertion, 4, numbered_key(4).public_key(), {}});
    EXPECT_EQ(differences(with),
              std::vector<std::string>{"key 3 that is served is none of the ledger's in force"});
    // One that was replaced on the ledger is served as if it had not been.
    ledger::Member old = member;
    old.keys.front().in_force = {};
    EXPECT_EQ(differences(old),
              std::vector<std::string>{"key 1 that is served is none of the ledger's in force"});
}

using DidCheckCommand = test::SandboxTest;

TEST_F(DidCheckCommand, SaysOfEveryMemberWhatItsDomainServes) {
    const json::Value said = document({"network", "did-check"});
    ASSERT_NE(said.find("members"), nullptr) << json::canonical(said);
    const json::Value& one = said.find("members")->as_array()->front();
    EXPECT_EQ(*one.find("member"), json::Value("uni-a"));
    EXPECT_EQ(*one.find("did"), json::Value(sandbox.did()));
    // A sandbox has no domain.
    EXPECT_EQ(*one.find("result"), json::Value("not did:web"));
    EXPECT_EQ(chancery({"network", "did-check"}).status, 0);
}

}  // namespace
}  // namespace chancery::cli

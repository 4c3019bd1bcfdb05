// What an anchor proves, step by step, with a chain that shows what a test wants.
#include "node/cli/anchor_check.h"

#include <gtest/gtest.h>

#include "tests/support/fake_chain.h"

namespace chancery::cli {
namespace {

struct AnchorChecks : testing::Test {
    AnchorChecks() {
        member.number = 1;
        member.slug = "uni-a";
        add_key(1, key.address().text(), {.from = 10, .until = 20});
    }

    void add_key(std::uint32_t number, const std::string& address, ledger::InForce in_force) {
        member.keys.push_back({ledger::KeyUse::anchor,
                               number,
                               *ledger::RecordedKey::parse(ledger::KeyUse::anchor, address),
                               in_force});
    }
    // A transaction with this data, mined by as many blocks as are wanted.
    AnchorClaim send(const Bytes& data, std::size_t blocks) {
        evm::Transaction transaction;
        transaction.chain_id = 31'337;
        transaction.nonce = *client.transaction_count(key.address());
        transaction.gas = 30'000;
        transaction.fee_max = 2'000'000'000;
        transaction.to = key.address();
        transaction.data = data;
        const auto made = evm::sign(transaction, key);
        EXPECT_TRUE(client.send(made));
        chain.mine(blocks);
        return {.root = root, .chain_id = 31'337, .transaction = evm::hash_of(made)};
    }
    AnchorFindings check(const AnchorClaim& claim, ledger::Position position = 15) {
        AnchorFindings findings;
        const auto done = check_on_chain(&client, claim, 3, findings);
        EXPECT_TRUE(done) << done.error().detail;
        check_sender(member, position, findings);
        return findings;
    }
    static AnchorStep::Outcome outcome(const AnchorFindings& findings, std::string_view name) {
        for (const AnchorStep& step : findings.steps)
            if (step.name == name) return step.outcome;
        ADD_FAILURE() << "no step " << name;
        return AnchorStep::Outcome::unknown;
    }

    test::FakeChain chain;
    rpc::EvmClient client = *rpc::EvmClient::to({.url = chain.url()});
    keys::EvmKey key = *keys::EvmKey::from_secret(Hash{42});
    Hash root{7};
    ledger::Member member;
};

using Outcome = AnchorStep::Outcome;

TEST_F(AnchorChecks, AnAnchorOfARecordedKeyIsValid) {
    const AnchorFindings findings = check(send(Bytes(root.begin(), root.end()), 3));
    for (const AnchorStep& step : findings.steps)
        EXPECT_EQ(step.outcome, Outcome::pass) << step.name << ": " << step.reason;
    EXPECT_EQ(findings.steps.size(), 5U);
    EXPECT_EQ(findings.verdict(), Exit::done);
    EXPECT_EQ(findings.block_number, 1U);
    EXPECT_EQ(findings.confirmations, 3U);
}

TEST_F(AnchorChecks, TheKeyMustBeInForceAtTheEntry) {
    const AnchorClaim claim = send(Bytes(root.begin(), root.end()), 3);
    for (const auto& [position, want] : std::map<ledger::Position, Exit>{
             {9, Exit::not_valid}, {10, Exit::done}, {19, Exit::done}, {20, Exit::not_valid}})
        EXPECT_EQ(check(claim, position).verdict(), want) << position;
    member.keys.clear();
    add_key(1, "0x" + std::string(40, 'a'), {.from = 0, .until = {}});
    const AnchorFindings findings = check(claim);
    EXPECT_EQ(outcome(findings, "sender"), Outcome::fail);
    EXPECT_EQ(findings.verdict(), Exit::not_valid);
}

TEST_F(AnchorChecks, OtherCalldataIsDisproven) {
    Bytes longer(root.begin(), root.end());
    longer.push_back(0);
    Bytes altered(root.begin(), root.end());
    altered[31] ^= 1;
    for (const Bytes& data : {Bytes(), longer, altered, Bytes(root.begin(), root.end() - 1)}) {
        const AnchorFindings findings = check(send(data, 3));
        EXPECT_EQ(outcome(findings, "calldata"), Outcome::fail);
        EXPECT_EQ(findings.verdict(), Exit::not_valid);
    }
}

TEST_F(AnchorChecks, WhatIsNotDeepEnoughCannotBeTold) {
    const AnchorClaim claim = send(Bytes(root.begin(), root.end()), 0);
    EXPECT_EQ(outcome(check(claim), "block"), Outcome::unknown);
    chain.mine(2);
    EXPECT_EQ(outcome(check(claim), "block"), Outcome::unknown);
    EXPECT_EQ(check(claim).verdict(), Exit::cannot_tell);
    chain.mine();
    EXPECT_EQ(check(claim).verdict(), Exit::done);
    chain.reorganise(3, false);
    EXPECT_EQ(outcome(check(claim), "block"), Outcome::unknown);
}

TEST_F(AnchorChecks, AnAbsentTransactionAndALieCannotBeTold) {
    AnchorClaim claim = send(Bytes(root.begin(), root.end()), 3);
    const AnchorClaim known = claim;
    claim.transaction[0] ^= 1;
    AnchorFindings findings = check(claim);
    EXPECT_EQ(outcome(findings, "transaction"), Outcome::unknown);
    EXPECT_EQ(findings.verdict(), Exit::cannot_tell);
    chain.answer_once("eth_getTransactionByHash",
                      R"({"jsonrpc":"2.0","id":$ID,"result":{"type":"0x0"}})");
    EXPECT_EQ(check(known).verdict(), Exit::cannot_tell);
    findings = {};
    ASSERT_TRUE(check_on_chain(nullptr, known, 3, findings));
    EXPECT_EQ(findings.verdict(), Exit::cannot_tell);
}

TEST_F(AnchorChecks, AnEndpointOfAnotherChainIsNotAsked) {
    AnchorClaim claim = send(Bytes(root.begin(), root.end()), 3);
    claim.chain_id = 1;
    EXPECT_EQ(check(claim).verdict(), Exit::cannot_tell);
    EXPECT_EQ(chain.calls("eth_getTransactionByHash"), 0U);
}

TEST(EvmChainId, IsReadFromTheNameOfAChain) {
    EXPECT_EQ(evm_chain_id("eip155:1"), 1U);
    EXPECT_EQ(evm_chain_id("eip155:11155111"), 11'155'111U);
    for (const std::string_view none :
         {"", "eip155:", "eip155:0", "eip155:01", "eip155:a", "bip122:1"})
        EXPECT_FALSE(evm_chain_id(none)) << none;
}

}  // namespace
}  // namespace chancery::cli

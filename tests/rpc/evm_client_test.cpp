#include "rpc/evm_client.h"

#include <gtest/gtest.h>

#include "tests/support/fake_chain.h"

namespace chancery::rpc {
namespace {

struct EvmClientTest : testing::Test {
    EvmClientTest() : client(*EvmClient::to({.url = chain.url()})) {}

    evm::SignedTransaction anchor(std::uint64_t nonce) const {
        evm::Transaction transaction;
        transaction.chain_id = 31'337;
        transaction.nonce = nonce;
        transaction.fee_max = 2'000'000'000;
        transaction.tip = 1;
        transaction.gas = 30'000;
        transaction.to = key.address();
        transaction.data = Bytes(32, 7);
        return evm::sign(transaction, key);
    }
    template <typename T>
    static std::string code_of(const Result<T>& result) {
        return result ? "ok" : std::string(name_of(result.error().code));
    }

    test::FakeChain chain;
    EvmClient client;
    keys::EvmKey key = *keys::EvmKey::from_secret(Hash{42});
};

TEST_F(EvmClientTest, ReadsWhatAChainSaysOfItself) {
    chain.mine(3);
    EXPECT_EQ(*client.chain_id(), 31'337U);
    const auto newest = client.newest_block();
    ASSERT_TRUE(newest) << newest.error().detail;
    EXPECT_EQ(newest->number, 3U);
    EXPECT_EQ(newest->base_fee, 1'000'000'000U);
    EXPECT_EQ((*client.block(newest->hash))->number, 3U);
    EXPECT_EQ((*client.block(2))->time_s + 12, newest->time_s);
    EXPECT_FALSE(*client.block(4));
    EXPECT_EQ(*client.usual_tip(), 1'000'000'000U);
    EXPECT_EQ(*client.estimate_gas(key.address(), key.address(), Bytes(32)), 22'280U);
    EXPECT_EQ(*client.balance(key.address()), 0xffff'ffff'ffff'ffffU);  // 4,096 ether and more.
}

TEST_F(EvmClientTest, FollowsATransactionIntoItsBlock) {
    const evm::SignedTransaction sent = anchor(0);
    const Hash hash = evm::hash_of(sent);
    EXPECT_FALSE(*client.transaction(hash));
    ASSERT_TRUE(client.send(sent));
    EXPECT_EQ((*client.transaction(hash))->transaction, sent);
    EXPECT_FALSE((*client.transaction(hash))->place);
    EXPECT_FALSE(*client.receipt(hash));
    EXPECT_EQ(*client.transaction_count(key.address()), 0U);
    chain.mine(2);
    const auto receipt = client.receipt(hash);
    ASSERT_TRUE(receipt && *receipt);
    EXPECT_TRUE((*receipt)->has_succeeded);
    EXPECT_EQ((*receipt)->place.block_number, 1U);
    EXPECT_EQ((*client.transaction(hash))->place, (*receipt)->place);
    EXPECT_EQ((*client.block(1))->hash, (*receipt)->place.block_hash);
    EXPECT_EQ(*client.transaction_count(key.address()), 1U);
    EXPECT_EQ(*client.transaction_count(key.address(), 0), 0U);
}

TEST_F(EvmClientTest, NamesWhatTheEndpointRefuses) {
    ASSERT_TRUE(client.send(anchor(0)));
    const auto again = client.send(anchor(0));
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error(),
              (Error{Errc::conflict, "the chain's endpoint says \"already known\" (-32000)"}));
    chain.refuse_once("eth_sendRawTransaction", "insufficient funds\\u001b[31m for gas");
    EXPECT_EQ(client.send(anchor(1)).error().detail,
              "the chain's endpoint says \"insufficient funds?[31m for gas\" (-32000)");
    chain.answer_once("eth_chainId",
                      R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32005,"message":"slow"}})");
    EXPECT_EQ(code_of(client.chain_id()), "unavailable");
    chain.answer_once("eth_chainId",
                      R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32601,"message":"no"}})");
    EXPECT_EQ(code_of(client.chain_id()), "not_found");
}

TEST_F(EvmClientTest, StatusesOfTheServerInItsWay) {
    for (const auto& [status, want] : std::map<int, std::string>{{401, "forbidden"},
                                                                 {403, "forbidden"},
                                                                 {404, "invalid"},
                                                                 {429, "unavailable"},
                                                                 {500, "unavailable"},
                                                                 {503, "unavailable"}}) {
        chain.answer_status_once(status);
        EXPECT_EQ(code_of(client.chain_id()), want) << status;
    }
    EXPECT_EQ(*client.chain_id(), 31'337U);
}

TEST_F(EvmClientTest, RefusesAnswersThatAreNone) {
    for (const std::string body : {"",
                                   "null",
                                   "[]",
                                   "\"0x1\"",
                                   "<html>",
                                   R"({"id":$ID,"result":"0x1"})",
                                   R"({"jsonrpc":"1.0","id":$ID,"result":"0x1"})",
                                   R"({"jsonrpc":"2.0","result":"0x1"})",
                                   R"({"jsonrpc":"2.0","id":null,"result":"0x1"})",
                                   R"({"jsonrpc":"2.0","id":"$ID","result":"0x1"})",
                                   R"({"jsonrpc":"2.0","id":99999,"result":"0x1"})",
                                   R"({"jsonrpc":"2.0","id":$ID})",
                                   R"({"jsonrpc":"2.0","id":$ID,"error":{}})",
                                   R"({"jsonrpc":"2.0","id":$ID,"error":"no"})",
                                   R"({"jsonrpc":"2.0","id":$ID,"result":1})",
                                   R"({"jsonrpc":"2.0","id":$ID,"result":"1"})",
                                   R"({"jsonrpc":"2.0","id":$ID,"result":"0x"})",
                                   R"({"jsonrpc":"2.0","id":$ID,"result":"0x01"})",
                                   R"({"jsonrpc":"2.0","id":$ID,"result":"0xg"})",
                                   R"({"jsonrpc":"2.0","id":$ID,"result":"0x10000000000000000"})",
                                   R"({"jsonrpc":"2.0","id":$ID,"result":null})"}) {
        chain.answer_once("eth_chainId", body);
        EXPECT_EQ(code_of(client.chain_id()), "invalid") << body;
    }
    EXPECT_EQ(*client.chain_id(), 31'337U);
}

TEST_F(EvmClientTest, BelievesNoTransactionThatHasAnotherHash) {
    const evm::SignedTransaction sent = anchor(0);
    const Hash hash = evm::hash_of(sent);
    ASSERT_TRUE(client.send(sent));
    const evm::SignedTransaction other = anchor(1);
    ASSERT_TRUE(client.send(other));
    // What the chain says of one, as the answer to the question for the other.
    const auto told = [&](const std::string& body) {
        chain.answer_once("eth_getTransactionByHash", body);
        return code_of(client.transaction(hash));
    };
    const std::string fields =
        R"("type":"0x2","chainId":"0x7a69","maxPriorityFeePerGas":"0x1")"
        R"(,"maxFeePerGas":"0x77359400","gas":"0x7530","to":")" +
        key.address().text() + R"(","value":"0x0","input":"0x)" + to_hex(Bytes(32, 7)) +
        R"(","v":")" + (sent.signature.y_parity == 0 ? "0x0" : "0x1") + R"(","r":"0x)" +
        to_hex(sent.signature.r) + R"(","s":"0x)" + to_hex(sent.signature.s) + "\"";
    const std::string begin = R"({"jsonrpc":"2.0","id":$ID,"result":{)" + fields;
    const std::string none = R"(,"blockHash":null,"blockNumber":null}})";
    EXPECT_EQ(told(begin + R"(,"nonce":"0x0","accessList":[])" + none), "ok");
    EXPECT_EQ(told(begin + R"(,"nonce":"0x1","accessList":[])" + none), "corrupt");
    EXPECT_EQ(told(begin + R"(,"nonce":"0x0","accessList":[{}])" + none), "invalid");
    EXPECT_EQ(told(begin + R"(,"nonce":"0x0")" + none), "invalid");
    EXPECT_EQ(told(begin + R"(,"accessList":[])" + none), "invalid");
    std::string legacy = begin + R"(,"nonce":"0x0","accessList":[])" + none;
    legacy.replace(legacy.find("0x2"), 3, "0x0");
    EXPECT_EQ(told(legacy), "invalid");
}

TEST_F(EvmClientTest, NoErrorNamesThePathOfTheUrl) {
    chain.answer_status_once(401);
    EXPECT_EQ(client.chain_id().error().detail.find("paid-for"), std::string::npos);
    auto nobody = EvmClient::to({.url = "http://127.0.0.1:1/key/paid-for"});
    ASSERT_TRUE(nobody);
    const auto answer = nobody->chain_id();
    EXPECT_EQ(code_of(answer), "unavailable");
    EXPECT_EQ(answer.error().detail.find("paid-for"), std::string::npos);
    EXPECT_EQ(code_of(EvmClient::to({.url = "ftp://chain.example/paid-for"})), "invalid");
}

TEST_F(EvmClientTest, AnAnswerHasALimit) {
    chain.answer_once("eth_chainId", std::string(evm_answer_bytes_max + 1, ' '));
    EXPECT_EQ(code_of(client.chain_id()), "invalid");
}

}  // namespace
}  // namespace chancery::rpc

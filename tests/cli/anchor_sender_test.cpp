// One root onto a chain that re-organises, forgets, refuses and asks for more.
#include "node/cli/anchor_sender.h"

#include <gtest/gtest.h>

#include "tests/support/fake_chain.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

using Stage = AnchorView::Stage;

struct AnchorSending : testing::Test {
    AnchorSending() {
        options.chain_id = 31'337;
        options.confirmations = 3;
        options.replace_after = 5;
        record.head = {.size = 9, .root = Hash{7}};
    }

    // As a process that was just started: all it knows is in the journal.
    AnchorView look() {
        AnchorSender sender(client, journal, key, options);
        auto view = sender.advance(record);
        EXPECT_TRUE(view) << view.error().detail;
        expect_durable();
        return view ? *view : AnchorView();
    }
    void begin() {
        AnchorSender sender(client, journal, key, options);
        const auto begun = sender.begin(record);
        ASSERT_TRUE(begun) << begun.error().detail;
        expect_durable();
    }
    void expect_durable() const {
        const auto written = journal.newest();
        ASSERT_TRUE(written && *written);
        EXPECT_EQ(**written, record);
    }
    // How many transactions with the root any block has.
    std::size_t mined() const {
        std::size_t count = 0;
        for (const auto& one : chain.mined())
            count += equal(one.transaction.data, record.head.root) ? 1U : 0U;
        return count;
    }

    test::FakeChain chain;
    rpc::EvmClient client = *rpc::EvmClient::to({.url = chain.url()});
    test::ScratchFolder folder;
    AnchorJournal journal{folder / "anchors", 31'337};
    keys::EvmKey key = *keys::EvmKey::from_secret(Hash{42});
    AnchorOptions options;
    AnchorRecord record;
};

TEST_F(AnchorSending, WritesDownBeforeItSends) {
    begin();
    EXPECT_TRUE(chain.pool().empty());
    const evm::Transaction& made = record.newest().transaction.transaction;
    EXPECT_EQ(made.to, key.address());
    EXPECT_EQ(made.value, 0U);
    EXPECT_TRUE(equal(made.data, record.head.root));
    EXPECT_EQ(made.gas, 22'280U * 5 / 4);
    EXPECT_EQ(made.tip, wei_per_gwei);
    EXPECT_EQ(made.fee_max, 3 * wei_per_gwei);
    EXPECT_EQ(look().stage, Stage::waiting);
    ASSERT_EQ(chain.pool().size(), 1U);
    EXPECT_EQ(chain.pool().front(), record.newest().transaction);
}

TEST_F(AnchorSending, IsConfirmedOnceEnoughBlocksAreOnIt) {
    begin();
    look();
    chain.mine();
    AnchorView view = look();
    EXPECT_EQ(view.stage, Stage::mined);
    EXPECT_EQ(view.confirmations, 1U);
    chain.mine();
    EXPECT_EQ(look().stage, Stage::mined);
    EXPECT_FALSE(record.mined);
    chain.mine();
    view = look();
    EXPECT_EQ(view.stage, Stage::confirmed);
    EXPECT_EQ(view.receipt->place.block_number, 1U);
    EXPECT_EQ(record.mined, evm::hash_of(record.newest().transaction));
}

TEST_F(AnchorSending, SendsNothingTwiceHoweverOftenItIsStarted) {
    begin();
    for (int i = 0; i < 4; ++i)
        look();
    EXPECT_EQ(chain.calls("eth_sendRawTransaction"), 1U);
    chain.mine(3);
    for (int i = 0; i < 4; ++i)
        look();
    EXPECT_EQ(chain.calls("eth_sendRawTransaction"), 1U);
    EXPECT_EQ(mined(), 1U);
}

TEST_F(AnchorSending, WhatThePoolForgotIsSentAgain) {
    begin();
    look();
    chain.forget_pool();
    look();
    ASSERT_EQ(chain.pool().size(), 1U);
    EXPECT_EQ(record.attempts.size(), 1U);
    chain.mine(3);
    EXPECT_EQ(look().stage, Stage::confirmed);
    EXPECT_EQ(mined(), 1U);
}

TEST_F(AnchorSending, AReorganisationTakesItsConfirmationsAway) {
    begin();
    look();
    chain.mine(2);
    EXPECT_EQ(look().stage, Stage::mined);
    chain.reorganise(2, false);
    EXPECT_EQ(look().stage, Stage::waiting);
    chain.mine();
    EXPECT_EQ(look().confirmations, 1U);
    chain.mine(2);
    EXPECT_EQ(look().stage, Stage::confirmed);
    EXPECT_EQ(mined(), 1U);
}

TEST_F(AnchorSending, AfterAReorganisationThatForgotItIsSentAgain) {
    begin();
    look();
    chain.mine(2);
    look();
    chain.reorganise(2, true);
    look();
    chain.mine(3);
    EXPECT_EQ(look().stage, Stage::confirmed);
    EXPECT_EQ(record.attempts.size(), 1U);
    EXPECT_EQ(mined(), 1U);
}

TEST_F(AnchorSending, OffersMoreForTheSameNonceWhenItIsPassedOver) {
    begin();
    look();
    chain.set_base_fee(5 * wei_per_gwei);
    AnchorView view = look();
    ASSERT_EQ(record.attempts.size(), 2U);
    EXPECT_EQ(record.attempts[0].transaction.transaction.nonce,
              record.attempts[1].transaction.transaction.nonce);
    EXPECT_GE(record.newest().transaction.transaction.fee_max, 10 * wei_per_gwei);
    EXPECT_NE(view.why.find("sent again"), std::string::npos) << view.why;
    ASSERT_EQ(chain.pool().size(), 1U);  // In the place of the first.
    EXPECT_EQ(chain.pool().front(), record.newest().transaction);
    look();
    EXPECT_EQ(record.attempts.size(), 2U);
    chain.mine(3);
    EXPECT_EQ(look().stage, Stage::confirmed);
    EXPECT_EQ(mined(), 1U);
}

TEST_F(AnchorSending, AnEarlierAttemptMayBeTheOneThatIsMined) {
    begin();
    look();
    const Hash first = evm::hash_of(record.newest().transaction);
    const auto pool = chain.pool();
    chain.set_base_fee(5 * wei_per_gwei);
    chain.refuse_once("eth_sendRawTransaction", "replacement transaction underpriced");
    const AnchorView view = look();
    EXPECT_NE(view.why.find("underpriced"), std::string::npos) << view.why;
    EXPECT_EQ(record.attempts.size(), 2U);
    chain.set_base_fee(1);
    chain.mine(3);
    EXPECT_EQ(look().transaction, first);
    EXPECT_EQ(record.mined, first);
    EXPECT_EQ(mined(), 1U);
}

TEST_F(AnchorSending, OffersNeverMoreThanTheLimit) {
    options.fee_max = 4 * wei_per_gwei;
    begin();
    look();
    chain.set_base_fee(10 * wei_per_gwei);
    std::string said;
    for (int i = 0; i < 20; ++i) {
        chain.mine(6);
        said = look().why;
    }
    EXPECT_NE(said.find("would pass the limit of 4 gwei"), std::string::npos) << said;
    for (const AnchorAttempt& attempt : record.attempts)
        EXPECT_LE(attempt.transaction.transaction.fee_max, options.fee_max);
}

TEST_F(AnchorSending, DoesNotBeginWhileAPlaceCostsMoreThanTheLimit) {
    chain.set_base_fee(60 * wei_per_gwei);
    AnchorSender sender(client, journal, key, options);
    const auto begun = sender.begin(record);
    ASSERT_FALSE(begun);
    EXPECT_EQ(begun.error(),
              (Error{Errc::unavailable,
                     "a place in a block costs 61 gwei for each gas now, the limit is 50 gwei"}));
    EXPECT_FALSE(*journal.newest());
}

TEST_F(AnchorSending, TakesANewNonceOnlyWhenTheOldOneIsGoneForGood) {
    begin();
    chain.take_nonce(key);
    EXPECT_NE(look().why.find("took nonce 0"), std::string::npos);
    chain.mine();
    look();
    EXPECT_EQ(record.given_up.size(), 0U) << "two blocks are not three";
    chain.mine();
    const Hash lost = evm::hash_of(record.newest().transaction);
    EXPECT_NE(look().why.find("sent anew"), std::string::npos);
    EXPECT_EQ(record.given_up, std::vector{lost});
    EXPECT_EQ(record.newest().transaction.transaction.nonce, 1U);
    chain.mine(3);
    EXPECT_EQ(look().stage, Stage::confirmed);
    EXPECT_EQ(mined(), 1U);
}

TEST_F(AnchorSending, SaysWhatTheEndpointRefuses) {
    begin();
    chain.refuse_once("eth_sendRawTransaction", "insufficient funds for gas * price + value");
    AnchorSender sender(client, journal, key, options);
    const auto refused = sender.advance(record);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::unavailable);
    EXPECT_NE(refused.error().detail.find("insufficient funds"), std::string::npos);
    look();
    EXPECT_EQ(chain.pool().size(), 1U);
}

TEST_F(AnchorSending, KnowsTheChainByItsId) {
    AnchorSender sender(client, journal, key, options);
    EXPECT_TRUE(sender.check_chain());
    options.chain_id = 1;
    const auto wrong = AnchorSender(client, journal, key, options).check_chain();
    EXPECT_EQ(wrong.error(),
              (Error{Errc::forbidden, "the endpoint is of chain eip155:31337, want eip155:1"}));
}

TEST_F(AnchorSending, IsFinishedByTheKeyThatBeganIt) {
    begin();
    const keys::EvmKey other = *keys::EvmKey::from_secret(Hash{43});
    AnchorSender sender(client, journal, other, options);
    EXPECT_EQ(sender.advance(record).error().code, Errc::conflict);
    EXPECT_TRUE(chain.pool().empty());
}

TEST_F(AnchorSending, IsNotLedToPayForMuchGas) {
    chain.answer_once("eth_estimateGas", R"({"jsonrpc":"2.0","id":$ID,"result":"0x1c9c380"})");
    AnchorSender sender(client, journal, key, options);
    EXPECT_EQ(sender.begin(record).error().code, Errc::unavailable);
}

TEST_F(AnchorSending, DoesWithoutAWordForTheUsualTip) {
    chain.answer_once("eth_maxPriorityFeePerGas",
                      R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32601,"message":"what"}})");
    begin();
    EXPECT_EQ(record.newest().transaction.transaction.tip, wei_per_gwei);
}

// Whatever the endpoint answers at any one call, nothing is lost and nothing is sent twice.
TEST_F(AnchorSending, SurvivesALieAtAnyCall) {
    for (const std::string method : {"eth_getBlockByNumber",
                                     "eth_getTransactionReceipt",
                                     "eth_getTransactionCount",
                                     "eth_getTransactionByHash",
                                     "eth_sendRawTransaction"}) {
        for (const std::string result : {"null", "{}", "\"0x0\"", "[1]", "\"\""}) {
            AnchorRecord one;
            one.head = {.size = 9, .root = Hash{9}};
            AnchorSender sender(client, journal, key, options);
            ASSERT_TRUE(sender.begin(one));
            chain.answer_once(method, R"({"jsonrpc":"2.0","id":$ID,"result":)" + result + "}");
            (void)sender.advance(one);
            for (int i = 0; i < 8 && !one.mined; ++i) {
                chain.mine();
                (void)sender.advance(one);
            }
            ASSERT_TRUE(one.mined) << method << " " << result;
            EXPECT_EQ(one.given_up.size(), 0U) << method << " " << result;
        }
    }
}

TEST(AnchorFees, LeaveRoomAndKeepTheLimit) {
    const FeeMarket market{.base_fee = 10 * wei_per_gwei, .usual_tip = 2 * wei_per_gwei};
    EXPECT_EQ(*first_fees(market, 50 * wei_per_gwei),
              (AnchorFees{2 * wei_per_gwei, 22 * wei_per_gwei}));
    EXPECT_EQ(*first_fees(market, 15 * wei_per_gwei),
              (AnchorFees{2 * wei_per_gwei, 15 * wei_per_gwei}));
    EXPECT_FALSE(first_fees(market, 11 * wei_per_gwei));
    // An endpoint that asks for a fortune gets a quarter of the limit.
    EXPECT_EQ(first_fees({10 * wei_per_gwei, 900 * wei_per_gwei}, 40 * wei_per_gwei)->tip,
              10 * wei_per_gwei);
    constexpr std::uint64_t most = 0xffff'ffff'ffff'ffff;
    EXPECT_FALSE(first_fees({most, most}, 50 * wei_per_gwei));
}

TEST(AnchorFees, AReplacementOffersATenthMoreOfBoth) {
    for (const std::uint64_t fee : {0ULL, 1ULL, 7ULL, 1'000'000'000ULL, 123'456'789'012ULL}) {
        const auto more = replacing_fees({fee, fee}, {1, 1}, 1'000'000 * wei_per_gwei);
        ASSERT_TRUE(more) << fee;
        EXPECT_GE(more->tip * 10, fee * 11);
        EXPECT_GE(more->fee_max * 10, fee * 11);
        EXPECT_GT(more->tip, fee);
    }
    EXPECT_FALSE(replacing_fees({1, wei_per_gwei}, {1, 1}, wei_per_gwei));
    EXPECT_FALSE(replacing_fees({1, ~std::uint64_t{0}}, {1, 1}, 50 * wei_per_gwei));
}

TEST(AnchorFees, AreWrittenInGwei) {
    EXPECT_EQ(gwei_text(0), "0 gwei");
    EXPECT_EQ(gwei_text(1), "0.000000001 gwei");
    EXPECT_EQ(gwei_text(1'500'000'000), "1.5 gwei");
    EXPECT_EQ(gwei_text(61 * wei_per_gwei), "61 gwei");
}

}  // namespace
}  // namespace chancery::cli

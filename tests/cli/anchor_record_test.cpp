#include "node/cli/anchor_record.h"

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

AnchorRecord an_anchoring(std::uint64_t size = 9) {
    const auto key = *keys::EvmKey::from_secret(Hash{42});
    AnchorRecord record;
    record.network = Hash{1};
    record.head = {.size = size, .root = Hash{2}};
    evm::Transaction transaction;
    transaction.chain_id = 1;
    transaction.nonce = 3;
    transaction.to = key.address();
    transaction.data = Bytes(record.head.root.begin(), record.head.root.end());
    for (const std::uint64_t fee : {10U, 12U}) {
        transaction.fee_max = fee;
        record.attempts.push_back({evm::sign(transaction, key), fee});
    }
    return record;
}

TEST(AnchorRecord, IsReadAsItWasWritten) {
    AnchorRecord record = an_anchoring();
    EXPECT_EQ(*parse_anchor_record(to_text(record)), record);
    EXPECT_FALSE(record.is_finished());
    record.given_up = {Hash{5}};
    record.mined = evm::hash_of(record.newest().transaction);
    EXPECT_FALSE(record.is_finished());
    record.batch = AnchorBatch{*record.mined, {1, 2}, 77, {3, 4}};
    record.position = 12;
    EXPECT_TRUE(record.is_finished());
    EXPECT_EQ(*parse_anchor_record(to_text(record)), record);
    AnchorRecord of_badges = an_anchoring(0);
    of_badges.note = "3 badges";
    EXPECT_EQ(*parse_anchor_record(to_text(of_badges)), of_badges);
    of_badges.mined = Hash{8};
    EXPECT_TRUE(of_badges.is_finished());
}

TEST(AnchorRecord, RefusesWhatNoAnchoringWrote) {
    const std::string good = to_text(an_anchoring());
    const auto refused = [&](const std::string& what, const std::string& with) {
        std::string text = good;
        const auto at = text.find(what);
        EXPECT_NE(at, std::string::npos) << what;
        text.replace(at, what.size(), with);
        return !parse_anchor_record(text).has_value();
    };
    EXPECT_TRUE(refused("chancery-anchoring/v1", "chancery-anchoring/v2"));
    EXPECT_TRUE(refused("\"root\":\"02", "\"root\":\"03"));  // Not what was sent.
    EXPECT_TRUE(refused("\"raw\":\"02", "\"raw\":\"01"));
    EXPECT_TRUE(refused("\"mined\":null", "\"mined\":\"00\""));
    EXPECT_TRUE(refused("\"mined\":null,", ""));
    EXPECT_TRUE(refused("\"position\":null", "\"position\":-1"));
    EXPECT_TRUE(refused("\"batch\":null", "\"batch\":{}"));
    EXPECT_TRUE(refused("\"given_up\":[]", "\"given_up\":[1]"));
    AnchorRecord record = an_anchoring();
    record.attempts.clear();
    EXPECT_FALSE(parse_anchor_record(to_text(record)));
    record = an_anchoring();
    evm::Transaction other = record.newest().transaction.transaction;
    other.nonce += 1;
    record.attempts.push_back({evm::sign(other, *keys::EvmKey::from_secret(Hash{42})), 5});
    EXPECT_FALSE(parse_anchor_record(to_text(record)));  // Two could be mined.
    record = an_anchoring();
    record.attempts.front().transaction =
        evm::sign(record.newest().transaction.transaction, *keys::EvmKey::from_secret(Hash{43}));
    EXPECT_FALSE(parse_anchor_record(to_text(record)));
}

TEST(AnchorJournal, KeepsOneFileForEachAndKnowsTheNewest) {
    const test::ScratchFolder folder;
    const AnchorJournal journal(folder / "anchors", 1);
    EXPECT_FALSE(*journal.newest());
    AnchorRecord first = an_anchoring();
    ASSERT_TRUE(journal.write(first));
    EXPECT_EQ(first.number, 1U);
    AnchorRecord second = an_anchoring(20);
    ASSERT_TRUE(journal.write(second));
    second.mined = Hash{1};
    ASSERT_TRUE(journal.write(second));
    EXPECT_EQ(*journal.all(), (std::vector{first, second}));
    EXPECT_EQ(**journal.newest(), second);
    // Another chain, another journal.
    EXPECT_FALSE(*AnchorJournal(folder / "anchors", 2).newest());
    folder.write("anchors/eip155-1/000002.json", "{", 0600);
    EXPECT_EQ(journal.newest().error().code, Errc::corrupt);
    folder.write("anchors/eip155-1/two.json", "{}", 0600);
    EXPECT_EQ(journal.all().error().code, Errc::corrupt);
}

}  // namespace
}  // namespace chancery::cli

// Records of kind 6 as tests/vectors/chancery/anchors.json has them, made from PROTOCOL.md alone.
#include <gtest/gtest.h>

#include "consensus/registry/batch.h"
#include "crypto/evm/transaction.h"
#include "tests/support/vectors.h"

namespace chancery::registry {
namespace {

using test::text_at;
using test::unhex;
using test::unhex32;

const json::Value& anchor_vectors() {
    static const json::Value file = test::vector_json("chancery/anchors.json");
    return file;
}

TEST(AnchorVectors, TheBatchIsTakenApartAndSignedAsTheTextSays) {
    const Bytes bulk = unhex(text_at(anchor_vectors(), "bulk"));
    const auto batch = parse_bulk(bulk);
    ASSERT_TRUE(batch) << batch.error().detail;
    EXPECT_EQ(batch->header.record_kind, ledger::Kind::anchor);
    EXPECT_EQ(to_hex(batch->header.records_root), text_at(anchor_vectors(), "records_root"));
    EXPECT_EQ(to_hex(batch_message(unhex32(text_at(anchor_vectors(), "network")), batch->header)),
              text_at(anchor_vectors(), "message"));
    const json::Array& entries = test::array_at(anchor_vectors(), "entries");
    ASSERT_EQ(entries.size(), batch->count() + 1);
    const auto time = static_cast<ledger::TimeMs>(*anchor_vectors().find("time")->as_integer());
    ledger::BatchEntry header = batch->header;
    header.time = time;
    EXPECT_EQ(to_hex(ledger::encode(header)), *entries[0].as_string());
    for (std::uint32_t i = 0; i < batch->count(); ++i) {
        const auto record =
            ledger::record_of(ledger::Kind::anchor, header.member, time, batch->body(i));
        ASSERT_TRUE(record) << record.error().detail;
        EXPECT_EQ(to_hex(ledger::encode(*record)), *entries[i + 1].as_string());
        EXPECT_EQ(*ledger::decode(unhex(*entries[i + 1].as_string())), *record);
    }
}

TEST(AnchorVectors, TheTransactionHasTheRecordedHashAndCarriesTheRoot) {
    const json::Value& wanted = *anchor_vectors().find("transaction");
    const auto read = evm::parse_transaction(unhex(text_at(wanted, "raw")));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(to_hex(evm::hash_of(*read)), text_at(wanted, "hash"));
    EXPECT_EQ(to_hex(evm::signing_hash(read->transaction)), text_at(wanted, "signed"));
    EXPECT_EQ(to_hex(read->transaction.data), text_at(wanted, "root"));
    const auto first =
        ledger::decode(unhex(*test::array_at(anchor_vectors(), "entries")[1].as_string()));
    ASSERT_TRUE(first);
    EXPECT_EQ(std::get<ledger::AnchorEntry>(*first).transaction, evm::hash_of(*read));
}

}  // namespace
}  // namespace chancery::registry

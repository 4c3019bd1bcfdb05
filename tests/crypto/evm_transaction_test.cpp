#include <gtest/gtest.h>

#include "crypto/base/decimal.h"
#include "crypto/evm/rlp.h"
#include "crypto/evm/transaction.h"
#include "tests/support/vectors.h"

namespace chancery::evm {
namespace {

using test::text_at;
using test::unhex;
using test::unhex32;

std::uint64_t number_at(const json::Value& entry, std::string_view name) {
    const auto number = from_decimal(text_at(entry, name));
    CHECK(number);
    return *number;
}

Transaction transaction_of(const json::Value& entry) {
    return {.chain_id = number_at(entry, "chain_id"),
            .nonce = number_at(entry, "nonce"),
            .tip = number_at(entry, "tip"),
            .fee_max = number_at(entry, "fee_max"),
            .gas = number_at(entry, "gas"),
            .to = keys::EvmAddress::parse(text_at(entry, "to")).value(),
            .value = number_at(entry, "value"),
            .data = unhex(text_at(entry, "data"))};
}

keys::EvmKey key_of(const json::Value& entry) {
    auto key = keys::EvmKey::from_secret(unhex32(text_at(entry, "secret")));
    CHECK(key);
    return *key;
}

const json::Value& vectors() {
    static const json::Value file = test::vector_json("evm/evm.json");
    return file;
}

SignedTransaction an_anchor() {
    const json::Value& entry = test::array_at(vectors(), "transactions").front();
    return sign(transaction_of(entry), key_of(entry));
}

TEST(EvmTransaction, IsByteForByteWhatEthersSigns) {
    const json::Array& cases = test::array_at(vectors(), "transactions");
    ASSERT_EQ(cases.size(), 7U);
    for (const json::Value& entry : cases) {
        SCOPED_TRACE(text_at(entry, "hash"));
        const Transaction transaction = transaction_of(entry);
        EXPECT_EQ(to_hex(signing_hash(transaction)), text_at(entry, "signing_hash"));
        const SignedTransaction made = sign(transaction, key_of(entry));
        EXPECT_EQ(to_hex(raw_bytes(made)), text_at(entry, "raw"));
        EXPECT_EQ(to_hex(hash_of(made)), text_at(entry, "hash"));
        EXPECT_EQ(sender_of(made).value(), key_of(entry).address());
        const auto read = parse_transaction(unhex(text_at(entry, "raw")));
        ASSERT_TRUE(read) << read.error().detail;
        EXPECT_EQ(*read, made);
    }
}

TEST(EvmTransaction, AnyChangedByteIsRefusedOrNamesAnotherSender) {
    const SignedTransaction good = an_anchor();
    const keys::EvmAddress sender = sender_of(good).value();
    const Bytes raw = raw_bytes(good);
    for (std::size_t bit = 0; bit < 8 * raw.size(); ++bit) {
        Bytes altered = raw;
        altered[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        const auto read = parse_transaction(altered);
        if (!read) continue;
        EXPECT_EQ(raw_bytes(*read), altered);
        const auto signer = sender_of(*read);
        EXPECT_FALSE(signer && *signer == sender) << bit;
    }
}

TEST(EvmTransaction, IsRefusedCutOffOrLonger) {
    const Bytes raw = raw_bytes(an_anchor());
    for (std::size_t length = 0; length < raw.size(); ++length)
        EXPECT_FALSE(parse_transaction(ByteView(raw).first(length))) << length;
    Bytes longer = raw;
    longer.push_back(0);
    EXPECT_FALSE(parse_transaction(longer));
}

// Fields as given, which raw_bytes() would not write.
Bytes raw_of(const RlpWriter& recipient,
             const RlpWriter& data,
             const RlpWriter& access_list,
             std::uint64_t parity,
             bool has_more) {
    RlpWriter fields;
    for (const std::uint64_t number : {1U, 0U, 1U, 1U, 21'000U})
        fields.integer(number);
    Bytes items = fields.written();
    const auto append = [&items](const RlpWriter& more) {
        items.insert(items.end(), more.written().begin(), more.written().end());
    };
    append(recipient);
    append(RlpWriter().integer(std::uint64_t{0}));
    append(data);
    append(access_list);
    append(RlpWriter().integer(parity).integer(std::uint64_t{1}).integer(std::uint64_t{1}));
    if (has_more) append(RlpWriter().integer(std::uint64_t{1}));
    Writer list;  // Longer than 255 bytes only with too much data.
    if (items.size() <= 55) {
        list.u8(static_cast<std::uint8_t>(0xc0 + items.size()));
    } else {
        list.u8(0xf9).u16(static_cast<std::uint16_t>(items.size()));
    }
    return Writer().u8(2).bytes(list.written()).bytes(items).take();
}

TEST(EvmTransaction, HasARecipientNoAccessListAndLittleData) {
    const RlpWriter recipient = RlpWriter().string(Bytes(20));
    const RlpWriter data = RlpWriter().string({});
    const RlpWriter no_list = RlpWriter().list(RlpWriter());
    const auto said = [](const Bytes& raw) {
        const auto read = parse_transaction(raw);
        return read ? "read" : read.error().detail;
    };
    EXPECT_EQ(said(raw_of(recipient, data, no_list, 1, false)), "read");
    EXPECT_EQ(said(raw_of(RlpWriter().string({}), data, no_list, 1, false)),
              "a recipient of 0 bytes, want 20");
    EXPECT_EQ(said(raw_of(recipient, data, RlpWriter().list(no_list), 1, false)),
              "an access list, want none");
    EXPECT_EQ(said(raw_of(recipient, data, no_list, 2, false)), "parity 2, want 0 or 1");
    EXPECT_EQ(said(raw_of(recipient, data, no_list, 1, true)),
              "a transaction of more than 12 fields");
    EXPECT_EQ(said(raw_of(recipient, RlpWriter().string(Bytes(4'097)), no_list, 1, false)),
              "4097 bytes of data, want at most 4096");
    EXPECT_EQ(said(raw_of(recipient, RlpWriter().string(Bytes(4'096)), no_list, 1, false)), "read");
    EXPECT_EQ(said({}), "a transaction of type none, want 2");
    EXPECT_EQ(said({3}), "a transaction of type 3, want 2");
}

}  // namespace
}  // namespace chancery::evm

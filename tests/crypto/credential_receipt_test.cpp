#include <functional>

#include <gtest/gtest.h>

#include "crypto/credential/commitment.h"
#include "crypto/credential/receipt.h"
#include "tests/support/chancery_credentials.h"
#include "tests/support/small_network.h"

namespace chancery::credential {
namespace {

using test::chancery_document;
using test::chancery_receipt;
using test::filled_hash;
using test::SmallNetwork;
using test::text_at;

constexpr std::size_t vector_count = 3;

TEST(Receipt, OfEachVectorIsReadAndWrittenBack) {
    for (std::size_t i = 0; i < vector_count; ++i) {
        const std::string text = text_at(chancery_document(i), "receipt");
        const Receipt receipt = chancery_receipt(i);
        EXPECT_EQ(to_text(receipt), text);
        EXPECT_EQ(to_hex(receipt.salt), text_at(chancery_document(i), "salt"));
        EXPECT_EQ(receipt.entry, test::chancery_entries().at(receipt.index));
        EXPECT_FALSE(lacks_salt(receipt));
    }
}

TEST(Receipt, LacksItsSaltUntilTheClientPutsItIn) {
    Receipt receipt = chancery_receipt(0);
    receipt.salt = {};
    const Result<Receipt> read = parse_receipt(to_text(receipt));
    ASSERT_TRUE(read);
    EXPECT_TRUE(lacks_salt(*read));
}

TEST(Receipt, IsRefusedWithoutSaltAndEntry) {
    const Receipt good = chancery_receipt(0);
    const auto refusal = [&good](std::optional<Bytes> extra) -> std::string {
        const Result<Receipt> read = parse_receipt(note::to_text({.extra = std::move(extra),
                                                                  .index = good.index,
                                                                  .path = good.path,
                                                                  .checkpoint = good.checkpoint}));
        return read ? "accepted" : read.error().detail;
    };
    EXPECT_EQ(refusal(std::nullopt), "receipt has 0 extra bytes, want a salt of 32 and an entry");
    EXPECT_EQ(refusal(Bytes(33)), "receipt has 33 extra bytes, want a salt of 32 and an entry");
    EXPECT_EQ(refusal(Bytes(34)), "accepted");
}

TEST(Receipt, HasAtMost64KiBAnd63Hashes) {
    const std::string text = to_text(chancery_receipt(0));
    EXPECT_FALSE(parse_receipt(text + std::string(receipt_bytes_max, '\n')));
    Receipt receipt = chancery_receipt(0);
    receipt.path.assign(63, filled_hash(1));
    EXPECT_TRUE(parse_receipt(to_text(receipt)));
    receipt.path.assign(64, filled_hash(1));
    EXPECT_FALSE(parse_receipt(to_text(receipt)));
}

TEST(ProofCheckpoint, CarriesAtMost15CosignaturesAndOneForEachName) {
    const std::string text = note::checkpoint_text(
        {.origin = "log.example/small", .head = {.size = 1, .root = filled_hash(1)}});
    const auto with_names = [&text](const std::vector<std::string>& names) {
        note::SignedNote note{.text = text, .signatures = {}};
        for (const std::string& name : names)
            note.signatures.push_back({.name = name, .id = {1, 2, 3, 4}, .signature = Bytes(72)});
        return parse_proof_checkpoint(note::to_text(note)).has_value();
    };
    std::vector<std::string> names = {"log.example/small"};
    for (int i = 0; i < 15; ++i)
        names.push_back("log.example/small/m" + std::to_string(i));
    EXPECT_TRUE(with_names(names));
    names.push_back("log.example/small/m15");
    EXPECT_FALSE(with_names(names));
    EXPECT_FALSE(with_names({"log.example/small/m1", "log.example/small/m1"}));
    EXPECT_FALSE(with_names({"log.example/small", "log.example/small"}));
    EXPECT_FALSE(parse_proof_checkpoint(text));
}

TEST(Receipt, BecomesAProofElementOfItsDocument) {
    json::Value document = *chancery_document(1).find("document");
    const Receipt receipt = chancery_receipt(1);
    ASSERT_TRUE(embed(document, receipt));
    const json::Array& proofs = *document.find("proof")->as_array();
    ASSERT_EQ(proofs.size(), 1U);
    EXPECT_EQ(text_at(proofs[0], "type"), "DataIntegrityProof");
    EXPECT_EQ(text_at(proofs[0], "cryptosuite"), "chancery-receipt-2026");
    EXPECT_EQ(text_at(proofs[0], "created"), "2026-01-01T00:00:00Z");
    EXPECT_EQ(text_at(proofs[0], "verificationMethod"), "did:web:registry.example:test#registry");
    EXPECT_EQ(text_at(proofs[0], "proofPurpose"), "assertionMethod");
    EXPECT_EQ(text_at(proofs[0], "proofValue"), "u" + to_base64url(bytes_of(to_text(receipt))));
    EXPECT_EQ(receipts_in(document).value(), std::vector<Receipt>{receipt});
    EXPECT_EQ(document_hash(document), document_hash(*chancery_document(1).find("document")));
}

TEST(Receipt, ReplacesAnEarlierOneOfItsNetworkAndNoOther) {
    SmallNetwork network(1, "log.example:8443/small");
    const ledger::Position position = network.register_credential(1, filled_hash(1));
    network.end_block();
    const Receipt foreign = network.receipt(position, filled_hash(2));

    json::Value document(json::Object{{"proof", json::Object{{"cryptosuite", "eddsa-jcs-2022"}}}});
    ASSERT_TRUE(embed(document, chancery_receipt(0)));
    ASSERT_TRUE(embed(document, foreign));
    ASSERT_TRUE(embed(document, chancery_receipt(1)));
    EXPECT_EQ(document.find("proof")->as_array()->size(), 3U);
    EXPECT_EQ(receipts_in(document).value(), (std::vector<Receipt>{chancery_receipt(1), foreign}));
    EXPECT_EQ(text_at(document.find("proof")->as_array()->at(2), "verificationMethod"),
              "did:web:log.example%3A8443:small#registry");
}

TEST(Receipt, IsNoProofElementUnlessOfACredential) {
    Receipt receipt = chancery_receipt(0);
    receipt.entry = test::chancery_entries().at(0);
    EXPECT_EQ(proof_element(receipt).error().code, Errc::invalid);
    receipt = chancery_receipt(0);
    receipt.checkpoint = "nothing\n";
    EXPECT_EQ(proof_element(receipt).error().code, Errc::invalid);
    json::Value number(1);
    EXPECT_FALSE(embed(number, chancery_receipt(0)));
    json::Value odd(json::Object{{"proof", "text"}});
    EXPECT_FALSE(embed(odd, chancery_receipt(0)));
}

TEST(Receipt, IsRefusedInAMalformedProofElement) {
    const json::Value good = proof_element(chancery_receipt(0)).value();
    const auto is_accepted = [&good](const std::function<void(json::Value&)>& change) {
        json::Value element = good;
        change(element);
        const json::Value document(json::Object{{"proof", json::Array{element}}});
        return receipts_in(document).has_value();
    };
    EXPECT_TRUE(is_accepted([](json::Value&) {}));
    const json::Object members = *good.as_object();
    for (const json::Member& member : members) {
        if (member.name == "cryptosuite") continue;
        EXPECT_FALSE(is_accepted([&member](json::Value& e) { e.erase(member.name); }));
        EXPECT_FALSE(is_accepted([&member](json::Value& e) { e.set(member.name, 1); }));
    }
    EXPECT_FALSE(is_accepted([](json::Value& e) { e.set("id", "urn:x"); }));
    EXPECT_FALSE(is_accepted([](json::Value& e) { e.set("type", "Other"); }));
    EXPECT_FALSE(is_accepted([](json::Value& e) { e.set("proofPurpose", "authentication"); }));
    EXPECT_FALSE(is_accepted([](json::Value& e) { e.set("proofValue", "zAAAA"); }));
    EXPECT_FALSE(is_accepted([](json::Value& e) { e.set("proofValue", "u"); }));
    EXPECT_FALSE(is_accepted([](json::Value& e) { e.set("proofValue", "u!"); }));
    EXPECT_TRUE(is_accepted([](json::Value& e) { e.set("cryptosuite", "eddsa-jcs-2022"); }));
}

TEST(Proofs, OfADocumentAreObjects) {
    const auto count = [](const json::Value& proof) -> int {
        const json::Value document(json::Object{{"proof", proof}});
        const auto proofs = proofs_of(document);
        return proofs ? static_cast<int>(proofs->size()) : -1;
    };
    EXPECT_EQ(count(json::Object{}), 1);
    EXPECT_EQ(count(json::Array{}), 0);
    EXPECT_EQ(count(json::Array{json::Object{}, json::Object{}}), 2);
    EXPECT_EQ(count(json::Array{json::Object{}, 1}), -1);
    EXPECT_EQ(count(json::Array{json::Value(json::Array{json::Object{}})}), -1);
    EXPECT_EQ(count(json::Value()), -1);
    EXPECT_EQ(count("proof"), -1);
    EXPECT_EQ(proofs_of(json::Value(json::Object{})).value().size(), 0U);
}

}  // namespace
}  // namespace chancery::credential

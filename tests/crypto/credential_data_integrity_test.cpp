#include <array>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/credential/data_integrity.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "crypto/keys/multikey.h"
#include "crypto/rdf/canonicalize.h"
#include "crypto/rdf/json_ld.h"
#include "tests/support/example_contexts.h"
#include "tests/support/vectors.h"

namespace chancery::credential::data_integrity_test {
namespace {

constexpr std::int64_t now_s = 1'767'225'600;
const std::string eddsa = "w3c-vc-di-eddsa/";

std::string line_of(const std::string& file) {
    std::string text = test::vector_text(file);
    while (text.ends_with('\n'))
        text.pop_back();
    return text;
}

std::string text_at(const json::Value& object, std::string_view name) {
    const json::Value* const value = object.find(name);
    return value == nullptr || value->as_string() == nullptr ? "" : *value->as_string();
}

std::vector<json::Value> proofs_in(const json::Value& document) {
    const json::Value* const proof = document.find("proof");
    if (proof == nullptr) return {};
    return proof->as_array() != nullptr ? *proof->as_array() : json::Array{*proof};
}

// Of the did:key that a proof names.
ProofKey key_of(const json::Value& proof) {
    const std::string method = text_at(proof, "verificationMethod");
    return *proof_key_from_multikey(method.substr(method.find('#') + 1));
}

std::optional<ProofFault> fault(const json::Value& document, const json::Value& proof) {
    const std::array<ProofKey, 1> keys = {key_of(proof)};
    return fault_of(document, proof, keys, now_s, test::contexts_with_examples());
}

keys::Ed25519Key secret_key(const json::Value& pair, std::string_view name) {
    const auto bytes = from_base58(text_at(pair, name).substr(1));
    Hash seed{};
    std::copy(bytes->begin() + 2, bytes->end(), seed.begin());  // After the codec of secret keys.
    return keys::Ed25519Key::from_seed(seed);
}

std::string canonical_rdf(const json::Value& value) {
    const auto dataset = rdf::to_dataset(value, test::contexts_with_examples());
    if (!dataset) return dataset.error().detail;
    return rdf::canonicalize(*dataset)->n_quads;
}

// One folder of W3C's EdDSA vectors: each step of the way, then the signature made and verified.
struct SuiteVectors {
    std::string folder;
    std::string unsigned_file;
    std::string suffix;
    Suite suite;
};

class W3cEddsa : public testing::TestWithParam<SuiteVectors> {
protected:
    std::string file(const std::string& name, const std::string& type = ".txt") const {
        return eddsa + GetParam().folder + "/" + name + GetParam().suffix + type;
    }
    std::string canonical(const json::Value& value) const {
        return GetParam().suite == Suite::eddsa_jcs_2022 ? json::canonical(value)
                                                         : canonical_rdf(value);
    }
};

TEST_P(W3cEddsa, EachStepIsAsPublished) {
    const json::Value document = test::vector_json(eddsa + GetParam().unsigned_file);
    const json::Value options = test::vector_json(file("proofConfig", ".json"));
    EXPECT_EQ(canonical(document), test::vector_text(file("canonDoc")));
    EXPECT_EQ(canonical(options), test::vector_text(file("proofCanon")));
    const std::string of_document = to_hex(sha256(bytes_of(canonical(document))));
    const std::string of_options = to_hex(sha256(bytes_of(canonical(options))));
    EXPECT_EQ(of_document, line_of(file("docHash")));
    EXPECT_EQ(of_options, line_of(file("proofHash")));
    EXPECT_EQ(of_options + of_document, line_of(file("combinedHash")));
}

TEST_P(W3cEddsa, ThePublishedSignatureVerifiesAndNoOther) {
    json::Value document = test::vector_json(file("signed", ".json"));
    const json::Value proof = proofs_in(document).front();
    ASSERT_EQ(suite_of(proof), GetParam().suite);
    EXPECT_EQ(fault(document, proof), std::nullopt);
    EXPECT_EQ(text_at(proof, "proofValue"), line_of(file("sigBTC58")));

    document.set("name", "Another Credential");
    ASSERT_TRUE(fault(document, proof));
    EXPECT_EQ(fault(document, proof)->kind, ProofFault::Kind::wrong);
}

class W3cEddsaSigning : public W3cEddsa {};

TEST_P(W3cEddsaSigning, MakesThePublishedSignatureAgain) {
    const json::Value published = proofs_in(test::vector_json(file("signed", ".json"))).front();
    const auto made =
        sign_document(test::vector_json(eddsa + GetParam().unsigned_file),
                      GetParam().suite,
                      secret_key(test::vector_json(eddsa + "keyPair.json"), "privateKeyMultibase"),
                      {text_at(published, "verificationMethod"), text_at(published, "created")},
                      test::contexts_with_examples());
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(text_at(*made, "proofValue"), text_at(published, "proofValue"));
    EXPECT_EQ(json::canonical(*made), json::canonical(published));
}

const SuiteVectors jcs{"eddsa-jcs-2022", "unsigned.json", "JCS", Suite::eddsa_jcs_2022};
const SuiteVectors rdfc{"eddsa-rdfc-2022", "unsigned.json", "DataInt", Suite::eddsa_rdfc_2022};
const SuiteVectors rdfc_enhanced{
    "eddsa-rdfc-2022/employ", "employmentAuth.json", "DataInt", Suite::eddsa_rdfc_2022};
// Verified only: nobody should make such proofs any more.
const SuiteVectors of_2020{
    "Ed25519Signature2020", "unsigned.json", "EdSig", Suite::ed25519_signature_2020};

INSTANTIATE_TEST_SUITE_P(Vectors, W3cEddsa, testing::Values(jcs, rdfc, rdfc_enhanced, of_2020));
INSTANTIATE_TEST_SUITE_P(Vectors, W3cEddsaSigning, testing::Values(jcs, rdfc, rdfc_enhanced));

TEST(W3cProofs, OfASetEachCoversTheDocumentAlone) {
    for (const std::string number : {"1", "2"}) {
        const json::Value document =
            test::vector_json(eddsa + "proof-set-chain/signedProofSet" + number + ".json");
        const auto proofs = proofs_in(document);
        EXPECT_EQ(proofs.size(), std::stoul(number));
        for (const json::Value& proof : proofs)
            EXPECT_EQ(fault(document, proof), std::nullopt);
    }
}

TEST(W3cProofs, OfAChainEachCoversThoseThatItNames) {
    for (const std::string number : {"1", "2"}) {
        json::Value document =
            test::vector_json(eddsa + "proof-set-chain/signedProofChain" + number + ".json");
        const auto proofs = proofs_in(document);
        EXPECT_EQ(proofs.size(), std::stoul(number) + 2);
        for (const json::Value& proof : proofs)
            EXPECT_EQ(fault(document, proof), std::nullopt);

        // The first proof is another now, and the one upon it does not cover it any more.
        document.find("proof")->as_array()->front().set("created", "2024-02-24T23:36:38Z");
        EXPECT_EQ(fault(document, proofs.at(2))->kind, ProofFault::Kind::wrong);
        document.find("proof")->as_array()->erase(document.find("proof")->as_array()->begin());
        EXPECT_EQ(fault(document, proofs.at(2))->kind, ProofFault::Kind::malformed);
    }
}

TEST(W3cProofs, EcdsaOverP256Verifies) {
    const std::string folder = "w3c-vc-di-ecdsa/";
    json::Value document = test::vector_json(folder + "ecdsa-jcs-2019-p256.signed.json");
    const json::Value proof = proofs_in(document).front();
    ASSERT_EQ(suite_of(proof), Suite::ecdsa_jcs_2019);
    EXPECT_EQ(fault(document, proof), std::nullopt);

    document.set("name", "Another Credential");
    EXPECT_EQ(fault(document, proof)->kind, ProofFault::Kind::wrong);
}

// A whole badge with everything that badges have, signed by others' software with both suites.
class OpenBadge : public testing::Test {
protected:
    json::Value plain = test::vector_json("open-badges/ob3-full.unsigned.json");
    json::Value signed_badge = test::vector_json("open-badges/ob3-full.signed.json");
    json::Value hashes = test::vector_json("open-badges/hashes.json");
    keys::Ed25519Key key = secret_key(*hashes.find("key"), "privateKeyMultibase");

    json::Value sign(Suite suite) const {
        const auto proof = sign_document(
            plain, suite, key, {text_at(hashes, "verificationMethod"), "2026-01-01T00:00:00Z"});
        EXPECT_TRUE(proof) << proof.error().detail;
        return proof ? *proof : json::Value();
    }
};

TEST_F(OpenBadge, BothFormsAreAsOthersMakeThem) {
    EXPECT_EQ(json::canonical(plain), test::vector_text("open-badges/ob3-full.jcs.txt"));
    EXPECT_EQ(canonical_rdf(plain), test::vector_text("open-badges/ob3-full.rdfc.nq"));
    const std::string jcs = json::canonical(plain);
    EXPECT_EQ(to_hex(sha256(bytes_of(jcs))), text_at(hashes, "jcs_doc_sha256"));
    EXPECT_EQ(to_hex(sha256(bytes_of(canonical_rdf(plain)))), text_at(hashes, "rdfc_doc_sha256"));
}

TEST_F(OpenBadge, OthersSignaturesVerifyAndOursAreTheSame) {
    std::size_t verified = 0;
    for (const std::string file : {"ob3-full", "certificate-with-components", "status-list"}) {
        const json::Value document = test::vector_json("open-badges/" + file + ".signed.json");
        for (const json::Value& proof : proofs_in(document)) {
            if (!suite_of(proof)) continue;  // A receipt.
            EXPECT_EQ(fault(document, proof), std::nullopt) << file;
            ++verified;
        }
    }
    EXPECT_GE(verified, 4U);
    for (const json::Value& proof : proofs_in(signed_badge)) {
        const auto suite = suite_of(proof);
        ASSERT_TRUE(suite);
        const auto made = sign_document(
            plain, *suite, key, {text_at(proof, "verificationMethod"), text_at(proof, "created")});
        ASSERT_TRUE(made) << made.error().detail;
        EXPECT_EQ(text_at(*made, "proofValue"), text_at(proof, "proofValue"));
    }
}

TEST_F(OpenBadge, EveryChangeOfTheDocumentIsSeen) {
    for (const Suite suite : {Suite::eddsa_rdfc_2022, Suite::eddsa_jcs_2022}) {
        const json::Value proof = sign(suite);
        for (const json::Member& member : *plain.as_object()) {
            if (member.name == "@context") continue;
            json::Value without = plain;
            without.erase(member.name);
            EXPECT_TRUE(fault(without, proof)) << member.name;
        }
        json::Value more = plain;
        more.set("description", "Added by somebody.");
        EXPECT_EQ(fault(more, proof)->kind, ProofFault::Kind::wrong);
    }
}

TEST_F(OpenBadge, EveryChangeOfTheProofIsSeen) {
    for (const Suite suite : {Suite::eddsa_rdfc_2022, Suite::eddsa_jcs_2022}) {
        const json::Value proof = sign(suite);
        EXPECT_EQ(fault(plain, proof), std::nullopt);
        const auto kind_with = [&](std::string_view name, const json::Value& value) {
            json::Value changed = proof;
            changed.set(name, value);
            const std::array<ProofKey, 1> keys = {key.public_key()};
            const auto found = fault_of(plain, changed, keys, now_s);
            return found ? std::optional(found->kind) : std::nullopt;
        };
        using Kind = ProofFault::Kind;
        EXPECT_EQ(kind_with("created", "2026-01-01T00:00:01Z"), Kind::wrong);
        EXPECT_EQ(kind_with("created", "yesterday"), Kind::malformed);
        EXPECT_EQ(kind_with("expires", "2025-12-31T23:59:59Z"), Kind::expired);
        EXPECT_EQ(kind_with("expires", "2036-12-31T23:59:59Z"), Kind::wrong);
        EXPECT_EQ(kind_with("proofPurpose", "authentication"), Kind::malformed);
        EXPECT_EQ(kind_with("verificationMethod", 7), Kind::malformed);
        EXPECT_EQ(kind_with("verificationMethod", "did:example:other#key"), Kind::wrong);
        EXPECT_EQ(kind_with("previousProof", "urn:uuid:nobody"), Kind::malformed);
        EXPECT_EQ(kind_with("cryptosuite", "eddsa-2022"), Kind::malformed);
        EXPECT_EQ(kind_with("cryptosuite", "ecdsa-jcs-2019"), Kind::malformed);
        EXPECT_EQ(kind_with("proofValue", "z"), Kind::wrong);
        EXPECT_EQ(kind_with("proofValue", "uAAAA"), Kind::malformed);
        EXPECT_EQ(kind_with("proofValue", json::Value()), Kind::malformed);
        std::string value = text_at(proof, "proofValue");
        value[9] = value[9] == '2' ? '3' : '2';
        EXPECT_EQ(kind_with("proofValue", value), Kind::wrong);
    }
}

TEST_F(OpenBadge, AnotherKeyOrAnotherSuitesValueDoesNotDo) {
    const json::Value rdfc = sign(Suite::eddsa_rdfc_2022);
    json::Value jcs = sign(Suite::eddsa_jcs_2022);
    const keys::Ed25519Key other = keys::Ed25519Key::from_seed(Hash{7});
    const std::array<ProofKey, 1> others = {other.public_key()};
    EXPECT_EQ(fault_of(plain, rdfc, others, now_s)->kind, ProofFault::Kind::wrong);
    const std::array<ProofKey, 2> both = {other.public_key(), key.public_key()};
    EXPECT_EQ(fault_of(plain, rdfc, both, now_s), std::nullopt);
    EXPECT_EQ(fault_of(plain, rdfc, {}, now_s)->kind, ProofFault::Kind::wrong);
    jcs.set("proofValue", *rdfc.find("proofValue"));
    EXPECT_EQ(fault(plain, jcs)->kind, ProofFault::Kind::wrong);
}

TEST_F(OpenBadge, AJcsProofsContextsMustBeginTheDocuments) {
    const json::Value proof = sign(Suite::eddsa_jcs_2022);
    json::Value document = plain;
    document.find("@context")->as_array()->push_back("https://example.edu/more");
    EXPECT_EQ(fault(document, proof), std::nullopt);  // As it was when it was signed.
    document.find("@context")->as_array()->front() = "https://example.edu/first";
    EXPECT_EQ(fault(document, proof)->kind, ProofFault::Kind::malformed);
}

TEST_F(OpenBadge, WhatAnRdfcSuiteCannotReadItDoesNotJudge) {
    json::Value document = plain;
    document.set("colour", "blue");
    const auto proof = sign_document(
        document, Suite::eddsa_rdfc_2022, key, {"did:key:z6Mk#z6Mk", "2026-01-01T00:00:00Z"});
    ASSERT_FALSE(proof);
    EXPECT_EQ(proof.error().detail, "/colour: no context defines it");
    const auto found = fault(document, sign(Suite::eddsa_rdfc_2022));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->kind, ProofFault::Kind::unreadable);
    EXPECT_EQ(found->reason, "/colour: no context defines it");
    EXPECT_TRUE(sign_document(document, Suite::eddsa_jcs_2022, key, {"did:key:z#z", "2026"}));
}

TEST_F(OpenBadge, AReceiptIsNoIssuersProof) {
    const json::Value certificate =
        test::vector_json("open-badges/certificate-with-components.signed.json");
    const auto proofs = proofs_in(certificate);
    EXPECT_EQ(suite_of(proofs.back()), std::nullopt);
    EXPECT_EQ(suite_of(json::Value("DataIntegrityProof")), std::nullopt);
    EXPECT_EQ(suite_of(json::Object{{"type", "DataIntegrityProof"}}), std::nullopt);
    const json::Value disguised =
        json::Object{{"type", "DataIntegrityProof"}, {"cryptosuite", "Ed25519Signature2020"}};
    EXPECT_EQ(suite_of(disguised), std::nullopt);
}

}  // namespace
}  // namespace chancery::credential::data_integrity_test

#include "crypto/credential/data_integrity.h"

#include <algorithm>
#include <array>

#include "crypto/base/encoding.h"
#include "crypto/credential/date_time.h"
#include "crypto/hash/sha256.h"
#include "crypto/hash/sha384.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "crypto/keys/multikey.h"
#include "crypto/rdf/canonicalize.h"
#include "crypto/rdf/json_ld.h"

namespace chancery::credential {
namespace {

using Kind = ProofFault::Kind;
using rdf::CanonicalHash;

constexpr std::string_view data_integrity_type = "DataIntegrityProof";
constexpr std::size_t previous_proofs_max = 16;

struct SuiteName {
    Suite suite;
    std::string_view name;
};
constexpr std::array suite_names = {
    SuiteName{Suite::eddsa_rdfc_2022, "eddsa-rdfc-2022"},
    SuiteName{Suite::eddsa_jcs_2022, "eddsa-jcs-2022"},
    SuiteName{Suite::ecdsa_rdfc_2019, "ecdsa-rdfc-2019"},
    SuiteName{Suite::ecdsa_jcs_2019, "ecdsa-jcs-2019"},
    SuiteName{Suite::ed25519_signature_2020, "Ed25519Signature2020"},
};

bool is_of_jcs(Suite suite) {
    return suite == Suite::eddsa_jcs_2022 || suite == Suite::ecdsa_jcs_2019;
}
bool is_of_ecdsa(Suite suite) {
    return suite == Suite::ecdsa_rdfc_2019 || suite == Suite::ecdsa_jcs_2019;
}

Bytes hash_of(std::string_view text, CanonicalHash hash) {
    if (hash == CanonicalHash::sha384) {
        const Hash384 digest = sha384(bytes_of(text));
        return {digest.begin(), digest.end()};
    }
    const Hash digest = sha256(bytes_of(text));
    return {digest.begin(), digest.end()};
}

struct Reading {
    Suite suite;
    CanonicalHash hash;
    std::span<const rdf::Context> contexts;
};

Result<Bytes> canonical_hash(const json::Value& value, const Reading& reading) {
    if (is_of_jcs(reading.suite)) return hash_of(json::canonical(value), reading.hash);
    const auto dataset = rdf::to_dataset(value, reading.contexts);
    if (!dataset) return dataset.error();
    const auto canonical = rdf::canonicalize(*dataset, reading.hash);
    if (!canonical) return canonical.error();
    return hash_of(canonical->n_quads, reading.hash);
}

// The hash of the proof's options comes first.
Result<Bytes> signed_bytes(const json::Value& document,
                           const json::Value& options,
                           const Reading& reading) {
    auto bytes = canonical_hash(options, reading);
    if (!bytes) return Error{Errc::invalid, "the proof's " + bytes.error().detail};
    const auto of_document = canonical_hash(document, reading);
    if (!of_document) return of_document.error();
    bytes->insert(bytes->end(), of_document->begin(), of_document->end());
    return bytes;
}

std::span<const json::Value> members_of(const json::Value& object, std::string_view name) {
    const json::Value* const value = object.find(name);
    if (value == nullptr) return {};
    return json::one_or_several(*value);
}

// Those that `proof` names as previous, as the document has them.
Result<json::Array> previous_proofs(const json::Value& document, const json::Value& proof) {
    json::Array found;
    const auto names = members_of(proof, "previousProof");
    if (names.size() > previous_proofs_max) {
        return Error{Errc::invalid,
                     std::to_string(names.size()) + " previous proofs, want at most 16"};
    }
    const auto proofs = members_of(document, "proof");
    for (const json::Value& name : names) {
        const auto previous = std::ranges::find_if(proofs, [&](const json::Value& one) {
            const std::string* const id = json::string_in(one, "id");
            return id != nullptr && name.as_string() != nullptr && *id == *name.as_string();
        });
        if (previous == proofs.end()) {
            return Error{Errc::invalid, "a previous proof that the document does not have"};
        }
        found.push_back(*previous);
    }
    return found;
}

// What the signature covers, taken apart: the document as it was signed, and the proof's options.
struct Covered {
    json::Value document;
    json::Value options;
};
Result<Covered> covered_by(const json::Value& document, const json::Value& proof, Suite suite) {
    Covered covered{document, proof};
    covered.options.erase("proofValue");
    covered.document.erase("proof");
    const auto previous = previous_proofs(document, proof);
    if (!previous) return previous.error();
    if (!previous->empty()) covered.document.set("proof", *previous);

    const json::Value* const context = document.find("@context");
    const json::Value* const own = proof.find("@context");
    if (!is_of_jcs(suite)) {
        if (context != nullptr) covered.options.set("@context", *context);
    } else if (own != nullptr) {
        const auto all = members_of(document, "@context");
        const auto first = json::one_or_several(*own);
        if (first.size() > all.size() || !std::equal(first.begin(), first.end(), all.begin())) {
            return Error{Errc::invalid, "the document's contexts do not begin with the proof's"};
        }
        covered.document.set("@context", *own);
    }
    return covered;
}

std::optional<ProofFault> fault_of_form(const json::Value& proof,
                                        std::int64_t now_s,
                                        std::string_view wanted_purpose) {
    const std::string* const purpose = json::string_in(proof, "proofPurpose");
    if (purpose == nullptr || *purpose != wanted_purpose) {
        return ProofFault{Kind::malformed, "its purpose is not " + std::string(wanted_purpose)};
    }
    if (json::string_in(proof, "verificationMethod") == nullptr) {
        return ProofFault{Kind::malformed, "it names no verification method"};
    }
    for (const std::string_view name : {"created", "expires"}) {
        if (proof.find(name) == nullptr) continue;
        const std::string* const text = json::string_in(proof, name);
        const auto instant = parse_date_time(text == nullptr ? "" : *text);
        if (!instant) return ProofFault{Kind::malformed, std::string(name) + " is no date"};
        if (name == "expires" && instant->second < now_s) {
            return ProofFault{Kind::expired, "it expired by its own date"};
        }
    }
    return std::nullopt;
}

std::optional<Bytes> signature_of(const json::Value& proof) {
    const std::string* const text = json::string_in(proof, "proofValue");
    if (text == nullptr || !text->starts_with('z')) return std::nullopt;
    auto bytes = from_base58(std::string_view(*text).substr(1));
    if (!bytes) return std::nullopt;
    return std::move(*bytes);
}

bool is_ecdsa(const ProofKey& key) { return std::holds_alternative<keys::EcdsaPublicKey>(key); }

CanonicalHash hash_for(const ProofKey& key) {
    const auto* const ecdsa = std::get_if<keys::EcdsaPublicKey>(&key);
    const bool is_long = ecdsa != nullptr && ecdsa->curve() == keys::Curve::p384;
    return is_long ? CanonicalHash::sha384 : CanonicalHash::sha256;
}

bool verifies(const ProofKey& key, ByteView message, ByteView signature) {
    return std::visit([&](const auto& one) { return one.verifies(message, signature); }, key);
}

struct Wanted {
    std::int64_t now_s;
    std::string_view purpose;
    std::span<const rdf::Context> contexts;
};

std::optional<ProofFault> fault_by(const json::Value& document,
                                   const json::Value& proof,
                                   std::span<const ProofKey> keys,
                                   const Wanted& wanted) {
    const std::optional<Suite> suite = suite_of(proof);
    if (!suite) return ProofFault{Kind::malformed, "a proof of another kind"};
    const auto suits = [&](const ProofKey& key) { return is_of_ecdsa(*suite) == is_ecdsa(key); };
    if (!keys.empty() && std::ranges::none_of(keys, suits)) {
        return ProofFault{Kind::malformed, "its suite is for a key of another kind"};
    }
    if (auto fault = fault_of_form(proof, wanted.now_s, wanted.purpose)) return fault;
    const auto signature = signature_of(proof);
    if (!signature) return ProofFault{Kind::malformed, "its value is no base58btc"};
    const auto covered = covered_by(document, proof, *suite);
    if (!covered) return ProofFault{Kind::malformed, covered.error().detail};
    for (const CanonicalHash hash : {CanonicalHash::sha256, CanonicalHash::sha384}) {
        const auto counts = [&](const ProofKey& key) {
            return suits(key) && hash_for(key) == hash;
        };
        if (std::ranges::none_of(keys, counts)) continue;
        const auto message =
            signed_bytes(covered->document, covered->options, {*suite, hash, wanted.contexts});
        if (!message) return ProofFault{Kind::unreadable, message.error().detail};
        const bool is_verified = std::ranges::any_of(keys, [&](const ProofKey& key) {
            return counts(key) && verifies(key, *message, *signature);
        });
        if (is_verified) return std::nullopt;
    }
    return ProofFault{Kind::wrong, "the signature does not match"};
}

}  // namespace

std::string_view name_of(Suite suite) {
    return std::ranges::find(suite_names, suite, &SuiteName::suite)->name;
}

std::optional<Suite> suite_of(const json::Value& proof) {
    const std::string* const type = json::string_in(proof, "type");
    if (type == nullptr) return std::nullopt;
    const std::string* const suite = json::string_in(proof, "cryptosuite");
    if (*type != data_integrity_type) {
        if (*type != name_of(Suite::ed25519_signature_2020)) return std::nullopt;
        return Suite::ed25519_signature_2020;
    }
    if (suite == nullptr) return std::nullopt;
    const auto* const named = std::ranges::find(suite_names, *suite, &SuiteName::name);
    const bool is_known =
        named != suite_names.end() && named->suite != Suite::ed25519_signature_2020;
    return is_known ? std::optional(named->suite) : std::nullopt;
}

Result<ProofKey> proof_key_from_multikey(std::string_view text) {
    if (auto ed25519 = keys::ed25519_from_multikey(text)) return ProofKey(std::move(*ed25519));
    auto ecdsa = keys::ecdsa_from_multikey(text);
    if (!ecdsa) return ecdsa.error();
    return ProofKey(std::move(*ecdsa));
}

Result<json::Value> sign_document(const json::Value& document,
                                  Suite suite,
                                  const keys::Ed25519Key& key,
                                  const ProofOptions& options,
                                  std::span<const rdf::Context> contexts) {
    CHECK(suite == Suite::eddsa_rdfc_2022 || suite == Suite::eddsa_jcs_2022);
    json::Value proof{json::Object{
        {"type", std::string(data_integrity_type)},
        {"cryptosuite", std::string(name_of(suite))},
        {"created", options.created},
        {"verificationMethod", options.verification_method},
        {"proofPurpose", std::string(options.purpose)},
    }};
    if (!options.challenge.empty()) proof.set("challenge", options.challenge);
    // A JCS proof names its contexts, so that those of a set may differ.
    const json::Value* const context = document.find("@context");
    if (suite == Suite::eddsa_jcs_2022 && context != nullptr) proof.set("@context", *context);
    const auto covered = covered_by(document, proof, suite);
    if (!covered) return covered.error();
    const Reading reading{suite, CanonicalHash::sha256, contexts};
    const auto message = signed_bytes(covered->document, covered->options, reading);
    if (!message) return message.error();
    proof.set("proofValue", "z" + to_base58(key.sign(*message)));
    return proof;
}

std::optional<ProofFault> fault_of(const json::Value& document,
                                   const json::Value& proof,
                                   std::span<const ProofKey> keys,
                                   std::int64_t now_s,
                                   std::span<const rdf::Context> contexts) {
    return fault_by(document, proof, keys, {now_s, assertion_purpose, contexts});
}

std::optional<ProofFault> authentication_fault_of(const json::Value& document,
                                                  const json::Value& proof,
                                                  std::span<const ProofKey> keys,
                                                  std::int64_t now_s) {
    return fault_by(document, proof, keys, {now_s, authentication_purpose, rdf::known_contexts()});
}

std::string_view controller_of(const json::Value& proof) {
    const std::string* const method = json::string_in(proof, "verificationMethod");
    if (method == nullptr) return {};
    const std::string_view text = *method;
    return text.substr(0, text.find('#'));
}

}  // namespace chancery::credential

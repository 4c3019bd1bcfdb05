#include "crypto/blockcerts/document.h"

#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/members.h"
#include "crypto/pathway/component.h"
#include "crypto/rdf/canonicalize.h"
#include "crypto/rdf/json_ld.h"

namespace chancery::blockcerts {
namespace {

constexpr const char* credentials_context = "https://www.w3.org/ns/credentials/v2";
constexpr const char* blockcerts_context = "https://w3id.org/blockcerts/v3.2";
constexpr const char* suite_name = "merkle-proof-2019";

void put_envelope(json::Value& document, std::string_view issuer) {
    document.set("@context", json::Array{credentials_context, blockcerts_context});
    document.set("type", json::Array{"VerifiableCredential", "BlockcertsCredential"});
    document.set("issuer", issuer);
}

void copy_text(const json::Value& from, std::string_view name, json::Value& to) {
    if (const std::string* const text = json::string_in(from, name)) to.set(name, *text);
}

// What both worlds have words for, and the digest of the badge that it is of.
json::Value extract_of(const json::Value& badge) {
    static const json::Value nothing{json::Object{}};
    const json::Value* const subject = badge.find("credentialSubject");
    const json::Value* const achievement =
        subject == nullptr ? nullptr : subject->find("achievement");
    const json::Value& what = achievement == nullptr ? nothing : *achievement;
    json::Value claim{json::Object{}};
    copy_text(what, "name", claim);
    copy_text(what, "description", claim);
    json::Value about{json::Object{}};
    if (subject != nullptr) copy_text(*subject, "id", about);
    about.set("claim", std::move(claim));

    json::Value extract{json::Object{}};
    for (const char* const name : {"id", "name", "description", "validFrom", "validUntil"})
        copy_text(badge, name, extract);
    extract.set("credentialSubject", std::move(about));
    const std::string digest = pathway::digest_to_multibase(credential::document_hash(badge));
    if (const std::string* const id = json::string_in(badge, "id")) {
        extract.set(
            "relatedResource",
            json::Array{json::Object{
                {"id", *id}, {"digestMultibase", digest}, {"mediaType", "application/vc"}}});
    }
    return extract;
}

}  // namespace

Result<json::Value> prepare(const json::Value& badge, std::string_view issuer) {
    if (badge.as_object() == nullptr) return invalid("a badge is a JSON object");
    json::Value whole = badge;
    whole.erase("proof");
    whole.erase("credentialStatus");  // Of a kind that these verifiers take for an error.
    put_envelope(whole, issuer);
    if (target_hash(whole)) return whole;
    json::Value extract = extract_of(badge);
    put_envelope(extract, issuer);
    if (const auto hash = target_hash(extract); !hash) return hash.error();
    return extract;
}

Result<Hash> target_hash(const json::Value& document) {
    json::Value bare = document;
    bare.erase("proof");
    const auto dataset = rdf::to_dataset(bare);
    if (!dataset) return dataset.error();
    const auto canonical = rdf::canonicalize(*dataset);
    if (!canonical) return canonical.error();
    return sha256(bytes_of(canonical->n_quads));
}

json::Value with_proof(json::Value document, const MerkleProof& proof, const ProofFields& fields) {
    document.set("proof",
                 json::Object{{"type", "DataIntegrityProof"},
                              {"cryptosuite", suite_name},
                              {"created", fields.created},
                              {"proofPurpose", "assertionMethod"},
                              {"verificationMethod", fields.verification_method},
                              {"proofValue", to_proof_value(proof)}});
    return document;
}

Result<MerkleProof> check_document(const json::Value& document) {
    const json::Value* const proofs = document.find("proof");
    if (proofs == nullptr) return invalid("the document has no proof");
    const auto each = json::one_or_several(*proofs);
    if (each.size() != 1)
        return invalid("the document has " + std::to_string(each.size()) + " proofs, want one");
    const json::Value& only = each.front();
    if (json::text_in(only, "type") != "DataIntegrityProof" ||
        json::text_in(only, "cryptosuite") != suite_name ||
        json::text_in(only, "proofPurpose") != "assertionMethod") {
        return invalid("the proof is no assertion of merkle-proof-2019");
    }
    auto proof = parse_proof_value(json::text_in(only, "proofValue"));
    if (!proof) return proof;
    const auto target = target_hash(document);
    if (!target) return target.error();
    if (*target != proof->target) {
        return Error{Errc::forbidden,
                     "the document's hash is " + to_hex(*target) + ", the proof is of " +
                         to_hex(proof->target)};
    }
    if (root_from_path(proof->target, proof->path) != proof->root)
        return Error{Errc::forbidden, "the path does not lead to the proof's root"};
    return proof;
}

json::Value profile_of(const Profile& profile, const keys::EvmKey& key) {
    const ByteView point = key.public_point();
    const std::string method = profile.url + "#key-1";
    return json::Object{
        {"@context", json::Array{"https://www.w3.org/ns/cid/v1", blockcerts_context}},
        {"type", json::Array{"BlockcertsIssuerProfile"}},
        {"id", profile.url},
        {"name", profile.name},
        {"url", profile.home},
        {"publicKey",
         json::Array{json::Object{{"id", "ecdsa-koblitz-pubkey:" + key.address().text()},
                                  {"created", profile.created}}}},
        {"verificationMethod",
         json::Array{json::Object{{"id", method},
                                  {"controller", profile.url},
                                  {"type", "EcdsaSecp256k1VerificationKey2019"},
                                  {"publicKeyJwk",
                                   json::Object{{"kty", "EC"},
                                                {"crv", "secp256k1"},
                                                {"x", to_base64url(point.first(32))},
                                                {"y", to_base64url(point.last(32))}}}}}},
        {"assertionMethod", json::Array{method}}};
}

}  // namespace chancery::blockcerts

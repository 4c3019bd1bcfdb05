// https://www.w3.org/ns/credentials/v2: Verifiable Credentials 2.0, Data Integrity, Bitstring
// Status Lists.
#include <array>

#include "crypto/rdf/contexts/names.h"
#include "crypto/rdf/contexts/proof_sheets.h"
#include "crypto/rdf/contexts/sheets.h"

namespace chancery::rdf::contexts {
namespace credentials_v2_words {

using names::credentials;
using names::cryptosuite_string;
using names::https_integer;
using names::https_non_negative;
using names::jose;
using names::jwt;
using names::multibase;
using names::schema;
using names::security;
using names::sri_string;
using names::status;
using names::xsd_date_time;
using enum Container;

constexpr auto bitstring_status_list_terms = std::to_array<Definition>({
    {"encodedList", status, "encodedList", multibase},
    {"id", "@id"},
    {"statusPurpose", status, "statusPurpose"},
    {"ttl", status, "ttl"},
    {"type", "@type"},
});
constexpr TermSheet bitstring_status_list{bitstring_status_list_terms, true};

constexpr auto status_message_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"message", status, "message"},
    {"status", status, "status"},
    {"type", "@type"},
});
constexpr TermSheet status_message{status_message_terms, true};

constexpr auto bitstring_status_list_entry_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"statusListCredential", status, "statusListCredential", by_id},
    {"statusListIndex", status, "statusListIndex"},
    scoped("statusMessage", status, "statusMessage", status_message),
    {"statusPurpose", status, "statusPurpose"},
    {"statusReference", status, "statusReference", by_id},
    {"statusSize", status, "statusSize", https_integer},
    {"type", "@type"},
});
constexpr TermSheet bitstring_status_list_entry{bitstring_status_list_entry_terms, true};

constexpr auto own_proof_terms = std::to_array<Definition>({
    {"cryptosuite", security, "cryptosuite", cryptosuite_string},
    {"previousProof", security, "previousProof", by_id},
});
constexpr auto data_integrity_proof_terms = joined(proof_sheets::proof_terms, own_proof_terms);
constexpr TermSheet data_integrity_proof{data_integrity_proof_terms, true};

constexpr auto json_schema_terms = std::to_array<Definition>({
    {"id", "@id"},
    {"jsonSchema", credentials, "jsonSchema", as_json},
    {"type", "@type"},
});
constexpr TermSheet json_schema{json_schema_terms, true};

constexpr auto verifiable_credential_terms = std::to_array<Definition>({
    {"confidenceMethod", credentials, "confidenceMethod", by_id},
    {"credentialSchema", credentials, "credentialSchema", by_id},
    {"credentialStatus", credentials, "credentialStatus", by_id},
    {"credentialSubject", credentials, "credentialSubject", by_id},
    {"description", schema, "description"},
    {"evidence", credentials, "evidence", by_id},
    {"id", "@id"},
    {"issuer", credentials, "issuer", by_id},
    {"name", schema, "name"},
    {"proof", security, "proof", by_id, graph},
    {"refreshService", credentials, "refreshService", by_id},
    {"relatedResource", credentials, "relatedResource", by_id},
    {"renderMethod", credentials, "renderMethod", by_id},
    {"termsOfUse", credentials, "termsOfUse", by_id},
    {"type", "@type"},
    {"validFrom", credentials, "validFrom", xsd_date_time},
    {"validUntil", credentials, "validUntil", xsd_date_time},
});
constexpr TermSheet verifiable_credential{verifiable_credential_terms, true};

constexpr auto verifiable_presentation_terms = std::to_array<Definition>({
    {"holder", credentials, "holder", by_id},
    {"id", "@id"},
    {"proof", security, "proof", by_id, graph},
    {"termsOfUse", credentials, "termsOfUse", by_id},
    {"type", "@type"},
    {"verifiableCredential", credentials, "verifiableCredential", by_id, graph, &no_terms},
});
constexpr TermSheet verifiable_presentation{verifiable_presentation_terms, true};

constexpr auto cnf_terms = std::to_array<Definition>({
    {"jwk", jwt, "jwk", as_json},
    {"kid", jwt, "kid", by_id},
});
constexpr TermSheet cnf{cnf_terms, true};

constexpr auto credentials_v2_terms = std::to_array<Definition>({
    {"...", jwt, "..."},
    scoped("BitstringStatusList", status, "BitstringStatusList", bitstring_status_list),
    {"BitstringStatusListCredential", status, "BitstringStatusListCredential"},
    scoped("BitstringStatusListEntry",
           status,
           "BitstringStatusListEntry",
           bitstring_status_list_entry),
    scoped("DataIntegrityProof", security, "DataIntegrityProof", data_integrity_proof),
    {"EnvelopedVerifiableCredential", credentials, "EnvelopedVerifiableCredential"},
    {"EnvelopedVerifiablePresentation", credentials, "EnvelopedVerifiablePresentation"},
    scoped("JsonSchema", credentials, "JsonSchema", json_schema),
    {"JsonSchemaCredential", credentials, "JsonSchemaCredential"},
    scoped("VerifiableCredential", credentials, "VerifiableCredential", verifiable_credential),
    scoped(
        "VerifiablePresentation", credentials, "VerifiablePresentation", verifiable_presentation),
    {"_sd", jwt, "_sd", as_json},
    {"_sd_alg", jwt, "_sd_alg"},
    {"aud", jwt, "aud", by_id},
    scoped("cnf", jwt, "cnf", cnf),
    {"description", schema, "description"},
    {"digestMultibase", security, "digestMultibase", multibase},
    {"digestSRI", credentials, "digestSRI", sri_string},
    {"exp", jwt, "exp", https_non_negative},
    {"iat", jwt, "iat", https_non_negative},
    {"id", "@id"},
    {"iss", jose, "iss", by_id},
    {"jku", jose, "jku", by_id},
    {"kid", jose, "kid", by_id},
    {"mediaType", schema, "encodingFormat"},
    {"name", schema, "name"},
    {"nbf", jwt, "nbf", https_non_negative},
    {"sub", jose, "sub", by_id},
    {"type", "@type"},
    {"x5u", jose, "x5u", by_id},
});

}  // namespace credentials_v2_words

constinit const TermSheet credentials_v2{credentials_v2_words::credentials_v2_terms, true};

}  // namespace chancery::rdf::contexts

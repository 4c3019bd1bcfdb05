// did:web: where the document of such a DID lies, and which keys it says make assertions.
//
//     did:web:host%3A8443:a:b  ->  https://host:8443/a/b/did.json
//     did:web:host             ->  https://host/.well-known/did.json
//
// What a domain serves today proves nothing of yesterday, nor who it belongs to: such keys show
// that a document is the issuer's as it stands, and never that it is good. Nothing is fetched here.
// Source: W3C CCG did:web; W3C Decentralized Identifiers 1.0 §5; Controlled Identifiers 1.0.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/credential/data_integrity.h"
#include "crypto/jose/jws.h"

namespace chancery::credential {

inline constexpr std::size_t did_document_bytes_max = std::size_t{64} * 1024;
inline constexpr std::size_t verification_methods_max = 64;

// Errc::invalid for what is no did:web: another method, an IP address, a port that is none, empty
// or dotted path segments, more than 256 bytes.
Result<std::string> did_web_address(std::string_view did);

// The keys of one DID that make assertions, as its document has them.
struct IssuerKeys {
    struct Method {
        std::string id;                          // "did:web:host#key-1"
        std::optional<ProofKey> proof_key;       // Ed25519, P-256, P-384.
        std::optional<jose::PublicKey> jwt_key;  // P-256, RSA.
        bool operator==(const Method&) const = default;
    };
    std::string did;
    std::vector<Method> methods;  // Each has one key at least.

    // nullptr: there is none of that id.
    const Method* find(std::string_view id) const;
};

// A method counts if assertionMethod lists it, the DID controls it, and its key, a Multikey or a
// public JWK, is of a kind that proofs or JWTs are signed with. Others are passed over.
// Errc::invalid: no JSON within the limits, a document of another DID, lists that are none, an id
// that occurs twice.
Result<IssuerKeys> parse_did_document(std::string_view text, std::string_view did);

}  // namespace chancery::credential

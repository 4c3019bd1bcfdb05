// ECDSA over P-256 and P-384: proofs of documents that others signed, and JWTs.
//
// Signatures are raw, r ‖ s; the message is hashed with SHA-256 or, for P-384, SHA-384. Either of
// the two signatures that differ in the sign of s is taken, as the suites ask.
// Source: FIPS 186-5 §6; W3C Data Integrity ECDSA Cryptosuites 1.0.
#pragma once

#include <memory>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

extern "C" struct evp_pkey_st;  // OpenSSL's.

namespace chancery::keys {

enum class Curve : std::uint8_t { p256, p384 };

class EcdsaPublicKey {
public:
    // A compressed point: 33 or 49 bytes. Errc::invalid unless it is one on the curve.
    static Result<EcdsaPublicKey> parse(Curve curve, ByteView compressed);

    // From both coordinates, big-endian, as long as the field. Errc::invalid as above.
    static Result<EcdsaPublicKey> from_coordinates(Curve curve, ByteView x, ByteView y);

    // False for a signature of another length, as for any that does not match.
    bool verifies(ByteView message, ByteView signature) const;

    Curve curve() const { return curve_; }
    struct Coordinates {
        Bytes x;
        Bytes y;
    };
    Coordinates coordinates() const;
    const Bytes& compressed() const { return compressed_; }
    bool operator==(const EcdsaPublicKey& other) const {
        return curve_ == other.curve_ && compressed_ == other.compressed_;
    }

private:
    EcdsaPublicKey(Curve curve, ByteView compressed, std::shared_ptr<evp_pkey_st> handle)
        : curve_(curve),
          compressed_(compressed.begin(), compressed.end()),
          handle_(std::move(handle)) {}

    Curve curve_;
    Bytes compressed_;
    std::shared_ptr<evp_pkey_st> handle_;
};

}  // namespace chancery::keys

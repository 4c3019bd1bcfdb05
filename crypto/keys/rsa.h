// RSA signatures of JWTs (RS256): PKCS #1 v1.5 over SHA-256.
//
// Keys of 2,048 to 4,096 bits with the exponent 65,537, which leaves one DER form for each key.
// Source: RFC 8017 §8.2 and §A.1.1; RFC 7518 §3.3.
#pragma once

#include <memory>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

extern "C" struct evp_pkey_st;  // OpenSSL's.

namespace chancery::keys {

inline constexpr std::size_t rsa_bits_min = 2'048;
inline constexpr std::size_t rsa_bits_max = 4'096;

class RsaPublicKey {
public:
    // The modulus big-endian, without leading zeros. Errc::invalid for another size, and for an
    // even one.
    static Result<RsaPublicKey> parse(ByteView modulus);

    // Of RSAPublicKey. Errc::invalid for anything but the DER form, and for another exponent.
    static Result<RsaPublicKey> from_der(ByteView der);

    // False for a signature of another length, as for any that does not match.
    bool verifies(ByteView message, ByteView signature) const;

    const Bytes& modulus() const { return modulus_; }
    Bytes der() const;
    bool operator==(const RsaPublicKey& other) const { return modulus_ == other.modulus_; }

private:
    RsaPublicKey(ByteView modulus, std::shared_ptr<evp_pkey_st> handle)
        : modulus_(modulus.begin(), modulus.end()), handle_(std::move(handle)) {}

    Bytes modulus_;
    std::shared_ptr<evp_pkey_st> handle_;
};

}  // namespace chancery::keys

// The secret half of an RSA key: signs JWTs (RS256).
//
// A key is made of two primes that somebody drew, for this floor has no randomness:
//
//     draw odd numbers of half the key's bits, the top two of them set, until two are RSA primes
//
// so that their product has all the bits that the key is to have.
// Source: FIPS 186-5 §A.1.3; RFC 8017 §8.2.
#pragma once

#include "crypto/keys/rsa.h"

namespace chancery::keys {

// Whether a number, big-endian, can be half of a key: a prime of 1,024 to 2,048 bits, whole bytes
// of them, to which 65,537 fits.
bool is_rsa_prime(ByteView number);

// The secret is OpenSSL's to keep and to clear.
class RsaKey {
public:
    // Errc::invalid unless both are RSA primes, of the same length and far enough apart, whose
    // product is twice as long.
    static Result<RsaKey> from_primes(ByteView p, ByteView q);

    // Of a handle that holds both halves. Errc::invalid for another kind, size or exponent.
    static Result<RsaKey> from_handle(std::shared_ptr<evp_pkey_st> handle);

    // As long as the modulus.
    Bytes sign(ByteView message) const;

    const RsaPublicKey& public_key() const { return public_key_; }
    const evp_pkey_st* handle() const { return handle_.get(); }

private:
    RsaKey(std::shared_ptr<evp_pkey_st> handle, RsaPublicKey public_key)
        : handle_(std::move(handle)), public_key_(std::move(public_key)) {}

    std::shared_ptr<evp_pkey_st> handle_;  // Shared by copies: it does not change.
    RsaPublicKey public_key_;
};

}  // namespace chancery::keys

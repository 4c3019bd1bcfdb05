// A secret under a passphrase, as the bytes of a key file.
//
//     sealed = JCS
//     {"format":"chancery-key/v1","kdf":{"name":"scrypt","n":…,"r":8,"p":1,"salt":hex},
//                   "cipher":"aes-256-gcm","nonce":hex,"label":text,"sealed":hex}
//
// "sealed" is the ciphertext, as long as the secret, then the 16-byte tag. The label (what the key
// is for) is authenticated as additional data. Salt and nonce are handed in, fresh for each file:
// this floor has no randomness. Source: RFC 7914 (scrypt); NIST SP 800-38D (GCM).
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::keys {

struct SealParameters {
    Hash salt{};
    std::array<std::uint8_t, 12> nonce{};
    std::uint32_t scrypt_n = 1U << 15;  // 32 MiB and about 0.1 s. A power of two, 2^10 … 2^20.
};

// Errc::invalid for a passphrase that is empty, over 1,024 bytes or has a NUL, n out of range, a
// secret that is empty or over 4,096 bytes, or a label over 256 bytes or no UTF-8;
// Errc::unavailable if there is no memory for scrypt.
Result<std::string> seal_key(ByteView secret,
                             std::string_view label,
                             std::string_view passphrase,
                             const SealParameters& parameters);

struct OpenedKey {
    Bytes secret;
    std::string label;
};

// Errc::invalid if the file's form is wrong, Errc::forbidden if the passphrase is, or the file
// was altered: the two cannot be told apart. No memory is spent on a file of the wrong form.
Result<OpenedKey> open_key(std::string_view sealed, std::string_view passphrase);

}  // namespace chancery::keys

// The keys that a member adds and ends by itself, kind by kind: which texts are keys, and what
// their signatures are.
//
//     issuer      BIP-340 x-only, as a Multikey (zQ3s…)
//     assertion   Ed25519 (z6Mk…), P-256 (zDn…), RSA of 2,048 to 4,096 bits (z4MX… or z7R…)
//     anchor      0x and the 40 lower-case hex digits of an EVM address
//
// Source: PROTOCOL.md, Members and governance (Keys).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/ledger/recorded_key.h"

namespace chancery::ledger {

inline constexpr std::string_view possession_tag = "chancery/key/v1";
inline constexpr std::size_t possession_bytes_max = 512;  // Of RSA with 4,096 bits.

bool is_own_use(KeyUse use);

// What is wrong with the text as a key of this use; nullopt if nothing is. Points are checked to
// be on their curves. CHECKs is_own_use().
std::optional<std::string> own_key_fault(KeyUse use, std::string_view text);

// Whether `signature`, in the form that the kind of key has for messages, is the key's. False for
// issuer keys, which sign hashes alone.
bool own_key_signed(KeyUse use, std::string_view text, ByteView message, ByteView signature);

}  // namespace chancery::ledger

// Bytes as text and back: hex, base64, base64url, base58btc. Every decoder accepts exactly the
// form its encoder writes, so that one value has one text.
// Source: RFC 4648 §4, §5, §8; base58btc as in draft-msporny-base58.
#pragma once

#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery {

// Lower case. from_hex refuses upper case and odd lengths.
std::string to_hex(ByteView bytes);
void append_hex(ByteView bytes, std::string& out);
Result<Bytes> from_hex(std::string_view text);
Result<Hash> hash_from_hex(std::string_view text);  // Exactly 64 digits.

// With padding; from_base64 refuses missing padding, spaces and bits set beyond the last byte.
std::string to_base64(ByteView bytes);
void append_base64(ByteView bytes, std::string& out);
Result<Bytes> from_base64(std::string_view text);
Result<Hash> hash_from_base64(std::string_view text);  // Exactly 44 characters.

// Without padding; bits beyond the last byte must be zero.
std::string to_base64url(ByteView bytes);
Result<Bytes> from_base64url(std::string_view text);

// Quadratic in length: for keys and signatures, at most 144 characters; longer input is refused.
// to_base58 CHECKs for at most 1,024 bytes.
std::string to_base58(ByteView bytes);
Result<Bytes> from_base58(std::string_view text);
Result<Bytes> from_long_base58(std::string_view text);  // Of RSA keys: at most 1,024 characters.

}  // namespace chancery

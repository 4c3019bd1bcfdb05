// Signed notes: a text with signature lines, each naming its key.
//
//     <text, ends in LF> LF (— SP <key name> SP base64(key id[4] ‖ signature) LF)+
//
// Only lines of known keys count; a bad signature of a known key spoils the whole note.
// Source: C2SP signed-note v1.0.0; limits are ours.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "crypto/keys/ed25519.h"

namespace chancery::note {

inline constexpr std::size_t note_bytes_max = 65'536;
inline constexpr std::size_t signatures_max = 100;

enum class KeyType : std::uint8_t { ed25519 = 0x01, cosignature = 0x04 };

// "name+hex8(key id)+base64(type ‖ key)".
struct VerifierKey {
    std::string name;
    KeyType type = KeyType::ed25519;
    keys::Ed25519PublicKey key;
    auto operator<=>(const VerifierKey&) const = default;
};

using KeyId = std::array<std::uint8_t, 4>;
KeyId key_id(const VerifierKey& key);  // First 4 bytes of H(name ‖ LF ‖ type ‖ key).
std::string to_vkey(const VerifierKey& key);
// Errc::invalid for a bad name, an unknown type, or a key id that is not that of the key.
Result<VerifierKey> parse_vkey(std::string_view vkey);

// A vkey of any type: its key id is right, its key is not looked at.
struct RawVerifierKey {
    std::string name;
    Bytes typed_key;  // type ‖ key; not empty.
};
Result<RawVerifierKey> parse_raw_vkey(std::string_view vkey);

// Non-empty UTF-8 without Unicode space, '+', or control characters, which no note may hold.
bool is_key_name(std::string_view name);

struct SignatureLine {
    std::string name;
    KeyId id{};
    Bytes signature;  // After the key id.
    bool operator==(const SignatureLine&) const = default;
};

struct SignedNote {
    std::string text;  // With its final LF.
    std::vector<SignatureLine> signatures;
    bool operator==(const SignedNote&) const = default;
};

// Errc::invalid with the rule broken. Verifies nothing.
Result<SignedNote> parse_note(std::string_view note);
std::string to_text(const SignedNote& note);

SignatureLine sign_note(std::string_view text,
                        std::string_view key_name,
                        const keys::Ed25519Key& key);

// The lines of `note` by `key`: a type 0x01 signature over the text.
// false: none. Errc::forbidden: there is one and it is bad. Errc::invalid: `key` is for
// cosignatures, which cosigned_at() reads.
Result<bool> is_signed_by(const SignedNote& note, const VerifierKey& key);

}  // namespace chancery::note

// What a member decides about its own keys: acts of governance, signed with its governance key.
//
//     submission = format u8 = 1 ‖ kind u8 = 5 ‖ signature[64] ‖ act     (the entry without its
//     time) act        = JCS {"act","by","sequence","expires",…}
//       add_key    "use","key","possession","replaces"
//       end_key    "use","number"
//
// One form for each act, so that its hash is its name. What an act does to the members object, and
// when it is refused for what the ledger says, is the registry's. Source: PROTOCOL.md, Members and
// governance (Acts).
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "crypto/keys/member_key.h"
#include "crypto/ledger/entry.h"
#include "crypto/ledger/recorded_key.h"

namespace chancery::ledger {

inline constexpr TimeMs act_lifetime_ms_max = 90ULL * 24 * 60 * 60 * 1'000;
inline constexpr std::size_t member_keys_max = 128;  // Of one member, over all time.

// A new key of the member's own, in force from the position after the block's state entry.
struct AddKey {
    KeyUse use = KeyUse::issuer;            // issuer, assertion or anchor
    std::string key;                        // As the members object writes it.
    Bytes possession;                       // By the new key, over possession_message().
    std::optional<std::uint32_t> replaces;  // The number of the key that ends where this begins.
    bool operator==(const AddKey&) const = default;
};

// A key of the member's own is out of force from that position.
struct EndKey {
    KeyUse use = KeyUse::issuer;
    std::uint32_t number = 0;
    bool operator==(const EndKey&) const = default;
};

struct Act {
    MemberNumber by = 0;
    std::uint64_t sequence = 0;  // From 1, without gaps for each member.
    TimeMs expires = 0;
    std::variant<AddKey, EndKey> what;
    bool operator==(const Act&) const = default;
};

// "add_key", "end_key".
std::string_view name_of(const Act& act);

// The JCS form: what is signed and what the entry holds.
std::string to_text(const Act& act);
// Errc::invalid, with got and want: another form than to_text()'s, an unknown act or member, a use
// that is not a member's own to decide, a key that its use does not take.
Result<Act> parse_act(std::string_view text);
// Whether the text is an act of a name that a later version may know.
bool is_act_of_another_name(std::string_view text);

// What the governance key of `by` signs: the tagged hash, tag "chancery/governance/v1".
Hash act_message(const Hash& network_id, std::string_view act);

struct SignedAct {
    Signature signature{};
    std::string text;
};
// Of signature ‖ act, as blocks hold it. Errc::invalid unless the act, which is not parsed, has 1
// to 32,768 bytes.
Result<SignedAct> split_act(ByteView signed_act);

Bytes act_submission(const SignedAct& act);
// The signature ‖ act of a submission; nullopt if its first two bytes are not an act's.
std::optional<ByteView> act_in(ByteView submission);

// What a new key signs: "chancery/key/v1" ‖ 00 ‖ network_id ‖ member u32 ‖ use ‖ 00 ‖ key. Issuer
// keys sign possession_hash() by BIP-340, anchor keys the whole as an EIP-191 personal message,
// r ‖ s ‖ v; of assertion keys Ed25519 the whole, P-256 (r ‖ s) and RSA (PKCS #1 v1.5) its SHA-256.
Bytes possession_message(const Hash& network_id,
                         MemberNumber member,
                         KeyUse use,
                         std::string_view key);
// The tagged hash, tag "chancery/key/v1", of what follows the first 00.
Hash possession_hash(const Hash& network_id, MemberNumber member, KeyUse use, std::string_view key);
bool proves_possession(const AddKey& added, const Hash& network_id, MemberNumber member);

}  // namespace chancery::ledger

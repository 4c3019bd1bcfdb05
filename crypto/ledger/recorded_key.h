// One public key of a member, as the members object writes it; taken apart once, since every batch
// and every seal is judged by it.
//
// Source: PROTOCOL.md, Members and governance.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/keys/ed25519.h"
#include "crypto/keys/member_key.h"

namespace chancery::ledger {

enum class KeyUse : std::uint8_t { anchor, assertion, cosigner, governance, issuer };  // By name.
std::string_view name_of(KeyUse use);
std::optional<KeyUse> key_use_named(std::string_view name);

class RecordedKey {
public:
    RecordedKey(const keys::Ed25519PublicKey& key);  // NOLINT(google-explicit-constructor)
    RecordedKey(const keys::MemberPublicKey& key);   // NOLINT(google-explicit-constructor)
    // A Multikey of the kind that `use` wants; for anchors a lower-case 0x address. Errc::invalid
    // for any other text.
    static Result<RecordedKey> parse(KeyUse use, std::string text);

    const std::string& text() const { return text_; }
    // CHECKed: cosigner keys are of the first kind, issuer and governance keys of the second.
    const keys::Ed25519PublicKey& ed25519() const;
    const keys::MemberPublicKey& member_key() const;

    bool operator==(const RecordedKey& other) const { return text_ == other.text_; }

private:
    // Anchors, and assertion keys that nothing on the ledger depends on, stay text.
    using Key = std::variant<std::monostate, keys::Ed25519PublicKey, keys::MemberPublicKey>;
    RecordedKey(std::string text, Key key) : text_(std::move(text)), key_(std::move(key)) {}

    std::string text_;
    Key key_;
};

}  // namespace chancery::ledger

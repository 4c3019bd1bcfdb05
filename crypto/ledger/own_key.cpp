#include "crypto/ledger/own_key.h"

#include <variant>

#include "crypto/base/check.h"
#include "crypto/keys/evm_key.h"
#include "crypto/keys/multikey.h"

namespace chancery::ledger {
namespace {

using OwnKey = std::variant<keys::MemberPublicKey,
                            keys::Ed25519PublicKey,
                            keys::EcdsaPublicKey,
                            keys::RsaPublicKey,
                            keys::EvmAddress>;

Result<OwnKey> as_own_key(const auto& parsed) {
    if (!parsed) return parsed.error();
    return OwnKey(*parsed);
}

// Ed25519 and P-256 say which they are by their first characters; what is left is RSA.
Result<OwnKey> assertion_key(std::string_view text) {
    if (text.starts_with("z6Mk")) return as_own_key(keys::ed25519_from_multikey(text));
    if (text.starts_with("zDn")) return as_own_key(keys::ecdsa_from_multikey(text));
    return as_own_key(keys::rsa_from_multikey(text));
}

Result<OwnKey> own_key(KeyUse use, std::string_view text) {
    switch (use) {
        case KeyUse::issuer:
            return as_own_key(keys::member_key_from_multikey(text));
        case KeyUse::assertion:
            return assertion_key(text);
        case KeyUse::anchor:
            return as_own_key(keys::EvmAddress::parse(text));
        case KeyUse::cosigner:
        case KeyUse::governance:
            break;
    }
    CHECK(!"a use that members do not decide alone");
    return Error{Errc::invalid, ""};
}

}  // namespace

bool is_own_use(KeyUse use) {
    return use == KeyUse::issuer || use == KeyUse::assertion || use == KeyUse::anchor;
}

std::optional<std::string> own_key_fault(KeyUse use, std::string_view text) {
    const auto key = own_key(use, text);
    if (!key) return "want a key of use " + std::string(name_of(use)) + ": " + key.error().detail;
    return std::nullopt;
}

bool own_key_signed(KeyUse use, std::string_view text, ByteView message, ByteView signature) {
    const auto key = own_key(use, text);
    if (!key) return false;
    if (const auto* address = std::get_if<keys::EvmAddress>(&*key)) {
        return keys::evm_signed(*address, message, signature);
    }
    if (const auto* ed25519 = std::get_if<keys::Ed25519PublicKey>(&*key)) {
        return ed25519->verifies(message, signature);
    }
    if (const auto* ecdsa = std::get_if<keys::EcdsaPublicKey>(&*key)) {
        return ecdsa->verifies(message, signature);
    }
    const auto* rsa = std::get_if<keys::RsaPublicKey>(&*key);
    return rsa != nullptr && rsa->verifies(message, signature);
}

}  // namespace chancery::ledger

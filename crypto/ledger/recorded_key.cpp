#include "crypto/ledger/recorded_key.h"

#include <algorithm>
#include <array>

#include "crypto/base/ascii.h"
#include "crypto/base/check.h"
#include "crypto/keys/multikey.h"

namespace chancery::ledger {
namespace {

constexpr std::array<std::string_view, 5> use_names = {
    "anchor", "assertion", "cosigner", "governance", "issuer"};
constexpr std::size_t anchor_characters = 42;
constexpr std::size_t key_characters_max = 1'024;

bool is_base58_multibase(std::string_view text) {
    const auto is_digit = [](char c) {
        const bool is_left_out = c == 'l' || c == 'I' || c == 'O';
        return (is_letter(c) && !is_left_out) || (c >= '1' && c <= '9');
    };
    return text.size() > 1 && text.size() <= key_characters_max && text.front() == 'z' &&
           std::ranges::all_of(text.substr(1), is_digit);
}

bool is_anchor_address(std::string_view text) {
    const auto is_hex_digit = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    };
    return text.size() == anchor_characters && text.starts_with("0x") &&
           std::ranges::all_of(text.substr(2), is_hex_digit);
}

// Assertion keys also come as P-256 and RSA: only those written as Ed25519 are taken apart.
bool is_written_as_ed25519(KeyUse use, std::string_view text) {
    return use == KeyUse::cosigner || (use == KeyUse::assertion && text.starts_with("z6Mk"));
}

}  // namespace

std::string_view name_of(KeyUse use) { return use_names.at(static_cast<std::size_t>(use)); }

std::optional<KeyUse> key_use_named(std::string_view name) {
    const auto* const found = std::ranges::find(use_names, name);
    if (found == use_names.end()) return std::nullopt;
    return static_cast<KeyUse>(found - use_names.begin());
}

RecordedKey::RecordedKey(const keys::Ed25519PublicKey& key)
    : text_(keys::multikey(key)), key_(key) {}

RecordedKey::RecordedKey(const keys::MemberPublicKey& key)
    : text_(keys::multikey(key)), key_(key) {}

Result<RecordedKey> RecordedKey::parse(KeyUse use, std::string text) {
    const Error wrong{Errc::invalid, "want a key of use " + std::string(name_of(use))};
    if (use == KeyUse::issuer || use == KeyUse::governance) {
        const auto key = keys::member_key_from_multikey(text);
        if (!key) return wrong;
        return RecordedKey(std::move(text), *key);
    }
    if (is_written_as_ed25519(use, text)) {
        const auto key = keys::ed25519_from_multikey(text);
        if (!key) return wrong;
        return RecordedKey(std::move(text), *key);
    }
    const bool is_good =
        use == KeyUse::anchor ? is_anchor_address(text) : is_base58_multibase(text);
    if (!is_good) return wrong;
    return RecordedKey(std::move(text), std::monostate());
}

const keys::Ed25519PublicKey& RecordedKey::ed25519() const {
    const auto* const key = std::get_if<keys::Ed25519PublicKey>(&key_);
    CHECK(key != nullptr);
    return *key;
}

const keys::MemberPublicKey& RecordedKey::member_key() const {
    const auto* const key = std::get_if<keys::MemberPublicKey>(&key_);
    CHECK(key != nullptr);
    return *key;
}

}  // namespace chancery::ledger

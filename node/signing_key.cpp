#include "node/signing_key.h"

#include <cstring>

#include "crypto/base/encoding.h"
#include "crypto/keys/multikey.h"
#include "crypto/keys/pkcs8.h"

namespace chancery::keystore {
namespace {

constexpr std::size_t seed_bytes = std::tuple_size_v<Hash>;

Error in_file(const std::string& path, const Error& error) {
    return {error.code, path + ": " + error.detail};
}

keys::Ed25519Key key_from_seed(ByteView secret) {
    Hash seed{};
    std::ranges::copy(secret, seed.begin());
    auto key = keys::Ed25519Key::from_seed(seed);
    ::explicit_bzero(seed.data(), seed.size());
    return key;
}

// FIPS 186-5 §A.1.3: all candidates are drawn afresh.
Bytes random_rsa_prime(std::size_t bytes) {
    constexpr std::uint8_t top_two_bits = 0xc0;
    Bytes prime(bytes);
    do {
        fill_random(prime);
        prime.front() |= top_two_bits;
        prime.back() |= 1U;
    } while (!keys::is_rsa_prime(prime));
    return prime;
}

Bytes random_rsa_secret(std::size_t bits) {
    while (true) {
        Bytes p = random_rsa_prime(bits / 16);
        Bytes q = random_rsa_prime(bits / 16);
        const auto key = keys::RsaKey::from_primes(p, q);
        ::explicit_bzero(p.data(), p.size());
        ::explicit_bzero(q.data(), q.size());
        if (key) return keys::rsa_to_pkcs8(*key);
    }
}

Bytes random_p256_secret() {
    // The curve's order is a hair below 2^256: the second draw has never been seen.
    while (true) {
        Hash random = random_hash();
        Result<Bytes> secret = keys::p256_to_pkcs8(random);
        ::explicit_bzero(random.data(), random.size());
        if (secret) return *std::move(secret);
    }
}

}  // namespace

bool has_types(Use use) { return use == Use::assertion || use == Use::holder; }

std::string_view name_of(KeyType type) {
    constexpr std::array<std::string_view, 3> names = {"ed25519", "p256", "rsa"};
    return names.at(static_cast<std::size_t>(type));
}

std::optional<KeyType> key_type_named(std::string_view name) {
    for (const KeyType type : key_types)
        if (name_of(type) == name) return type;
    return std::nullopt;
}

Result<void> check_plan(const SecretPlan& plan) {
    const bool is_one_kind = !has_types(plan.use) && plan.type != KeyType::ed25519;
    if (is_one_kind || (plan.use == Use::holder && plan.type == KeyType::rsa))
        return Error{Errc::invalid,
                     "a key for \"" + std::string(name_of(plan.use)) + "\" cannot be " +
                         std::string(name_of(plan.type))};
    if (plan.rsa_bits < keys::rsa_bits_min || plan.rsa_bits > keys::rsa_bits_max ||
        plan.rsa_bits % 16 != 0)
        return Error{Errc::invalid,
                     "RSA key of " + std::to_string(plan.rsa_bits) +
                         " bits, want 2048 to 4096 in steps of 16"};
    return {};
}

Bytes random_secret(const SecretPlan& plan) {
    CHECK(check_plan(plan));
    switch (plan.type) {
        case KeyType::ed25519:
            return random_secret(plan.use);
        case KeyType::p256:
            return random_p256_secret();
        case KeyType::rsa:
            return random_rsa_secret(plan.rsa_bits);
    }
    CHECK(false);
    return {};
}

Result<SigningKey> signing_key_of(const StoredKey& key) {
    if (!has_types(key.label().use))
        return Error{Errc::invalid,
                     "is a key for \"" + std::string(name_of(key.label().use)) +
                         R"(", want one for "assertion" or "holder")"};
    if (key.secret().size() == seed_bytes) return SigningKey(key_from_seed(key.secret()));
    auto made = keys::from_pkcs8(key.secret());
    if (!made) return made.error();
    return std::visit([](auto& one) { return SigningKey(std::move(one)); }, *made);
}

Result<SigningKey> load_signing_key(const KeyFile& file, Use use) {
    CHECK(has_types(use));
    const Result<StoredKey> key = open_key_file(file);
    if (!key) return key.error();
    if (key->label().use != use)
        return Error{Errc::invalid,
                     file.path + ": is a key for \"" + std::string(name_of(key->label().use)) +
                         "\", want one for \"" + std::string(name_of(use)) + "\""};
    auto made = signing_key_of(*key);
    if (!made) return in_file(file.path, made.error());
    return made;
}

KeyType type_of(const SigningKey& key) { return static_cast<KeyType>(key.index()); }

std::string multikey_of(const SigningKey& key) {
    return std::visit([](const auto& one) { return keys::multikey(one.public_key()); }, key);
}

json::Value public_jwk(const SigningKey& key) {
    if (const auto* const ed25519 = std::get_if<keys::Ed25519Key>(&key))
        return json::Object{
            {"crv", "Ed25519"}, {"kty", "OKP"}, {"x", to_base64url(ed25519->public_key().bytes())}};
    if (const auto* const rsa = std::get_if<keys::RsaKey>(&key))
        return jose::to_jwk(rsa->public_key());
    return jose::to_jwk(std::get<keys::P256Key>(key).public_key());
}

}  // namespace chancery::keystore

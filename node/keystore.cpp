#include "node/keystore.h"

#include <cerrno>
#include <cstring>

#include <sys/random.h>

#include "crypto/base/encoding.h"
#include "crypto/keys/key_seal.h"
#include "crypto/keys/multikey.h"
#include "crypto/keys/tls_key.h"
#include "crypto/ledger/genesis.h"
#include "crypto/note/checkpoint.h"
#include "node/local_file.h"
#include "node/signing_key.h"

namespace chancery::keystore {
namespace {

constexpr std::size_t passphrase_bytes_max = 1'024;

Error at(const std::string& path, const Error& error) {
    return {error.code, path + ": " + error.detail};
}

bool is_member_use(Use use) { return use == Use::issuer || use == Use::governance; }

bool is_owner(Use use, std::string_view owner) {
    return use == Use::log ? note::is_origin(owner) : ledger::is_slug(owner);
}

Result<Hash> secret_hash(const StoredKey& key) {
    Hash secret{};
    if (key.secret().size() != secret.size())
        return Error{Errc::invalid,
                     "secret has " + std::to_string(key.secret().size()) + " bytes, want 32"};
    std::ranges::copy(key.secret(), secret.begin());
    return secret;
}

Result<keys::Ed25519Key> ed25519_of(const StoredKey& key) {
    Result<Hash> seed = secret_hash(key);
    if (!seed) return seed.error();
    auto made = keys::Ed25519Key::from_seed(*seed);
    ::explicit_bzero(seed->data(), seed->size());
    return made;
}

Result<keys::MemberKey> member_key_of(const StoredKey& key) {
    Result<Hash> secret = secret_hash(key);
    if (!secret) return secret.error();
    auto made = keys::MemberKey::from_secret(*secret);
    ::explicit_bzero(secret->data(), secret->size());
    return made;
}

Result<keys::EvmKey> evm_key_of(const StoredKey& key) {
    Result<Hash> secret = secret_hash(key);
    if (!secret) return secret.error();
    auto made = keys::EvmKey::from_secret(*secret);
    ::explicit_bzero(secret->data(), secret->size());
    return made;
}

Result<StoredKey> open_for(const KeyFile& file, Use use) {
    Result<StoredKey> key = open_key_file(file);
    if (key && key->label().use != use)
        return Error{Errc::invalid,
                     file.path + ": is a key for \"" + std::string(name_of(key->label().use)) +
                         "\", want one for \"" + std::string(name_of(use)) + "\""};
    return key;
}

Result<std::string> sealed_text(const Label& label, ByteView secret, const Passphrase& passphrase) {
    if (!is_owner(label.use, label.owner))
        return Error{Errc::invalid,
                     label.use == Use::log ? "log key needs an origin: a URL without scheme"
                                           : "member needs a slug of the form [a-z][a-z0-9-]*"};
    keys::SealParameters parameters;
    parameters.salt = random_hash();
    fill_random(parameters.nonce);
    return keys::seal_key(secret, to_text(label), passphrase.text(), parameters);
}

}  // namespace

std::string_view name_of(Use use) {
    switch (use) {
        case Use::issuer:
            return "issuer";
        case Use::assertion:
            return "assertion";
        case Use::governance:
            return "governance";
        case Use::cosigner:
            return "cosigner";
        case Use::node:
            return "node";
        case Use::tls:
            return "tls";
        case Use::log:
            return "log";
        case Use::holder:
            return "holder";
        case Use::anchor:
            return "anchor";
    }
    CHECK(false);
    return {};
}

std::optional<Use> use_named(std::string_view name) {
    for (const Use use : uses)
        if (name_of(use) == name) return use;
    return std::nullopt;
}

std::string to_text(const Label& label) {
    return std::string(name_of(label.use)) + " " + label.owner;
}

Result<Label> parse_label(std::string_view text) {
    const std::size_t space = text.find(' ');
    const std::optional<Use> use = use_named(text.substr(0, space));
    if (!use || space == std::string_view::npos || !is_owner(*use, text.substr(space + 1)))
        return Error{Errc::invalid, "key label is not \"<use> <member or origin>\""};
    return Label{*use, std::string(text.substr(space + 1))};
}

void fill_random(std::span<std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
        CHECK(got > 0 || errno == EINTR);
        if (got > 0) bytes = bytes.subspan(static_cast<std::size_t>(got));
    }
}

Hash random_hash() {
    Hash hash{};
    fill_random(hash);
    return hash;
}

void Passphrase::clear() { ::explicit_bzero(text_.data(), text_.size()); }

Result<Passphrase> read_passphrase(const std::string& path) {
    Result<std::string> text = node::read_private_file(path, passphrase_bytes_max + 1);
    if (!text) return text.error();
    if (text->ends_with('\n')) text->pop_back();
    Passphrase passphrase(*text);
    ::explicit_bzero(text->data(), text->size());
    if (passphrase.text().empty()) return Error{Errc::invalid, path + ": passphrase is empty"};
    return passphrase;
}

Result<void> create_passphrase_file(const std::string& path) {
    Hash random = random_hash();
    std::string line = to_base64url(random) + "\n";
    const Result<void> made = node::create_file(path, line, node::private_mode);
    ::explicit_bzero(random.data(), random.size());
    ::explicit_bzero(line.data(), line.size());
    return made;
}

Bytes random_secret(Use use) {
    // The curves' orders are a hair below 2^256: the second draw has never been seen.
    while (true) {
        Hash secret = random_hash();
        Bytes bytes(secret.begin(), secret.end());
        bool is_good = true;
        if (is_member_use(use)) is_good = keys::MemberKey::from_secret(secret).has_value();
        if (use == Use::anchor) is_good = keys::EvmKey::from_secret(secret).has_value();
        if (use == Use::tls) {
            Result<Bytes> pkcs8 = keys::tls_key_from_secret(secret);
            is_good = pkcs8.has_value();
            ::explicit_bzero(bytes.data(), bytes.size());
            if (is_good) bytes = *std::move(pkcs8);
        }
        ::explicit_bzero(secret.data(), secret.size());
        if (is_good) return bytes;
    }
}

Result<void> create_key_file(const std::string& path,
                             const Label& label,
                             ByteView secret,
                             const Passphrase& passphrase) {
    const auto sealed = sealed_text(label, secret, passphrase);
    if (!sealed) return sealed.error();
    return node::create_file(path, *sealed, node::private_mode);
}

Result<void> reseal_key_file(const std::string& path,
                             const StoredKey& key,
                             const Passphrase& passphrase) {
    const auto sealed = sealed_text(key.label(), key.secret(), passphrase);
    if (!sealed) return sealed.error();
    return node::replace_file(path, *sealed, node::private_mode);
}

StoredKey::~StoredKey() {
    if (!secret_.empty()) ::explicit_bzero(secret_.data(), secret_.size());
}

Result<StoredKey> open_key_file(const KeyFile& file) {
    const Result<std::string> sealed = node::read_private_file(file.path, key_file_bytes_max);
    if (!sealed) return sealed.error();
    const Result<Passphrase> passphrase = read_passphrase(file.passphrase_file);
    if (!passphrase) return passphrase.error();
    Result<keys::OpenedKey> opened = keys::open_key(*sealed, passphrase->text());
    if (!opened) return at(file.path, opened.error());
    Result<Label> label = parse_label(opened->label);
    if (!label) {
        ::explicit_bzero(opened->secret.data(), opened->secret.size());
        return at(file.path, label.error());
    }
    return StoredKey(*std::move(label), std::move(opened->secret));
}

Result<keys::Ed25519Key> load_ed25519_key(const KeyFile& file, Use use) {
    CHECK(!is_member_use(use) && use != Use::tls && use != Use::anchor);
    const Result<StoredKey> key = open_for(file, use);
    if (!key) return key.error();
    const Result<keys::Ed25519Key> made = ed25519_of(*key);
    if (!made) return at(file.path, made.error());
    return made;
}

Result<keys::MemberKey> load_member_key(const KeyFile& file, Use use) {
    CHECK(is_member_use(use));
    const Result<StoredKey> key = open_for(file, use);
    if (!key) return key.error();
    const Result<keys::MemberKey> made = member_key_of(*key);
    if (!made) return at(file.path, made.error());
    return made;
}

Result<keys::EvmKey> load_anchor_key(const KeyFile& file) {
    const Result<StoredKey> key = open_for(file, Use::anchor);
    if (!key) return key.error();
    const Result<keys::EvmKey> made = evm_key_of(*key);
    if (!made) return at(file.path, made.error());
    return made;
}

Result<Bytes> load_tls_key(const KeyFile& file) {
    const Result<StoredKey> key = open_for(file, Use::tls);
    if (!key) return key.error();
    if (auto pin = keys::tls_spki_sha256(key->secret()); !pin) return at(file.path, pin.error());
    return Bytes(key->secret().begin(), key->secret().end());
}

Result<std::string> public_text(const StoredKey& key) {
    if (key.label().use == Use::tls) {
        const Result<Hash> pin = keys::tls_spki_sha256(key.secret());
        if (!pin) return pin.error();
        return to_hex(*pin);
    }
    if (is_member_use(key.label().use)) {
        const Result<keys::MemberKey> made = member_key_of(key);
        if (!made) return made.error();
        return keys::multikey(made->public_key());
    }
    if (key.label().use == Use::anchor) {
        const Result<keys::EvmKey> made = evm_key_of(key);
        if (!made) return made.error();
        return made->address().text();
    }
    if (has_types(key.label().use)) {
        const Result<SigningKey> made = signing_key_of(key);
        if (!made) return made.error();
        return multikey_of(*made);
    }
    const Result<keys::Ed25519Key> made = ed25519_of(key);
    if (!made) return made.error();
    if (key.label().use != Use::log) return keys::multikey(made->public_key());
    return note::to_vkey({key.label().owner, note::KeyType::ed25519, made->public_key()});
}

}  // namespace chancery::keystore

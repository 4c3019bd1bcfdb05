// Secret keys as files: made from the system's randomness, sealed under a passphrase, readable by
// their owner alone.
//
// A key file is what crypto/keys/key_seal.h writes. Its label says what the key is for and whose:
//
//     label = <use> SP <member's slug>            for log keys: "log" SP <origin>
//
// so that a governance key is never taken for a cosigner's. The passphrase comes from a file, never
// from an argument or a variable. The secrets inside: Ed25519 seeds, secp256k1 secrets (issuer,
// governance and, for EVM chains, anchor keys), and for TLS a PKCS#8 key.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/keys/ed25519.h"
#include "crypto/keys/evm_key.h"
#include "crypto/keys/member_key.h"

namespace chancery::keystore {

inline constexpr std::size_t key_file_bytes_max = 64 * 1024;

enum class Use : std::uint8_t {
    issuer,
    assertion,
    governance,
    cosigner,
    node,
    tls,
    log,
    holder,
    anchor
};
inline constexpr std::array uses = {Use::issuer,
                                    Use::assertion,
                                    Use::governance,
                                    Use::cosigner,
                                    Use::node,
                                    Use::tls,
                                    Use::log,
                                    Use::holder,
                                    Use::anchor};
std::string_view name_of(Use use);
std::optional<Use> use_named(std::string_view name);

struct Label {
    Use use = Use::issuer;
    std::string owner;  // A slug; for log keys an origin.
    bool operator==(const Label&) const = default;
};
std::string to_text(const Label& label);
Result<Label> parse_label(std::string_view text);

// From the system's generator, which cannot fail once the machine has started.
void fill_random(std::span<std::uint8_t> bytes);
Hash random_hash();

// A text that is cleared when it goes.
class Passphrase {
public:
    explicit Passphrase(std::string text) : text_(std::move(text)) {}
    // Copies, then clears: a moved short string would leave its characters behind.
    // NOLINTNEXTLINE(performance-move-constructor-init)
    Passphrase(Passphrase&& other) noexcept : text_(other.text_) { other.clear(); }
    Passphrase& operator=(Passphrase&&) = delete;
    ~Passphrase() { clear(); }
    std::string_view text() const { return text_; }

private:
    void clear();
    std::string text_;
};

// One trailing newline is no part of it. Errc::forbidden if others may read the file,
// Errc::invalid if it is empty.
Result<Passphrase> read_passphrase(const std::string& path);
// Writes a new passphrase file of 256 random bits. Errc::conflict if there is one.
Result<void> create_passphrase_file(const std::string& path);

// A fresh secret of the kind that `use` asks for. The caller clears it.
Bytes random_secret(Use use);

// Errc::conflict if the file is there already. 0.1 s, for the sealing.
Result<void> create_key_file(const std::string& path,
                             const Label& label,
                             ByteView secret,
                             const Passphrase& passphrase);

struct KeyFile {
    std::string path;
    std::string passphrase_file;
};

// An opened key; the secret is cleared when it goes.
class StoredKey {
public:
    StoredKey(Label label, Bytes secret) : label_(std::move(label)), secret_(std::move(secret)) {}
    StoredKey(StoredKey&&) = default;
    StoredKey& operator=(StoredKey&&) = delete;
    ~StoredKey();

    const Label& label() const { return label_; }
    ByteView secret() const { return secret_; }

private:
    Label label_;
    Bytes secret_;
};

// Puts the key, under another passphrase, in place of the file at once: a crash leaves the old or
// the new. 0.1 s, for the sealing.
Result<void> reseal_key_file(const std::string& path,
                             const StoredKey& key,
                             const Passphrase& passphrase);

// Errc::not_found, Errc::forbidden (readable by others, or the passphrase is wrong),
// Errc::invalid (no key file).
Result<StoredKey> open_key_file(const KeyFile& file);

// The same, for one use alone. Errc::invalid if the key is for another, naming both.
Result<keys::Ed25519Key> load_ed25519_key(const KeyFile& file, Use use);
Result<keys::MemberKey> load_member_key(const KeyFile& file, Use use);
Result<keys::EvmKey> load_anchor_key(const KeyFile& file);
// PKCS#8 DER, for the TLS library; the caller clears it.
Result<Bytes> load_tls_key(const KeyFile& file);

// The public half as people and documents write it: a Multikey, a vkey for logs, an
// address for anchor keys, the pinned SHA-256 in hex for TLS.
Result<std::string> public_text(const StoredKey& key);

}  // namespace chancery::keystore

#include "crypto/keys/key_seal.h"

#include <openssl/crypto.h>

#include "crypto/base/encoding.h"
#include "crypto/base/utf8.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

constexpr std::string_view format_name = "chancery-key/v1";
constexpr std::string_view kdf_name = "scrypt";
constexpr std::string_view cipher_name = "aes-256-gcm";
constexpr std::uint32_t scrypt_n_min = 1U << 10;
constexpr std::uint32_t scrypt_n_max = 1U << 20;
constexpr std::uint32_t scrypt_r = 8;
constexpr std::uint32_t scrypt_p = 1;
constexpr std::size_t tag_bytes = 16;
constexpr std::size_t passphrase_bytes_max = 1024;
constexpr std::size_t secret_bytes_max = 4096;
constexpr std::size_t label_bytes_max = 256;
constexpr json::Limits file_limits{
    .bytes_max = std::size_t{16} * 1024, .depth_max = 4, .elements_max = 32};

using Nonce = std::array<std::uint8_t, 12>;

// Cleared when it goes.
struct DerivedKey {
    Hash bytes{};

    DerivedKey() = default;
    DerivedKey(const DerivedKey&) = default;
    DerivedKey& operator=(const DerivedKey&) = default;
    ~DerivedKey() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

// A key file's members, their form checked.
struct Sealed {
    SealParameters parameters;
    std::string label;
    Bytes sealed;  // As long as the secret, then the tag.
};

bool is_scrypt_n(std::uint64_t n) {
    return n >= scrypt_n_min && n <= scrypt_n_max && (n & (n - 1)) == 0;
}

// HMAC pads keys with NULs, so that "x" and "x\0" would open the same file.
bool is_passphrase(std::string_view words) {
    return !words.empty() && words.size() <= passphrase_bytes_max &&
           words.find('\0') == std::string_view::npos;
}

Error wrong_n(std::uint64_t n) {
    return Error{Errc::invalid,
                 "scrypt n of " + std::to_string(n) + ", want a power of two from 2^10 to 2^20"};
}

int int_of(std::size_t size) {
    CHECK(size <= file_limits.bytes_max);
    return static_cast<int>(size);
}

Result<DerivedKey> derive(std::string_view passphrase, const SealParameters& parameters) {
    constexpr std::uint64_t block_bytes = std::uint64_t{128} * scrypt_r;
    constexpr std::uint64_t scratch_blocks = 16;
    const std::uint64_t memory_bytes_max = block_bytes * (parameters.scrypt_n + scratch_blocks);
    DerivedKey derived;
    const int done = EVP_PBE_scrypt(passphrase.data(),
                                    passphrase.size(),
                                    parameters.salt.data(),
                                    parameters.salt.size(),
                                    parameters.scrypt_n,
                                    scrypt_r,
                                    scrypt_p,
                                    memory_bytes_max,
                                    derived.bytes.data(),
                                    derived.bytes.size());
    if (done == 1) return derived;
    return Error{Errc::unavailable,
                 "scrypt found no " + std::to_string(memory_bytes_max) + " bytes of memory"};
}

// Both directions begin alike: key, nonce, and the label as additional data.
CipherContext start_cipher(const DerivedKey& key,
                           const Nonce& nonce,
                           std::string_view label,
                           bool encrypting) {
    CipherContext context(EVP_CIPHER_CTX_new());
    CHECK(context);
    CHECK(EVP_CipherInit_ex(context.get(),
                            EVP_aes_256_gcm(),
                            nullptr,
                            key.bytes.data(),
                            nonce.data(),
                            encrypting ? 1 : 0) == 1);
    const ByteView additional = bytes_of(label);
    int written = 0;
    if (!label.empty()) {
        CHECK(EVP_CipherUpdate(
                  context.get(), nullptr, &written, additional.data(), int_of(additional.size())) ==
              1);
    }
    return context;
}

Bytes encrypt(EVP_CIPHER_CTX* context, ByteView secret) {
    Bytes sealed(secret.size() + tag_bytes);
    int written = 0;
    int last_written = 0;
    CHECK(EVP_CipherUpdate(
              context, sealed.data(), &written, secret.data(), int_of(secret.size())) == 1);
    CHECK(EVP_CipherFinal_ex(context, sealed.data() + written, &last_written) == 1);
    CHECK(written == int_of(secret.size()) && last_written == 0);
    CHECK(EVP_CIPHER_CTX_ctrl(
              context, EVP_CTRL_GCM_GET_TAG, int_of(tag_bytes), sealed.data() + secret.size()) ==
          1);
    return sealed;
}

Result<Bytes> decrypt(EVP_CIPHER_CTX* context, ByteView sealed) {
    const ByteView hidden = sealed.first(sealed.size() - tag_bytes);
    Bytes tag(sealed.end() - tag_bytes, sealed.end());
    Bytes secret(hidden.size());
    int written = 0;
    int last_written = 0;
    CHECK(EVP_CipherUpdate(
              context, secret.data(), &written, hidden.data(), int_of(hidden.size())) == 1);
    CHECK(written == int_of(hidden.size()));
    CHECK(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, int_of(tag_bytes), tag.data()) == 1);
    if (EVP_CipherFinal_ex(context, secret.data() + written, &last_written) != 1) {
        OPENSSL_cleanse(secret.data(), secret.size());
        return Error{Errc::forbidden, "the passphrase is wrong, or the key file was altered"};
    }
    return secret;
}

json::Value document_of(const Sealed& file) {
    json::Object kdf = {{"name", kdf_name},
                        {"n", file.parameters.scrypt_n},
                        {"r", scrypt_r},
                        {"p", scrypt_p},
                        {"salt", to_hex(file.parameters.salt)}};
    return json::Object{{"format", format_name},
                        {"kdf", std::move(kdf)},
                        {"cipher", cipher_name},
                        {"nonce", to_hex(file.parameters.nonce)},
                        {"label", file.label},
                        {"sealed", to_hex(file.sealed)}};
}

// "name", "r" and "p" can have one value only.
Result<SealParameters> read_kdf(const json::Value& value) {
    json::Fields fields(value, "/kdf");
    const std::string name = fields.string("name");
    const std::uint64_t n = fields.integer("n");
    const std::uint64_t r = fields.integer("r");
    const std::uint64_t p = fields.integer("p");
    const Hash salt = fields.hash("salt");
    if (auto wrong = fields.finish()) return *wrong;
    if (name != kdf_name) return invalid("/kdf/name: another function, want scrypt");
    if (r != scrypt_r || p != scrypt_p) {
        return invalid("/kdf: r " + std::to_string(r) + " and p " + std::to_string(p) +
                       ", want 8 and 1");
    }
    if (!is_scrypt_n(n)) return wrong_n(n);
    return SealParameters{.salt = salt, .scrypt_n = static_cast<std::uint32_t>(n)};
}

Result<Sealed> read_file(std::string_view text) {
    const Result<json::Value> document = json::parse(text, file_limits);
    if (!document) return document.error();
    json::Fields fields(*document);
    Sealed file;
    const std::string format = fields.string("format");
    const json::Value& kdf = fields.any("kdf");
    const std::string cipher = fields.string("cipher");
    const std::string nonce_digits = fields.string("nonce");
    file.label = fields.string("label");
    const std::string sealed_digits = fields.string("sealed");
    if (auto wrong = fields.finish()) return *wrong;
    if (format != format_name) return invalid("/format: another format, want chancery-key/v1");
    if (cipher != cipher_name) return invalid("/cipher: another cipher, want aes-256-gcm");
    const Result<SealParameters> parameters = read_kdf(kdf);
    if (!parameters) return parameters.error();
    file.parameters = *parameters;

    const Result<Bytes> nonce = from_hex(nonce_digits);
    if (!nonce || nonce->size() != file.parameters.nonce.size()) {
        return invalid("/nonce: want 24 hex digits");
    }
    std::ranges::copy(*nonce, file.parameters.nonce.begin());
    Result<Bytes> sealed = from_hex(sealed_digits);
    if (!sealed || sealed->size() <= tag_bytes || sealed->size() > tag_bytes + secret_bytes_max) {
        return invalid("/sealed: want 17 to 4,112 bytes in hex");
    }
    if (file.label.size() > label_bytes_max) return invalid("/label: longer than 256 bytes");
    file.sealed = std::move(*sealed);
    return file;
}

}  // namespace

Result<std::string> seal_key(ByteView secret,
                             std::string_view label,
                             std::string_view passphrase,
                             const SealParameters& parameters) {
    if (!is_passphrase(passphrase)) {
        return invalid("a passphrase of " + std::to_string(passphrase.size()) +
                       " bytes, want 1 to 1,024 without NUL");
    }
    if (!is_scrypt_n(parameters.scrypt_n)) return wrong_n(parameters.scrypt_n);
    if (secret.empty() || secret.size() > secret_bytes_max) {
        return invalid("a secret of " + std::to_string(secret.size()) + " bytes, want 1 to 4,096");
    }
    if (label.size() > label_bytes_max || !is_utf8(label) ||
        label.find('\0') != std::string_view::npos) {
        return invalid("a label that is not up to 256 bytes of UTF-8 without NUL");
    }

    const Result<DerivedKey> key = derive(passphrase, parameters);
    if (!key) return key.error();
    const CipherContext context = start_cipher(*key, parameters.nonce, label, true);
    return json::canonical(document_of({.parameters = parameters,
                                        .label = std::string(label),
                                        .sealed = encrypt(context.get(), secret)}));
}

Result<OpenedKey> open_key(std::string_view sealed, std::string_view passphrase) {
    const Result<Sealed> file = read_file(sealed);
    if (!file) return file.error();
    if (!is_passphrase(passphrase)) {
        return Error{Errc::forbidden, "a passphrase that no key was sealed with"};
    }

    const Result<DerivedKey> key = derive(passphrase, file->parameters);
    if (!key) return key.error();
    const CipherContext context = start_cipher(*key, file->parameters.nonce, file->label, false);
    Result<Bytes> secret = decrypt(context.get(), file->sealed);
    if (!secret) return secret.error();
    return OpenedKey{.secret = std::move(*secret), .label = file->label};
}

}  // namespace chancery::keys

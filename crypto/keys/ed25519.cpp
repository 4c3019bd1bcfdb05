#include "crypto/keys/ed25519.h"

#include <openssl/crypto.h>

#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

constexpr std::uint8_t sign_bit = 0x80;

// The y of every point of order 1, 2, 4 and 8, little-endian. p and p + 1 are 0 and 1 written
// once more; with either sign of x these are the fourteen encodings.
constexpr std::array<Hash, 7> small_order_ys = {{
    {0x00},
    {0x01},
    {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
     0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
     0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},
    {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
     0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
     0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},
    {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xed, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
    {0xee, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
     0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},
}};

// `point`: 32 bytes.
Hash y_of(ByteView point) {
    Hash y{};
    std::ranges::copy(point, y.begin());
    y.back() &= static_cast<std::uint8_t>(~sign_bit);
    return y;
}

bool has_small_order(const Hash& y) {
    return std::ranges::find(small_order_ys, y) != small_order_ys.end();
}

Number new_number() {
    Number number(BN_new());
    CHECK(number);
    return number;
}

enum class YKind { not_canonical, off_curve, good };

// x² = (y² - 1) / (d y² + 1) with d = -121665/121666 has a root exactly if
// 121666 (y² - 1) (121666 - 121665 y²), which is that times a square, is a square or zero.
// RFC 8032 §5.1.3. The library itself takes any 32 bytes for a key.
YKind kind_of(const Hash& y_bytes) {
    const NumberContext context(BN_CTX_new());
    CHECK(context);
    const Number p = new_number();
    CHECK(BN_set_bit(p.get(), 255) == 1 && BN_sub_word(p.get(), 19) == 1);
    const Number y(BN_lebin2bn(y_bytes.data(), static_cast<int>(y_bytes.size()), nullptr));
    CHECK(y);
    if (BN_cmp(y.get(), p.get()) >= 0) return YKind::not_canonical;

    const Number factor = new_number();
    const Number product = new_number();
    CHECK(BN_sqr(factor.get(), y.get(), context.get()) == 1);
    CHECK(BN_copy(product.get(), factor.get()) != nullptr && BN_sub_word(product.get(), 1) == 1);
    CHECK(BN_mul_word(factor.get(), 121665) == 1);
    BN_set_negative(factor.get(), 1);
    CHECK(BN_add_word(factor.get(), 121666) == 1);
    CHECK(BN_mul(product.get(), product.get(), factor.get(), context.get()) == 1);
    CHECK(BN_mul_word(product.get(), 121666) == 1);
    CHECK(BN_nnmod(product.get(), product.get(), p.get(), context.get()) == 1);
    const int symbol = BN_kronecker(product.get(), p.get(), context.get());
    CHECK(symbol >= -1 && symbol <= 1);
    return symbol == -1 ? YKind::off_curve : YKind::good;
}

using KeyMaker = decltype(&EVP_PKEY_new_raw_public_key);

std::shared_ptr<evp_pkey_st> handle_of(KeyMaker make, const Hash& bytes) {
    PrivateKey made(make(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
    CHECK(made);
    return {std::move(made)};
}

}  // namespace

Result<Ed25519PublicKey> Ed25519PublicKey::parse(ByteView bytes) {
    Hash key{};
    if (bytes.size() != key.size()) {
        return Error{Errc::invalid,
                     "an Ed25519 key of " + std::to_string(bytes.size()) + " bytes, want 32"};
    }
    std::ranges::copy(bytes, key.begin());
    const Hash y = y_of(key);
    if (has_small_order(y)) return Error{Errc::invalid, "an Ed25519 key of small order"};
    switch (kind_of(y)) {
        case YKind::not_canonical:
            return Error{Errc::invalid, "an Ed25519 key that is not canonical"};
        case YKind::off_curve:
            return Error{Errc::invalid, "an Ed25519 key that is no point of the curve"};
        case YKind::good:
            break;
    }
    return Ed25519PublicKey(key);
}

Ed25519PublicKey::Ed25519PublicKey(const Hash& bytes)
    : bytes_(bytes), handle_(handle_of(EVP_PKEY_new_raw_public_key, bytes)) {}

bool Ed25519PublicKey::verifies(ByteView message, ByteView signature) const {
    if (signature.size() != std::tuple_size_v<Ed25519Signature>) return false;
    if (has_small_order(y_of(signature.first(32)))) return false;
    const DigestContext context(EVP_MD_CTX_new());
    CHECK(context);
    CHECK(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1);
    return EVP_DigestVerify(context.get(),
                            signature.data(),
                            signature.size(),
                            data_of(message),
                            message.size()) == 1;
}

Ed25519Key Ed25519Key::from_seed(const Hash& seed) {
    auto handle = handle_of(EVP_PKEY_new_raw_private_key, seed);
    Hash point{};
    std::size_t point_bytes = point.size();
    CHECK(EVP_PKEY_get_raw_public_key(handle.get(), point.data(), &point_bytes) == 1);
    CHECK(point_bytes == point.size());
    return {seed, std::move(handle), Ed25519PublicKey(point)};
}

Ed25519Key::~Ed25519Key() { OPENSSL_cleanse(seed_.data(), seed_.size()); }

Ed25519Signature Ed25519Key::sign(ByteView message) const {
    const DigestContext context(EVP_MD_CTX_new());
    CHECK(context);
    CHECK(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, handle_.get()) == 1);
    Ed25519Signature signature{};
    std::size_t signature_bytes = signature.size();
    CHECK(
        EVP_DigestSign(
            context.get(), signature.data(), &signature_bytes, data_of(message), message.size()) ==
        1);
    CHECK(signature_bytes == signature.size());
    return signature;
}

}  // namespace chancery::keys

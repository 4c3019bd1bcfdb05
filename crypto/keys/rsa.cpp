#include "crypto/keys/rsa.h"

#include <bit>
#include <string>

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

using RsaBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using RsaParameters = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;

constexpr unsigned long exponent = 65'537;
constexpr std::array<std::uint8_t, 5> exponent_der = {0x02, 0x03, 0x01, 0x00, 0x01};
constexpr std::uint8_t sequence_tag = 0x30;
constexpr std::uint8_t integer_tag = 0x02;
constexpr std::uint8_t two_byte_length = 0x82;
constexpr std::uint8_t top_bit = 0x80;

// All lengths here need two bytes.
void append_value(Writer& out, std::uint8_t tag, ByteView content) {
    out.u8(tag).u8(two_byte_length).u16(static_cast<std::uint16_t>(content.size()));
    out.bytes(content);
}

Bytes der_of_modulus(ByteView modulus) {
    Writer integer;
    if ((modulus.front() & top_bit) != 0) integer.u8(0);
    integer.bytes(modulus);
    Writer content;
    append_value(content, integer_tag, integer.written());
    content.bytes(exponent_der);
    Writer sequence;
    append_value(sequence, sequence_tag, content.written());
    return sequence.take();
}

std::size_t bits_of(ByteView modulus) {
    if (modulus.empty()) return 0;
    return modulus.size() * 8 - static_cast<std::size_t>(std::countl_zero(modulus.front()));
}

}  // namespace

Result<RsaPublicKey> RsaPublicKey::parse(ByteView modulus) {
    const std::size_t bits = bits_of(modulus);
    const bool is_minimal = !modulus.empty() && modulus.front() != 0;
    if (!is_minimal || bits < rsa_bits_min || bits > rsa_bits_max) {
        return Error{Errc::invalid,
                     "RSA key has " + std::to_string(bits) + " bits, want 2048 to 4096"};
    }
    if (modulus.back() % 2 == 0) return Error{Errc::invalid, "RSA key has an even modulus"};
    const Number number(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
    const Number public_exponent(BN_new());
    const RsaBuilder builder(OSSL_PARAM_BLD_new());
    CHECK(number && public_exponent && builder);
    CHECK(BN_set_word(public_exponent.get(), exponent) == 1);
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, number.get()) == 1);
    CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, public_exponent.get()) == 1);
    const RsaParameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    CHECK(parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1);
    EVP_PKEY* made = nullptr;
    CHECK(EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1);
    return RsaPublicKey(modulus, std::shared_ptr<EVP_PKEY>(made, EVP_PKEY_free));
}

Result<RsaPublicKey> RsaPublicKey::from_der(ByteView der) {
    Reader in(der);
    in.u32();  // The sequence, and
    in.u16();  // the integer begin here; that they are as they must be shows below.
    const std::size_t length = in.u16();
    ByteView modulus = in.bytes(length);
    if (!modulus.empty() && modulus.front() == 0) modulus = modulus.subspan(1);
    auto key = parse(modulus);
    if (!key) return key.error();
    if (!equal(key->der(), der)) {
        return Error{Errc::invalid, "RSA key is not the DER of a modulus and 65537"};
    }
    return key;
}

Bytes RsaPublicKey::der() const { return der_of_modulus(modulus_); }

bool RsaPublicKey::verifies(ByteView message, ByteView signature) const {
    if (signature.size() != modulus_.size()) return false;
    const DigestContext context(EVP_MD_CTX_new());
    CHECK(context);
    EVP_PKEY_CTX* of_key = nullptr;
    CHECK(EVP_DigestVerifyInit(context.get(), &of_key, EVP_sha256(), nullptr, handle_.get()) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PADDING) == 1);
    return EVP_DigestVerify(
               context.get(), signature.data(), signature.size(), message.data(), message.size()) ==
           1;
}

}  // namespace chancery::keys

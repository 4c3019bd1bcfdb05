#include "crypto/keys/rsa_key.h"

#include <openssl/core_names.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "crypto/keys/openssl.h"

namespace chancery::keys {
namespace {

using PartsBuilder = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Parts = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;

constexpr unsigned long fixed_exponent = 65'537;
constexpr std::size_t prime_bytes_min = rsa_bits_min / 16;
constexpr std::size_t prime_bytes_max = rsa_bits_max / 16;
constexpr std::uint8_t top_bit_of_prime = 0x80;
constexpr int distance_bits_below = 100;  // |p − q| > 2^(half − 100).

Number fresh_number() {
    Number number(BN_new());
    CHECK(number);
    return number;
}

Number number_of(ByteView bytes) {
    Number number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    CHECK(number);
    BN_set_flags(number.get(), BN_FLG_CONSTTIME);
    return number;
}

Number less_one(const BIGNUM* number) {
    Number result(BN_dup(number));
    CHECK(result && BN_sub_word(result.get(), 1) == 1);
    BN_set_flags(result.get(), BN_FLG_CONSTTIME);
    return result;
}

Number inverse_of(const BIGNUM* number, const BIGNUM* modulus, BN_CTX* context) {
    Number result(BN_mod_inverse(nullptr, number, modulus, context));
    CHECK(result);
    return result;
}

Number remainder_of(const BIGNUM* number, const BIGNUM* modulus, BN_CTX* context) {
    Number result = fresh_number();
    CHECK(BN_nnmod(result.get(), number, modulus, context) == 1);
    return result;
}

// d = 1/e modulo lcm(p − 1, q − 1).
Number secret_exponent(const BIGNUM* e,
                       const BIGNUM* p_less,
                       const BIGNUM* q_less,
                       BN_CTX* context) {
    const Number common = fresh_number();
    const Number product = fresh_number();
    const Number order = fresh_number();
    CHECK(BN_gcd(common.get(), p_less, q_less, context) == 1);
    CHECK(BN_mul(product.get(), p_less, q_less, context) == 1);
    CHECK(BN_div(order.get(), nullptr, product.get(), common.get(), context) == 1);
    BN_set_flags(order.get(), BN_FLG_CONSTTIME);
    return inverse_of(e, order.get(), context);
}

std::shared_ptr<EVP_PKEY> handle_from(const BIGNUM* p, const BIGNUM* q) {
    const NumberContext context(BN_CTX_secure_new());
    const Number n = fresh_number();
    const Number e = fresh_number();
    CHECK(context && BN_mul(n.get(), p, q, context.get()) == 1);
    CHECK(BN_set_word(e.get(), fixed_exponent) == 1);
    const Number p_less = less_one(p);
    const Number q_less = less_one(q);
    const Number d = secret_exponent(e.get(), p_less.get(), q_less.get(), context.get());
    const Number d_p = remainder_of(d.get(), p_less.get(), context.get());
    const Number d_q = remainder_of(d.get(), q_less.get(), context.get());
    const Number coefficient = inverse_of(q, p, context.get());
    const PartsBuilder builder(OSSL_PARAM_BLD_new());
    CHECK(builder);
    const auto push = [&builder](const char* name, const BIGNUM* number) {
        CHECK(OSSL_PARAM_BLD_push_BN(builder.get(), name, number) == 1);
    };
    push(OSSL_PKEY_PARAM_RSA_N, n.get());
    push(OSSL_PKEY_PARAM_RSA_E, e.get());
    push(OSSL_PKEY_PARAM_RSA_D, d.get());
    push(OSSL_PKEY_PARAM_RSA_FACTOR1, p);
    push(OSSL_PKEY_PARAM_RSA_FACTOR2, q);
    push(OSSL_PKEY_PARAM_RSA_EXPONENT1, d_p.get());
    push(OSSL_PKEY_PARAM_RSA_EXPONENT2, d_q.get());
    push(OSSL_PKEY_PARAM_RSA_COEFFICIENT1, coefficient.get());
    const Parts parts(OSSL_PARAM_BLD_to_param(builder.get()));
    const KeyContext key_context(EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr));
    CHECK(parts && key_context && EVP_PKEY_fromdata_init(key_context.get()) == 1);
    EVP_PKEY* made = nullptr;
    CHECK(EVP_PKEY_fromdata(key_context.get(), &made, EVP_PKEY_KEYPAIR, parts.get()) == 1);
    return {made, EVP_PKEY_free};
}

bool are_far_apart(const BIGNUM* p, const BIGNUM* q, std::size_t bytes) {
    const Number distance = fresh_number();
    CHECK(BN_sub(distance.get(), p, q) == 1);
    return BN_num_bits(distance.get()) > static_cast<int>(bytes * 8) - distance_bits_below;
}

// nullptr if there is none.
Number number_in(const EVP_PKEY* handle, const char* name) {
    BIGNUM* found = nullptr;
    const bool is_there = EVP_PKEY_get_bn_param(handle, name, &found) == 1;
    return Number(is_there ? found : nullptr);
}

}  // namespace

bool is_rsa_prime(ByteView number) {
    if (number.size() < prime_bytes_min || number.size() > prime_bytes_max) return false;
    if ((number.front() & top_bit_of_prime) == 0 || number.back() % 2 == 0) return false;
    const Number candidate = number_of(number);
    const NumberContext context(BN_CTX_secure_new());
    CHECK(context);
    // 65,537 is prime: it fits unless it divides what is one less.
    if (BN_mod_word(less_one(candidate.get()).get(), fixed_exponent) == 0) return false;
    return BN_check_prime(candidate.get(), context.get(), nullptr) == 1;
}

Result<RsaKey> RsaKey::from_primes(ByteView p, ByteView q) {
    if (p.size() != q.size() || !is_rsa_prime(p) || !is_rsa_prime(q)) {
        return Error{Errc::invalid, "RSA key wants two primes of one length"};
    }
    const Number first = number_of(p);
    const Number second = number_of(q);
    if (!are_far_apart(first.get(), second.get(), p.size())) {
        return Error{Errc::invalid, "RSA key's primes are too near to each other"};
    }
    auto key = from_handle(handle_from(first.get(), second.get()));
    if (key && (key->public_key().modulus().front() & top_bit_of_prime) == 0) {
        return Error{Errc::invalid, "RSA key's primes are too small"};
    }
    return key;
}

Result<RsaKey> RsaKey::from_handle(std::shared_ptr<evp_pkey_st> handle) {
    if (!handle || EVP_PKEY_get_base_id(handle.get()) != EVP_PKEY_RSA) {
        return Error{Errc::invalid, "is no RSA key"};
    }
    const Number e = number_in(handle.get(), OSSL_PKEY_PARAM_RSA_E);
    const Number n = number_in(handle.get(), OSSL_PKEY_PARAM_RSA_N);
    if (!e || !n || !number_in(handle.get(), OSSL_PKEY_PARAM_RSA_D)) {
        return Error{Errc::invalid, "RSA key is not whole"};
    }
    if (BN_is_word(e.get(), fixed_exponent) == 0) {
        return Error{Errc::invalid, "RSA key has another exponent than 65537"};
    }
    Bytes modulus(static_cast<std::size_t>(BN_num_bytes(n.get())));
    BN_bn2bin(n.get(), modulus.data());
    auto public_key = RsaPublicKey::parse(modulus);
    if (!public_key) return public_key.error();
    return RsaKey(std::move(handle), *std::move(public_key));
}

Bytes RsaKey::sign(ByteView message) const {
    const DigestContext context(EVP_MD_CTX_new());
    CHECK(context);
    EVP_PKEY_CTX* of_key = nullptr;
    CHECK(EVP_DigestSignInit(context.get(), &of_key, EVP_sha256(), nullptr, handle_.get()) == 1);
    CHECK(EVP_PKEY_CTX_set_rsa_padding(of_key, RSA_PKCS1_PADDING) == 1);
    Bytes signature(public_key_.modulus().size());
    std::size_t length = signature.size();
    CHECK(EVP_DigestSign(
              context.get(), signature.data(), &length, message.data(), message.size()) == 1);
    CHECK(length == signature.size());
    return signature;
}

}  // namespace chancery::keys

// Secret keys of RSA and their PKCS #8: made of primes, signing as others verify.
#include <gtest/gtest.h>

#include "crypto/jose/jws.h"
#include "crypto/keys/multikey.h"
#include "crypto/keys/pkcs8.h"
#include "tests/support/vectors.h"

namespace chancery::keys::rsa_key_test {
namespace {

// RFC 7515 §A.2; the vector has the public half and the signature.
constexpr std::string_view rfc7515_p =
    "4BzEEOtIpmVdVEZNCqS7baC4crd0pqnRH_5IB3jw3bcxGn6QLvnEtfdUdiYrqBdss1l58BQ3KhooKeQTa9AB0Hw_Py5P"
    "JdTJNPY8cQn7ouZ2KKDcmnPGBY5t7yLc1QlQ5xHdwW1VhvKn-nXqhJTBgIPgtldC-KDV5z-y2XDwGUc";
constexpr std::string_view rfc7515_q =
    "uQPEfgmVtjL0Uyyx88GZFF1fOunH3-7cepKmtH4pxhtCoHqpWmT8YAmZxaewHgHAjLYsp1ZSe7zFYHj7C6ul7TjeLQeZ"
    "D_YwD66t62wDmpe_HlB-TnBA-njbglfIsRLtXlnDzQkv5dTltRJ11BKBBypeeF6689rjcJIDEz9RWdc";

Bytes number(std::string_view text) { return from_base64url(text).value(); }

RsaKey key_of_rfc7515() {
    return RsaKey::from_primes(number(rfc7515_p), number(rfc7515_q)).value();
}

TEST(RsaKey, OfTheRfcsPrimesMakesTheRfcsSignature) {
    const json::Value example = *test::vector_json("jose/rfc7515.json").find("a2");
    const std::string compact = test::text_at(example, "jws");
    const std::size_t dot = compact.rfind('.');
    const RsaKey key = key_of_rfc7515();
    EXPECT_EQ(to_base64url(key.public_key().modulus()), test::text_at(*example.find("jwk"), "n"));
    EXPECT_EQ(to_base64url(key.sign(bytes_of(std::string_view(compact).substr(0, dot)))),
              compact.substr(dot + 1));
}

TEST(RsaKey, WantsTwoPrimesOfOneLengthFarApart) {
    const Bytes p = number(rfc7515_p);
    const Bytes q = number(rfc7515_q);
    EXPECT_TRUE(is_rsa_prime(p));
    EXPECT_TRUE(is_rsa_prime(q));
    Bytes even = p;
    even.back() ^= 1U;
    Bytes small = p;
    small.front() &= 0x7fU;
    Bytes composite = p;
    composite[64] ^= 1U;
    Bytes longer = p;
    longer.insert(longer.begin(), 0);
    for (const Bytes& wrong :
         {even, small, composite, longer, Bytes(p.begin(), p.end() - 1), Bytes()}) {
        EXPECT_FALSE(is_rsa_prime(wrong));
        EXPECT_FALSE(RsaKey::from_primes(wrong, q));
        EXPECT_FALSE(RsaKey::from_primes(p, wrong));
    }
    EXPECT_EQ(RsaKey::from_primes(p, p).error().detail,
              "RSA key's primes are too near to each other");
}

TEST(Pkcs8, IsReadAsItIsWritten) {
    const RsaKey rsa = key_of_rfc7515();
    const auto read = from_pkcs8(rsa_to_pkcs8(rsa));
    ASSERT_TRUE(read) << read.error().detail;
    const auto* const again = std::get_if<RsaKey>(&*read);
    ASSERT_NE(again, nullptr);
    EXPECT_EQ(again->public_key(), rsa.public_key());
    EXPECT_EQ(again->sign(bytes_of("x")), rsa.sign(bytes_of("x")));

    const Bytes p256 = p256_to_pkcs8(Hash{5}).value();
    const auto key = from_pkcs8(p256);
    ASSERT_TRUE(key) << key.error().detail;
    ASSERT_TRUE(std::holds_alternative<P256Key>(*key));
    EXPECT_EQ(std::get<P256Key>(*key).sign(bytes_of("x")),
              P256Key::from_secret(Hash{5})->sign(bytes_of("x")));
    EXPECT_FALSE(p256_to_pkcs8(Hash{}));
}

TEST(Pkcs8, OfAnythingElseIsRefused) {
    const Bytes good = p256_to_pkcs8(Hash{5}).value();
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(from_pkcs8(ByteView(good).first(size))) << size;
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_FALSE(from_pkcs8(longer));
    // Ed25519 of RFC 8410 §10.3: another kind.
    const Bytes ed25519 = from_hex(
                              "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad"
                              "3afe7c28cbf1d4fbe097a88f44755842")
                              .value();
    EXPECT_FALSE(from_pkcs8(ed25519));
}

TEST(SignedTexts, AreVerifiedByThePublicHalfOfTheirKeyAlone) {
    const jose::SecretKey rsa = key_of_rfc7515();
    const jose::SecretKey p256 = P256Key::from_secret(Hash{5}).value();
    for (const auto& [key, other, algorithm] :
         {std::tuple{rsa, p256, "RS256"}, std::tuple{p256, rsa, "ES256"}}) {
        const std::string text =
            jose::sign_jws({.type = "JWT", .key_id = "", .names_key = true}, R"({"a":1})", key);
        const auto jws = jose::parse_jws(text);
        ASSERT_TRUE(jws) << jws.error().detail;
        EXPECT_EQ(jose::name_of(jws->algorithm), algorithm);
        EXPECT_EQ(jws->named_key, jose::public_key_of(key));
        const std::vector<jose::PublicKey> own = {jose::public_key_of(key)};
        const std::vector<jose::PublicKey> others = {jose::public_key_of(other)};
        EXPECT_TRUE(jose::is_signed_by(*jws, own));
        EXPECT_FALSE(jose::is_signed_by(*jws, others));
    }
}

}  // namespace
}  // namespace chancery::keys::rsa_key_test

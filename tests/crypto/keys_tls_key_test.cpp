#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/keys/tls_key.h"

namespace chancery::keys {
namespace {

Hash scalar(std::string_view hex) { return *hash_from_hex(hex); }

// P-256 with the secret 1, whose public point is the generator. The pin is what the openssl
// program (3.0) prints for the SEC 1 form of that key, which carries no public point:
//     openssl ec -inform DER -in sec1.der -pubout -outform DER | sha256sum
constexpr std::string_view secret_one =
    "0000000000000000000000000000000000000000000000000000000000000001";
constexpr std::string_view secret_one_pin =
    "5cd252fb0ce8932436faf8ccd1040981b89ee4ad6b9fe9e2a2b7e71aacb27cd3";
constexpr std::string_view order =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
constexpr std::string_view order_less_one =
    "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632550";

TEST(TlsKey, HasThePinThatOpenSslPrints) {
    const Result<Bytes> pkcs8 = tls_key_from_secret(scalar(secret_one));
    ASSERT_TRUE(pkcs8);
    const Result<Hash> pin = tls_spki_sha256(*pkcs8);
    ASSERT_TRUE(pin);
    EXPECT_EQ(to_hex(*pin), secret_one_pin);
}

TEST(TlsKey, RefusesSecretsOutsideTheGroup) {
    EXPECT_EQ(tls_key_from_secret(Hash{}).error().code, Errc::invalid);
    EXPECT_EQ(tls_key_from_secret(scalar(order)).error().code, Errc::invalid);
    EXPECT_TRUE(tls_key_from_secret(scalar(order_less_one)));
}

TEST(TlsKey, RefusesWhatIsNotExactlyOnePkcs8P256Key) {
    const Bytes good = *tls_key_from_secret(scalar(secret_one));
    for (std::size_t length = 0; length < good.size(); ++length)
        EXPECT_FALSE(tls_spki_sha256(ByteView(good).first(length))) << length;
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_EQ(tls_spki_sha256(longer).error().code, Errc::invalid);
    // An Ed25519 key in PKCS#8 (RFC 8410 §10.3) is another kind of key.
    const Bytes ed25519 = *from_hex(
        "302e020100300506032b657004220420d4ee72dbf913584ad5b6d8f1f769f8ad3afe7c28cbf1d4fbe097a88f44"
        "755842");
    EXPECT_EQ(tls_spki_sha256(ed25519).error().code, Errc::invalid);
}

}  // namespace
}  // namespace chancery::keys

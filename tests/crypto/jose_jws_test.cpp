// Signed texts: those of RFC 7515, and every way in which one is none.
#include <gtest/gtest.h>

#include "crypto/jose/jws.h"
#include "crypto/json/canonical.h"
#include "tests/support/vectors.h"

namespace chancery::jose {
namespace {

const keys::P256Key& signer() {
    static const keys::P256Key key = keys::P256Key::from_secret(Hash{1}).value();
    return key;
}

std::string encoded(std::string_view text) { return to_base64url(bytes_of(text)); }

// With a header of any words, rightly signed.
std::string with_header(const std::string& header) {
    const std::string text = encoded(header) + "." + encoded("{}");
    return text + "." + to_base64url(signer().sign(bytes_of(text)));
}

std::string refusal(const std::string& compact) {
    const auto jws = parse_jws(compact);
    return jws ? "" : jws.error().detail;
}

TEST(Jws, ThoseOfRfc7515Verify) {
    const json::Value file = test::vector_json("jose/rfc7515.json");
    std::vector<PublicKey> keys;
    for (const std::string_view name : {"a2", "a3"})
        keys.push_back(public_key_from_jwk(*file.find(name)->find("jwk")).value());
    for (const std::string_view name : {"a2", "a3"}) {
        const auto jws = parse_jws(test::text_at(*file.find(name), "jws"));
        ASSERT_TRUE(jws) << jws.error().detail;
        EXPECT_EQ(name_of(jws->algorithm), name == "a2" ? "RS256" : "ES256");
        EXPECT_EQ(jws->payload, test::text_at(file, "payload"));
        EXPECT_TRUE(is_signed_by(*jws, keys));
        EXPECT_TRUE(is_signed_by(*jws, std::span(keys).subspan(name == "a2" ? 0 : 1, 1)));
        EXPECT_FALSE(is_signed_by(*jws, std::span(keys).subspan(name == "a2" ? 1 : 0, 1)));
        EXPECT_FALSE(is_signed_by(*jws, {}));
    }
}

TEST(Jws, EveryFlippedByteOfThoseIsFoundOut) {
    const json::Value file = test::vector_json("jose/rfc7515.json");
    for (const std::string_view name : {"a2", "a3"}) {
        const std::vector<PublicKey> keys = {
            public_key_from_jwk(*file.find(name)->find("jwk")).value()};
        const std::string compact = test::text_at(*file.find(name), "jws");
        for (std::size_t i = 0; i < compact.size(); ++i) {
            std::string flipped = compact;
            flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
            const auto jws = parse_jws(flipped);
            EXPECT_FALSE(jws && is_signed_by(*jws, keys)) << i;
        }
    }
}

TEST(Jws, WhatIsSignedHereVerifies) {
    const std::string compact =
        sign_jws({.type = "JWT", .key_id = "did:example:a#k"}, "{\"a\":1}", signer());
    const auto jws = parse_jws(compact);
    ASSERT_TRUE(jws) << jws.error().detail;
    EXPECT_EQ(jws->type, "JWT");
    EXPECT_EQ(jws->key_id, "did:example:a#k");
    EXPECT_EQ(jws->payload, "{\"a\":1}");
    const std::vector<PublicKey> keys = {signer().public_key()};
    EXPECT_TRUE(is_signed_by(*jws, keys));
    EXPECT_EQ(sign_jws({}, "", signer()).find("typ"), std::string::npos);
}

TEST(Jws, AKeyInTheHeaderIsNeverTrustedByItself) {
    const std::vector<PublicKey> known = {signer().public_key()};
    const std::vector<PublicKey> other = {keys::P256Key::from_secret(Hash{2}).value().public_key()};
    const auto header = [](const PublicKey& key) {
        return R"({"alg":"ES256","jwk":)" + json::canonical(to_jwk(key)) + "}";
    };
    const auto own = parse_jws(with_header(header(known.front())));
    ASSERT_TRUE(own) << own.error().detail;
    EXPECT_TRUE(is_signed_by(*own, known));
    EXPECT_FALSE(is_signed_by(*own, other));
    EXPECT_FALSE(is_signed_by(*own, {}));
    // Rightly signed by a known key, in the name of another.
    const auto foreign = parse_jws(with_header(header(other.front())));
    ASSERT_TRUE(foreign) << foreign.error().detail;
    EXPECT_FALSE(is_signed_by(*foreign, known));
}

TEST(Jws, HeadersThatCouldChangeTheMeaningAreRefused) {
    const std::string members = "JWS header: want alg, and of others typ, kid and jwk alone";
    const std::string algorithm = "JWS header: alg is neither ES256 nor RS256";
    const std::vector<std::pair<std::string, std::string>> table = {
        {R"({"alg":"none"})", algorithm},
        {R"({"alg":"HS256"})", algorithm},
        {R"({"alg":"EdDSA"})", algorithm},
        {R"({"alg":"ES256K"})", algorithm},
        {R"({"alg":"ES384"})", algorithm},
        {R"({"alg":"PS256"})", algorithm},
        {R"({"alg":"es256"})", algorithm},
        {R"({"alg":["ES256"]})", members},
        {R"({"typ":"JWT"})", members},
        {R"([])", members},
        {R"({"alg":"ES256","crit":["b64"]})", members},
        {R"({"alg":"ES256","b64":false})", members},
        {R"({"alg":"ES256","x5c":[]})", members},
        {R"({"alg":"ES256","jku":"https://a.example"})", members},
        {R"({"alg":"ES256","cty":"vc"})", members},
        {R"({"alg":"ES256","typ":1})", "JWS header: typ is no text"},
        {R"({"alg":"ES256","typ":""})", "JWS header: typ is no text"},
        {R"({"alg":"ES256","kid":{}})", "JWS header: kid is no text"},
        {R"({"alg":"ES256","jwk":"x"})", "JWS header: JWK is of another kind than EC and RSA"},
        {R"({"alg":"ES256","jwk":{"kty":"OKP"}})",
         "JWS header: JWK is of another kind than EC and RSA"},
        {R"({"alg":"ES256","jwk":{"kty":"EC","crv":"P-384"}})",
         "JWS header: JWK is of another curve"},
        {R"({"alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"AA"}})",
         "JWS header: JWK has no y"},
        {R"({"alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"A="}})",
         "JWS header: JWK's y is no base64url"},
        {R"({"alg":"ES256","jwk":{"kty":"RSA","e":"Aw","n":"AA"}})",
         "JWS header: JWK has another e than 65537"},
        {R"({"alg":"ES256","jwk":{"kty":"RSA","e":"AQAB","n":"AQ"}})",
         "JWS header: JWK: RSA key has 1 bits, want 2048 to 4096"},
    };
    for (const auto& [header, says] : table)
        EXPECT_EQ(refusal(with_header(header)), says) << header;
    EXPECT_TRUE(
        refusal(with_header(R"({"alg":"ES256","alg":"ES256"})")).starts_with("JWS header: "));
    EXPECT_TRUE(refusal(with_header("{\"alg\":\"ES256\"," + std::string(9'000, ' ') + "}"))
                    .starts_with("JWS header: "));
}

TEST(Jws, OneTextHasOneForm) {
    const std::string good = sign_jws({}, "payload!", signer());
    ASSERT_TRUE(parse_jws(good));
    const std::string parts = "JWS is not three parts of base64url";
    const std::size_t first = good.find('.');
    const std::size_t second = good.rfind('.');
    for (const std::string& wrong : {std::string(),
                                     std::string(".."),
                                     good.substr(0, second),
                                     good.substr(0, second + 1),
                                     good.substr(first),
                                     good + ".",
                                     good + ".e30",
                                     good + "=",
                                     good + "\n",
                                     " " + good,
                                     good + "~",
                                     good + "+"})
        EXPECT_EQ(refusal(wrong), parts) << wrong;
    // "payload!" ends in two bytes, so the last digit has four bits, and two that must be zero.
    std::string loose = good;
    ASSERT_EQ(loose[second - 1], 'E');
    loose[second - 1] = 'F';
    EXPECT_TRUE(refusal(loose).starts_with("JWS payload: ")) << refusal(loose);
    EXPECT_EQ(refusal(std::string(jws_bytes_max + 1, 'a')),
              "JWS has 1048577 bytes, want at most 1048576");
}

TEST(Jws, SignaturesOfAnotherLengthDoNotVerify) {
    const std::vector<PublicKey> keys = {signer().public_key()};
    const std::string good = sign_jws({}, "{}", signer());
    for (const std::size_t bytes : {1U, 63U, 65U, 72U, 256U}) {
        const auto jws =
            parse_jws(good.substr(0, good.rfind('.') + 1) + to_base64url(Bytes(bytes, 0x30)));
        ASSERT_TRUE(jws) << jws.error().detail;
        EXPECT_FALSE(is_signed_by(*jws, keys));
    }
}

}  // namespace
}  // namespace chancery::jose

#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "crypto/keys/key_seal.h"
#include "tests/support/vectors.h"

namespace chancery::keys {
namespace {

using test::array_at;
using test::text_at;
using test::unhex;
using test::unhex32;

const Bytes secret = {1, 2, 3, 4, 5};
constexpr std::string_view passphrase = "correct horse";

SealParameters cheap() { return {.salt = Hash{1}, .nonce = {2}, .scrypt_n = 1U << 10}; }

std::string sealed_file() {
    auto sealed = seal_key(secret, "uni-a issuer", passphrase, cheap());
    CHECK(sealed);
    return *sealed;
}

Errc open_error(std::string_view file, std::string_view given = passphrase) {
    const auto opened = open_key(file, given);
    CHECK(!opened);
    return opened.error().code;
}

TEST(KeySeal, AgreesWithFilesMadeElsewhere) {
    const json::Value file = test::vector_json("key_seal/v1.json");
    const json::Array& cases = array_at(file, "cases");
    EXPECT_EQ(cases.size(), 4U);
    for (const json::Value& entry : cases) {
        SealParameters parameters{.salt = unhex32(text_at(entry, "salt"))};
        std::ranges::copy(unhex(text_at(entry, "nonce")), parameters.nonce.begin());
        parameters.scrypt_n = static_cast<std::uint32_t>(*entry.find("n")->as_integer());
        const Bytes plain = unhex(text_at(entry, "secret"));

        const auto sealed =
            seal_key(plain, text_at(entry, "label"), text_at(entry, "passphrase"), parameters);
        const auto opened = open_key(text_at(entry, "file"), text_at(entry, "passphrase"));

        ASSERT_TRUE(sealed) << sealed.error().detail;
        EXPECT_EQ(*sealed, text_at(entry, "file"));
        ASSERT_TRUE(opened) << opened.error().detail;
        EXPECT_EQ(opened->secret, plain);
        EXPECT_EQ(opened->label, text_at(entry, "label"));
    }
}

TEST(KeySeal, OpensWhatItSealed) {
    for (const std::size_t length : {std::size_t{1}, std::size_t{32}, std::size_t{4096}}) {
        const Bytes plain(length, 0xa5);
        const auto sealed = seal_key(plain, "a \"label\"\n", passphrase, cheap());
        ASSERT_TRUE(sealed);
        const auto opened = open_key(*sealed, passphrase);
        ASSERT_TRUE(opened) << opened.error().detail;
        EXPECT_EQ(opened->secret, plain);
        EXPECT_EQ(opened->label, "a \"label\"\n");
    }
}

TEST(KeySeal, RefusesAnyOtherPassphrase) {
    const std::string file = sealed_file();
    for (const std::string& wrong : std::vector<std::string>{"",
                                                             "x",
                                                             "correct hors",
                                                             "correct horse ",
                                                             "Correct horse",
                                                             std::string(1024, 'x'),
                                                             std::string(1025, 'x'),
                                                             std::string("correct horse\0", 14)}) {
        EXPECT_EQ(open_error(file, wrong), Errc::forbidden) << wrong;
    }
}

TEST(KeySeal, NoticesEveryFlippedByte) {
    const std::string file = sealed_file();
    for (const unsigned flip : {0x01U, 0x20U}) {
        for (std::size_t at = 0; at < file.size(); ++at) {
            std::string altered = file;
            altered[at] = static_cast<char>(static_cast<unsigned char>(altered[at]) ^ flip);
            EXPECT_FALSE(open_key(altered, passphrase)) << at << ": " << altered;
        }
    }
}

TEST(KeySeal, RefusesEveryTruncation) {
    const std::string file = sealed_file();
    for (std::size_t length = 0; length < file.size(); ++length) {
        EXPECT_EQ(open_error(file.substr(0, length)), Errc::invalid) << length;
    }
}

TEST(KeySeal, NoticesAForeignLabel) {
    auto document = json::parse(sealed_file());
    ASSERT_TRUE(document);
    document->set("label", "uni-a governance");
    EXPECT_EQ(open_error(json::canonical(*document)), Errc::forbidden);
}

TEST(KeySeal, RefusesToSealOutsideItsLimits) {
    const auto refused =
        [](ByteView plain, std::string_view label, std::string_view words, std::uint32_t n) {
            SealParameters parameters = cheap();
            parameters.scrypt_n = n;
            const auto sealed = seal_key(plain, label, words, parameters);
            return !sealed && sealed.error().code == Errc::invalid;
        };
    constexpr std::uint32_t good_n = 1U << 10;
    EXPECT_TRUE(refused(secret, "", "", good_n));
    EXPECT_TRUE(refused(secret, "", std::string(1025, 'x'), good_n));
    EXPECT_TRUE(refused(secret, "", std::string_view("x\0", 2), good_n));
    EXPECT_TRUE(refused({}, "", passphrase, good_n));
    EXPECT_TRUE(refused(Bytes(4097), "", passphrase, good_n));
    EXPECT_TRUE(refused(secret, std::string(257, 'x'), passphrase, good_n));
    EXPECT_TRUE(refused(secret, "\xff", passphrase, good_n));
    EXPECT_TRUE(refused(secret, std::string_view("\0", 1), passphrase, good_n));
    for (const std::uint32_t n : {0U, 1U, 2U, 512U, 1023U, 1025U, 1536U, 1U << 21, 0xffff'ffffU}) {
        EXPECT_TRUE(refused(secret, "", passphrase, n)) << n;
    }
}

// Each would cost up to a gigabyte or break the cipher if it went further than the form.
TEST(KeySeal, RefusesFilesOutsideItsLimits) {
    const auto good = json::parse(sealed_file());
    ASSERT_TRUE(good);
    const auto with = [&good](std::string_view name, json::Value value) {
        json::Value altered = *good;
        altered.set(name, std::move(value));
        return json::canonical(altered);
    };
    const auto with_kdf = [&good](std::string_view name, json::Value value) {
        json::Value altered = *good;
        altered.find("kdf")->set(name, std::move(value));
        return json::canonical(altered);
    };
    std::vector<std::string> files = {with("format", "chancery-key/v2"),
                                      with("cipher", "aes-128-gcm"),
                                      with("kdf", "scrypt"),
                                      with("nonce", "00"),
                                      with("nonce", std::string(26, '0')),
                                      with("nonce", 7),
                                      with("sealed", ""),
                                      with("sealed", std::string(32, '0')),
                                      with("sealed", "0"),
                                      with("sealed", std::string(2 * 4113, '0')),
                                      with("label", std::string(257, 'x')),
                                      with("more", 1),
                                      with_kdf("name", "pbkdf2"),
                                      with_kdf("r", 9),
                                      with_kdf("p", 2),
                                      with_kdf("salt", "00"),
                                      with_kdf("more", 1),
                                      with_kdf("n", "1024"),
                                      "[]",
                                      "{}",
                                      "",
                                      std::string(20'000, ' ')};
    for (const std::int64_t n : {std::int64_t{0},
                                 std::int64_t{-1024},
                                 std::int64_t{512},
                                 std::int64_t{1025},
                                 std::int64_t{1} << 21,
                                 std::int64_t{1} << 32,
                                 (std::int64_t{1} << 32) + 1024,
                                 json::integer_max}) {
        files.push_back(with_kdf("n", n));
    }
    for (const std::string& file : files)
        EXPECT_EQ(open_error(file), Errc::invalid) << file;
}

}  // namespace
}  // namespace chancery::keys

// Key files as section 10 of PROTOCOL.md describes them.
#include "crypto/keys/key_seal.h"
#include "tests/support/form_vectors.h"

namespace chancery {
namespace {

TEST(FormVectors, KeyFilesOpenAsTheProtocolSays) {
    test::hold_to(
        "key_file",
        [](const json::Value& form) {
            const std::string passphrase = test::form_text(form, "passphrase");
            return keys::open_key(test::form_text(form, "text"), passphrase);
        },
        [](const json::Value& form, const keys::OpenedKey& key) {
            EXPECT_EQ(key.secret, test::form_bytes(form, "secret"));
            EXPECT_EQ(key.label, test::form_text(form, "label"));
        });
}

TEST(FormVectors, KeyFilesAreSealedToTheBytesOfTheProtocol) {
    std::size_t sealed_count = 0;
    for (const json::Value& form : test::form_cases("key_file")) {
        if (test::is_refused(form) || form.find("salt") == nullptr) continue;
        keys::SealParameters parameters;
        std::ranges::copy(test::form_bytes(form, "salt"), parameters.salt.begin());
        std::ranges::copy(test::form_bytes(form, "nonce"), parameters.nonce.begin());
        parameters.scrypt_n = test::number_at<std::uint32_t>(form, "n");
        const auto sealed = keys::seal_key(test::form_bytes(form, "secret"),
                                           test::form_text(form, "label"),
                                           test::form_text(form, "passphrase"),
                                           parameters);
        ASSERT_TRUE(sealed) << test::name_of(form) << ": " << sealed.error().detail;
        EXPECT_EQ(*sealed, test::form_text(form, "text")) << test::name_of(form);
        ++sealed_count;
    }
    EXPECT_GT(sealed_count, 0U);
}

}  // namespace
}  // namespace chancery

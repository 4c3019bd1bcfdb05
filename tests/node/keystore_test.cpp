#include <gtest/gtest.h>
#include <sys/stat.h>

#include "crypto/keys/multikey.h"
#include "node/signing_key.h"
#include "tests/support/scratch_folder.h"

namespace chancery::keystore {
namespace {

struct Keystore : testing::Test {
    test::ScratchFolder folder;
    std::string passphrase_file = folder.write("passphrase", "correct horse\n", 0600);

    KeyFile make(Use use, std::string owner) const {
        const std::string path = folder / (std::string(name_of(use)) + ".key");
        const Bytes secret = random_secret(use);
        EXPECT_TRUE(create_key_file(
            path, {use, std::move(owner)}, secret, *read_passphrase(passphrase_file)));
        return {path, passphrase_file};
    }
};

mode_t mode_of(const std::string& path) {
    struct stat about {};
    EXPECT_EQ(::stat(path.c_str(), &about), 0);
    return about.st_mode & 0777U;
}

TEST_F(Keystore, OpensEveryUseAgain) {
    for (const Use use : uses) {
        const std::string owner = use == Use::log ? "registry.example/europe" : "uni-a";
        const KeyFile file = make(use, owner);
        const Result<StoredKey> key = open_key_file(file);
        ASSERT_TRUE(key) << name_of(use);
        EXPECT_EQ(key->label(), (Label{use, owner}));
        EXPECT_TRUE(public_text(*key)) << name_of(use);
        EXPECT_EQ(mode_of(file.path), 0600U);
    }
}

TEST_F(Keystore, PublicTextIsThatOfTheLoadedKey) {
    const KeyFile cosigner = make(Use::cosigner, "uni-a");
    const KeyFile issuer = make(Use::issuer, "uni-a");
    EXPECT_EQ(*public_text(*open_key_file(cosigner)),
              keys::multikey(load_ed25519_key(cosigner, Use::cosigner)->public_key()));
    EXPECT_EQ(*public_text(*open_key_file(issuer)),
              keys::multikey(load_member_key(issuer, Use::issuer)->public_key()));
}

TEST_F(Keystore, AssertionAndHolderKeysAreOfSeveralTypes) {
    const Passphrase passphrase = *read_passphrase(passphrase_file);
    const std::vector<SecretPlan> plans = {{Use::assertion, KeyType::p256},
                                           {Use::holder, KeyType::p256},
                                           {Use::assertion, KeyType::rsa, 2'048}};
    for (const SecretPlan& plan : plans) {
        const std::string name = std::string(name_of(plan.use)) + std::string(name_of(plan.type));
        const KeyFile file{folder / name, passphrase_file};
        const Bytes secret = random_secret(plan);
        ASSERT_TRUE(create_key_file(file.path, {plan.use, "uni-a"}, secret, passphrase));
        const Result<StoredKey> stored = open_key_file(file);
        ASSERT_TRUE(stored) << stored.error().detail;
        const Result<SigningKey> key = load_signing_key(file, plan.use);
        ASSERT_TRUE(key) << key.error().detail;
        EXPECT_EQ(multikey_of(*key), public_text(*stored).value());
        EXPECT_EQ(type_of(*key), plan.type);
        const auto jwk = jose::public_key_from_jwk(public_jwk(*key));
        ASSERT_TRUE(jwk) << jwk.error().detail;
        EXPECT_EQ(*jwk, jose::public_key_from_multikey(multikey_of(*key)).value());
        EXPECT_EQ(load_ed25519_key(file, plan.use).error().code, Errc::invalid);
    }
}

TEST_F(Keystore, RefusesTypesThatAUseDoesNotKnow) {
    for (const SecretPlan& bad : std::vector<SecretPlan>{{Use::issuer, KeyType::p256},
                                                         {Use::node, KeyType::rsa},
                                                         {Use::holder, KeyType::rsa},
                                                         {Use::assertion, KeyType::rsa, 2'047},
                                                         {Use::assertion, KeyType::rsa, 2'056},
                                                         {Use::assertion, KeyType::rsa, 4'112}})
        EXPECT_FALSE(check_plan(bad)) << name_of(bad.use) << bad.rsa_bits;
    EXPECT_TRUE(check_plan({Use::assertion, KeyType::rsa, 4'096}));
}

TEST_F(Keystore, NeverReplacesAKeyFile) {
    const KeyFile file = make(Use::node, "uni-a");
    const std::string before = folder.read("node.key");
    const Bytes secret = random_secret(Use::node);
    const Result<void> again =
        create_key_file(file.path, {Use::node, "uni-a"}, secret, *read_passphrase(passphrase_file));
    EXPECT_EQ(again.error().code, Errc::conflict);
    EXPECT_EQ(folder.read("node.key"), before);
}

TEST_F(Keystore, RefusesAKeyOfAnotherUseByBothNames) {
    const KeyFile file = make(Use::node, "uni-a");
    const Result<keys::Ed25519Key> key = load_ed25519_key(file, Use::cosigner);
    EXPECT_EQ(key.error().code, Errc::invalid);
    EXPECT_NE(key.error().detail.find("\"node\""), std::string::npos);
    EXPECT_NE(key.error().detail.find("\"cosigner\""), std::string::npos);
}

TEST_F(Keystore, RefusesFilesThatOthersMayRead) {
    const KeyFile file = make(Use::node, "uni-a");
    for (const mode_t mode : {0640U, 0604U, 0620U, 0601U}) {
        ASSERT_EQ(::chmod(file.path.c_str(), mode), 0);
        EXPECT_EQ(open_key_file(file).error().code, Errc::forbidden) << mode;
    }
    ASSERT_EQ(::chmod(file.path.c_str(), 0400), 0);
    EXPECT_TRUE(open_key_file(file));
    ASSERT_EQ(::chmod(passphrase_file.c_str(), 0644), 0);
    EXPECT_EQ(open_key_file(file).error().code, Errc::forbidden);
}

TEST_F(Keystore, RefusesTheWrongPassphraseAndAMissingOne) {
    const KeyFile file = make(Use::node, "uni-a");
    const std::string wrong = folder.write("wrong", "correct horse \n", 0600);
    EXPECT_EQ(open_key_file({file.path, wrong}).error().code, Errc::forbidden);
    EXPECT_EQ(open_key_file({file.path, folder / "none"}).error().code, Errc::not_found);
    EXPECT_EQ(open_key_file({folder / "none", wrong}).error().code, Errc::not_found);
}

TEST_F(Keystore, TakesOneNewlineOffAPassphraseAndNoMore) {
    EXPECT_EQ(read_passphrase(folder.write("a", "word", 0600))->text(), "word");
    EXPECT_EQ(read_passphrase(folder.write("b", "word\n", 0600))->text(), "word");
    EXPECT_EQ(read_passphrase(folder.write("c", "word\n\n", 0600))->text(), "word\n");
    EXPECT_EQ(read_passphrase(folder.write("d", "\n", 0600)).error().code, Errc::invalid);
    EXPECT_EQ(read_passphrase(folder.write("e", std::string(1'026, 'x'), 0600)).error().code,
              Errc::invalid);
}

TEST_F(Keystore, MadePassphraseFilesArePrivateAndDiffer) {
    ASSERT_TRUE(create_passphrase_file(folder / "one"));
    ASSERT_TRUE(create_passphrase_file(folder / "two"));
    EXPECT_EQ(mode_of(folder / "one"), 0600U);
    EXPECT_NE(folder.read("one"), folder.read("two"));
    EXPECT_EQ(create_passphrase_file(folder / "one").error().code, Errc::conflict);
}

TEST(KeyLabel, RefusesWhatIsNoUseWithAnOwner) {
    for (const std::string_view text : {"",
                                        "node",
                                        "node ",
                                        " uni-a",
                                        "vote uni-a",
                                        "node Uni-A",
                                        "node uni-a ",
                                        "log ",
                                        "log https //x",
                                        "node none",
                                        "NODE uni-a"})
        EXPECT_FALSE(parse_label(text)) << text;
    EXPECT_EQ(*parse_label("log registry.example/europe"),
              (Label{Use::log, "registry.example/europe"}));
}

}  // namespace
}  // namespace chancery::keystore

#include <gtest/gtest.h>

#include "crypto/credential/recipient.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

json::Value badge(const std::string& identifiers) {
    auto document = json::parse(R"({"credentialSubject":{"identifier":)" + identifiers + "}}");
    EXPECT_TRUE(document);
    return *std::move(document);
}

// openssl: printf %s ana@example.orgsalt | sha256sum
constexpr const char* hash_of_ana =
    "sha256$5fb8d070c3cf08029b9137ed5c705a8e476998c02c59553fa4f17b2007174664";

std::string identity(const std::string& hash, const std::string& salt = "salt") {
    return R"({"type":"IdentityObject","hashed":true,"identityType":"emailAddress","identityHash":")" +
           hash + R"(","salt":")" + salt + R"("})";
}

StepResult result(const std::string& identifiers, std::string_view address) {
    return check_recipient(badge(identifiers), address).result;
}

TEST(Recipient, HashIsOfTheLowerCaseAddressThenTheSalt) {
    EXPECT_EQ(identity_hash("Ana@Example.ORG", "salt"), hash_of_ana);
}

TEST(Recipient, IsComparedWithoutCase) {
    const std::string one = identity(hash_of_ana);
    EXPECT_EQ(result(one, "ana@example.org"), StepResult::pass);
    EXPECT_EQ(result(one, "ANA@example.org"), StepResult::pass);
    EXPECT_EQ(result("[" + one + "]", "ana@example.org"), StepResult::pass);
    EXPECT_EQ(result(one, "ben@example.org"), StepResult::fail);
    EXPECT_EQ(result(identity(hash_of_ana, "other"), "ana@example.org"), StepResult::fail);
    const std::string other = identity(identity_hash("a@b", ""), "");
    EXPECT_EQ(result("[" + other + "," + one + "]", "ana@example.org"), StepResult::pass);
}

TEST(Recipient, InPlainTextIsCompared) {
    const std::string plain =
        R"({"hashed":false,"identityType":"emailAddress","identityHash":"Ana@example.org"})";
    EXPECT_EQ(result(plain, "ana@example.org"), StepResult::pass);
    EXPECT_EQ(result(plain, "ben@example.org"), StepResult::fail);
}

TEST(Recipient, ThatCannotBeComparedIsNoFailure) {
    for (const char* identifiers :
         {"[]",
          "{}",
          "7",
          R"("ana@example.org")",
          R"({"hashed":true,"identityType":"studentId","identityHash":"sha256$00"})",
          R"({"hashed":true,"identityType":"emailAddress","identityHash":"md5$00"})",
          R"({"hashed":"true","identityType":"emailAddress","identityHash":"ana@example.org"})",
          R"({"hashed":true,"identityType":"emailAddress"})"}) {
        EXPECT_EQ(result(identifiers, "ana@example.org"), StepResult::could_not_check)
            << identifiers;
    }
    EXPECT_EQ(check_recipient(json::Object{}, "a@b").result, StepResult::could_not_check);
    EXPECT_EQ(check_recipient(json::Object{{"credentialSubject", "x"}}, "a@b").result,
              StepResult::could_not_check);
}

}  // namespace
}  // namespace chancery::credential

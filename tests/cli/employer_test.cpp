// What an employer's system asks for: one document that needs no knowledge of Open Badges, and
// whether the badge is about the applicant.
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

class Employer : public test::SandboxTest {
protected:
    void SetUp() override {
        folder.write("form.json", chancery({"issue", "template"}).out);
        folder.write("people.csv", chancery({"issue", "template", "--csv"}).out);
        const auto issued =
            chancery({"issue", "batch", "people.csv", "--template", "form.json", "--out", "o"});
        ASSERT_EQ(issued.status, 0) << issued.err;
    }
};

TEST_F(Employer, ReadsSkillsDatesAndEvidenceBesideTheVerdict) {
    const json::Value answer = document({"verify", "o/ana.badge.json"});
    EXPECT_EQ(*answer.find("verdict")->as_string(), "valid");
    EXPECT_EQ(answer.find("steps")->as_array()->size(), 9U);
    const json::Value& badge = *answer.find("credential");
    EXPECT_EQ(*badge.find("name")->as_string(), "Fundamentals of Cryptography");
    EXPECT_EQ(*badge.find("achievement")->find("type")->as_string(), "MicroCredential");
    EXPECT_FALSE(
        badge.find("achievement")->find("criteria")->find("narrative")->as_string()->empty());
    EXPECT_EQ(*badge.find("credits")->find("earned")->as_integer(), 3);
    const json::Array& skills = *badge.find("skills")->as_array();
    // Five competencies, and five of the European elements, told apart by their type.
    ASSERT_EQ(skills.size(), 5U);
    EXPECT_EQ(*skills[0].find("framework")->as_string(), "ESCO");
    EXPECT_EQ(*skills[4].find("framework")->as_string(), "O*NET-SOC");
    const json::Array& elements = *badge.find("elements")->as_array();
    ASSERT_EQ(elements.size(), 5U);
    EXPECT_EQ(*elements[0].find("type")->as_string(), "ext:EQF");
    EXPECT_EQ(*elements[0].find("code")->as_string(), "6");
    EXPECT_NE(badge.find("dates")->find("valid_until"), nullptr);
    EXPECT_EQ(*badge.find("evidence")->as_array()->front().find("url")->as_string(),
              "https://uni-a.example/work/ana");
    EXPECT_EQ(*badge.find("recipient")->find("name")->as_string(), "Ana Pérez");
    EXPECT_EQ(*badge.find("issuer")->find("id")->as_string(), sandbox.did());
}

TEST_F(Employer, AsksWhetherItIsAboutTheApplicant) {
    const auto right = chancery({"verify", "o/ana.badge.json", "--recipient", "Ana@example.org"});
    EXPECT_EQ(right.status, 0) << right.out;
    EXPECT_NE(right.out.find("✔ recipient: is about this address"), std::string::npos) << right.out;
    const auto wrong = chancery({"verify", "o/ana.badge.json", "--recipient", "ben@example.org"});
    EXPECT_EQ(wrong.status, 1);
    EXPECT_NE(wrong.out.find("✘ recipient: is about another address"), std::string::npos)
        << wrong.out;
    EXPECT_EQ(wrong.out.find("ben@example.org"), std::string::npos);
    EXPECT_TRUE(right.out.starts_with("VALID  ")) << right.out;
    EXPECT_TRUE(wrong.out.starts_with("VALID, BUT NOT AS ASKED  ")) << wrong.out;
    issue("plain.json");
    const auto open = chancery({"verify", "plain.json", "--recipient", "ana@example.org"});
    EXPECT_EQ(open.status, 3);
    EXPECT_TRUE(open.out.starts_with("VALID, BUT CANNOT TELL WHAT WAS ASKED")) << open.out;
    const json::Value answer =
        document({"verify", "o/ben.badge.json", "--recipient", "ana@example.org"});
    EXPECT_EQ(*answer.find("verdict")->as_string(), "valid");
    EXPECT_EQ(*answer.find("recipient_check")->find("result")->as_string(), "fail");
    EXPECT_EQ(*answer.find("as_asked")->as_string(), "fail");
    // What is revoked stays so, whoever it is about.
    ASSERT_EQ(chancery({"revoke", "o/eva.badge.json"}).status, 0);
    EXPECT_EQ(chancery({"verify", "o/eva.badge.json", "--recipient", "eva@example.org"}).status, 1);
}

}  // namespace
}  // namespace chancery

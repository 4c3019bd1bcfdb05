// A folder for each learner, as a registrar mails them.
#include <algorithm>
#include <set>

#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

class HandoutTest : public test::SandboxTest {
protected:
    void SetUp() override {
        folder.write("form.json", chancery({"issue", "template"}).out);
        folder.write("people.csv",
                     "file,recipient,email,valid_from\r\n"
                     "Ana Pérez.json,Ana Pérez,ana@example.org,2026-01-01T00:00:00Z\r\n"
                     "Ana-P-rez.json,Ana P.,ana2@example.org,2026-01-01T00:00:00Z\r\n");
        const auto issued =
            chancery({"issue", "batch", "people.csv", "--template", "form.json", "--out", "o"});
        ASSERT_EQ(issued.status, 0) << issued.err;
        folder.write("badge.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>");
    }
};

TEST_F(HandoutTest, HasAllThatALearnerNeeds) {
    const auto made = chancery({"handout",
                                "o",
                                "--image",
                                "badge.svg",
                                "--out",
                                "mail",
                                "--page",
                                "https://verify.example/"});
    ASSERT_EQ(made.status, 0) << made.err;
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder / "mail")) {
        const std::string name = entry.path().filename().string();
        names.insert(name);
        EXPECT_TRUE(std::ranges::all_of(name, [](char c) { return c > ' ' && c < 0x7f; })) << name;
    }
    EXPECT_EQ(names, (std::set<std::string>{"Ana-P-rez", "Ana-P-rez-2"}));
    for (const std::string& name : names) {
        for (const char* form : {"badge.json", "badge.svg"}) {
            const auto verdict = chancery({"verify", "mail/" + name + "/" + form});
            EXPECT_EQ(verdict.status, 0) << name << " " << form << verdict.out;
        }
        EXPECT_FALSE(folder.read("mail/" + name + "/badge.tlog-proof").empty());
        EXPECT_FALSE(folder.read("mail/" + name + "/badge.status.json").empty());
        const std::string letter = folder.read("mail/" + name + "/README.txt");
        EXPECT_NE(letter.find("Fundamentals of Cryptography"), std::string::npos);
        EXPECT_NE(letter.find("Issued to    Ana P"), std::string::npos) << letter;
        EXPECT_NE(letter.find("https://www.linkedin.com/profile/add"), std::string::npos);
    }
    EXPECT_EQ(chancery({"handout", "o", "--out", "mail"}).status, 0) << "again";
}

TEST_F(HandoutTest, SaysWhatIsWrongAndMakesTheRest) {
    EXPECT_EQ(chancery({"handout", "o"}).status, 2);
    EXPECT_EQ(chancery({"handout", "none", "--out", "mail"}).status, 4);
    folder.write("badge.txt", "no picture");
    EXPECT_EQ(chancery({"handout", "o", "--image", "badge.txt", "--out", "mail"}).status, 2);
    EXPECT_EQ(chancery({"handout", "o", "--page", "nowhere", "--out", "mail"}).status, 2);
    write_document("o/unregistered.json", "1");
    const auto some = chancery({"handout", "o", "--out", "mail"});
    EXPECT_EQ(some.status, 10);
    EXPECT_NE(some.out.find("2 folders, 1 failed"), std::string::npos) << some.out;
    EXPECT_NE(some.err.find("has no receipt"), std::string::npos) << some.err;
}

}  // namespace
}  // namespace chancery

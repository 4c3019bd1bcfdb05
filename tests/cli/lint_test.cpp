// chancery lint as it is called: files, folders, profiles, exits and what it prints.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/pointer.h"
#include "node/cli/demo_badges.h"
#include "node/cli/issue_table.h"
#include "tests/support/program.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/vectors.h"

namespace chancery {
namespace {

using Words = std::vector<std::string>;

struct Lint : testing::Test {
    test::Finished lint(Words words) const {
        words.insert(words.begin(), "lint");
        return test::run({.program = "chancery", .arguments = words, .folder = folder.path()});
    }
    void write(const std::string& name, const json::Value& document) const {
        folder.write(name, json::pretty(document));
    }

    const test::ScratchFolder folder;
    const json::Value good = test::vector_json("badge/good.json");
    const json::Value other = test::vector_json("badge/good-other.json");
};

TEST_F(Lint, ABatchOfGoodBadgesIsLeftInPeace) {
    write("one.json", good);
    write("two.json", other);
    const auto said = lint({".", "--strict"});
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_EQ(said.out, "2 documents: 0 errors, 0 warnings\n");
}

TEST_F(Lint, WarningsAreErrorsOnlyWhenAsked) {
    write("one.json", good);
    const auto said = lint({"one.json"});
    EXPECT_EQ(said.status, 0);
    EXPECT_TRUE(said.out.starts_with("one.json\n  warning  the document: ")) << said.out;
    EXPECT_TRUE(said.out.ends_with("1 document: 0 errors, 1 warning\n")) << said.out;
    EXPECT_EQ(lint({"one.json", "--strict"}).status, 1);
    EXPECT_EQ(lint({"one.json", "--strict", "--profile", "ob3,quality"}).status, 0);
}

TEST_F(Lint, FindingsHavePointersForPrograms) {
    json::Value bad = good;
    bad.erase("awardedDate");
    bad.set("a/b", "c");
    write("bad.json", bad);
    const auto said = lint({"bad.json", "--json", "--profile", "ob3", "--profile", "eu-micro"});
    EXPECT_EQ(said.status, 1);
    const auto document = json::parse(said.out);
    ASSERT_TRUE(document) << said.out;
    EXPECT_EQ(*json::at(*document, "/errors"), json::Value(2));
    EXPECT_EQ(json::canonical(*json::at(*document, "/profiles")), R"(["ob3","eu-micro"])");
    EXPECT_EQ(*json::at(*document, "/findings/0/rule"), json::Value("ob3.unknown-term"));
    EXPECT_EQ(*json::at(*document, "/findings/0/pointer"), json::Value("/a~1b"));
    EXPECT_EQ(*json::at(*document, "/findings/1/rule"), json::Value("eu-micro.05-date"));
    EXPECT_EQ(*json::at(*document, "/findings/1/pointer"), json::Value("/awardedDate"));
    EXPECT_EQ(*json::at(*document, "/findings/1/file"), json::Value("bad.json"));
}

TEST_F(Lint, NothingSteersTheTerminal) {
    json::Value bad = good;
    bad.set("\x1b[2J\xc2\x9b", "c");
    write("bad.json", bad);
    const auto said = lint({"bad.json"});
    EXPECT_EQ(said.out.find('\x1b'), std::string::npos);
    EXPECT_EQ(said.out.find('\xc2'), std::string::npos);
    EXPECT_NE(said.out.find("/?[2J"), std::string::npos) << said.out;
}

TEST_F(Lint, WhatCannotBeReadIsNoFinding) {
    EXPECT_EQ(lint({"none.json"}).status, 4);
    folder.write("bad.json", "{");
    EXPECT_EQ(lint({"bad.json"}).status, 2);
    EXPECT_EQ(lint({"bad.json", "--profile", "ob2"}).status, 2);
    EXPECT_EQ(lint({}).status, 2);
}

TEST_F(Lint, OfAJwtThePayloadIsLookedAtWithoutItsClaims) {
    json::Value payload = good;
    payload.set("jti", *good.find("id"));
    payload.set("nbf", 1'777'636'800);
    const auto part = [](const json::Value& value) {
        return to_base64url(bytes_of(json::canonical(value)));
    };
    const json::Value header = json::Object{{"alg", "ES256"}, {"typ", "JWT"}};
    folder.write("ana.jwt", part(header) + "." + part(payload) + "." + to_base64url(Bytes(64)));
    const auto said = lint({"ana.jwt", "--profile", "ob3", "--strict"});
    EXPECT_EQ(said.status, 0) << said.out << said.err;
}

TEST_F(Lint, OurOwnDemonstrationBadgesKeepTheStandard) {
    for (const cli::DemoBadge& badge :
         cli::demo_badges({"did:web:uni-a.example", "A"}, 1'767'225'600))
        write(badge.file, badge.document);
    const auto said = lint({".", "--profile", "ob3", "--profile", "privacy"});
    EXPECT_EQ(said.status, 0) << said.out;
}

TEST_F(Lint, TheSampleTemplateKeepsEveryProfile) {
    folder.write("form.json", json::pretty(cli::sample_template()));
    folder.write("people.csv", cli::sample_table(1'767'225'600));
    const cli::RowSources sources{
        .paths = {}, .hashes = "", .out = folder.path(), .document_template = folder / "form.json"};
    const auto maker = cli::DocumentMaker::open(sources, nullptr);
    ASSERT_TRUE(maker) << maker.error().detail;
    const auto made = maker->make(folder / "people.csv");
    ASSERT_TRUE(made) << made.error().detail;
    ASSERT_EQ(made->documents.size(), 3U);
    for (const cli::MadeDocument& each : made->documents)
        write("made/" + each.name, each.document);
    const auto said = lint({"made", "--strict", "--json"});
    EXPECT_EQ(said.status, 0) << said.out << said.err;
    EXPECT_EQ(json::canonical(*json::at(*json::parse(said.out), "/profiles")),
              R"(["ob3","eu-micro","privacy","quality"])");
}

TEST_F(Lint, OptionalElementsThatAreNotToldAreAdviceAlone) {
    json::Value bare = good;
    json::Value subject = *bare.find("credentialSubject");
    subject.erase("result");
    bare.set("credentialSubject", subject);
    write("bare.json", bare);
    const auto said = lint({"bare.json", "--profile", "eu-micro", "--strict"});
    EXPECT_EQ(said.status, 0) << said.out;
    EXPECT_NE(said.out.find("advice  element 14, grade, is not told: want an array of results; "
                            "optional, in 1 document\n"),
              std::string::npos)
        << said.out;
    const auto document = json::parse(lint({"bare.json", "--profile", "eu-micro", "--json"}).out);
    ASSERT_TRUE(document);
    const json::Array& advice = *document->find("advice")->as_array();
    ASSERT_FALSE(advice.empty());
    for (const json::Value& each : advice) {
        EXPECT_GE(*each.find("element")->as_integer(), 12);
        EXPECT_EQ(*each.find("file")->as_string(), "bare.json");
    }
    EXPECT_TRUE(
        json::at(*json::parse(lint({"bare.json", "--profile", "ob3", "--json"}).out), "/advice")
            ->as_array()
            ->empty());
}

}  // namespace
}  // namespace chancery

// Three badges, a certificate of them and a diploma of that, registered and checked by their rules.
#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "crypto/json/pointer.h"
#include "tests/support/pathway_fixture.h"

namespace chancery {
namespace {

using test::Words;

using Pathways = test::PathwayTest;

TEST_F(Pathways, ADiplomaOfACertificateOfBadgesIsCheckedThroughout) {
    const std::string to_certificate = rule("cert", {"urn:a", "urn:b", "urn:c"});
    const std::string to_diploma = rule("diploma", {"urn:cert"});
    const Words badges = {award("a", {}), award("b", {}), award("c", {})};

    const auto early = chancery({"pathway", "status", to_certificate, "a.json", "b.json"});
    EXPECT_EQ(early.status, 1);
    EXPECT_TRUE(early.out.starts_with("NOT FULFILLED  The way to cert\n")) << early.out;
    EXPECT_NE(early.out.find("✘ count: 2 of 3"), std::string::npos) << early.out;
    EXPECT_NE(early.out.find("✘ urn:c: missing"), std::string::npos) << early.out;
    EXPECT_EQ(chancery({"pathway", "status", to_certificate, "a.json", "b.json", "c.json"}).status,
              0);

    const std::string certificate = award("cert", {.of = badges, .rule = to_certificate});
    const Words whole = {to_certificate, certificate, "a.json", "b.json", "c.json"};
    EXPECT_EQ(check(whole), "fulfilled");
    EXPECT_EQ(check({to_certificate, certificate, "a.json", "b.json"}), "not fulfilled");
    EXPECT_EQ(check({to_certificate, certificate, "a.json", "b.json", "b.json"}), "not fulfilled");

    award("diploma", {.of = {certificate}, .rule = to_diploma});
    const Words deep = {to_diploma,
                        "diploma.json",
                        certificate,
                        "a.json",
                        "b.json",
                        "c.json",
                        "--with",
                        to_certificate};
    EXPECT_EQ(check(deep), "fulfilled");
    EXPECT_EQ(check({to_diploma, "diploma.json", certificate, "a.json", "--with", to_certificate}),
              "not fulfilled");

    // What becomes of a badge later changes nothing of the award, and is told.
    ASSERT_EQ(chancery({"revoke", "a.json"}).status, 0);
    const json::Value late =
        document({"pathway", "check", to_certificate, certificate, "a.json", "b.json", "c.json"});
    EXPECT_EQ(*late.find("verdict"), json::Value("fulfilled")) << json::canonical(late);
    EXPECT_EQ(*json::at(late, "/today/0/verdict"), json::Value("valid"));
    EXPECT_EQ(*json::at(late, "/today/1/verdict"), json::Value("revoked"));
    EXPECT_EQ(chancery({"pathway", "status", to_certificate, "a.json", "b.json", "c.json"}).status,
              1);
}

TEST_F(Pathways, ACertificateOfABadgeRegisteredLaterWasNotEarned) {
    const std::string to_certificate = rule("cert", {"urn:a"});
    // The badge is named by its document, which is known before it is registered.
    folder.write("a.json", json::canonical(badge("a", {})));
    json::Value certificate = badge("cert", {.rule = to_certificate});
    certificate.set(
        "evidence",
        json::Array{json::Object{{"digestMultibase", digest("a.json", "digestMultibase")}}});
    folder.write("cert.json", json::canonical(certificate));
    ASSERT_EQ(chancery({"issue", "one", "cert.json"}).status, 0);
    EXPECT_EQ(check({to_certificate, "cert.json", "a.json"}), "cannot tell");
    ASSERT_EQ(chancery({"issue", "one", "a.json"}).status, 0);
    const auto late = chancery({"pathway", "check", to_certificate, "cert.json", "a.json"});
    EXPECT_EQ(late.status, 1);
    EXPECT_NE(late.out.find("✘ earlier: registered at"), std::string::npos) << late.out;
    EXPECT_EQ(late.out.find("✘ named"), std::string::npos) << late.out;
}

TEST_F(Pathways, OfflineAnOldStatusTellsNothingOfTheAward) {
    const std::string to_certificate = rule("cert", {"urn:a"});
    award("a", {});
    award("cert", {.of = {"a.json"}, .rule = to_certificate});
    const Words words = {to_certificate, "cert.json", "a.json", "--offline"};
    const auto old =
        chancery({"pathway", "check", to_certificate, "cert.json", "a.json", "--offline"});
    EXPECT_EQ(old.status, 3) << old.out;
    EXPECT_NE(old.out.find("? not withdrawn: the status proof is older than the award"),
              std::string::npos)
        << old.out;
    ASSERT_EQ(chancery({"proof", "get", "a.json"}).status, 0);
    EXPECT_EQ(check(words), "fulfilled");
}

TEST_F(Pathways, AnothersBadgeAndAnAlteredOneDoNotCount) {
    const std::string to_certificate = rule("cert", {"urn:a", "urn:b"});
    award("a", {.subject = "did:key:zBen"});
    award("b", {});
    award("cert", {.of = {"a.json", "b.json"}, .rule = to_certificate});
    const auto said =
        chancery({"pathway", "check", to_certificate, "cert.json", "a.json", "b.json"});
    EXPECT_EQ(said.status, 1);
    EXPECT_NE(said.out.find("✘ same subject"), std::string::npos) << said.out;
    std::string text = folder.read("b.json");
    const std::string credits = "\"creditsAvailable\": ";
    ASSERT_NE(text.find(credits + "3"), std::string::npos) << text;
    text.replace(text.find(credits), credits.size() + 1, credits + "9");
    folder.write("b.json", text);
    const auto altered =
        chancery({"pathway", "check", to_certificate, "cert.json", "a.json", "b.json"});
    EXPECT_NE(altered.out.find("today  b.json is altered"), std::string::npos) << altered.out;
}

TEST_F(Pathways, MistakesAreToldBeforeAnybodyIsAsked) {
    const std::string circle = rule("cert", {"urn:diploma"});
    const std::string other = rule("diploma", {"urn:cert"});
    award("a", {});
    const auto round = chancery({"pathway", "status", circle, "a.json", "--with", other});
    EXPECT_EQ(round.status, 2);
    EXPECT_NE(round.err.find("rules need one another in a circle"), std::string::npos) << round.err;
    folder.write("self.json",
                 R"({"id":"i","type":"Pathway","issuer":"d","destination":"x",)"
                 R"("condition":{"targetComponent":["x"]}})");
    const auto self = chancery({"pathway", "status", "self.json"});
    EXPECT_EQ(self.status, 2);
    EXPECT_NE(self.err.find("self.json: /condition/targetComponent: names the destination"),
              std::string::npos)
        << self.err;
    EXPECT_EQ(chancery({"pathway", "check", circle, "none.json"}).status, 4);
    EXPECT_EQ(chancery({"pathway", "digest", "none.json"}).status, 4);
}

}  // namespace
}  // namespace chancery

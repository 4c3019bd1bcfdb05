// Rules and achievements that were published, found again by their names, and what they tell.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "tests/support/pathway_fixture.h"

namespace chancery {
namespace {

using test::Words;

struct PublishedPathways : test::PathwayTest {
    // No two tests publish under one name.
    std::string own(const std::string& name) const {
        return std::filesystem::path(folder.path()).filename().string() + "-" + name;
    }
    std::string url_of(const std::string& destination) const { return "urn:rule:" + destination; }

    test::Finished publish(const json::Value& what, const Words& more = {}) const {
        Words words = {"pathway", "publish", folder.write("publish.json", json::canonical(what))};
        words.insert(words.end(), more.begin(), more.end());
        return chancery(words);
    }
    json::Value achievement(const std::string& name, const json::Array& skills) const {
        json::Array alignments;
        for (const json::Value& skill : skills)
            alignments.push_back(
                json::Object{{"type", json::Array{"Alignment"}},
                             {"targetName", "Skill " + *skill.as_string()},
                             {"targetUrl", "https://esco.example/" + *skill.as_string()}});
        return json::Object{{"id", "urn:" + own(name)},
                            {"type", json::Array{"Achievement"}},
                            {"name", "About " + name},
                            {"alignment", std::move(alignments)}};
    }
};

TEST_F(PublishedPathways, ARuleIsPublishedOnceAndServedAsItIs) {
    const std::string cert = own("cert");
    const json::Value text = rule_text(cert, {"urn:" + own("a")});
    const auto first = publish(text);
    ASSERT_EQ(first.status, 0) << first.err;
    EXPECT_TRUE(first.out.starts_with("pathway published at ")) << first.out;
    const std::int64_t size = log_size();
    const auto again = publish(text);
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_TRUE(again.out.starts_with("pathway is published already, at ")) << again.out;
    EXPECT_EQ(log_size(), size);

    const json::Value said = document({"pathway", "publish", "publish.json"});
    const std::string hash = to_hex(sha256(bytes_of(json::canonical(text))));
    EXPECT_EQ(*said.find("content_hash"), json::Value(hash));
    EXPECT_EQ(*said.find("is_new"), json::Value(false));
    for (const std::string& word : {url_of(cert), hash}) {
        const json::Value status = document({"pathway", "status", word});
        EXPECT_EQ(*status.find("verdict"), json::Value("not fulfilled")) << json::canonical(status);
        EXPECT_EQ(*status.find("rule_hash"), json::Value(hash));
        EXPECT_EQ(*json::at(status, "/published/member"), json::Value("uni-a"));
        EXPECT_TRUE(json::at(status, "/published/replaced_at")->is_null());
    }
}

TEST_F(PublishedPathways, TheVersionInForceAtTheAwardCounts) {
    const std::string cert = own("cert");
    const std::string target = "urn:" + own("a");
    const json::Value first = rule_text(cert, {target});
    json::Value second = first;
    second.set("name", "Anew");
    ASSERT_EQ(publish(first).status, 0);
    folder.write("rule.json", json::canonical(first));
    const std::string badge = award(own("a"), {});
    const std::string certificate = award(cert, {.of = {badge}, .rule = "rule.json"});
    ASSERT_EQ(publish(second).status, 0);

    const json::Value then = document({"pathway", "check", url_of(cert), certificate, badge});
    EXPECT_EQ(*then.find("verdict"), json::Value("fulfilled")) << json::canonical(then);
    EXPECT_EQ(*json::at(then, "/published/was_in_force_at_award"), json::Value(true));
    EXPECT_FALSE(json::at(then, "/published/replaced_at")->is_null());
    const json::Value now = document({"pathway", "status", url_of(cert), badge});
    EXPECT_EQ(*now.find("rule_hash"),
              json::Value(to_hex(sha256(bytes_of(json::canonical(second))))));

    // The newer version by its hash: it was not in force, and the certificate does not name it.
    const auto newer = chancery({"pathway",
                                 "check",
                                 to_hex(sha256(bytes_of(json::canonical(second)))),
                                 certificate,
                                 badge});
    EXPECT_EQ(newer.status, 1) << newer.out << newer.err;
    EXPECT_NE(newer.out.find("NOT IN FORCE at the award"), std::string::npos) << newer.out;
}

TEST_F(PublishedPathways, AChangedRuleIsPublishedAfterTheAwardInVain) {
    const std::string cert = own("cert");
    const std::string badge = award(own("a"), {});
    const json::Value text = rule_text(cert, {"urn:" + own("a")});
    folder.write("rule.json", json::canonical(text));
    const std::string certificate = award(cert, {.of = {badge}, .rule = "rule.json"});
    ASSERT_EQ(publish(text).status, 0);
    const auto late = chancery({"pathway", "check", url_of(cert), certificate, badge});
    EXPECT_EQ(late.status, 4) << late.out;
    EXPECT_NE(late.err.find("after the award at"), std::string::npos) << late.err;
}

TEST_F(PublishedPathways, ACircleWithARulePublishedAlreadyIsRefused) {
    const std::string cert = own("cert");
    const std::string diploma = own("diploma");
    ASSERT_EQ(publish(rule_text(cert, {"urn:" + diploma})).status, 0);
    const std::int64_t size = log_size();
    const auto round = publish(rule_text(diploma, {"urn:" + cert}));
    EXPECT_EQ(round.status, 7) << round.out;
    EXPECT_NE(round.err.find("rules need one another in a circle"), std::string::npos) << round.err;
    EXPECT_EQ(log_size(), size);
    // A newer version takes the circle away.
    ASSERT_EQ(publish(rule_text(cert, {"urn:" + own("a")})).status, 0);
    EXPECT_EQ(publish(rule_text(diploma, {"urn:" + cert})).status, 0);
}

TEST_F(PublishedPathways, WhatIsNoRuleAndNoAchievementIsNotPublished) {
    const std::int64_t size = log_size();
    json::Value foreign = rule_text(own("x"), {"urn:y"});
    foreign.set("issuer", "did:web:nobody.example");
    EXPECT_EQ(publish(foreign).status, 5);
    const json::Value good = achievement("good", {});
    json::Value nameless = good;
    nameless.erase("name");
    json::Value with_hole = good;
    with_hole.set("description", "for {{recipient}}");
    json::Value pathway = rule_text(own("x"), {"urn:y"});
    pathway.set("cascade", "revoke");
    for (const auto& [what, says] :
         {std::pair(nameless, "/name: is missing or empty"),
          std::pair(with_hole, "has a {{…}} of a template"),
          std::pair(json::Value(json::Object{{"type", "Badge"}}), "is no achievement"),
          std::pair(json::Value(json::Array{}), "is no achievement"),
          std::pair(pathway, "/cascade")}) {
        const auto refused = publish(what);
        EXPECT_EQ(refused.status, 2) << says << refused.out;
        EXPECT_NE(refused.err.find(says), std::string::npos) << refused.err;
    }
    EXPECT_EQ(publish(good, {"--url", std::string(2'049, 'u')}).status, 2);
    EXPECT_EQ(publish(good, {"--url", "a\nb"}).status, 2);
    json::Value large = good;
    large.set("description", std::string(65'536, 'd'));
    EXPECT_EQ(publish(large).status, 2);
    EXPECT_EQ(chancery({"pathway", "publish", "none.json"}).status, 4);
    EXPECT_EQ(log_size(), size);
    EXPECT_EQ(chancery({"pathway", "status", url_of(own("none"))}).status, 4);
    EXPECT_EQ(chancery({"pathway", "status", std::string(64, 'a')}).status, 4);
    EXPECT_EQ(chancery({"pathway", "status", std::string(64, 'a'), "--offline"}).status, 2);
}

TEST_F(PublishedPathways, StatusSaysWhereWhatIsMissingIsToBeHad) {
    ASSERT_EQ(publish(achievement("a", {"one", "two"})).status, 0);
    // Of a credential the achievement alone is published.
    json::Value credential =
        json::Object{{"credentialSubject",
                      json::Object{{"name", "Ana"}, {"achievement", achievement("b", {"two"})}}}};
    ASSERT_EQ(publish(credential).status, 0);
    ASSERT_EQ(publish(achievement("c", {"three"})).status, 0);
    const std::string to_certificate = rule(own("cert"), {"urn:" + own("a"), "urn:" + own("d")});
    const json::Value said = document({"pathway", "status", to_certificate});
    EXPECT_EQ(*json::at(said, "/missing/0/target"), json::Value("urn:" + own("a")))
        << json::canonical(said);
    EXPECT_EQ(*json::at(said, "/missing/0/published/0/name"), json::Value("About a"));
    EXPECT_EQ(json::at(said, "/missing/0/alike")->as_array()->size(), 1U);
    EXPECT_EQ(*json::at(said, "/missing/0/alike/0/achievement"), json::Value("urn:" + own("b")));
    EXPECT_EQ(*json::at(said, "/missing/0/alike/0/skills/0"), json::Value("Skill two"));
    EXPECT_TRUE(json::at(said, "/missing/1/published")->as_array()->empty());
    const auto text = chancery({"pathway", "status", to_certificate});
    EXPECT_NE(text.out.find("to get About a, by uni-a"), std::string::npos) << text.out;
    EXPECT_NE(text.out.find("  alike About b, by uni-a"), std::string::npos) << text.out;
    EXPECT_NE(text.out.find(own("d") + ": nobody published it"), std::string::npos) << text.out;
}

TEST_F(PublishedPathways, SuspendsACertificateWhoseComponentsWereWithdrawn) {
    const std::string cert = own("cert");
    json::Value text = rule_text(cert, {"urn:" + own("a"), "urn:" + own("b")});
    text.set("cascade", "suspend");
    ASSERT_EQ(publish(text).status, 0);
    folder.write("rule.json", json::canonical(text));
    std::filesystem::create_directory(folder / "badges");
    const Words badges = {award(own("a"), {}), award(own("b"), {})};
    const std::string certificate = award(cert, {.of = badges, .rule = "rule.json"});
    const Words check = {"pathway", "check", url_of(cert), certificate, badges[0], badges[1]};
    const Words cascade = {"pathway",
                           "cascade",
                           certificate,
                           "--rule",
                           url_of(cert),
                           "--components",
                           badges[0],
                           "--components",
                           badges[1]};
    EXPECT_EQ(*json::at(document(check), "/cascade/asks_for"), json::Value("nothing"));
    const auto early = chancery(cascade);
    EXPECT_EQ(early.status, 0) << early.err;
    EXPECT_NE(early.out.find("policy suspend: 0 suspended, 0 failed"), std::string::npos)
        << early.out;

    ASSERT_EQ(chancery({"revoke", badges[0]}).status, 0);
    const json::Value late = document(check);
    EXPECT_EQ(*late.find("verdict"), json::Value("fulfilled"));
    EXPECT_EQ(*json::at(late, "/cascade/asks_for"), json::Value("suspension"));
    EXPECT_EQ(*json::at(late, "/cascade/withdrawn/0"), json::Value(badges[0]));
    Words dry = cascade;
    dry.emplace_back("--dry-run");
    const std::int64_t size = log_size();
    EXPECT_EQ(*json::at(document(dry), "/certificates/0/asks_for"), json::Value("suspension"));
    EXPECT_EQ(log_size(), size);
    const json::Value done = document(cascade);
    EXPECT_EQ(*done.find("suspended"), json::Value(1)) << json::canonical(done);
    EXPECT_EQ(chancery({"verify", certificate}).status, 1);
    EXPECT_NE(chancery({"verify", certificate}).out.find("SUSPENDED"), std::string::npos);
    // Once is enough.
    EXPECT_EQ(*document(cascade).find("suspended"), json::Value(0));
}

TEST_F(PublishedPathways, AWarningAndNoPolicySuspendNothing) {
    for (const std::string policy : {"warn", "none"}) {
        const std::string cert = own("cert-" + policy);
        json::Value text = rule_text(cert, {"urn:" + own(policy)});
        text.set("cascade", policy);
        folder.write("rule.json", json::canonical(text));
        const std::string badge = award(own(policy), {});
        const std::string certificate = award(cert, {.of = {badge}, .rule = "rule.json"});
        ASSERT_EQ(chancery({"suspend", badge}).status, 0);
        const json::Value said = document(
            {"pathway", "cascade", certificate, "--rule", "rule.json", "--components", badge});
        EXPECT_EQ(*said.find("suspended"), json::Value(0));
        EXPECT_EQ(*json::at(said, "/certificates/0/asks_for"),
                  json::Value(policy == "warn" ? "warning" : "nothing"));
        EXPECT_EQ(chancery({"verify", certificate}).status, 0);
        const auto check = chancery({"pathway", "check", "rule.json", certificate, badge});
        EXPECT_EQ(check.status, 0) << check.out;
        EXPECT_EQ(check.err.find("today it would not be met") != std::string::npos,
                  policy == "warn")
            << check.err;
    }
}

TEST_F(PublishedPathways, ACascadeNeedsTheComponentsToTell) {
    json::Value text = rule_text(own("cert"), {"urn:" + own("a")});
    text.set("cascade", "suspend");
    folder.write("rule.json", json::canonical(text));
    const std::string badge = award(own("a"), {});
    const std::string other = award(own("other"), {});
    const std::string certificate = award(own("cert"), {.of = {badge}, .rule = "rule.json"});
    const auto without =
        chancery({"pathway", "cascade", certificate, "--rule", "rule.json", "--components", other});
    EXPECT_EQ(without.status, 3) << without.out;
    EXPECT_NE(without.out.find("unknown, the award is not proven"), std::string::npos)
        << without.out;
    EXPECT_EQ(chancery({"pathway", "cascade", certificate, "--rule", "rule.json"}).status, 2);
    EXPECT_EQ(chancery({"pathway", "cascade", certificate, "--components", badge}).status, 2);
    EXPECT_EQ(
        chancery({"pathway", "cascade", certificate, "--rule", "rule.json", "--components", "none"})
            .status,
        4);
}

}  // namespace
}  // namespace chancery

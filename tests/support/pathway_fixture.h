// Badges, certificates of them and rules, made and registered in a test's folder.
#pragma once

#include "crypto/json/canonical.h"
#include "crypto/json/pointer.h"
#include "tests/support/shared_sandbox.h"

namespace chancery::test {

struct PathwayTest : SandboxTest {
    struct Made {
        std::vector<std::string> of = {};  // Files that it names as evidence.
        std::string rule = {};
        std::string subject = "did:key:zAna";
    };

    json::Value badge(const std::string& achievement, const Made& made) const {
        json::Value document = json::Object{
            {"issuer", sandbox.did()},
            {"id", "urn:n:" + folder.path() + achievement},
            {"validFrom", "2026-01-01T00:00:00Z"},
            {"credentialSubject",
             json::Object{{"id", made.subject},
                          {"achievement",
                           json::Object{{"id", "urn:" + achievement}, {"creditsAvailable", 3}}}}}};
        json::Array evidence;
        for (const std::string& file : made.of)
            evidence.push_back(
                json::Object{{"genre", "ComponentCredential"},
                             {"digestMultibase", digest(file, "commitmentMultibase")}});
        if (!evidence.empty()) document.set("evidence", std::move(evidence));
        if (!made.rule.empty())
            document.set("relatedResource",
                         json::Object{{"id", "urn:rule"},
                                      {"digestMultibase", digest(made.rule, "digestMultibase")}});
        return document;
    }

    std::string digest(const std::string& file, const std::string& name) const {
        const json::Value said = document({"pathway", "digest", file});
        const json::Value* const found = json::at(said, "/digests/0/" + name);
        EXPECT_NE(found, nullptr) << json::canonical(said);
        return found == nullptr ? "" : *found->as_string();
    }

    // Registers it as ACHIEVEMENT.json.
    std::string award(const std::string& achievement, const Made& made) const {
        const std::string file = achievement + ".json";
        folder.write(file, json::canonical(badge(achievement, made)));
        const auto issued = chancery({"issue", "one", file});
        EXPECT_EQ(issued.status, 0) << issued.err;
        return file;
    }

    json::Value rule_text(const std::string& destination, const json::Array& targets) const {
        return json::Object{
            {"id", "urn:rule:" + destination},
            {"type", "Pathway"},
            {"name", "The way to " + destination},
            {"issuer", sandbox.did()},
            {"destination", "urn:" + destination},
            {"condition", json::Object{{"targetComponent", targets}, {"minCredits", 3}}}};
    }
    std::string rule(const std::string& destination, const json::Array& targets) const {
        return folder.write(destination + "-rule.json",
                            json::canonical(rule_text(destination, targets)));
    }

    std::string check(Words words) const {
        words.insert(words.begin(), {"pathway", "check"});
        const json::Value said = document(words);
        const json::Value* const found = said.find("verdict");
        return found == nullptr ? json::canonical(said) : *found->as_string();
    }
};

}  // namespace chancery::test

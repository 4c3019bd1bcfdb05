// Every rule by one good badge: each change of it makes exactly the findings that it should.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/badge/eu_micro.h"
#include "crypto/badge/lint.h"
#include "crypto/badge/target_types.h"
#include "crypto/json/canonical.h"
#include "crypto/json/pointer.h"
#include "tests/support/vectors.h"

namespace chancery::badge::lint_test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;
using testing::UnorderedElementsAreArray;

const std::set<Profile> every_profile = {
    Profile::ob3, Profile::eu_micro, Profile::privacy, Profile::quality};

json::Value good() { return test::vector_json("badge/good.json"); }

// "ob3.missing at /id"
std::string told(std::string_view rule_id, std::string_view pointer) {
    return std::string(rule_id).append(" at ").append(pointer);
}

std::vector<std::string> told(const std::vector<Finding>& findings) {
    std::vector<std::string> all;
    all.reserve(findings.size());
    for (const Finding& finding : findings)
        all.push_back(told(finding.rule->id, finding.pointer));
    return all;
}

std::vector<std::string> told(const std::vector<BatchFinding>& findings) {
    std::vector<std::string> all;
    all.reserve(findings.size());
    for (const auto& [document, finding] : findings)
        all.push_back(std::to_string(document) + ": " + told(finding.rule->id, finding.pointer));
    return all;
}

void set_at(json::Value& document, const std::string& pointer, const json::Value& value) {
    if (json::Value* const there = json::at(document, pointer)) {
        *there = value;
        return;
    }
    const std::size_t last = pointer.rfind('/');
    json::Value* const parent = json::at(document, pointer.substr(0, last));
    ASSERT_NE(parent, nullptr) << pointer;
    std::string name = pointer.substr(last + 1);
    if (const std::size_t escaped = name.find("~1"); escaped != std::string::npos)
        name.replace(escaped, 2, "/");
    parent->set(name, value);
}

std::string optional_text(const json::Value& object, std::string_view name) {
    const json::Value* const member = object.find(name);
    return member == nullptr ? std::string() : *member->as_string();
}

json::Value mutated(const json::Value& mutation) {
    json::Value document = good();
    for (const std::string_view name : {"erase", "then_erase"}) {
        const std::string pointer = optional_text(mutation, name);
        if (pointer.empty()) continue;
        EXPECT_TRUE(json::erase_at(document, pointer)) << pointer;
    }
    for (const std::string_view name : {"set", "then_set"}) {
        const std::string pointer = optional_text(mutation, name);
        if (!pointer.empty()) set_at(document, pointer, *mutation.find("value"));
    }
    return document;
}

std::vector<std::string> wanted(const json::Value& mutation) {
    if (mutation.find("findings") == nullptr)
        return {told(test::text_at(mutation, "rule"), test::text_at(mutation, "pointer"))};
    std::vector<std::string> all;
    for (const json::Value& each : test::array_at(mutation, "findings"))
        all.push_back(told(test::text_at(each, "rule"), test::text_at(each, "pointer")));
    return all;
}

TEST(BadgeLint, AGoodBadgeIsLeftInPeace) {
    EXPECT_THAT(told(lint(good(), every_profile)), IsEmpty());
    const std::vector<json::Value> batch = {good(), test::vector_json("badge/good-other.json")};
    EXPECT_THAT(told(lint(batch[1], every_profile)), IsEmpty());
    EXPECT_THAT(told(lint_batch(batch, every_profile)), IsEmpty());
}

TEST(BadgeLint, EachChangeMakesItsFindingsAndNoOther) {
    const json::Value mutations = test::vector_json("badge/mutations.json");
    for (const json::Value& mutation : *mutations.as_array())
        EXPECT_THAT(told(lint(mutated(mutation), every_profile)),
                    UnorderedElementsAreArray(wanted(mutation)))
            << json::canonical(mutation);
}

TEST(BadgeLint, EveryRuleOfOneDocumentHasAChangeThatBreaksIt) {
    const std::set<std::string_view> of_batches = {"ob3.status-shared",
                                                   "privacy.shared-salt",
                                                   "privacy.status-list-of-one",
                                                   "privacy.sequential-status",
                                                   "privacy.batch-of-one"};
    std::set<std::string> broken;
    const json::Value mutations = test::vector_json("badge/mutations.json");
    for (const json::Value& mutation : *mutations.as_array())
        for (const std::string& finding : wanted(mutation))
            broken.insert(finding.substr(0, finding.find(' ')));
    for (const Rule& each : rules())
        EXPECT_NE(broken.contains(std::string(each.id)), of_batches.contains(each.id)) << each.id;
}

TEST(BadgeLint, RulesAreTheirProfilesAndNamedOnce) {
    std::set<std::string_view> seen;
    for (const Rule& each : rules()) {
        EXPECT_TRUE(each.id.starts_with(name_of(each.profile))) << each.id;
        EXPECT_TRUE(seen.insert(each.id).second) << each.id;
    }
}

TEST(BadgeLint, EachIsToldInTheManual) {
    const std::string manual =
        test::read_file(std::filesystem::path(CHANCERY_SOURCE) / "docs/lint.md");
    for (const Rule& each : rules())
        EXPECT_NE(manual.find("`" + std::string(each.id) + "`"), manual.npos) << each.id;
    for (const std::string_view type : element_target_types)
        EXPECT_NE(manual.find("`" + std::string(type) + "`"), manual.npos) << type;
}

TEST(BadgeLint, TellsEveryUnknownTermAtOnce) {
    json::Value document = good();
    document.set("grade: 8", "8");
    json::at(document, "/credentialSubject/achievement")->set("level", 6);
    json::at(document, "/evidence/0")->set("mark", 6);
    EXPECT_THAT(told(lint(document, {Profile::ob3})),
                UnorderedElementsAre("ob3.unknown-term at /grade: 8",
                                     "ob3.unknown-term at /evidence/0/mark",
                                     "ob3.unknown-term at "
                                     "/credentialSubject/achievement/level"));
}

TEST(BadgeLint, RepeatsNothingOfAPerson) {
    json::Value document = good();
    json::Value& subject = *document.find("credentialSubject");
    subject.set("id", "mailto:ana.perez@example.org");
    subject.set("email", "ana.perez@example.org");
    document.set("name", "Ana Pérez, ana.perez@example.org");
    document.set("validFrom", "Ana Pérez");
    json::at(document, "/credentialSubject/identifier/0")->set("hashed", false);
    const auto findings = lint(document, every_profile);
    EXPECT_GE(findings.size(), 6U);
    for (const Finding& finding : findings)
        for (const std::string_view secret : {"ana.perez", "example.org", "Pérez", "26a2997493"})
            EXPECT_EQ(finding.message.find(secret), std::string::npos) << finding.message;
}

TEST(BadgeLint, WhatIsNoObjectIsToldOnce) {
    EXPECT_THAT(told(lint(json::Value("text"), {Profile::ob3, Profile::privacy})),
                ElementsAre("ob3.json-type at "));
}

TEST(BadgeLint, FindingsAreLimited) {
    json::Value document = good();
    document.set("evidence", json::Array(2'000, json::Value(7)));
    EXPECT_EQ(lint(document, {Profile::ob3}).size(), findings_max);
}

TEST(BadgeLint, MicroCredentialsAreKnownByWhatTheyClaim) {
    EXPECT_TRUE(profiles_for(good()).contains(Profile::eu_micro));
    json::Value badge = good();
    json::at(badge, "/credentialSubject/achievement")->set("achievementType", "Badge");
    EXPECT_TRUE(profiles_for(badge).contains(Profile::eu_micro));
    json::at(badge, "/credentialSubject/achievement")->erase("alignment");
    EXPECT_FALSE(profiles_for(badge).contains(Profile::eu_micro));
}

TEST(BadgeLint, TheElementsAreElevenAndFive) {
    const std::vector<Element> elements = elements_of(good());
    ASSERT_EQ(elements.size(), 16U);
    for (std::size_t i = 0; i < elements.size(); ++i) {
        EXPECT_EQ(elements[i].number, static_cast<int>(i) + 1);
        EXPECT_TRUE(elements[i].is_told) << elements[i].name;
    }
    for (const Element& element : elements_of(json::Object{}))
        EXPECT_FALSE(element.is_told) << element.name;
}

TEST(BadgeLint, ABatchOfOneIsSeen) {
    const std::vector<json::Value> batch = {good()};
    EXPECT_THAT(told(lint_batch(batch, every_profile)), ElementsAre("0: privacy.batch-of-one at "));
    EXPECT_THAT(told(lint_batch(batch, {Profile::ob3})), IsEmpty());
}

json::Value with_index(const std::string& index, const std::string& list = "/status/1") {
    json::Value document = good();
    json::at(document, "/credentialSubject/identifier/0")
        ->set("salt", "a salt of its own " + index);
    json::Value& status = *document.find("credentialStatus");
    status.as_array()->resize(1);
    status.as_array()->front().set("statusListIndex", index);
    status.as_array()->front().set("statusListCredential", "https://uni-a.example" + list);
    return document;
}

TEST(BadgeLint, PlacesInStatusListsAreDrawnAtRandomAndEachOnce) {
    const std::string index = "/credentialStatus/0/statusListIndex";
    const std::vector<json::Value> random = {with_index("7"), with_index("90210"), with_index("9")};
    EXPECT_THAT(told(lint_batch(random, every_profile)), IsEmpty());
    const std::vector<json::Value> run = {with_index("8"), with_index("7"), with_index("9")};
    EXPECT_THAT(told(lint_batch(run, every_profile)),
                ElementsAre("1: privacy.sequential-status at " + index));
    const std::vector<json::Value> twice = {with_index("7"), with_index("7")};
    EXPECT_THAT(told(lint_batch(twice, every_profile)),
                UnorderedElementsAre("1: ob3.status-shared at " + index,
                                     "1: privacy.shared-salt at "
                                     "/credentialSubject/identifier/0/salt"));
}

TEST(BadgeLint, AStatusListForEachBadgeIsSeen) {
    const std::vector<json::Value> own = {with_index("7", "/status/7"),
                                          with_index("9", "/status/9")};
    EXPECT_THAT(
        told(lint_batch(own, every_profile)),
        ElementsAre("0: privacy.status-list-of-one at /credentialStatus/0/statusListIndex"));
}

}  // namespace
}  // namespace chancery::badge::lint_test

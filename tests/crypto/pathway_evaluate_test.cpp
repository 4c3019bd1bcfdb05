// One certificate that was earned, and a table of what may be wrong with it and its components.
#include <functional>

#include <gtest/gtest.h>

#include "crypto/pathway/evaluate.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::pathway::evaluate_test {
namespace {

using credential::Headline;

constexpr std::int64_t award_s = 1'767'225'600;
constexpr std::int64_t day_s = 86'400;
constexpr ledger::Position award_position = 100;

Hash hash_of(std::uint8_t byte) {
    Hash hash{};
    hash.fill(byte);
    return hash;
}

Component component(const std::string& achievement, std::uint8_t number) {
    Component one;
    one.achievement = achievement;
    one.issuer = "did:web:a";
    one.subject = "did:key:ana";
    one.credits = 3'000;
    one.valid_from = credential::Instant{.second = award_s - 30 * day_s};
    one.document_hash = hash_of(number);
    one.commitment = hash_of(static_cast<std::uint8_t>(number + 100));
    one.proven = {StepResult::pass, "registered"};
    one.position = 10U + number;
    one.registered_s = award_s - 30 * day_s;
    one.status_size = award_position + 50;
    one.status = {StepResult::pass, "good"};
    one.today = Headline::valid;
    return one;
}

struct World {
    Rule rule;
    std::vector<Rule> others;
    Component certificate;
    std::vector<Component> components;

    World() {
        rule.id = "https://registry.example/pathways/cert";
        rule.issuer = "did:web:a";
        rule.destination = "cert";
        rule.hash = hash_of(0xcc);
        rule.condition.required_number = 3;
        rule.condition.targets = {"a", "b", "c", "d"};
        rule.condition.issuers = {"did:web:a", "did:web:b"};
        rule.condition.age_days_max = 365;
        rule.condition.credits_min = 9'000;
        components = {component("a", 1), component("b", 2), component("c", 3)};
        certificate = component("cert", 50);
        certificate.position = award_position;
        certificate.registered_s = award_s;
        certificate.related = {rule.hash};
        for (const Component& each : components)
            certificate.evidence.push_back(each.document_hash);
    }

    std::vector<Evaluation> evaluations(bool with_certificate = true) const {
        auto all = evaluate({.rule = &rule,
                             .certificate = with_certificate ? &certificate : nullptr,
                             .components = components,
                             .others = others,
                             .now_s = award_s + day_s});
        EXPECT_TRUE(all);
        return all ? *std::move(all) : std::vector<Evaluation>(1);
    }
    StepResult result() const { return evaluations().front().result; }
};

// "fail: earlier, count": which clauses do not pass, and what that makes of the whole.
std::string told(const Evaluation& evaluation) {
    std::string text(name_of(evaluation.result));
    const auto add = [&](const Clause& clause) {
        if (clause.report.result == StepResult::pass) return;
        text += clause.report.result == StepResult::fail ? " !" : " ?";
        text += clause.name;
    };
    for (const Clause& clause : evaluation.certificate)
        add(clause);
    for (const ComponentReport& each : evaluation.components)
        for (const Clause& clause : each.clauses)
            add(clause);
    for (const TargetReport& target : evaluation.condition.targets)
        for (const Clause& clause : target.clauses)
            add(clause);
    add(evaluation.condition.count);
    add(evaluation.condition.credits);
    return text;
}

struct Wrong {
    std::string name;
    std::function<void(World&)> spoil;
    std::string told;
};

const std::vector<Wrong>& wrongs() {
    static const std::vector<Wrong> all = {
        {"nothing", [](World&) {}, "pass"},
        {"named by commitment",
         [](World& w) { w.certificate.evidence.front() = *w.components.front().commitment; },
         "pass"},
        {"a fourth that nobody needs",
         [](World& w) { w.components.push_back(component("x", 9)); },
         "pass !named"},
        {"certificate not proven",
         [](World& w) {
             w.certificate.proven = {StepResult::fail, "altered"};
         },
         "fail !registered"},
        {"certificate of another achievement",
         [](World& w) { w.certificate.achievement = "other"; },
         "fail !destination"},
        {"certificate of another issuer",
         [](World& w) { w.certificate.issuer = "did:web:b"; },
         "fail !issuer"},
        {"another rule", [](World& w) { w.rule.hash = hash_of(0xdd); }, "fail !rule"},
        {"one too few", [](World& w) { w.components.pop_back(); }, "fail !count !credits"},
        {"one component not proven",
         [](World& w) {
             w.components[1].proven = {StepResult::fail, "altered"};
         },
         "fail !registered !count !credits"},
        {"one component open",
         [](World& w) {
             w.components[1].proven = {StepResult::could_not_check, "no receipt"};
         },
         "could not check ?registered ?count ?credits"},
        {"another subject",
         [](World& w) { w.components[1].subject = "did:key:ben"; },
         "fail !same subject !count !credits"},
        {"a subject without id",
         [](World& w) { w.components[1].subject = ""; },
         "could not check ?same subject ?count ?credits"},
        {"not named",
         [](World& w) { w.certificate.evidence.pop_back(); },
         "fail !named !count !credits"},
        {"registered after the certificate",
         [](World& w) { w.components[1].position = award_position + 1; },
         "fail !earlier !count !credits"},
        {"registered with the certificate",
         [](World& w) { w.components[1].position = award_position; },
         "fail !earlier !count !credits"},
        {"place not proven",
         [](World& w) { w.components[1].position = std::nullopt; },
         "could not check ?earlier ?count ?credits"},
        {"expired at the award",
         [](World& w) { w.components[1].valid_until = credential::Instant{.second = award_s - 1}; },
         "fail !dates !count !credits"},
        {"expired after the award",
         [](World& w) { w.components[1].valid_until = credential::Instant{.second = award_s}; },
         "pass"},
        {"not yet valid at the award",
         [](World& w) { w.components[1].valid_from = credential::Instant{.second = award_s + 1}; },
         "fail !dates !count !credits"},
        {"withdrawn before the award",
         [](World& w) {
             w.components[1].withdrawal = {award_position - 1, true};
         },
         "fail !not withdrawn !count !credits"},
        {"withdrawn after the award",
         [](World& w) {
             w.components[1].withdrawal = {award_position + 1, true};
             w.components[1].today = Headline::revoked;
         },
         "pass"},
        {"changed twice, the last after the award",
         [](World& w) {
             w.components[1].withdrawal = {award_position + 1, false};
         },
         "could not check ?not withdrawn ?count ?credits"},
        {"a status proof older than the award",
         [](World& w) { w.components[1].status_size = award_position; },
         "could not check ?not withdrawn ?count ?credits"},
        {"no status proof",
         [](World& w) { w.components[1].status_size = std::nullopt; },
         "could not check ?not withdrawn ?count ?credits"},
        {"the same document twice",
         [](World& w) { w.components[2] = w.components[1]; },
         "fail !distinct !count !credits"},
        {"two of one achievement count once",
         [](World& w) { w.components[2].achievement = "b"; },
         "fail !count !credits"},
        {"of two the better one counts",
         [](World& w) {
             w.components.push_back(component("b", 4));
             w.certificate.evidence.push_back(hash_of(4));
             w.components[1].subject = "did:key:ben";
         },
         "pass !same subject"},
        {"wrong issuer",
         [](World& w) { w.components[1].issuer = "did:web:c"; },
         "fail !issuer !count !credits"},
        {"any issuer will do",
         [](World& w) {
             w.rule.condition.issuers.clear();
             w.components[1].issuer = "did:web:c";
         },
         "pass"},
        {"as old as may be",
         [](World& w) {
             w.components[1].valid_from = credential::Instant{.second = award_s - 365 * day_s};
         },
         "pass"},
        {"a second too old",
         [](World& w) {
             w.components[1].valid_from = credential::Instant{.second = award_s - 365 * day_s - 1};
         },
         "fail !age !count !credits"},
        {"of no age",
         [](World& w) { w.components[1].valid_from = std::nullopt; },
         "could not check ?age ?count ?credits"},
        {"too few credits", [](World& w) { w.components[1].credits = 2'999; }, "fail !credits"},
        {"credits not told",
         [](World& w) { w.components[1].credits = std::nullopt; },
         "fail !credits"},
        {"certificate's place not proven",
         [](World& w) {
             w.certificate.position = std::nullopt;
             w.components.resize(1);
             w.rule.condition.required_number = 1;
             w.rule.condition.credits_min = 0;
         },
         "could not check ?earlier ?not withdrawn ?count"},
    };
    return all;
}

TEST(Pathway, EachClauseIsToldAndDecides) {
    for (const Wrong& wrong : wrongs()) {
        World world;
        wrong.spoil(world);
        EXPECT_EQ(told(world.evaluations().front()), wrong.told) << wrong.name;
    }
}

TEST(Pathway, ConditionsWithinJoinByTheirOperator) {
    const auto asking = [](const std::string& target) {
        Condition condition;
        condition.targets = {target};
        condition.required_number = 1;
        return condition;
    };
    World world;
    world.rule.condition = {};
    world.rule.condition.conditions = {asking("a"), asking("z")};
    EXPECT_EQ(world.result(), StepResult::fail);
    world.rule.condition.combination = Operator::any;
    EXPECT_EQ(world.result(), StepResult::pass);
    world.components[0].subject = "";
    EXPECT_EQ(world.result(), StepResult::could_not_check);
    world.rule.condition.combination = Operator::all;
    EXPECT_EQ(world.result(), StepResult::fail);
    world.rule.condition.conditions[1] = asking("b");
    EXPECT_EQ(world.result(), StepResult::could_not_check);
    world.components[0].subject = world.certificate.subject;
    EXPECT_EQ(world.result(), StepResult::pass);
    world.rule.condition.targets = {"z"};
    world.rule.condition.required_number = 1;
    EXPECT_EQ(world.result(), StepResult::fail);
    world.rule.condition.combination = Operator::any;
    EXPECT_EQ(world.result(), StepResult::pass);
}

TEST(Pathway, WithoutACertificateTellsWhatIsMissing) {
    World world;
    world.components.pop_back();
    const Evaluation evaluation = world.evaluations(false).front();
    EXPECT_EQ(evaluation.result, StepResult::fail);
    EXPECT_TRUE(evaluation.certificate.empty());
    EXPECT_EQ(evaluation.condition.count.report.reason, "2 of 3");
    EXPECT_EQ(evaluation.condition.credits.report.reason, "6 of 9");
    EXPECT_EQ(evaluation.condition.targets[1].component, 1U);
    EXPECT_FALSE(evaluation.condition.targets[2].component);
    World revoked;
    revoked.components[0].status = {StepResult::fail, "revoked"};
    EXPECT_EQ(told(revoked.evaluations(false).front()), "fail !not withdrawn !count !credits");
    EXPECT_EQ(told(World().evaluations(false).front()), "pass");
}

// A diploma of certificates of badges: each certificate held against its own rule.
TEST(Pathway, RulesRestOnOneAnother) {
    World world;
    Rule diploma;
    diploma.issuer = "did:web:a";
    diploma.destination = "diploma";
    diploma.hash = hash_of(0xee);
    diploma.condition.targets = {"cert"};
    diploma.condition.required_number = 1;
    world.others = {world.rule};
    world.rule = diploma;
    world.components.push_back(world.certificate);
    Component award = component("diploma", 60);
    award.position = award_position + 10;
    award.registered_s = award_s + day_s;
    award.related = {diploma.hash};
    award.evidence = {world.certificate.document_hash};
    world.certificate = award;
    std::vector<Evaluation> all = world.evaluations();
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].result, StepResult::pass);
    EXPECT_EQ(all[1].component, 3U);
    // It does not name itself and is not earlier than itself, nor need it be.
    EXPECT_EQ(told(all[1]), "pass !named !earlier");

    world.components[0].subject = "did:key:ben";
    all = world.evaluations();
    EXPECT_EQ(all[1].result, StepResult::fail);
    EXPECT_EQ(all[0].result, StepResult::fail);

    world.others.front().condition.targets.emplace_back("diploma");
    EXPECT_FALSE(evaluate({.rule = &world.rule, .components = {}, .others = world.others}));
}

TEST(Pathway, ManyAreRefused) {
    World world;
    world.components.assign(components_max, component("a", 1));
    EXPECT_TRUE(evaluate({.rule = &world.rule, .components = world.components}));
    world.components.push_back(component("a", 1));
    EXPECT_FALSE(evaluate({.rule = &world.rule, .components = world.components}));
    Rule other;
    for (std::size_t i = 0; i < rules_max; ++i) {
        other.destination = "other " + std::to_string(i);
        world.others.push_back(other);
    }
    EXPECT_FALSE(evaluate({.rule = &world.rule, .components = {}, .others = world.others}));
    world.others.pop_back();
    EXPECT_TRUE(evaluate({.rule = &world.rule, .components = {}, .others = world.others}));
}

}  // namespace
}  // namespace chancery::pathway::evaluate_test

// A certificate that was earned by two of three badges, and what becomes of them afterwards.
#include <functional>

#include <gtest/gtest.h>

#include "crypto/pathway/aftermath.h"

namespace chancery::pathway::aftermath_test {
namespace {

using credential::Headline;

constexpr std::int64_t award_s = 1'767'225'600;
constexpr ledger::Position award_position = 100;

Component component(const std::string& achievement, std::uint8_t number) {
    Component one;
    one.achievement = achievement;
    one.issuer = "did:web:a";
    one.subject = "did:key:ana";
    one.document_hash.fill(number);
    one.proven = {StepResult::pass, "registered"};
    one.position = 10U + number;
    one.registered_s = award_s - 1'000;
    one.status_size = award_position + 50;
    one.status = {StepResult::pass, "good"};
    one.today = Headline::valid;
    return one;
}

void withdraw(Component& component, Headline today, ledger::Position position) {
    component.today = today;
    component.status = {StepResult::fail, "withdrawn"};
    component.withdrawal = Withdrawal{.position = position, .is_first = true};
}

void forget_status(Component& component) {
    component.today = Headline::cannot_tell;
    component.status = {StepResult::could_not_check, "too old"};
}

struct World {
    Rule rule;
    std::vector<Rule> others;
    Component certificate;
    std::vector<Component> components;

    World() {
        rule.issuer = "did:web:a";
        rule.destination = "cert";
        rule.hash.fill(0xcc);
        rule.condition.required_number = 2;
        rule.condition.targets = {"a", "b", "c"};
        components = {component("a", 1), component("b", 2), component("c", 3)};
        certificate = component("cert", 50);
        certificate.position = award_position;
        certificate.registered_s = award_s;
        certificate.related = {rule.hash};
        for (const Component& each : components)
            certificate.evidence.push_back(each.document_hash);
    }

    Aftermath after() const {
        const auto after = aftermath_of({.rule = &rule,
                                         .certificate = &certificate,
                                         .components = components,
                                         .others = others,
                                         .now_s = 0});
        EXPECT_TRUE(after);
        return after ? *after : Aftermath();
    }
};

struct Event {
    std::string name;
    std::function<void(World&)> happen;
    StepResult still_met;
    std::vector<std::size_t> withdrawn;
};

const std::vector<Event>& events() {
    static const std::vector<Event> all = {
        {"nothing", [](World&) {}, StepResult::pass, {}},
        {"one revoked, two are left",
         [](World& w) { withdraw(w.components[0], Headline::revoked, 120); },
         StepResult::pass,
         {0}},
        {"two withdrawn",
         [](World& w) {
             withdraw(w.components[0], Headline::revoked, 120);
             withdraw(w.components[2], Headline::suspended, 121);
         },
         StepResult::fail,
         {0, 2}},
        {"two superseded: replaced, not withdrawn",
         [](World& w) {
             withdraw(w.components[0], Headline::superseded, 120);
             withdraw(w.components[1], Headline::superseded, 121);
         },
         StepResult::pass,
         {}},
        {"two expired since",
         [](World& w) {
             w.components[0].today = Headline::expired;
             w.components[1].today = Headline::expired;
         },
         StepResult::pass,
         {}},
        {"one of unknown status, two are left",
         [](World& w) { forget_status(w.components[1]); },
         StepResult::pass,
         {}},
        {"two of unknown status",
         [](World& w) {
             forget_status(w.components[1]);
             forget_status(w.components[2]);
         },
         StepResult::could_not_check,
         {}},
        {"one revoked and one unknown",
         [](World& w) {
             withdraw(w.components[0], Headline::revoked, 120);
             forget_status(w.components[2]);
         },
         StepResult::could_not_check,
         {0}},
        {"one revoked before the award: it was earned without it",
         [](World& w) { withdraw(w.components[0], Headline::revoked, 90); },
         StepResult::pass,
         {}},
        {"never earned",
         [](World& w) { w.certificate.related.clear(); },
         StepResult::could_not_check,
         {}},
        {"a certificate that is not proven where it stands",
         [](World& w) {
             w.certificate.position.reset();
             withdraw(w.components[0], Headline::revoked, 120);
         },
         StepResult::could_not_check,
         {}},
    };
    return all;
}

TEST(PathwayAftermath, IsWhatTheRuleWouldSayWithoutWhatWasWithdrawnSince) {
    for (const Event& event : events()) {
        World world;
        event.happen(world);
        const Aftermath after = world.after();
        EXPECT_EQ(name_of(after.still_met.result), name_of(event.still_met)) << event.name;
        EXPECT_EQ(after.withdrawn, event.withdrawn) << event.name;
        EXPECT_FALSE(after.still_met.reason.empty()) << event.name;
    }
}

TEST(PathwayAftermath, OfACertificatesOwnComponentsIsForItsOwnRule) {
    World world;
    Rule own;
    own.issuer = "did:web:a";
    own.destination = "a";
    own.hash.fill(0xdd);
    own.condition.required_number = 1;
    own.condition.targets = {"x"};
    world.others = {own};
    Component deep = component("x", 4);
    deep.position = 5;
    world.components[0].related = {own.hash};
    world.components[0].evidence = {deep.document_hash};
    world.certificate.evidence.push_back(deep.document_hash);
    withdraw(deep, Headline::revoked, 120);
    world.components.push_back(deep);
    world.rule.condition.required_number = 3;
    const Aftermath after = world.after();
    EXPECT_EQ(after.withdrawn, (std::vector<std::size_t>{3}));
    EXPECT_EQ(name_of(after.still_met.result), name_of(StepResult::pass)) << after.still_met.reason;
}

TEST(PathwayAftermath, IsRefusedBeyondTheLimits) {
    World world;
    world.components.resize(components_max + 1, component("a", 9));
    EXPECT_FALSE(aftermath_of(
        {.rule = &world.rule, .certificate = &world.certificate, .components = world.components}));
}

}  // namespace
}  // namespace chancery::pathway::aftermath_test

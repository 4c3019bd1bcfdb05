// Any text as a rule of a pathway: it is refused, or keeps the limits, has one hash whatever its
// layout, and asking it of nobody and of a stranger's credential ends without being fulfilled.
#include <array>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "crypto/pathway/evaluate.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    const auto rule = pathway::parse_rule(text);
    if (!rule) {
        CHECK(rule.error().code == Errc::invalid);
        return 0;
    }
    const auto again = pathway::parse_rule(json::canonical(*json::parse(text)));
    CHECK(again && again->hash == rule->hash);
    const auto targets = pathway::targets_of(*rule);
    CHECK(!targets.empty() && targets.size() <= pathway::targets_max);
    CHECK(!targets.contains(rule->destination));
    CHECK(pathway::check_beside(*rule, {}));
    pathway::Component stranger;
    stranger.achievement = *targets.begin();
    const std::array<pathway::Component, 1> components = {stranger};
    const auto nobody = pathway::evaluate({.rule = &*rule, .components = {}});
    CHECK(nobody && nobody->front().result == credential::StepResult::fail);
    const auto one = pathway::evaluate(
        {.rule = &*rule, .certificate = &components.front(), .components = components});
    CHECK(one && one->front().result != credential::StepResult::pass);
    return 0;
}

// Any bytes as a policy: every name it gives is defined, and judging by it ends.
#include <cstddef>

#include "crypto/base/check.h"
#include "crypto/note/policy.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto policy = note::parse_policy(text_of({data, size}));
    if (!policy) return 0;
    const auto is_defined = [&policy](const std::string& name) {
        return policy->witnesses.contains(name) || policy->silent_witnesses.contains(name) ||
               policy->groups.contains(name);
    };
    CHECK(!policy->quorum || is_defined(*policy->quorum));
    for (const auto& named_group : policy->groups) {
        const note::Policy::Group& group = named_group.second;
        CHECK(group.threshold >= 1 && group.threshold <= group.members.size());
        CHECK(std::ranges::all_of(group.members, is_defined));
    }
    // Nobody signed: only a policy that asks for nothing holds.
    const auto judged = note::satisfies({.text = "origin\n", .signatures = {}}, *policy);
    const bool asks_for_log = !policy->logs.empty() || policy->silent_logs > 0;
    CHECK(judged && *judged == (!asks_for_log && !policy->quorum));
    return 0;
}

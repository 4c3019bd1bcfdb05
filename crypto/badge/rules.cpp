#include "crypto/badge/rules.h"

#include <algorithm>
#include <array>

#include "crypto/base/check.h"

namespace chancery::badge {
namespace {

using enum Profile;
using enum Severity;

constexpr std::array<std::string_view, profile_count> profile_names = {
    "ob3", "eu-micro", "privacy", "quality"};

constexpr auto all = std::to_array<Rule>({
    {"ob3.missing", ob3, error},
    {"ob3.empty", ob3, error},
    {"ob3.json-type", ob3, error},
    {"ob3.array", ob3, error},
    {"ob3.type", ob3, error},
    {"ob3.uri", ob3, error},
    {"ob3.date-time", ob3, error},
    {"ob3.word", ob3, error},
    {"ob3.language", ob3, error},
    {"ob3.country-code", ob3, error},
    {"ob3.context", ob3, error},
    {"ob3.extensions-context", ob3, error},
    {"ob3.vc-1-term", ob3, error},
    {"ob3.unknown-term", ob3, error},
    {"ob3.recipient", ob3, error},
    {"ob3.criteria", ob3, error},
    {"ob3.identity-hash", ob3, error},
    {"ob3.date-order", ob3, error},
    {"ob3.status-index", ob3, error},
    {"ob3.status-id", ob3, error},
    {"ob3.status-shared", ob3, error},
    {"ob3.foreign-context", ob3, warning},
    {"ob3.credential-name", ob3, warning},
    {"ob3.issuer-name", ob3, warning},
    {"ob3.achievement-image", ob3, warning},
    {"ob3.proof-array", ob3, warning},
    {"ob3.fraction", ob3, warning},
    {"eu-micro.01-learner", eu_micro, error},
    {"eu-micro.02-title", eu_micro, error},
    {"eu-micro.03-country", eu_micro, error},
    {"eu-micro.04-awarding-body", eu_micro, error},
    {"eu-micro.05-date", eu_micro, error},
    {"eu-micro.06-learning-outcomes", eu_micro, error},
    {"eu-micro.07-workload", eu_micro, error},
    {"eu-micro.08-level", eu_micro, error},
    {"eu-micro.09-assessment", eu_micro, error},
    {"eu-micro.10-participation", eu_micro, error},
    {"eu-micro.11-quality-assurance", eu_micro, error},
    {"eu-micro.level-code", eu_micro, error},
    {"eu-micro.target-type", eu_micro, warning},
    {"eu-micro.outcomes-framework", eu_micro, warning},
    {"eu-micro.credits-earned", eu_micro, warning},
    {"privacy.email-in-text", privacy, error},
    {"privacy.name-in-text", privacy, error},
    {"privacy.plaintext-email", privacy, error},
    {"privacy.unsalted-hash", privacy, error},
    {"privacy.plaintext-identifier", privacy, warning},
    {"privacy.short-salt", privacy, warning},
    {"privacy.shared-salt", privacy, error},
    {"privacy.status-list-of-one", privacy, error},
    {"privacy.sequential-status", privacy, warning},
    {"privacy.batch-of-one", privacy, warning},
    {"quality.competencies", quality, warning},
    {"quality.criteria", quality, warning},
    {"quality.assessment", quality, warning},
    {"quality.expiry", quality, warning},
});

}  // namespace

std::string_view name_of(Profile profile) {
    return profile_names.at(static_cast<std::size_t>(profile));
}

std::span<const Rule> rules() { return all; }

const Rule& rule(std::string_view id) {
    const auto* const found = std::ranges::find(all, id, &Rule::id);
    CHECK(found != all.end());
    return *found;
}

}  // namespace chancery::badge

// Three Open Badges 3.0 credentials of people who do not exist, for the sandbox.
#pragma once

#include <string>
#include <vector>

#include "crypto/json/value.h"

namespace chancery::cli {

struct DemoBadge {
    std::string file;  // "ana.badge.json"
    std::string recipient;
    json::Value document;
};

struct DemoIssuer {
    std::string did;
    std::string name;
};

// `valid_from`: unix seconds.
std::vector<DemoBadge> demo_badges(const DemoIssuer& issuer, std::uint64_t valid_from_s);

// What takes the place of the first one when it is renewed.
DemoBadge renewed_badge(const DemoIssuer& issuer, std::uint64_t valid_from_s);

// The same kind of badge with holes for a table's fields, and a table that fills them.
json::Value sample_template();
std::string sample_table(std::uint64_t valid_from_s);
// The same table with so many learners: learner-0001.json, learner-0002.json, …
std::string sample_roster(std::uint64_t valid_from_s, std::size_t learners);

}  // namespace chancery::cli

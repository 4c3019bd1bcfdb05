// What is wrong with badges before they are issued, one by one and as a batch.
#pragma once

#include <set>
#include <span>
#include <vector>

#include "crypto/badge/findings.h"
#include "crypto/json/value.h"

namespace chancery::badge {

// Those that concern every badge, and that of micro-credentials if it claims to be one.
std::set<Profile> profiles_for(const json::Value& document);

// In the order of rules() by profile, within a profile as the document goes.
std::vector<Finding> lint(const json::Value& document, const std::set<Profile>& profiles);

struct BatchFinding {
    std::size_t document = 0;  // Index of the one that it was seen in, or the first of several.
    Finding finding;
};

// What only shows when documents are looked at as those of one batch.
std::vector<BatchFinding> lint_batch(std::span<const json::Value> documents,
                                     const std::set<Profile>& profiles);

}  // namespace chancery::badge

// What is wrong with a document, each with the place where it is.
//
// A message names what is wanted and what kind of thing stands there instead, and never repeats it:
// findings end in logs, and what stands there may be about a person.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "crypto/badge/rules.h"

namespace chancery::badge {

struct Finding {
    const Rule* rule = nullptr;  // One of rules().
    std::string pointer;         // RFC 6901; "" is the document. Where it stands, or should.
    std::string message;         // One clause for a person.
};

inline constexpr std::size_t findings_max = 1'000;  // Of one document; then no more are told.

class Findings {
public:
    void add(std::string_view rule_id, std::string pointer, std::string message) {
        if (found_.size() < findings_max)
            found_.push_back({&rule(rule_id), std::move(pointer), std::move(message)});
    }

    bool has(std::string_view rule_id) const {
        return std::ranges::any_of(
            found_, [&](const Finding& finding) { return finding.rule->id == rule_id; });
    }

    bool has_at(std::string_view pointer) const {
        return std::ranges::find(found_, pointer, &Finding::pointer) != found_.end();
    }

    std::vector<Finding> take() { return std::move(found_); }

private:
    std::vector<Finding> found_;
};

}  // namespace chancery::badge

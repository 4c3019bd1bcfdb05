// What is missing of a rule, and which published achievements would fill the gap: the targets
// themselves, by whoever published them, and others that teach the same skills.
//
// A rule counts achievements by their id alone: those of the same skills are for the learner, or
// for an issuer who recognises them, and fulfil nothing by themselves.
#pragma once

#include <string>
#include <vector>

#include "crypto/json/value.h"
#include "crypto/pathway/evaluate.h"
#include "node/cli/session.h"

namespace chancery::cli {

inline constexpr std::size_t achievements_read_max = 500;

struct Offer {
    std::string achievement;  // Its id.
    std::string name;
    std::string member;  // Slug of who published it.
    ledger::Position position = 0;
    std::vector<std::string> skills;  // Names of those that it shares with the target.
};

struct Gap {
    std::string target;
    std::vector<Offer> published;  // The target itself.
    std::vector<Offer> alike;      // With a skill of the published target, most first.
};

// Targets of conditions that do not hold and that no component stands for, each once.
std::vector<std::string> missing_targets(const pathway::Evaluation& evaluation);

// Skills are alignments that are no formal elements; two are the same with one targetUrl, or with
// one targetCode of one targetFramework.
std::vector<std::string> shared_skills(const json::Value& achievement, const json::Value& other);

// At most achievements_read_max are read, the newest of each name; beyond, a warning.
Result<std::vector<Gap>> find_gaps(Session& session,
                                   Desk& desk,
                                   const pathway::Evaluation& evaluation);

}  // namespace chancery::cli

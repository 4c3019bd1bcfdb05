// What is asked of a badge before it is issued, rule by rule.
//
// A rule's id is a contract: scripts act on it, and docs/lint.md tells what it asks and why.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace chancery::badge {

enum class Profile : std::uint8_t {
    ob3,       // What Open Badges 3.0 demands, so that others' verifiers accept it.
    eu_micro,  // The European standard elements of micro-credentials.
    privacy,   // What would tell about a person more than the badge is meant to.
    quality,   // What makes a badge worth something to those who read it.
};
inline constexpr std::size_t profile_count = 4;

std::string_view name_of(Profile profile);  // "ob3", "eu-micro", …

enum class Severity : std::uint8_t { error, warning };

struct Rule {
    std::string_view id;  // "ob3.missing"
    Profile profile = Profile::ob3;
    Severity severity = Severity::error;
};

// All of them, each once, rising by profile.
std::span<const Rule> rules();

// The one of that id; CHECKs that there is one.
const Rule& rule(std::string_view id);

}  // namespace chancery::badge

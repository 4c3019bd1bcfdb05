// What a certificate is made of: a rule that says which credentials, how many, of whom, how old.
//
//     {"id": URL, "type": "Pathway", "name": text, "issuer": DID, "destination": achievement,
//      "condition": {"operator": "AND", "requiredNumber": 3, "targetComponent": [achievement, …],
//                    "issuers": [DID, …], "maxAgeDays": 1825, "minCredits": 6,
//                    "condition": [{…}, …]},
//      "cascade": "none"}
//
// A condition's own part holds if so many of its targets are held and their credits suffice. With
// AND its own part and all conditions within must hold, with OR one of these. "name" and all of a
// condition may be left out, but not both its targets and the conditions within. AND and all of the
// targets is what holds if nothing is said. "cascade" says what becomes of a certificate whose
// components were withdrawn after its award: "none" if not said, "warn" or "suspend". Certificates
// name a rule by the hash of its JCS form.
// Source: PROTOCOL.md, Pathways; the words are those of CTDL's PathwayComponent,
// ComponentCondition.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::pathway {

inline constexpr std::size_t rule_bytes_max = 64ULL * 1024;  // As contents of publications.
inline constexpr std::size_t condition_depth_max = 8;
inline constexpr std::size_t conditions_max = 64;  // All levels together.
inline constexpr std::size_t targets_max = 1'000;  // The same.
inline constexpr std::size_t issuers_max = 1'000;  // The same.
inline constexpr std::size_t text_bytes_max = 2'048;
inline constexpr std::uint64_t age_days_max = 36'500;
inline constexpr std::size_t rules_deep_max = 8;  // A diploma of certificates of badges is 2.

enum class Operator : std::uint8_t { all, any };  // "AND", "OR"

enum class Cascade : std::uint8_t { none, warn, suspend };
std::string_view name_of(Cascade cascade);  // As rules write it.

struct Condition {
    Operator combination = Operator::all;
    std::size_t required_number = 0;  // At most the targets; 0 if there are none.
    std::vector<std::string> targets;
    std::vector<std::string> issuers;  // Empty: whoever is a member.
    std::optional<std::uint64_t> age_days_max;
    std::int64_t credits_min = 0;  // In thousandths.
    std::vector<Condition> conditions;
};

struct Rule {
    std::string id;
    std::string name;  // Empty if it has none.
    std::string issuer;
    std::string destination;
    Condition condition;
    Cascade cascade = Cascade::none;
    Hash hash{};
};

// Errc::invalid with pointer, got and want: for unknown names, beyond the limits, a target named
// twice in one condition, more required than there are, and a rule that asks for its own
// destination.
Result<Rule> parse_rule(std::string_view text);

// Of all its conditions; valid as long as `rule`.
std::set<std::string_view> targets_of(const Rule& rule);

// Whether rules can be held against one another: Errc::invalid if two lead to one destination, if
// one is needed for itself, over however many others, or if one rests on more than rules_deep_max.
Result<void> check_rules(std::span<const Rule> rules);

// Whether `rule` can stand beside others, of which several may lead to one destination, as versions
// do: Errc::invalid if it is needed for itself, or rests on more than rules_deep_max. Circles of
// others that it does not rest on are theirs. Cost: those it rests on, times all.
Result<void> check_beside(const Rule& rule, std::span<const Rule> others);

}  // namespace chancery::pathway

#include "crypto/pathway/rule.h"

#include <algorithm>
#include <array>

#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "crypto/json/pointer.h"
#include "crypto/pathway/credits.h"

namespace chancery::pathway {
namespace {

constexpr json::Limits rule_limits{
    .bytes_max = rule_bytes_max, .depth_max = 20, .elements_max = 4'000};

class Reader {
public:
    explicit Reader(std::string destination) : destination_(std::move(destination)) {}

    Result<Condition> read(const json::Value& value, const std::string& where, std::size_t depth) {
        if (depth > condition_depth_max) return too_many(where, "levels", condition_depth_max);
        if (++conditions_ > conditions_max) return too_many(where, "conditions", conditions_max);
        json::Fields fields(value, where);
        const Members members{.combination = fields.optional("operator"),
                              .required = fields.optional("requiredNumber"),
                              .targets = fields.optional("targetComponent"),
                              .issuers = fields.optional("issuers"),
                              .age = fields.optional("maxAgeDays"),
                              .credits = fields.optional("minCredits"),
                              .conditions = fields.optional("condition")};
        if (auto wrong = fields.finish()) return *wrong;
        Condition condition;
        for (const auto& step : {&Reader::read_words, &Reader::read_lists, &Reader::read_numbers})
            if (auto wrong = (this->*step)(members, where, condition)) return *wrong;
        if (auto wrong = read_within(members, where, depth, condition)) return *wrong;
        if (condition.targets.empty() && condition.conditions.empty())
            return invalid_at(where, "asks for nothing, want targetComponent or condition");
        return condition;
    }

private:
    struct Members {
        const json::Value* combination = nullptr;
        const json::Value* required = nullptr;
        const json::Value* targets = nullptr;
        const json::Value* issuers = nullptr;
        const json::Value* age = nullptr;
        const json::Value* credits = nullptr;
        const json::Value* conditions = nullptr;
    };

    static Error too_many(const std::string& where, std::string_view what, std::size_t limit) {
        return invalid_at(
            where, "more " + std::string(what) + " than " + std::to_string(limit) + " in all");
    }

    std::optional<Error> read_words(const Members& members,
                                    const std::string& where,
                                    Condition& condition) {
        if (members.combination == nullptr) return std::nullopt;
        const std::string* const word = members.combination->as_string();
        if (word == nullptr || (*word != "AND" && *word != "OR"))
            return invalid_at(json::step(where, "operator"), R"(want "AND" or "OR")");
        condition.combination = *word == "AND" ? Operator::all : Operator::any;
        return std::nullopt;
    }

    std::optional<Error> read_lists(const Members& members,
                                    const std::string& where,
                                    Condition& condition) {
        const std::string targets_place = json::step(where, "targetComponent");
        auto targets = texts(members.targets, targets_place);
        if (!targets) return targets.error();
        targets_ += targets->size();
        if (targets_ > targets_max) return too_many(targets_place, "targets", targets_max);
        if (std::ranges::find(*targets, destination_) != targets->end())
            return invalid_at(targets_place,
                              "names the destination: the rule would ask for itself");
        const std::string issuers_place = json::step(where, "issuers");
        auto issuers = texts(members.issuers, issuers_place);
        if (!issuers) return issuers.error();
        issuers_ += issuers->size();
        if (issuers_ > issuers_max) return too_many(issuers_place, "issuers", issuers_max);
        condition.targets = *std::move(targets);
        condition.issuers = *std::move(issuers);
        return std::nullopt;
    }

    std::optional<Error> read_numbers(const Members& members,
                                      const std::string& where,
                                      Condition& condition) {
        const std::size_t targets = condition.targets.size();
        condition.required_number = targets;
        if (members.required != nullptr) {
            const std::int64_t* const number = members.required->as_integer();
            if (number == nullptr || *number < 1 || *number > static_cast<std::int64_t>(targets))
                return invalid_at(json::step(where, "requiredNumber"),
                                  "want 1 to the number of targets, " + std::to_string(targets));
            condition.required_number = static_cast<std::size_t>(*number);
        }
        if (members.age != nullptr) {
            const std::int64_t* const days = members.age->as_integer();
            if (days == nullptr || *days < 1 || *days > static_cast<std::int64_t>(age_days_max))
                return invalid_at(json::step(where, "maxAgeDays"),
                                  "want an integer from 1 to " + std::to_string(age_days_max));
            condition.age_days_max = static_cast<std::uint64_t>(*days);
        }
        if (members.credits != nullptr) {
            const auto credits = credits_from(*members.credits);
            if (!credits || targets == 0)
                return invalid_at(json::step(where, "minCredits"),
                                  "want a number from 0 to 1000000 beside targetComponent");
            condition.credits_min = *credits;
        }
        return std::nullopt;
    }

    std::optional<Error> read_within(const Members& members,
                                     const std::string& where,
                                     std::size_t depth,
                                     Condition& condition) {
        if (members.conditions == nullptr) return std::nullopt;
        const std::string place = json::step(where, "condition");
        const json::Array* const within = members.conditions->as_array();
        if (within == nullptr) return invalid_at(place, "want an array");
        for (std::size_t i = 0; i < within->size(); ++i) {
            auto one = read((*within)[i], json::step(place, i), depth + 1);
            if (!one) return one.error();
            condition.conditions.push_back(*std::move(one));
        }
        return std::nullopt;
    }

    static Result<std::vector<std::string>> texts(const json::Value* list,
                                                  const std::string& place) {
        std::vector<std::string> found;
        if (list == nullptr) return found;
        if (list->as_array() == nullptr || list->as_array()->empty())
            return invalid_at(place, "want an array that is not empty");
        for (const json::Value& each : *list->as_array()) {
            const std::string* const text = each.as_string();
            if (text == nullptr || text->empty() || text->size() > text_bytes_max)
                return invalid_at(place, "want strings of 1 to 2048 bytes");
            found.push_back(*text);
        }
        if (std::set<std::string>(found.begin(), found.end()).size() != found.size())
            return invalid_at(place, "names one twice");
        return found;
    }

    std::string destination_;
    std::size_t conditions_ = 0;
    std::size_t targets_ = 0;
    std::size_t issuers_ = 0;
};

constexpr std::array<std::string_view, 3> cascade_names = {"none", "warn", "suspend"};

Result<Cascade> cascade_from(const json::Value* value) {
    if (value == nullptr) return Cascade::none;
    const std::string* const word = value->as_string();
    const auto* const found = std::ranges::find(cascade_names, word == nullptr ? "" : *word);
    if (found == cascade_names.end())
        return invalid_at("/cascade", R"(want "none", "warn" or "suspend")");
    return static_cast<Cascade>(found - cascade_names.begin());
}

void add_targets(const Condition& condition, std::set<std::string_view>& targets) {
    targets.insert(condition.targets.begin(), condition.targets.end());
    for (const Condition& within : condition.conditions)
        add_targets(within, targets);
}

// How many rules each rests on, one upon the other, itself included; each is looked at once.
class Depths {
public:
    explicit Depths(std::span<const Rule> rules) : rules_(rules), depths_(rules.size()) {}

    Result<std::size_t> of(std::size_t index) {
        if (depths_[index] == being_counted) return invalid("rules need one another in a circle");
        if (depths_[index] != 0) return depths_[index];
        depths_[index] = being_counted;
        const std::set<std::string_view> targets = targets_of(rules_[index]);
        std::size_t below = 0;
        for (std::size_t i = 0; i < rules_.size(); ++i) {
            if (!targets.contains(rules_[i].destination)) continue;
            const auto needed = of(i);
            if (!needed) return needed;
            below = std::max(below, *needed);
        }
        if (below >= rules_deep_max)
            return invalid("rules rest on one another " + std::to_string(below + 1) +
                           " deep, want at most " + std::to_string(rules_deep_max));
        depths_[index] = below + 1;
        return depths_[index];
    }

private:
    static constexpr std::size_t being_counted = rules_deep_max + 1;

    std::span<const Rule> rules_;
    std::vector<std::size_t> depths_;  // 0: not looked at.
};

}  // namespace

std::string_view name_of(Cascade cascade) {
    return cascade_names.at(static_cast<std::size_t>(cascade));
}

Result<Rule> parse_rule(std::string_view text) {
    const auto document = json::parse(text, rule_limits);
    if (!document) return document.error();
    json::Fields fields(*document);
    Rule rule;
    rule.id = fields.string("id");
    const std::string type = fields.string("type");
    rule.issuer = fields.string("issuer");
    rule.destination = fields.string("destination");
    const json::Value& condition = fields.any("condition");
    const json::Value* const name = fields.optional("name");
    const json::Value* const cascade = fields.optional("cascade");
    if (auto wrong = fields.finish()) return *wrong;
    if (type != "Pathway") return invalid_at("/type", R"(want "Pathway")");
    if (name != nullptr && name->as_string() == nullptr) return invalid_at("/name", "want string");
    if (name != nullptr) rule.name = *name->as_string();
    for (const auto& [place, value] : {std::pair("/id", &rule.id),
                                       std::pair("/issuer", &rule.issuer),
                                       std::pair("/destination", &rule.destination)})
        if (value->empty() || value->size() > text_bytes_max)
            return invalid_at(place, "want 1 to 2048 bytes");
    const auto policy = cascade_from(cascade);
    if (!policy) return policy.error();
    rule.cascade = *policy;
    auto read = Reader(rule.destination).read(condition, "/condition", 1);
    if (!read) return read.error();
    rule.condition = *std::move(read);
    rule.hash = sha256(bytes_of(json::canonical(*document)));
    return rule;
}

std::set<std::string_view> targets_of(const Rule& rule) {
    std::set<std::string_view> targets;
    add_targets(rule.condition, targets);
    return targets;
}

Result<void> check_rules(std::span<const Rule> rules) {
    std::set<std::string_view> destinations;
    for (const Rule& rule : rules)
        if (!destinations.insert(rule.destination).second)
            return invalid("two rules lead to one destination");
    Depths depths(rules);
    for (std::size_t i = 0; i < rules.size(); ++i)
        if (const auto depth = depths.of(i); !depth) return depth.error();
    return {};
}

Result<void> check_beside(const Rule& rule, std::span<const Rule> others) {
    std::vector<Rule> all(others.begin(), others.end());
    all.push_back(rule);
    const auto depth = Depths(all).of(all.size() - 1);
    if (!depth) return depth.error();
    return {};
}

}  // namespace chancery::pathway

#include "node/cli/rule_finder.h"

#include <algorithm>
#include <filesystem>

#include "crypto/base/encoding.h"
#include "node/cli/catalogue.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using ledger::Position;
using ledger::PublicationType;
using pathway::Rule;

struct RuleWanted {
    std::optional<Hash> hash;  // Else by URL.
    std::string url;
    std::optional<Position> award;
};

bool is_the_rule(const Catalogued& one, const RuleWanted& wanted) {
    return wanted.hash ? one.item.content_hash == *wanted.hash : one.item.url == wanted.url;
}

// Of several publications of one member the last before the award; by hash, one after it will do,
// which is then told.
std::optional<Catalogued> choose(const std::vector<Catalogued>& published,
                                 const RuleWanted& wanted) {
    const Catalogued* chosen = nullptr;
    for (const Catalogued& one : published) {
        const bool is_before = !wanted.award || one.item.position < *wanted.award;
        if (is_before || (wanted.hash && chosen == nullptr)) chosen = &one;
    }
    return chosen == nullptr ? std::nullopt : std::optional(*chosen);
}

std::optional<Position> replaced_at(const std::vector<Catalogued>& all, const Catalogued& one) {
    for (const Catalogued& other : all)
        if (other.member == one.member && other.item.url == one.item.url &&
            other.item.position > one.item.position)
            return other.item.position;
    return std::nullopt;
}

bool has_did(const ledger::Member& member, std::string_view did) {
    return std::ranges::find(member.dids, did, &ledger::DidRecord::did) != member.dids.end();
}

Result<Rule> fetch_rule(Desk& desk, const Catalogued& one) {
    const auto content = desk.node.content(one.item.content_hash);
    if (!content) return content.error();
    auto rule = pathway::parse_rule(*content);
    if (!rule)
        return Error{Errc::invalid,
                     "what " + one.member->slug + " published at " +
                         std::to_string(one.item.position) + " is no rule: " + rule.error().detail};
    if (rule->hash != one.item.content_hash)
        return Error{Errc::invalid,
                     "what " + one.member->slug + " published at " +
                         std::to_string(one.item.position) + " is not in canonical form"};
    return rule;
}

Error none_found(const RuleWanted& wanted, const std::vector<Catalogued>& matching) {
    if (matching.empty())
        return {Errc::not_found,
                wanted.hash ? "no member published a rule with this hash"
                            : "no member published a rule under this URL"};
    if (wanted.award && matching.front().item.position > *wanted.award)
        return {Errc::not_found,
                "the rule was first published at " +
                    std::to_string(matching.front().item.position) + ", after the award at " +
                    std::to_string(*wanted.award)};
    return {Errc::not_found, "nobody published this rule but others than its issuer"};
}

}  // namespace

bool is_published_rule(const std::string& word) {
    if (hash_from_hex(word)) return true;
    std::error_code error;
    const bool is_address = word.find("://") != std::string::npos || word.starts_with("urn:");
    return is_address && !std::filesystem::exists(word, error);
}

Result<Rule> read_rule(const std::string& path) {
    const auto text = node::read_file(path, pathway::rule_bytes_max);
    if (!text) return text.error();
    auto rule = pathway::parse_rule(*text);
    if (!rule) return Error{Errc::invalid, path + ": " + rule.error().detail};
    return rule;
}

Result<FoundRule> find_published_rule(Desk& desk,
                                      const std::string& word,
                                      std::optional<Position> award) {
    RuleWanted wanted{.hash = {}, .url = word, .award = award};
    if (const auto hash = hash_from_hex(word)) wanted.hash = *hash;
    const auto all = catalogue(desk, PublicationType::pathway);
    if (!all) return all.error();
    std::vector<Catalogued> matching;
    std::ranges::copy_if(*all, std::back_inserter(matching), [&](const Catalogued& one) {
        return is_the_rule(one, wanted);
    });
    for (const ledger::Member& member : desk.trust.trust().newest().members) {
        std::vector<Catalogued> of_member;
        std::ranges::copy_if(matching, std::back_inserter(of_member), [&](const Catalogued& one) {
            return one.member == &member;
        });
        const auto chosen = choose(of_member, wanted);
        if (!chosen) continue;
        auto rule = fetch_rule(desk, *chosen);
        if (!rule) return rule.error();
        if (!has_did(member, rule->issuer)) continue;
        if (const auto proven = prove(desk, *chosen, PublicationType::pathway); !proven)
            return proven.error();
        return FoundRule{*std::move(rule),
                         RuleOrigin{.member = member.slug,
                                    .url = chosen->item.url,
                                    .position = chosen->item.position,
                                    .replaced_at = replaced_at(*all, *chosen)}};
    }
    return none_found(wanted, matching);
}

Result<std::vector<Rule>> rules_in_force(Session& session, Desk& desk, const NameTaken& but) {
    const auto all = catalogue(desk, PublicationType::pathway);
    if (!all) return all.error();
    std::vector<Rule> rules;
    std::size_t looked_at = 0;
    for (const Catalogued& one : *all) {
        const bool is_replaced = one.member->number == but.member && one.item.url == but.url;
        if (!one.is_newest() || is_replaced) continue;
        if (++looked_at > rules_beside_max) {
            session.out.warning("only the first " + grouped(rules_beside_max) +
                                " published rules were looked at for circles");
            break;
        }
        auto rule = fetch_rule(desk, one);
        if (rule)
            rules.push_back(*std::move(rule));
        else if (rule.error().code == Errc::invalid || rule.error().code == Errc::not_found)
            session.out.warning("passed over: " + rule.error().detail);
        else
            return rule.error();
    }
    return rules;
}

}  // namespace chancery::cli

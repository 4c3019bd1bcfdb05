// Rules of pathways as people name them: a file, or what a member published, by its URL or hash.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/pathway/rule.h"
#include "node/cli/session.h"

namespace chancery::cli {

// Where a published rule stands on the ledger.
struct RuleOrigin {
    std::string member;  // Slug.
    std::string url;
    ledger::Position position = 0;
    std::optional<ledger::Position> replaced_at;  // By the next one of that name.

    // As of an entry: published before it, and not replaced before it.
    bool was_in_force_at(ledger::Position entry) const {
        return position < entry && (!replaced_at || *replaced_at > entry);
    }
};

struct FoundRule {
    pathway::Rule rule;
    std::optional<RuleOrigin> origin;  // nullopt: a file.
};

// Whether a word names a published rule: 64 hex digits, or a URL or URN where no such file is.
bool is_published_rule(const std::string& word);

// Errc::invalid with the file's name.
Result<pathway::Rule> read_rule(const std::string& path);

// By URL the version in force at `award`, or the newest if there is no award; by hash that very
// one. Only what the rule's own issuer published counts. Proven to stand on the ledger.
// Errc::not_found: nobody published it, or only after the award.
Result<FoundRule> find_published_rule(Desk& desk,
                                      const std::string& word,
                                      std::optional<ledger::Position> award);

// The newest of each name of all members but that which a member would replace; what is no rule is
// passed over, told in a warning. At most rules_beside_max are looked at.
inline constexpr std::size_t rules_beside_max = 1'000;
struct NameTaken {
    ledger::MemberNumber member = 0;
    std::string url;
};
Result<std::vector<pathway::Rule>> rules_in_force(Session& session,
                                                  Desk& desk,
                                                  const NameTaken& but);

}  // namespace chancery::cli

// The logs that the members' nodes show, held against one another: all must be one history.
//
// Each checkpoint must be sealed under our trust, and each larger one must extend the next smaller
// one. Two that cannot both be true are made into fork evidence, which proves it to anybody.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/credential/fork_evidence.h"
#include "crypto/credential/trust.h"
#include "node/audit/log_source.h"

namespace chancery::cli {

struct ShownLog {
    std::string member;
    audit::LogSource* source = nullptr;  // nullptr: `why` it cannot be asked.
    std::optional<Error> why = std::nullopt;
};

struct ComparedLog {
    std::string member;
    std::optional<Error> trouble;  // Errc::corrupt: an alarm; else it could not be asked.
    std::string checkpoint;
    merkle::TreeHead head;
    std::uint32_t cosigners = 0;
};

struct FoundFork {
    std::string a;  // Members that showed the two.
    std::string b;
    credential::ForkEvidence evidence;
    // What the evidence proves; an error says why it names nobody.
    Result<credential::ProvenFork> proof;
};

struct Comparison {
    std::vector<ComparedLog> logs;  // In the order asked.
    std::vector<FoundFork> forks;

    std::size_t compared() const;  // Those without trouble.
    bool is_alarm() const;
};

Comparison compare_logs(const std::vector<ShownLog>& logs, const credential::Trust& trust);

}  // namespace chancery::cli

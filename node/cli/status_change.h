// Changes of status: what is to be changed, from files, commitments or a table, and the batches
// that change it.
#pragma once

#include <string>
#include <vector>

#include "node/cli/issue_rows.h"
#include "node/cli/session.h"
#include "node/cli/status_register.h"

namespace chancery::cli {

inline constexpr std::string_view not_registered = "this member registered no such credential";

struct StatusTarget {
    std::string name;     // As it was given: a file or a commitment.
    std::string file;     // Empty for a bare commitment.
    std::size_t row = 0;  // Line of the table that names it; 0: no table does.
    CredentialKey key;
    ledger::Reason reason = ledger::Reason::unspecified;
};

// A document with its receipt, a receipt, or 64 hex digits of a commitment.
Result<StatusTarget> find_target(const std::string& name, const Issuer& issuer);

// A table with a column "file" or "commitment" and, if wanted, "reason". `reason` is for rows that
// give none. Rows that cannot be read are errors of their own.
struct StatusTargets {
    std::vector<StatusTarget> targets;
    std::vector<RowError> errors;
};
Result<StatusTargets> read_targets(const std::string& path,
                                   ledger::Reason reason,
                                   const Issuer& issuer);

struct StatusChange {
    ledger::CredentialStatus status = ledger::CredentialStatus::good;
    ledger::Position successor = ledger::no_position;  // Only with superseded.
};

class StatusJob {
public:
    // All must outlive the job.
    StatusJob(Session& session, NodeClient& node, TrustStore& trust, const Issuer& issuer)
        : session_(session), node_(node), trust_(trust), issuer_(issuer) {}

    // Changes all that can be changed; the rest is in errors(). Fetches each file's new status
    // proof and wants it to prove the change.
    Result<void> run(const std::vector<StatusTarget>& targets, const StatusChange& change);

    std::size_t changed() const { return confirmed_.size(); }
    // What the ledger has now, as proven.
    const std::vector<StatusRegister::Standing>& confirmed() const { return confirmed_; }
    const std::vector<RowError>& errors() const { return errors_; }

private:
    struct Planned {
        ledger::StatusEntry entry;
        const StatusTarget* target = nullptr;
    };
    Result<std::vector<Planned>> plan(std::span<const StatusTarget> targets,
                                      const StatusChange& change);
    // Where the batch stands.
    Result<ledger::Position> submit(const std::vector<Planned>& planned);
    Result<void> confirm(const std::vector<Planned>& planned, ledger::Position position);

    Session& session_;
    NodeClient& node_;
    TrustStore& trust_;
    const Issuer& issuer_;
    std::vector<StatusRegister::Standing> confirmed_;
    std::vector<RowError> errors_;
};

}  // namespace chancery::cli

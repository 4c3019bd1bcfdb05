// Holds every status list that members ever published against the ledger, as a replay goes through
// it: each by itself, each against the one before it of its name, and how many bits they set
// against how many credentials the ledger says it of.
//
//   - a bit of a revocation list is never taken back; length and purpose of a name never change;
//   - the newest revocation lists of a member set at most as many bits as it has credentials that
//     are revoked or superseded;
//   - a suspension list sets at most as many as were suspended when it was published, the newest
//     ones together at most as many as are suspended, unless the ledger changed after them.
//
// Which bit is whose stands nowhere on the ledger, so more cannot be told.
// Source: PROTOCOL.md, Status lists.
#pragma once

#include <map>
#include <unordered_set>
#include <vector>

#include "node/audit/list_check.h"
#include "node/audit/replay.h"

namespace chancery::audit {

struct ListFinding {
    ledger::Position position = 0;  // Of the publication.
    std::string member;             // Slug.
    std::string list;               // Its name; empty: all of the member's together.
    std::string what;
    bool is_contradiction = false;  // Else: what cannot be told, and why.
    bool operator==(const ListFinding&) const = default;
};

struct ListReport {
    std::uint64_t publications = 0;  // Of status lists.
    std::uint64_t read = 0;          // Whose content was there and good.
    std::uint64_t lists = 0;         // Names.
    std::uint64_t contradictions = 0;
    std::uint64_t untold = 0;
    std::vector<ListFinding> findings;  // The first findings_max.
};

class ListAudit : public BlockWatcher {
public:
    static constexpr std::size_t findings_max = 1'000;
    // Of the newest bits of each name; beyond, a list is held against no earlier one.
    static constexpr std::size_t kept_bytes_max = std::size_t{64} * 1024 * 1024;

    // Contents come from `source`, which must outlive it.
    explicit ListAudit(LogSource& source) : source_(source) {}

    void saw(const registry::AppliedBlock& block) override;
    // Once the last block was seen.
    ListReport finish() &&;

private:
    struct Newest {
        ledger::Position position = 0;
        credential::StatusPurpose purpose = credential::StatusPurpose::revocation;
        std::size_t set = 0;
        std::optional<credential::StatusBits> bits;  // Unless there was no room.
    };
    struct Office {  // What one member has.
        std::string slug;
        std::map<std::string, Newest, std::less<>> lists;
        std::uint64_t withdrawn = 0;  // Revoked or superseded.
        std::unordered_set<ledger::Position> suspended;
        ledger::Position changed_at = 0;  // Of its newest status entry.
    };

    Office& office_of(const ledger::Member& member);
    void take_status(const registry::AppliedBlock& block, const registry::NewStatus& status);
    void take_list(const registry::AppliedBlock& block, ledger::Position position);
    void hold_against_earlier(const PublishedList& list, const ListContent& read, Office& office);
    void hold_against_ledger(const PublishedList& list, const ListContent& read, Office& office);
    void keep(const PublishedList& list, ListContent read, Office& office);
    void sum_up(const Office& office);
    void found(ListFinding finding);

    LogSource& source_;
    std::map<ledger::MemberNumber, Office> offices_;
    std::size_t kept_bytes_ = 0;
    ListReport report_;
};

}  // namespace chancery::audit

// Every member's node of a network asked at once how it is, and what that comes to.
//
// Nothing is proven here: it is for operators, who run or know these nodes.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "crypto/json/value.h"
#include "crypto/ledger/genesis.h"
#include "node/remote.h"

namespace chancery::cli {

struct MemberReport {
    std::string slug;
    std::string name;
    std::string url;
    std::string why;  // Why it was not reached, in one clause; empty if it was.
    // What the node said, if it was reached.
    std::string version;
    std::string role;
    std::uint64_t term = 0;
    std::uint64_t height = 0;
    std::uint64_t size = 0;
    std::uint64_t lag = 0;  // Entries behind the largest log that was shown.
    std::string root;
    std::uint64_t checkpoint_age_s = 0;
    std::uint32_t quorum = 0;
    bool accepts_writes = false;
    std::string reason;    // Why it accepts none.
    std::string findings;  // Why it is not ready; empty if it is.

    bool is_reached() const { return why.empty(); }
    // "uni-b: connection refused"
    std::string trouble() const;
};

struct NetworkReport {
    std::vector<MemberReport> members;  // As in genesis.
    std::uint32_t quorum = 0;           // As the furthest node has it; genesis's if none answers.
    std::uint64_t size = 0;

    std::size_t reached() const;
    bool accepts_writes() const;
    // All reached and ready, and writes accepted.
    bool is_whole() const;
    // "4 of 4 members reachable, writes are accepted, quorum 3"
    std::string headline() const;
    // "uni-b: connection refused; uni-c: no checkpoint is sealed yet"
    std::string troubles() const;
};

// Whom to ask, and where.
struct MemberAddress {
    std::string slug;
    std::string name;
    std::string url;
};
struct Roll {
    Hash network{};
    std::string origin;
    std::uint32_t quorum = 0;
    std::vector<MemberAddress> members;
};
Roll roll_of(const ledger::Genesis& genesis);

// All nodes are asked at the same time, each as `reach` says.
NetworkReport survey(const Roll& roll, const node::Reach& reach);

json::Value to_json(const NetworkReport& report);

}  // namespace chancery::cli

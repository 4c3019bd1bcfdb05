// What a core is started with, what it asks its driver to do, and what it tells of itself.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "consensus/raft/certificate.h"
#include "consensus/raft/configuration.h"
#include "consensus/raft/message.h"
#include "consensus/raft/progress.h"
#include "consensus/raft/types.h"

namespace chancery::raft {

inline constexpr Term term_leap_max = 1000;  // Further ahead only with a certificate.

// One tick is 100 ms.
struct Settings {
    NodeId self = 0;
    Hash network{};
    std::uint32_t epoch = 1;
    // False for a node that no act has made a member's voting node: it never campaigns or votes.
    bool may_vote = true;
    std::uint32_t heartbeat_ticks = 1;
    // A follower campaigns after election_ticks to 2 × election_ticks − 1 without its leader;
    // within the first election_ticks it supports nobody else.
    std::uint32_t election_ticks = 10;
    std::uint64_t append_bytes_max = 1024ULL * 1024;  // One entry at least.
    Window window;                                    // For each peer.
    bool operator==(const Settings&) const = default;
};

// What a node knows of itself when it starts; of a fresh one, the base {0/0, network id} and the
// configuration of genesis.
struct Restored {
    Base base;
    Configuration base_configuration;  // Active at the base.
    std::vector<Entry> entries;        // After the base, all durable.
    Vote vote;                         // Its term is at least the last entry's.
    Index sealed = 0;                  // Newest sealed block; its effects are in the database.
    Claim claim;                       // Derived at `sealed`; at the start: height 0, empty tree.
    Index cosigned = 0;                // Newest block cosigned by this node.
};

enum class Role : std::uint8_t { follower, pre_candidate, candidate, leader };

struct Write {
    std::uint64_t id = 0;  // Rising by one; written and made durable in this order.
    std::optional<Vote> vote;
    std::vector<Entry> entries;  // One at or below the last index replaces the suffix.
    bool operator==(const Write&) const = default;
};

struct RoleChange {
    Role role = Role::follower;
    Term term = 0;
    std::optional<NodeId> leader;  // Of this term, if known by its certificate.
    bool operator==(const RoleChange&) const = default;
};

// Something that no correct node does. For the log and for people; nothing acts on it.
struct Evidence {
    enum class Kind : std::uint8_t {
        two_entries = 1,     // One term, one index, one predecessor, two entries.
        below_commit = 2,    // Contradicts an entry that is committed here.
        below_cosigned = 3,  // Contradicts an entry that this node cosigned.
        two_leaders = 4,     // Two certificates in one term.
    };
    Kind kind = Kind::two_entries;
    NodeId from = 0;
    Term term = 0;
    std::optional<Entry> ours;
    std::optional<Entry> theirs;
    bool operator==(const Evidence&) const = default;
};

// "two entries", "below commit", "below cosigned", "two leaders".
std::string_view name_of(Evidence::Kind kind);

struct Effects {
    std::optional<Write> write;
    std::vector<Envelope> send;
    std::optional<Ballot> sign_vote;         // Its record is durable.
    std::vector<Entry> apply_speculatively;  // Blocks taken; the last of them may be replaced.
    std::vector<Entry> committed;            // Of every kind, in order, each once.
    std::optional<RoleChange> role;
    std::vector<Evidence> evidence;

    bool operator==(const Effects&) const = default;
    bool is_empty() const { return *this == Effects{}; }
};

// What the members derived at one block, as far as acknowledged.
enum class Agreement : std::uint8_t {
    undecided,   // Not enough claims yet, or none of our own.
    agreed,      // Quorum members, this node among them, derived the same.
    outvoted,    // Quorum members derived the same, and this node something else.
    impossible,  // No claim can reach a quorum any more: halt and compare versions.
};

struct PeerStatus {
    NodeId node = 0;
    Index match = 0;
    Index next = 0;
    bool is_probing = false;
    bool needs_older = false;  // The next entry for it was cut: it must catch up from the log.
    bool operator==(const PeerStatus&) const = default;
};

struct Status {
    Role role = Role::follower;
    Term term = 0;
    std::optional<NodeId> leader;
    EntryId last;
    Index taken = 0;
    Index durable = 0;
    Index committed = 0;
    Index sealed = 0;
    Index cosigned = 0;
    Index last_block = 0;           // 0: none after the base.
    std::vector<PeerStatus> peers;  // As leader; ascending.
    bool operator==(const Status&) const = default;
};

}  // namespace chancery::raft

// The members object: who belongs to a network, with every key and the positions it was good for.
//
// It is what a verifier trusts. Its hash stands in every block's last entry, so that a trusted
// object leads to the next. Nothing in it is ever dropped.
// Source: PROTOCOL.md, Members and governance.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/json/value.h"
#include "crypto/ledger/entry.h"
#include "crypto/ledger/genesis.h"
#include "crypto/ledger/recorded_key.h"
#include "crypto/note/policy.h"

namespace chancery::ledger {

// Positions [from, until); in force to this day if `until` is empty.
struct InForce {
    Position from = 0;
    std::optional<Position> until;
    bool at(Position position) const { return from <= position && (!until || position < *until); }
    bool operator==(const InForce&) const = default;
};

struct DidRecord {
    std::string did;
    InForce in_force;
    bool operator==(const DidRecord&) const = default;
};

struct KeyRecord {
    KeyUse use = KeyUse::issuer;
    std::uint32_t number = 0;  // From 1 per member and use.
    RecordedKey key;
    InForce in_force;
    bool operator==(const KeyRecord&) const = default;
};

struct Member {
    MemberNumber number = 0;
    std::string slug;
    std::string name;
    std::vector<DidRecord> dids;
    std::vector<KeyRecord> keys;
    bool operator==(const Member&) const = default;
};

struct Members {
    Hash network{};
    std::string origin;
    std::uint32_t epoch = 1;
    std::string log;  // vkey
    std::uint32_t quorum = 0;
    std::vector<Member> members;  // By rising number.

    const Member* find(MemberNumber number) const;
    const Member* find_slug(std::string_view slug) const;  // The newest of that slug.
    bool operator==(const Members&) const = default;
};

Members members_from(const Genesis& genesis);

json::Value to_json(const Members& members);
// Errc::invalid with a JSON pointer: form, order, key encodings and ranges, keys or DIDs held
// twice, a quorum that the members in force cannot have. `where`: a pointer to `value`.
Result<Members> parse_members(const json::Value& value, const std::string& where = "");
Hash members_hash(const Members& members);

// nullptr if the member has no such key. Says nothing of force: see KeyRecord::in_force.
const KeyRecord* find_key(const Member& member, KeyUse use, std::uint32_t number);

// The origin of the first epoch, which key names begin with.
std::string genesis_origin(const Members& members);

// One cosigner, as a verifier's key named "<genesis origin>/<slug>".
struct Cosigner {
    MemberNumber member = 0;
    std::string slug;
    note::VerifierKey key;
};
// The cosigner keys in force for entries at `position`, by member number. A checkpoint's last
// block was made under position size - 1 (0 for size 0).
std::vector<Cosigner> cosigners_at(const Members& members, Position position);

// How many members' cosigners have a valid line on `note`, and the quorum-th newest time.
struct Seal {
    std::uint32_t members = 0;            // Members with a valid cosignature.
    std::optional<std::uint64_t> time_s;  // The quorum-th newest; empty if not sealed.
    bool is_sealed() const { return time_s.has_value(); }
    bool operator==(const Seal&) const = default;
};
// Errc::forbidden if a known cosigner's line is bad.
Result<Seal> seal_of(const note::SignedNote& note,
                     const std::vector<Cosigner>& cosigners,
                     std::uint32_t quorum);
// Of lines that were checked: each member's newest time.
Seal seal_of(const std::map<MemberNumber, std::uint64_t>& newest_times, std::uint32_t quorum);

std::string policy_of(const Members& members, Position position);

}  // namespace chancery::ledger

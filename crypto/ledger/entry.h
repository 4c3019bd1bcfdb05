// The entries of the public log: each kind as a value, to bytes and back.
//
//     entry = format u8 = 1 ‖ kind u8 ‖ the kind's own fields, big-endian
//
// Decoding checks form, codes and lengths, all that one entry tells; what needs the rest of the
// log (order, keys, previous states) is the registry's. Source: PROTOCOL.md, Entries.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::ledger {

inline constexpr std::uint8_t entry_format = 1;
inline constexpr std::uint64_t no_position = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint32_t batch_records_max = 65'536;
inline constexpr std::uint64_t block_bytes_max = 4ULL * 1024 * 1024;
inline constexpr std::size_t url_bytes_max = 2'048;
inline constexpr std::size_t act_bytes_max = 32ULL * 1024;
inline constexpr std::size_t credential_entry_bytes = 46;
inline constexpr std::size_t state_entry_bytes = 90;

using MemberNumber = std::uint32_t;  // From 1.
using Position = std::uint64_t;      // From 0.
using TimeMs = std::uint64_t;        // Milliseconds since 1970.
using Nonce = std::array<std::uint8_t, 16>;
using Signature = std::array<std::uint8_t, 64>;

enum class Kind : std::uint8_t {
    batch = 1,
    credential = 2,
    status = 3,
    publication = 4,
    governance = 5,
    anchor = 6,
    state = 7,
};

enum class CredentialStatus : std::uint8_t { good = 0, suspended = 1, revoked = 2, superseded = 3 };
enum class Reason : std::uint8_t {
    unspecified = 0,
    issued_in_error = 1,
    withdrawn_by_issuer = 2,
    withdrawn_by_holder = 3,
    key_compromise = 4,
    replaced = 5,
    requirement_expired = 6,
    legal_order = 7,
};
enum class PublicationType : std::uint8_t {
    achievement = 1,
    pathway = 2,
    issuer_profile = 3,
    status_list = 4
};

// "good", "suspended", …; "issued_in_error", …
std::string_view name_of(CredentialStatus status);
std::string_view name_of(Reason reason);
std::optional<CredentialStatus> status_named(std::string_view name);
std::optional<Reason> reason_named(std::string_view name);
// Allowed: 0→1, 0→2, 0→3, 1→0, 1→2, 1→3.
bool is_change_allowed(CredentialStatus from, CredentialStatus to);

struct BatchEntry {  // Kind 1, 143 bytes: announces the `count` records that follow it.
    MemberNumber member = 0;
    std::uint32_t key_number = 0;
    TimeMs time = 0;
    Nonce nonce{};
    TimeMs expires = 0;
    Kind record_kind = Kind::credential;
    std::uint32_t count = 0;
    Hash records_root{};
    Signature signature{};
    bool operator==(const BatchEntry&) const = default;
};

struct CredentialEntry {  // Kind 2, 46 bytes.
    MemberNumber member = 0;
    TimeMs time = 0;
    Hash commitment{};
    bool operator==(const CredentialEntry&) const = default;
};

struct StatusEntry {  // Kind 3, 72 bytes.
    MemberNumber member = 0;
    TimeMs time = 0;
    Position position = 0;
    Hash commitment{};
    Position previous = no_position;
    CredentialStatus status = CredentialStatus::good;
    Reason reason = Reason::unspecified;
    Position successor = no_position;  // Only with superseded.
    bool operator==(const StatusEntry&) const = default;
};

struct PublicationEntry {  // Kind 4.
    MemberNumber member = 0;
    TimeMs time = 0;
    PublicationType type = PublicationType::achievement;
    Hash content_hash{};
    std::string url;  // UTF-8, 1…2,048 bytes, no control characters.
    bool operator==(const PublicationEntry&) const = default;
};

struct GovernanceEntry {  // Kind 5.
    TimeMs time = 0;
    Signature signature{};
    Bytes act;  // JCS, at most 32 KiB.
    bool operator==(const GovernanceEntry&) const = default;
};

struct AnchorEntry {  // Kind 6.
    MemberNumber member = 0;
    TimeMs time = 0;
    std::uint64_t size = 0;
    Hash root{};
    std::string chain;  // CAIP-2: "eip155:11155111".
    Hash transaction{};
    bool operator==(const AnchorEntry&) const = default;
};

struct StateEntry {            // Kind 7, 90 bytes: the last of every block.
    std::uint64_t height = 0;  // From 1.
    TimeMs time = 0;
    std::uint64_t size = 0;  // Entries before this one.
    Hash status_root{};
    Hash members_hash{};
    bool operator==(const StateEntry&) const = default;
};

// Of a later release. A node refuses it, a verifier cannot tell, an auditor stops.
struct UnknownEntry {
    std::uint8_t format = 0;
    std::uint8_t kind = 0;
    bool operator==(const UnknownEntry&) const = default;
};

using Entry = std::variant<BatchEntry,
                           CredentialEntry,
                           StatusEntry,
                           PublicationEntry,
                           GovernanceEntry,
                           AnchorEntry,
                           StateEntry,
                           UnknownEntry>;

// CHECKs what decode() would refuse, but for UnknownEntry, which cannot be written at all.
Bytes encode(const Entry& entry);

// Appends one kind-2 entry per commitment: encode() for a whole batch, at the cost of a copy.
void append_credential_entries(Bytes& entries,
                               MemberNumber member,
                               TimeMs time,
                               std::span<const Hash> commitments);

// Errc::invalid, with got and want. An unknown format or kind is an UnknownEntry, not an error.
Result<Entry> decode(ByteView bytes);

// The bytes of a record (kinds 2, 3, 4, 6) after its time: what `records_root` and the batch
// signature cover, and what a bulk submission carries.
Bytes body_of(const Entry& record);
// The record of `kind` that a body, a member and a time make. Errc::invalid as decode().
Result<Entry> record_of(Kind kind, MemberNumber member, TimeMs time, ByteView body);

}  // namespace chancery::ledger

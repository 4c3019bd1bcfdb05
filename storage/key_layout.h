// Every key of the ledger database and the form of every value.
//
//     key                          value
//     00                           format u32 = 1 ‖ network[32]
//     01                           height u64 ‖ time u64 ‖ term u64 ‖ index u64 ‖ chain[32] ‖
//                                    size u64 ‖ frontier roots
//     02                           the newest sealed note
//     03                           the members object in force, JCS
//     04 ‖ index u64               entry bundle: (length u16 ‖ entry)*; the last one may be partial
//     05 ‖ level u8 ‖ index u64    tile: hashes; the last one of a level may be partial
//     06 ‖ index u64               status chunk[64]; absent: zeros
//     07 ‖ position u64            position u64 of the entry that set its present status
//     08 ‖ member u32 ‖ nonce[16]  batch: message[32] ‖ expires u64 ‖ first u64 ‖ count u32 ‖
//                                    time u64 ‖ height u64
//     09 ‖ hash[32]                published content
//     0a ‖ height u64              size u64 of the log after that block
//     0b ‖ size u64                members step: length u32 ‖ sealed note ‖ the new object, JCS
//     0c                           watermark u64: the index family has all commitments before it
//     0d ‖ member u32 ‖ type u8 ‖ H(name)[32]
//                                  position u64 of its newest publication
//     0e ‖ member u32 ‖ sequence u64
//                                  act: message[32] ‖ position u64 ‖ time u64 ‖ height u64
//     0f ‖ member u32 ‖ type u8 ‖ position u64
//                                  nothing: every publication of that member and type
//
//     index family: commitment[32] ‖ member u32 → position, big-endian without leading zeros
//
// A newer format is refused before anything is written.
#pragma once

#include <optional>
#include <string>

#include "storage/ledger_store.h"

namespace chancery::storage::keys_of {

inline constexpr std::uint32_t database_format = 1;

std::string format();
std::string head();
std::string checkpoint();
std::string members();
std::string bundle(std::uint64_t index);
std::string tile(std::uint8_t level, std::uint64_t index);
std::string chunk(std::uint64_t index);
std::string newest_status(ledger::Position position);
std::string batch(ledger::MemberNumber member, const ledger::Nonce& nonce);
std::string content(const Hash& hash);
std::string publication(ledger::MemberNumber member,
                        ledger::PublicationType type,
                        const Hash& name);
std::string act(ledger::MemberNumber member, std::uint64_t sequence);
std::string publication_at(ledger::MemberNumber member,
                           ledger::PublicationType type,
                           ledger::Position position);
std::string height(std::uint64_t height);
std::string members_step(std::uint64_t size);
std::string watermark();

// All chunks, all members steps or all acts of a member stand in [first, end).
struct KeyRange {
    std::string first;
    std::string end;
};
KeyRange all_chunks();
KeyRange all_members_steps();
KeyRange all_acts(ledger::MemberNumber member);

inline constexpr std::size_t commitment_key_bytes = 36;
using CommitmentKey = std::array<std::uint8_t, commitment_key_bytes>;
CommitmentKey commitment(const Hash& commitment, ledger::MemberNumber member);

}  // namespace chancery::storage::keys_of

namespace chancery::storage::values_of {

Bytes format(const Hash& network);
// Errc::corrupt: a newer format, or another network's database.
Result<void> check_format(ByteView value, const Hash& network);

struct Head {
    std::uint64_t height = 0;
    ledger::TimeMs time = 0;
    raft::EntryId id;
    Hash chain{};
    merkle::Frontier frontier;
};
Bytes head(const Head& head);
Result<Head> parse_head(ByteView value);

Bytes members(const ledger::Members& members);
Result<ledger::Members> parse_members(ByteView value);

Bytes number(std::uint64_t value);
Result<std::uint64_t> parse_number(ByteView value);

Bytes batch(const registry::BatchRecord& record);
// The key gives member; the nonce is the caller's.
Result<registry::BatchRecord> parse_batch(ByteView value,
                                          ledger::MemberNumber member,
                                          const ledger::Nonce& nonce);

Bytes act(const registry::ActRecord& record);
// The key gives member and sequence.
Result<registry::ActRecord> parse_act(ByteView value,
                                      ledger::MemberNumber member,
                                      std::uint64_t sequence);

Bytes members_step(const std::string& checkpoint, const ledger::Members& members);
Result<LedgerStore::MembersStep> parse_members_step(ByteView value, std::uint64_t size);

Bytes position(ledger::Position position);
Result<ledger::Position> parse_position(ByteView value);

}  // namespace chancery::storage::values_of

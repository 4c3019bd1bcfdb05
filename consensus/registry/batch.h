// A batch: one member's records of one kind under one signature, accepted whole or not at all.
//
//     bulk = the kind-1 entry without its time (135 bytes) ‖ body*
//
// Bodies of kinds 4 and 6 stand behind a u16 length; those of 2 and 3 have a fixed one.
// Source: PROTOCOL.md, Entries.
#pragma once

#include <optional>
#include <vector>

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/keys/member_key.h"
#include "crypto/ledger/entry.h"

namespace chancery::registry {

inline constexpr std::size_t bulk_header_bytes = 135;
inline constexpr std::size_t credential_body_bytes = 32;
inline constexpr std::size_t status_body_bytes = 58;
inline constexpr std::size_t varied_length_bytes = 2;  // Before each body of kinds 4 and 6.

// What every body of a kind is long; 0 where bodies carry their own length.
std::size_t fixed_body_bytes(ledger::Kind record_kind);

// Views into the bulk bytes. Fixed bodies stand side by side and are never taken apart, so that a
// batch costs the same few steps whatever its count.
struct Batch {
    ledger::BatchEntry header;     // Its time is 0.
    ByteView bodies;               // As in the bulk.
    std::vector<ByteView> varied;  // Each body, where lengths vary; otherwise empty.
    std::uint32_t count() const { return header.count; }
    ByteView body(std::uint32_t i) const;
};

// What is wrong with a batch and, if one record is to blame, which: the first.
struct Fault {
    Error error;
    std::optional<std::uint32_t> record;  // From 0.
};

// Lengths, count and kind alone: takes the bulk apart. Errc::invalid with got and want.
Result<Batch> split_bulk(ByteView bulk);

// The rest of a batch's form: known codes, order, records_root. Errc::invalid.
std::optional<Fault> fault_in(const Batch& batch);

// Both: a batch good in form. Does not look at the signature.
Result<Batch> parse_bulk(ByteView bulk);

// RFC 9162 root over the bodies.
Hash records_root(const Batch& batch);

// What the issuer key signs: the tagged hash, tag "chancery/batch/v1".
Hash batch_message(const Hash& network_id, const ledger::BatchEntry& header);

// The bulk form of `bodies`, signed. Bodies must be in order and of the header's kind; fills in
// count, records_root and signature. Errc::invalid otherwise.
struct BatchDraft {
    ledger::MemberNumber member = 0;
    std::uint32_t key_number = 0;
    ledger::Nonce nonce{};
    ledger::TimeMs expires = 0;
    ledger::Kind record_kind = ledger::Kind::credential;
};
Result<Bytes> make_bulk(const BatchDraft& draft,
                        const std::vector<Bytes>& bodies,
                        const Hash& network_id,
                        const keys::MemberKey& issuer,
                        const Hash& auxiliary);

}  // namespace chancery::registry

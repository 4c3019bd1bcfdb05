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

struct Batch {
    ledger::BatchEntry header;     // Its time is 0.
    std::vector<ByteView> bodies;  // In order; views into the bulk bytes.
};

// Form alone: lengths, count, kind, known codes, order, records_root. Errc::invalid with got and
// want. Does not look at the signature. Views into `bulk`.
Result<Batch> parse_bulk(ByteView bulk);

// RFC 9162 root over the bodies.
Hash records_root(const std::vector<ByteView>& bodies);

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

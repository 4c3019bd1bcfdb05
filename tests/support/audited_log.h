// A log with some of everything, in four blocks of four members: what auditors are shown, whole and
// damaged.
#pragma once

#include "tests/support/log_writer.h"
#include "tests/support/registry_drafts.h"

namespace chancery::audit {
using ledger::CredentialStatus;
using ledger::Kind;
using ledger::no_position;
using test::commitment_of;
using test::day;
using test::draft;
using test::nonce_of;
using test::start;

inline Bytes signed_bulk(const test::HonestLog& log,
                         const registry::BatchDraft& draft,
                         const std::vector<Bytes>& bodies) {
    return test::sign_anything(draft,
                               bodies,
                               log.state().members->network,
                               test::member_key(test::slug_of(draft.member), "issuer"));
}

inline std::vector<Bytes> commitments(std::uint64_t from, std::uint64_t count) {
    std::vector<Hash> numbers;
    for (std::uint64_t i = from; i < from + count; ++i)
        numbers.push_back(commitment_of(i));
    return test::credential_bodies(numbers);
}

inline Bytes change(const test::HonestLog& log,
                    ledger::Position position,
                    ledger::Position previous,
                    CredentialStatus status) {
    ledger::StatusEntry entry;
    entry.position = position;
    std::copy_n(log.entries().at(position).begin() + 14, 32, entry.commitment.begin());
    entry.previous = previous;
    entry.status = status;
    return ledger::body_of(entry);
}

// Block 1: 0 batch of member 1, 1-300 its credentials, 301 state.
// Block 2: 302 batch of member 2, 303-305; 306 status batch of member 1, 307, 308; 309 batch of
//          publications, 310; 311 state.
// Block 3: 312 state.
// Block 4: 313 status batch, 314; 315 batch of member 3, 316-320; 321 state.
inline void fill(test::HonestLog& log) {
    log.block({signed_bulk(log, draft(1, 1), commitments(0, 300))}, start);
    ledger::PublicationEntry publication;
    publication.url = "https://uni-d.example/skills";
    log.block({signed_bulk(log, draft(2, 2), commitments(0, 3)),
               signed_bulk(log,
                           draft(1, 3, Kind::status),
                           {change(log, 10, no_position, CredentialStatus::suspended),
                            change(log, 11, no_position, CredentialStatus::revoked)}),
               signed_bulk(log, draft(4, 4, Kind::publication), {ledger::body_of(publication)})},
              start + 1'000);
    log.block({}, start + 2'000);
    log.block({signed_bulk(
                   log, draft(1, 5, Kind::status), {change(log, 10, 307, CredentialStatus::good)}),
               signed_bulk(log, draft(3, 6), commitments(0, 5))},
              start + 3'000);
}

}  // namespace chancery::audit

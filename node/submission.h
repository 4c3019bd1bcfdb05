// What can be told of a submission, a batch or an act, without the registry: whose it is, that its
// contents are the ones it names, what an act on the ledger says.
#pragma once

#include "consensus/registry/batch.h"
#include "node/replica.h"
#include "rpc/service.h"

namespace chancery::node {

struct SubmissionId {
    SubmissionKey key;
    ledger::TimeMs expires = 0;
};

// From the head of a bulk form, or from an act as a whole. Errc::invalid if it is too short, of
// another format, or no act that this version knows.
Result<SubmissionId> submission_id(ByteView bytes);

inline constexpr std::size_t content_bytes_max = 64 * 1024;

// Errc::invalid unless each content is at most 64 KiB, has the hash it is filed under, and is
// named by a publication of the batch.
Result<void> check_contents(const rpc::Submission& submission);

// How an act is answered, from its kind-5 entry. Errc::corrupt if the entry holds no act: nothing
// else is ever filed as one.
Result<rpc::ActsAnswer::One> listed_act(const registry::ActRecord& record, ByteView entry);

// What this node's key signs when it answers before the seal:
//     "chancery/peer/v1" ‖ 00 ‖ network_id ‖ "promise" ‖ 00 ‖ H(submission) ‖ deadline u64
Bytes promise_message(const Hash& network_id, const Hash& hash, ledger::TimeMs deadline);

}  // namespace chancery::node

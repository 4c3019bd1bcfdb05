#include "node/submission.h"

#include <algorithm>

#include "crypto/hash/sha256.h"

namespace chancery::node {

Result<BatchId> batch_id(ByteView bulk) {
    Reader in(bulk);
    const auto format = in.u8();
    const auto kind = in.u8();
    BatchId id;
    id.member = in.u32();
    in.u32();  // The key's number.
    id.nonce = in.array<16>();
    id.expires = in.u64();
    if (in.ran_short() || bulk.size() < registry::bulk_header_bytes) {
        return Error{Errc::invalid,
                     "a bulk submission of " + std::to_string(bulk.size()) +
                         " bytes, want at least " + std::to_string(registry::bulk_header_bytes)};
    }
    if (format != ledger::entry_format || kind != static_cast<std::uint8_t>(ledger::Kind::batch)) {
        return Error{Errc::invalid,
                     "a bulk submission of format " + std::to_string(format) + ", kind " +
                         std::to_string(kind) + ", want format 1, kind 1"};
    }
    return id;
}

Result<void> check_contents(const rpc::Submission& submission) {
    if (submission.contents.empty()) return {};
    const auto batch = registry::split_bulk(submission.bulk);
    if (!batch) return batch.error();
    if (batch->header.record_kind != ledger::Kind::publication) {
        return Error{Errc::invalid, "contents beside a batch that publishes nothing"};
    }
    std::vector<Hash> named;
    for (const ByteView body : batch->varied) {
        const auto record = ledger::record_of(ledger::Kind::publication, 1, 0, body);
        if (!record) return record.error();
        named.push_back(std::get<ledger::PublicationEntry>(*record).content_hash);
    }
    for (const auto& [hash, bytes] : submission.contents) {
        if (bytes.size() > content_bytes_max) {
            return Error{Errc::invalid,
                         "a content of " + std::to_string(bytes.size()) + " bytes, at most " +
                             std::to_string(content_bytes_max)};
        }
        if (sha256(bytes) != hash || std::ranges::find(named, hash) == named.end()) {
            return Error{Errc::invalid, "a content that no publication of the batch names"};
        }
    }
    return {};
}

Bytes promise_message(const Hash& network_id, const Hash& bulk_hash, ledger::TimeMs deadline) {
    return Writer()
        .text("chancery/peer/v1")
        .u8(0)
        .bytes(network_id)
        .text("promise")
        .u8(0)
        .bytes(bulk_hash)
        .u64(deadline)
        .take();
}

}  // namespace chancery::node

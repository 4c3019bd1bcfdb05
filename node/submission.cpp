#include "node/submission.h"

#include <algorithm>

#include "crypto/hash/sha256.h"
#include "crypto/json/parse.h"
#include "crypto/ledger/act.h"

namespace chancery::node {

namespace {

Result<SubmissionId> act_id(ByteView signed_act) {
    const auto split = ledger::split_act(signed_act);
    if (!split) return split.error();
    const auto act = ledger::parse_act(split->text);
    if (!act) return act.error();
    return SubmissionId{act_key(act->by, act->sequence), act->expires};
}

Result<SubmissionId> batch_id(ByteView bulk) {
    Reader in(bulk);
    const auto format = in.u8();
    const auto kind = in.u8();
    SubmissionId id;
    const ledger::MemberNumber member = in.u32();
    in.u32();  // The key's number.
    id.key = batch_key(member, in.array<16>());
    id.expires = in.u64();
    if (in.ran_short() || bulk.size() < registry::bulk_header_bytes) {
        return Error{Errc::invalid,
                     "a bulk submission of " + std::to_string(bulk.size()) +
                         " bytes, want at least " + std::to_string(registry::bulk_header_bytes)};
    }
    if (format != ledger::entry_format || kind != static_cast<std::uint8_t>(ledger::Kind::batch)) {
        return Error{Errc::invalid,
                     "a bulk submission of format " + std::to_string(format) + ", kind " +
                         std::to_string(kind) + ", want format 1, kind 1 (batch) or 5 (act)"};
    }
    return id;
}

}  // namespace

Result<SubmissionId> submission_id(ByteView bytes) {
    const auto act = ledger::act_in(bytes);
    return act ? act_id(*act) : batch_id(bytes);
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

Result<rpc::ActsAnswer::One> listed_act(const registry::ActRecord& record, ByteView entry) {
    const auto corrupt = [&](const std::string& why) {
        return Error{Errc::corrupt,
                     "act " + std::to_string(record.sequence) + " at position " +
                         std::to_string(record.position) + ": " + why};
    };
    const auto decoded = ledger::decode(entry);
    if (!decoded) return corrupt(decoded.error().detail);
    const auto* const governance = std::get_if<ledger::GovernanceEntry>(&*decoded);
    if (governance == nullptr) return corrupt("an entry of another kind");
    auto act = json::parse(chancery::text_of(governance->act));
    if (!act) return corrupt(act.error().detail);
    return rpc::ActsAnswer::One{record, *std::move(act), governance->signature};
}

Bytes promise_message(const Hash& network_id, const Hash& hash, ledger::TimeMs deadline) {
    return Writer()
        .text("chancery/peer/v1")
        .u8(0)
        .bytes(network_id)
        .text("promise")
        .u8(0)
        .bytes(hash)
        .u64(deadline)
        .take();
}

}  // namespace chancery::node

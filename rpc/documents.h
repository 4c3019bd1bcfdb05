// The JSON of our answers, as rpc/openapi.json describes it.
//
// Positions, sizes and counts are numbers, hashes lower-case hex, entries and other bytes base64,
// times RFC 3339 in UTC.
#pragma once

#include "rpc/service.h"

namespace chancery::rpc {

// "<member number>-<nonce hex>"
std::string batch_id(ledger::MemberNumber member, const ledger::Nonce& nonce);
struct BatchId {
    ledger::MemberNumber member = 0;
    ledger::Nonce nonce{};
};
Result<BatchId> parse_batch_id(std::string_view text);

// "2026-01-31T12:00:00.250Z"
std::string date_time(ledger::TimeMs time);

json::Value hashes_to_json(const std::vector<Hash>& hashes);

json::Value to_json(const BatchAnswer& answer);
json::Value to_json(const ActAnswer& answer);
json::Value to_json(const ActsAnswer& answer);
json::Value to_json(const CredentialAnswer& answer, std::string_view slug);
json::Value to_json(const PublicationAnswer& answer, std::string_view slug);
json::Value to_json(const PublicationsAnswer& answer, std::string_view slug);
json::Value to_json(const credential::Receipt& receipt);
// Canonical, as all of our JSON; written without a document between, for there may be many.
std::string to_text(const ProofsAnswer& answer);
json::Value to_json(const StatusRangeAnswer& answer);
json::Value to_json(const EntriesAnswer& answer);
json::Value to_json(const NodeStatus& status);
json::Value to_json(const Readiness& readiness);

}  // namespace chancery::rpc

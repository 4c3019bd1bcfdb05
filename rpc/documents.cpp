#include "rpc/documents.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <limits>

#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/credential/proof_fields.h"
#include "crypto/json/parse.h"
#include "crypto/ledger/publication.h"

namespace chancery::rpc {
namespace {

using json::Array;
using json::Member;
using json::Object;
using json::Value;

constexpr std::size_t proof_bytes_usual = std::size_t{6} * 1024;

Value object(std::initializer_list<Member> members) { return Object(members); }

template <typename T>
Value or_null(const std::optional<T>& value) {
    return value ? Value(*value) : Value();
}

Value to_json(const Error& error) {
    return object({{"code", name_of(error.code)}, {"detail", error.detail}});
}

std::string_view name_of_outcome(Outcome outcome) {
    switch (outcome) {
        case Outcome::sealed:
            return "sealed";
        case Outcome::pending:
            return "pending";
        case Outcome::refused:
            return "refused";
    }
    CHECK(false);
    return {};
}

std::string_view kind_of(ByteView entry) {
    constexpr std::array<std::string_view, 8> names = {
        "unknown", "batch", "credential", "status", "publication", "governance", "anchor", "state"};
    const bool is_known =
        entry.size() >= 2 && entry[0] == ledger::entry_format && entry[1] < names.size();
    return names[is_known ? entry[1] : 0];
}

// Checkpoint and salt are left out where many share one checkpoint.
void write_shared(const credential::Receipt& receipt, json::CanonicalWriter& out) {
    out.begin_object();
    out.name("entry").base64(receipt.entry);
    out.name("index").integer(receipt.index);
    credential::write_path(receipt.path, out.name("path"));
    out.end_object();
}

void write(const Error& error, json::CanonicalWriter& out) {
    out.begin_object();
    out.name("code").text(name_of(error.code));
    out.name("detail").text(error.detail);
    out.end_object();
}

template <typename T, typename Write>
void write_or_null(const std::optional<T>& value, json::CanonicalWriter& out, Write write_value) {
    if (value) {
        write_value(*value, out);
    } else {
        out.null();
    }
}

void write(const ProofAnswer& proof, json::CanonicalWriter& out) {
    out.begin_object();
    out.name("commitment").hex(proof.key.commitment);
    out.name("member").integer(proof.key.member);
    out.name("missing");
    write_or_null(proof.missing, out, [](const Error& error, auto& to) { write(error, to); });
    out.name("receipt");
    write_or_null(proof.receipt, out, write_shared);
    out.name("status");
    write_or_null(proof.status, out, credential::write_shared);
    out.end_object();
}

}  // namespace

std::string batch_id(ledger::MemberNumber member, const ledger::Nonce& nonce) {
    return std::to_string(member) + "-" + to_hex(nonce);
}

Result<BatchId> parse_batch_id(std::string_view text) {
    const Error malformed{Errc::invalid, "not a batch id, want <member number>-<32 hex digits>"};
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return malformed;
    const Result<std::uint64_t> member = from_decimal(text.substr(0, dash));
    const Result<Bytes> nonce = from_hex(text.substr(dash + 1));
    BatchId id;
    if (!member || !nonce || nonce->size() != id.nonce.size() || *member == 0 ||
        *member > std::numeric_limits<ledger::MemberNumber>::max()) {
        return malformed;
    }
    id.member = static_cast<ledger::MemberNumber>(*member);
    std::ranges::copy(*nonce, id.nonce.begin());
    return id;
}

std::string date_time(ledger::TimeMs time) {
    // Later than year 9999 has no RFC 3339 form; the ledger's own times cannot come near it.
    constexpr ledger::TimeMs time_max = 253'402'300'799'999;
    const std::chrono::milliseconds since(static_cast<std::int64_t>(std::min(time, time_max)));
    const auto days = std::chrono::floor<std::chrono::days>(since);
    const std::chrono::year_month_day date{std::chrono::sys_days(days)};
    const std::chrono::hh_mm_ss clock{since - days};
    std::array<char, 40> text{};
    const int size = std::snprintf(text.data(),
                                   text.size(),
                                   "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
                                   static_cast<int>(date.year()),
                                   static_cast<unsigned>(date.month()),
                                   static_cast<unsigned>(date.day()),
                                   static_cast<int>(clock.hours().count()),
                                   static_cast<int>(clock.minutes().count()),
                                   static_cast<int>(clock.seconds().count()),
                                   static_cast<int>(clock.subseconds().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

Value hashes_to_json(const std::vector<Hash>& hashes) {
    Array array;
    array.reserve(hashes.size());
    for (const Hash& hash : hashes)
        array.emplace_back(to_hex(hash));
    return array;
}

// What batches and acts have alike: when it was sealed, why it was refused, or a promise.
template <typename Answer>
static void set_outcome(Value& document, const Answer& answer) {
    if (answer.outcome == Outcome::sealed) {
        document.set("height", answer.height);
        document.set("time", date_time(answer.time));
        document.set("sealed_size", answer.sealed_size);
    }
    if (answer.refusal) document.set("refusal", to_json(*answer.refusal));
    if (answer.promise) document.set("promise", *answer.promise);
}

Value to_json(const BatchAnswer& answer) {
    Value document = object({{"id", batch_id(answer.member, answer.nonce)},
                             {"outcome", name_of_outcome(answer.outcome)},
                             {"member", answer.member}});
    if (answer.outcome == Outcome::sealed) {
        document.set("first", answer.first);
        document.set("count", answer.count);
    }
    set_outcome(document, answer);
    return document;
}

Value to_json(const ActAnswer& answer) {
    Value document = object({{"member", answer.member},
                             {"sequence", answer.sequence},
                             {"outcome", name_of_outcome(answer.outcome)}});
    if (answer.outcome == Outcome::sealed) document.set("position", answer.position);
    set_outcome(document, answer);
    return document;
}

Value to_json(const ActsAnswer& answer) {
    Array acts;
    acts.reserve(answer.acts.size());
    for (const ActsAnswer::One& one : answer.acts) {
        acts.push_back(object({{"sequence", one.record.sequence},
                               {"position", one.record.position},
                               {"height", one.record.height},
                               {"time", date_time(one.record.time)},
                               {"act", one.act},
                               {"signature", to_hex(one.signature)}}));
    }
    return object({{"acts", std::move(acts)}, {"last", answer.last}});
}

Value to_json(const CredentialAnswer& answer, std::string_view slug) {
    Value change;
    if (answer.changed_at) {
        change = object(
            {{"position", *answer.changed_at},
             {"time", answer.changed_time ? Value(date_time(*answer.changed_time)) : Value()},
             {"reason", answer.reason ? Value(name_of(*answer.reason)) : Value()}});
    }
    return object({{"member", answer.member},
                   {"slug", slug},
                   {"commitment", to_hex(answer.commitment)},
                   {"position", answer.position},
                   {"time", date_time(answer.time)},
                   {"status", name_of(answer.status)},
                   {"change", std::move(change)},
                   {"successor", or_null(answer.successor)},
                   {"as_of_size", answer.as_of_size}});
}

Value to_json(const PublicationAnswer& answer, std::string_view slug) {
    return object({{"member", answer.entry.member},
                   {"slug", slug},
                   {"type", name_of(answer.entry.type)},
                   {"url", answer.entry.url},
                   {"position", answer.position},
                   {"time", date_time(answer.entry.time)},
                   {"content_hash", to_hex(answer.entry.content_hash)}});
}

Value to_json(const PublicationsAnswer& answer, std::string_view slug) {
    Array items;
    items.reserve(answer.publications.size());
    for (const ListedPublication& each : answer.publications) {
        items.push_back(to_json(each.publication, slug));
        items.back().set("newest", each.newest);
    }
    Value next;
    if (answer.has_more) next = std::to_string(answer.publications.back().publication.position);
    return object({{"items", std::move(items)}, {"next", std::move(next)}});
}

Value to_json(const credential::Receipt& receipt) {
    return object({{"index", receipt.index},
                   {"entry", to_base64(receipt.entry)},
                   {"path", hashes_to_json(receipt.path)},
                   {"checkpoint", receipt.checkpoint}});
}

std::string to_text(const ProofsAnswer& answer) {
    json::CanonicalWriter out;
    out.reserve((answer.proofs.size() + 1) * proof_bytes_usual);
    out.begin_object();
    out.name("checkpoint").text(answer.checkpoint);
    out.name("proofs").begin_array();
    for (const ProofAnswer& proof : answer.proofs)
        write(proof, out);
    out.end_array().end_object();
    return out.take();
}

Value to_json(const StatusRangeAnswer& answer) {
    return object({{"checkpoint", answer.checkpoint},
                   {"first_chunk", answer.first_chunk},
                   {"chunks", to_base64(answer.chunks)},
                   {"path", hashes_to_json(answer.path)},
                   {"state",
                    object({{"entry", to_base64(answer.state_entry)},
                            {"path", hashes_to_json(answer.state_path)}})}});
}

Value to_json(const EntriesAnswer& answer) {
    Array items;
    items.reserve(answer.entries.size());
    for (std::size_t i = 0; i < answer.entries.size(); ++i) {
        items.push_back(object({{"position", answer.first + i},
                                {"kind", kind_of(answer.entries[i])},
                                {"entry", to_base64(answer.entries[i])}}));
    }
    const ledger::Position end = answer.first + answer.entries.size();
    const bool has_more = !answer.entries.empty() && end < answer.size;
    return object({{"size", answer.size},
                   {"items", std::move(items)},
                   {"next", has_more ? Value(std::to_string(end - 1)) : Value()}});
}

Value to_json(const NodeStatus& status) {
    Array peers;
    for (const NodeStatus::Peer& peer : status.peers) {
        peers.push_back(
            object({{"slug", peer.slug}, {"reachable", peer.is_reachable}, {"reason", peer.why}}));
    }
    constexpr std::uint64_t age_max = json::integer_max;  // A node without a checkpoint.
    return object({{"version", status.version},
                   {"origin", status.origin},
                   {"network_id", to_hex(status.network_id)},
                   {"node", object({{"member", status.member}, {"slug", status.slug}})},
                   {"role", status.role},
                   {"term", status.term},
                   {"height", status.height},
                   {"size", status.size},
                   {"root", to_hex(status.root)},
                   {"checkpoint_age_s", std::min(status.checkpoint_age_s, age_max)},
                   {"cosigners", status.cosigners},
                   {"quorum", status.quorum},
                   {"accepts_writes", status.accepts_writes},
                   {"reason", status.reason},
                   {"leader", status.leader ? Value(*status.leader) : Value()},
                   {"peers", std::move(peers)},
                   {"evidence", status.evidence}});
}

Value to_json(const Readiness& readiness) {
    Array findings;
    for (const std::string& finding : readiness.findings)
        findings.emplace_back(finding);
    return object({{"ready", readiness.is_ready},
                   {"writes", readiness.accepts_writes},
                   {"findings", std::move(findings)}});
}

}  // namespace chancery::rpc

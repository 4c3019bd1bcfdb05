// Status proofs: what the registry says of a credential at one checkpoint, for reading offline.
//
//     {"format":"chancery-status/v1","checkpoint":note,"state":{"entry","path"},
//      "credential":{"index","entry","path"},"chunk":{"bytes","path"},
//      "change":{"index","entry","path"}|null}
//
// Source: PROTOCOL.md, Proofs and verdicts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/json/canonical_writer.h"
#include "crypto/json/value.h"
#include "crypto/ledger/entry.h"
#include "crypto/merkle/status_tree.h"

namespace chancery::credential {

inline constexpr std::size_t status_proof_bytes_max = 256ULL * 1024;

struct EntryProof {
    ledger::Position index = 0;
    Bytes entry;
    std::vector<Hash> path;
    bool operator==(const EntryProof&) const = default;
};

struct StatusProof {
    std::string checkpoint;
    Bytes state_entry;
    std::vector<Hash> state_path;
    EntryProof credential;
    merkle::Chunk chunk{};
    std::vector<Hash> chunk_path;
    std::optional<EntryProof> change;
    bool operator==(const StatusProof&) const = default;
};

Result<StatusProof> parse_status_proof(std::string_view text);
Result<StatusProof> status_proof_from(const json::Value& value);
json::Value to_json(const StatusProof& proof);
// canonical(to_json(proof)) at a fraction of its cost.
std::string to_text(const StatusProof& proof);
// The same without checkpoint and format, as one of many proofs that share them.
void write_shared(const StatusProof& proof, json::CanonicalWriter& out);

// What the proof proves under its own checkpoint's root, with the root trusted.
struct ProvenStatus {
    ledger::CredentialStatus status = ledger::CredentialStatus::good;
    std::optional<ledger::StatusEntry> change;  // That set it, unless good.
    ledger::StateEntry state;
    ledger::CredentialEntry credential;
};
// Everything but the checkpoint's signatures. Errc::invalid with the check that failed.
Result<ProvenStatus> check_status_proof(const StatusProof& proof);

}  // namespace chancery::credential

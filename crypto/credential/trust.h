// Trust: from a pinned network id or members object to the one in force today, seal by seal.
//
//     {"format":"chancery-trust/v1","genesis":{…},
//      "steps":[{"checkpoint","state":{"entry","path"},"members":{…}}]}
//
// Source: PROTOCOL.md, Proofs and verdicts (Trust).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/ledger/members.h"

namespace chancery::credential {

inline constexpr std::size_t trust_bytes_max = 4 * 1024 * 1024;

struct TrustStep {
    std::string checkpoint;
    Bytes state_entry;
    std::vector<Hash> state_path;
    ledger::Members members;
};

struct TrustFile {
    ledger::Genesis genesis;
    std::vector<TrustStep> steps;
};

Result<TrustFile> parse_trust_file(std::string_view text);
json::Value to_json(const TrustFile& file);

// The members objects that a verifier has accepted, oldest first.
class Trust {
public:
    // Starts at genesis, whose network id must be the pinned one and whose signatures must hold.
    // Errc::forbidden with expected and actual network id.
    static Result<Trust> from_file(const TrustFile& file, const Hash& pinned_network_id);
    static Trust from_members(ledger::Members members);

    // Accepts the next object. Errc::forbidden unless the step is sealed under the newest trusted
    // object and under its own, and holds its hash.
    Result<void> accept(const TrustStep& step);

    const ledger::Members& newest() const { return objects_.back(); }

    // The seal of a checkpoint under the objects trusted, judged at its size. nullopt: too few
    // known cosigners, so nothing can be told. Errc::forbidden: a known key's line is bad.
    Result<std::optional<ledger::Seal>> seal(const note::SignedCheckpoint& checkpoint) const;

private:
    std::vector<ledger::Members> objects_;
};

}  // namespace chancery::credential

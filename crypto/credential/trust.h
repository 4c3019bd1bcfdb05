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

inline constexpr std::size_t trust_bytes_max = 4ULL * 1024 * 1024;

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

    const ledger::Members& newest() const { return objects_.back().members; }
    // Of the newest checkpoint accepted; steps must go beyond it. 0 at genesis.
    std::uint64_t newest_size() const { return newest_size_; }

    // The seal of a checkpoint under the objects trusted, judged at its size. nullopt: too few
    // known cosigners, or another origin, so nothing can be told. Errc::forbidden: a known key's
    // line is bad.
    //
    // Of the time before a pinned object's cosigners came into force it tells the keys but not
    // the quorum: then the least counts that a network of so many members may choose, and no less
    // than the object's own where so many cosigned.
    Result<std::optional<ledger::Seal>> seal(const note::SignedCheckpoint& checkpoint) const;

    // Whether the object of this hash was accepted.
    bool knows(const Hash& members_hash) const;

    // Every change of members in force below this position is in newest().
    ledger::Position known_size() const;

private:
    struct Accepted {
        ledger::Members members;
        Hash hash{};
        ledger::Position from = 0;  // The size that its checkpoint sealed; 0 for the first.
    };

    Trust() = default;
    void add(ledger::Members members, ledger::Position from);
    const Accepted& governing(std::uint64_t size) const;

    std::vector<Accepted> objects_;     // Never empty; `from` strictly rising after the first.
    ledger::Position newest_size_ = 0;  // Of the newest checkpoint accepted.
};

}  // namespace chancery::credential

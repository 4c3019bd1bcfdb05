// What the network may ask of a node. rpc turns requests into these calls and answers into
// documents; node implements it. Neither knows more of the other.
//
// Reads are answered from published, immutable state and may be called on any thread; submit()
// waits, and is a coroutine on the caller's executor.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "consensus/registry/state.h"
#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "crypto/json/value.h"
#include "crypto/ledger/entry.h"
#include "crypto/ledger/members.h"
#include "crypto/merkle/tile.h"
#include "rpc/events.h"

namespace chancery::rpc {

struct Submission {
    Bytes bulk;                      // PROTOCOL.md, bulk submission.
    std::map<Hash, Bytes> contents;  // Of publications, by hash; checked against the batch.
    std::chrono::milliseconds wait{5'000};
};

enum class Outcome : std::uint8_t { sealed, pending, refused };

struct BatchAnswer {
    using Outcome = rpc::Outcome;
    Outcome outcome = Outcome::pending;
    ledger::MemberNumber member = 0;
    ledger::Nonce nonce{};
    bool is_repeat = false;      // The same batch was there before.
    ledger::Position first = 0;  // Sealed: position of the kind-1 entry.
    std::uint32_t count = 0;     // Records, from first + 1.
    std::uint64_t height = 0;
    ledger::TimeMs time = 0;
    std::uint64_t sealed_size = 0;  // Of the checkpoint that seals it.
    std::optional<Error> refusal;   // Refused: why.
    // Pending: this node's signed promise, JSON of interfaces: batch hash, deadline, signature.
    std::optional<json::Value> promise;
};

struct ActSubmission {
    Bytes bytes;  // PROTOCOL.md, act submission.
    std::chrono::milliseconds wait{5'000};
};

struct ActAnswer {
    Outcome outcome = Outcome::pending;
    ledger::MemberNumber member = 0;
    std::uint64_t sequence = 0;
    bool is_repeat = false;         // The same act was there before.
    ledger::Position position = 0;  // Sealed: of the kind-5 entry.
    std::uint64_t height = 0;
    ledger::TimeMs time = 0;
    std::uint64_t sealed_size = 0;       // Of the checkpoint that seals it.
    std::optional<Error> refusal;        // Refused: why.
    std::optional<json::Value> promise;  // Pending: as of a batch.
};

// Acts of one member, by rising sequence.
struct ActsAnswer {
    struct One {
        registry::ActRecord record;
        json::Value act;
        ledger::Signature signature{};  // By the member's governance key.
    };
    std::vector<One> acts;
    std::uint64_t last = 0;  // The sequence of its last act; 0 if there is none.
};

struct CredentialAnswer {
    ledger::MemberNumber member = 0;
    Hash commitment{};
    ledger::Position position = 0;
    ledger::TimeMs time = 0;
    ledger::CredentialStatus status = ledger::CredentialStatus::good;
    std::optional<ledger::Position> changed_at;  // Position of the entry that set the status.
    std::optional<ledger::TimeMs> changed_time;
    std::optional<ledger::Reason> reason;
    std::optional<ledger::Position> successor;
    std::uint64_t as_of_size = 0;
};

struct PublicationAnswer {
    ledger::Position position = 0;
    ledger::PublicationEntry entry;
};

struct PublicationsWanted {
    ledger::MemberNumber member = 0;
    ledger::PublicationType type = ledger::PublicationType::achievement;
    ledger::Position first = 0;
    std::uint32_t limit = 0;
};

struct ListedPublication {
    PublicationAnswer publication;
    ledger::Position newest = 0;  // Of the same name: its own position, or what replaced it.
};

struct PublicationsAnswer {
    std::vector<ListedPublication> publications;  // Rising by position.
    bool has_more = false;
};

struct CredentialKey {
    ledger::MemberNumber member = 0;
    Hash commitment{};
};

struct ProofAnswer {  // One of POST /v1/proofs.
    CredentialKey key;
    std::optional<Error> missing;                   // not_found
    std::optional<credential::Receipt> receipt;     // Salt zero, checkpoint empty: shared.
    std::optional<credential::StatusProof> status;  // Checkpoint empty: shared.
};

struct ProofsAnswer {
    std::string checkpoint;
    std::vector<ProofAnswer> proofs;
};

struct StatusRangeAnswer {
    std::string checkpoint;
    std::uint64_t first_chunk = 0;
    Bytes chunks;            // 64 bytes each.
    std::vector<Hash> path;  // Of the range's subtree root in the status tree, leaf first.
    Bytes state_entry;
    std::vector<Hash> state_path;
};

struct EntriesAnswer {
    std::uint64_t size = 0;  // Of the log.
    ledger::Position first = 0;
    std::vector<Bytes> entries;
};

struct NodeStatus {
    std::string version;
    std::string origin;
    Hash network_id{};
    ledger::MemberNumber member = 0;
    std::string slug;
    std::string role;  // "leader", "follower", …
    std::uint64_t term = 0;
    std::uint64_t height = 0;
    std::uint64_t size = 0;
    Hash root{};
    std::uint64_t checkpoint_age_s = 0;
    std::uint32_t cosigners = 0;
    std::uint32_t quorum = 0;
    bool accepts_writes = false;
    std::string reason;  // Why not, in one clause.
    struct Peer {
        std::string slug;
        bool is_reachable = false;  // This node's link to it is up.
        std::string why;            // Why not: "Connection refused".
    };
    std::optional<std::string> leader;  // Its slug, as far as this node knows.
    std::vector<Peer> peers;            // The other members' nodes.
    std::uint64_t evidence = 0;         // Files about words that cannot both be true.
};

struct Readiness {
    bool is_ready = false;
    bool accepts_writes = false;
    std::vector<std::string> findings;  // One clause each; empty if ready.
};

class Service {
public:
    Service() = default;
    Service(const Service&) = delete;
    Service& operator=(const Service&) = delete;
    virtual ~Service() = default;

    // Errc::invalid / forbidden / conflict: refused, nothing registered. Errc::unavailable: try
    // again. A batch sealed in time, or known before, answers with its positions.
    virtual boost::asio::awaitable<Result<BatchAnswer>> submit(Submission submission) = 0;
    virtual Result<BatchAnswer> batch(ledger::MemberNumber member,
                                      const ledger::Nonce& nonce) const = 0;

    // As of a batch, for acts of governance.
    virtual boost::asio::awaitable<Result<ActAnswer>> submit_act(ActSubmission submission) = 0;
    virtual Result<ActAnswer> act(ledger::MemberNumber member, std::uint64_t sequence) const = 0;
    // Those after the sequence `after`, at most `limit`.
    virtual Result<ActsAnswer> acts(ledger::MemberNumber member,
                                    std::uint64_t after,
                                    std::uint32_t limit) const = 0;

    // Errc::unavailable until size 0 is sealed.
    virtual Result<std::string> checkpoint() const = 0;
    virtual Result<Bytes> tile(const merkle::TileId& tile) const = 0;

    virtual Result<CredentialAnswer> credential(const CredentialKey& key) const = 0;
    virtual Result<credential::Receipt> receipt(const CredentialKey& key) const = 0;
    virtual Result<credential::StatusProof> status_proof(const CredentialKey& key) const = 0;
    virtual Result<ProofsAnswer> proofs(const std::vector<CredentialKey>& keys) const = 0;

    // Chunks [from, to) of a power-of-two range, cut at the tree's end. Errc::invalid otherwise.
    virtual Result<StatusRangeAnswer> status_range(std::uint64_t from, std::uint64_t to) const = 0;
    virtual Result<Bytes> content(const Hash& hash) const = 0;
    // The newest of this name, ledger/publication.h. Errc::not_found: there is none.
    virtual Result<PublicationAnswer> publication(ledger::MemberNumber member,
                                                  ledger::PublicationType type,
                                                  std::string_view name) const = 0;

    // All of a member and type from a position on, those that newer ones replaced as well.
    virtual Result<PublicationsAnswer> publications(const PublicationsWanted& wanted) const = 0;

    // Errc::not_found beyond the sealed size.
    virtual Result<std::vector<Hash>> inclusion(ledger::Position index,
                                                std::uint64_t size) const = 0;
    virtual Result<std::vector<Hash>> consistency(std::uint64_t from, std::uint64_t to) const = 0;
    virtual Result<EntriesAnswer> entries(ledger::Position first, std::uint32_t limit) const = 0;

    virtual std::shared_ptr<const ledger::Members> members() const = 0;
    virtual Result<std::string> trust_file() const = 0;
    virtual Result<std::string> policy() const = 0;

    virtual NodeStatus status() const = 0;
    virtual Readiness readiness() const = 0;
    // As EventHub::subscribe.
    virtual Result<std::shared_ptr<EventStream>> subscribe(
        const boost::asio::any_io_executor& executor, std::optional<std::uint64_t> seen) = 0;
    virtual std::string metrics() const = 0;  // Prometheus text format.
};

}  // namespace chancery::rpc

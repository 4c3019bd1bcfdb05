// A node as the commands see it: what it can be asked, answered in the ledger's own types.
//
// Nothing that a node says is believed here: proofs and checkpoints are checked by who asked.
// Errc::unavailable: nobody there, or no such service; Errc::timeout: it may have happened, or not.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "crypto/ledger/publication.h"
#include "node/audit/node_source.h"
#include "node/cli/client_context.h"
#include "node/remote.h"

namespace chancery::cli {

inline constexpr std::size_t proofs_per_request_max = 1'000;

struct CredentialKey {
    ledger::MemberNumber member = 0;
    Hash commitment{};
};

// What became of a batch.
struct Placement {
    bool is_sealed = false;      // False: not yet.
    ledger::Position first = 0;  // Of the kind-1 entry; the records follow.
    std::uint32_t count = 0;
};

// What became of an act.
struct ActPlacement {
    bool is_sealed = false;  // False: not yet.
    ledger::Position position = 0;
};

// An act as a node lists it, unproven.
struct ListedAct {
    std::uint64_t sequence = 0;
    ledger::Position position = 0;
    std::string time;  // RFC 3339.
    json::Value act;
};

// What a node says of a credential, unproven.
struct Standing {
    ledger::Position position = 0;
    ledger::CredentialStatus status = ledger::CredentialStatus::good;
    ledger::Position changed_at = ledger::no_position;  // Of the entry that set the status.
};

struct NewestPublication {
    ledger::Position position = 0;
    ledger::TimeMs time = 0;
    Hash content_hash{};
};

struct ListedPublication {
    ledger::Position position = 0;
    ledger::Position newest = 0;  // Of the same name: its own, or of what replaced it.
    std::string url;
    Hash content_hash{};
};

struct FetchedProofs {
    std::optional<Error> missing;
    credential::Receipt receipt;  // Its salt is zero.
    credential::StatusProof status;
};

class NodeClient {
public:
    // All nodes that were named, of which one answers. Errc::invalid if none was, or a URL is
    // wrong.
    static Result<NodeClient> to(const ClientContext& context);
    // This node and no other.
    static Result<NodeClient> to(const std::string& url, const node::Reach& reach);

    const std::string& url() const { return remote_.url(); }
    node::Remote& remote() { return remote_; }

    Result<std::string> checkpoint();
    Result<Bytes> tile(const merkle::TileId& tile);
    Result<std::string> trust_file();

    Result<Standing> credential(const CredentialKey& key);
    Result<credential::Receipt> receipt(const CredentialKey& key);
    Result<credential::StatusProof> status_proof(const CredentialKey& key);
    // In the order of `keys`, at most proofs_per_request_max.
    Result<std::vector<FetchedProofs>> proofs(const std::vector<CredentialKey>& keys);

    // Waits at the present node until the batch is sealed, up to `wait`; no other is asked.
    // `contents` are those of its publications.
    Result<Placement> submit(ByteView bulk,
                             std::chrono::seconds wait,
                             const std::vector<std::string>& contents = {});
    // Errc::not_found: the node knows no such batch.
    Result<Placement> batch(ledger::MemberNumber member, const ledger::Nonce& nonce);

    // As submit(): `submission` is ledger::act_submission().
    Result<ActPlacement> submit_act(ByteView submission, std::chrono::seconds wait);
    // Errc::not_found: the node knows no such act.
    Result<ActPlacement> act(ledger::MemberNumber member, std::uint64_t sequence);
    // The member's acts after this sequence, at most 100.
    Result<std::vector<ListedAct>> acts(ledger::MemberNumber member, std::uint64_t after);
    // Of its last act; 0 if there is none.
    Result<std::uint64_t> last_act(ledger::MemberNumber member);

    // The newest publication under a URL, as the node has it. Errc::not_found: there is none.
    Result<NewestPublication> publication(std::string_view member,
                                          ledger::PublicationType type,
                                          std::string_view url);
    // All of a member and type, those that newer ones replaced as well, rising by position.
    // Errc::invalid if there are more than `count_max`.
    Result<std::vector<ListedPublication>> publications(ledger::MemberNumber member,
                                                        ledger::PublicationType type,
                                                        std::size_t count_max);
    // As any verifier gets it: nothing of it is checked. Errc::not_found: there is none.
    Result<std::string> status_list(std::string_view member, std::string_view name);
    // Errc::corrupt unless it has that hash.
    Result<std::string> content(const Hash& hash);

    // What the node says of itself, as it wrote it.
    Result<json::Value> status();
    Result<json::Value> about();  // /.well-known/chancery.json
    // Empty if ready; else what /readyz answered.
    Result<std::string> readiness();

private:
    explicit NodeClient(node::Remote remote) : remote_(std::move(remote)) {}

    Result<json::Value> get_json(const std::string& target);
    Result<json::Value> post_once(rpc::ClientRequest request, std::chrono::seconds wait);

    node::Remote remote_;
};

// The public log of a node.
class NodeLog : public audit::NodeSource {
public:
    // `client` must outlive it.
    explicit NodeLog(NodeClient& client) : audit::NodeSource(client.remote()), url_(client.url()) {}

    // Errc::unavailable if there is none: it is no node.
    Result<std::string> checkpoint() override;

private:
    std::string url_;
};

}  // namespace chancery::cli

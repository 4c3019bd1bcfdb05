// A member as issuer: its key, and the batches that it signs and submits.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "crypto/keys/member_key.h"
#include "crypto/ledger/entry.h"
#include "node/cli/node_client.h"
#include "node/cli/trust_store.h"
#include "node/clock.h"

namespace chancery::cli {

inline constexpr std::chrono::hours batch_lifetime{1};

struct Issuer {
    const ledger::Member* member = nullptr;  // In the trust that it was looked up in.
    std::uint32_t key_number = 0;
    Hash network_id{};
    keys::MemberKey key;
};

// The member whose issuer key in force --key is. Errc::forbidden if it is nobody's. The trust must
// outlive it.
Result<Issuer> load_issuer(const ClientContext& context, const TrustStore& trust);

// The DID that is in force; empty if none is.
std::string did_of(const ledger::Member& member);

struct SignedBatch {
    ledger::Nonce nonce{};
    ledger::TimeMs expires = 0;
    Bytes bulk;
};

// `bodies` in the order that the kind wants. `nonce`: of a batch that lapsed and is signed anew, so
// that never both are taken.
Result<SignedBatch> sign_batch(const Issuer& issuer,
                               ledger::Kind kind,
                               const std::vector<Bytes>& bodies,
                               ledger::TimeMs now_ms,
                               const std::optional<ledger::Nonce>& nonce = std::nullopt);

// Submits, and submits the same again while it is not sealed, until the client's timeout has
// passed; of several nodes the next one is asked if this one cannot. The same bytes have the same
// nonce, so that the batch is registered once however often it arrives.
// Errc::timeout: it may have happened, or not.
Result<Placement> submit_until_sealed(NodeClient& node,
                                      ByteView bulk,
                                      std::chrono::seconds timeout,
                                      const std::vector<std::string>& contents = {});

// The proofs of credentials that are on the ledger, the newest of them by the entry at `position`.
// Another node than the one that said so may hear of it a moment later, so it is asked again for a
// while; what it then gives is for the caller to judge.
Result<std::vector<FetchedProofs>> proofs_since(NodeClient& node,
                                                const std::vector<CredentialKey>& keys,
                                                ledger::Position position);

}  // namespace chancery::cli

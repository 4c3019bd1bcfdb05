#include "node/cli/issuer.h"

#include <algorithm>
#include <thread>

#include "consensus/registry/batch.h"
#include "node/cli/session.h"
#include "node/cli/until_sealed.h"
#include "node/keystore.h"

namespace chancery::cli {
namespace {

using Moment = std::chrono::steady_clock::time_point;

constexpr std::chrono::milliseconds retry_pause_min{50};
constexpr std::chrono::seconds lag_max{5};

// Whether the node has not heard of the entry at `position` yet, or says of a credential that it
// is not there.
bool shows_less_than(const std::vector<FetchedProofs>& fetched, ledger::Position position) {
    return std::ranges::any_of(fetched, [position](const FetchedProofs& proofs) {
        if (proofs.missing) return proofs.missing->code == Errc::not_found;
        const auto shown = note::parse_checkpoint(proofs.status.checkpoint);
        return shown && shown->checkpoint.head.size <= position;
    });
}

}  // namespace

Result<Issuer> load_issuer(const ClientContext& context, const TrustStore& trust) {
    if (context.key.empty())
        return Error{Errc::invalid, "--key is missing: the member's issuer key"};
    if (context.passphrase_file.empty())
        return Error{Errc::invalid, "--passphrase-file is missing: what opens the issuer key"};
    auto key =
        keystore::load_member_key({context.key, context.passphrase_file}, keystore::Use::issuer);
    if (!key) return key.error();
    const ledger::RecordedKey wanted = key->public_key();
    for (const ledger::Member& member : trust.trust().newest().members)
        for (const ledger::KeyRecord& record : member.keys)
            if (record.use == ledger::KeyUse::issuer && record.key == wanted &&
                !record.in_force.until)
                return Issuer{&member, record.number, trust.network_id(), *std::move(key)};
    return Error{Errc::forbidden,
                 context.key + ": is no member's issuer key in force in this network"};
}

std::string did_of(const ledger::Member& member) {
    for (const ledger::DidRecord& record : member.dids)
        if (!record.in_force.until) return record.did;
    return {};
}

Result<SignedBatch> sign_batch(const Issuer& issuer,
                               ledger::Kind kind,
                               const std::vector<Bytes>& bodies,
                               ledger::TimeMs now_ms,
                               const std::optional<ledger::Nonce>& nonce) {
    SignedBatch batch;
    if (nonce) {
        batch.nonce = *nonce;
    } else {
        keystore::fill_random(batch.nonce);
    }
    batch.expires =
        now_ms + static_cast<ledger::TimeMs>(std::chrono::milliseconds(batch_lifetime).count());
    const registry::BatchDraft draft{.member = issuer.member->number,
                                     .key_number = issuer.key_number,
                                     .nonce = batch.nonce,
                                     .expires = batch.expires,
                                     .record_kind = kind};
    auto bulk =
        registry::make_bulk(draft, bodies, issuer.network_id, issuer.key, keystore::random_hash());
    if (!bulk) return bulk.error();
    batch.bulk = *std::move(bulk);
    return batch;
}

Result<Placement> submit_until_sealed(NodeClient& node,
                                      ByteView bulk,
                                      std::chrono::seconds timeout,
                                      const std::vector<std::string>& contents) {
    return until_sealed<Placement>(node, timeout, "batch", [&](std::chrono::seconds wait) {
        return node.submit(bulk, wait, contents);
    });
}

Result<std::vector<FetchedProofs>> proofs_since(NodeClient& node,
                                                const std::vector<CredentialKey>& keys,
                                                ledger::Position position) {
    const Moment deadline = std::chrono::steady_clock::now() + lag_max;
    while (true) {
        auto fetched = node.proofs(keys);
        const bool is_behind = fetched && shows_less_than(*fetched, position);
        if (!is_behind || std::chrono::steady_clock::now() >= deadline || is_interrupted())
            return fetched;
        std::this_thread::sleep_for(retry_pause_min);
    }
}

}  // namespace chancery::cli

#include "node/cli/issuer.h"

#include <algorithm>

#include "consensus/registry/batch.h"
#include "crypto/keys/multikey.h"
#include "node/keystore.h"

namespace chancery::cli {

Result<Issuer> load_issuer(const ClientContext& context, const TrustStore& trust) {
    if (context.key.empty())
        return Error{Errc::invalid, "--key is missing: the member's issuer key"};
    if (context.passphrase_file.empty())
        return Error{Errc::invalid, "--passphrase-file is missing: what opens the issuer key"};
    auto key =
        keystore::load_member_key({context.key, context.passphrase_file}, keystore::Use::issuer);
    if (!key) return key.error();
    const std::string text = keys::multikey(key->public_key());
    for (const ledger::Member& member : trust.trust().newest().members)
        for (const ledger::KeyRecord& record : member.keys)
            if (record.use == ledger::KeyUse::issuer && record.key == text &&
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
                               ledger::TimeMs now_ms) {
    SignedBatch batch;
    keystore::fill_random(batch.nonce);
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
                                      std::chrono::seconds timeout) {
    using Clock = std::chrono::steady_clock;
    const Clock::time_point deadline = Clock::now() + timeout;
    // The node answers before our own patience with it ends.
    const std::chrono::seconds wait =
        std::max<std::chrono::seconds>(std::chrono::seconds(1), timeout - std::chrono::seconds(5));
    while (true) {
        const auto placement = node.submit(bulk, wait);
        if (!placement || placement->is_sealed) return placement;
        if (Clock::now() >= deadline)
            return Error{Errc::timeout,
                         "the batch was taken but not sealed within " +
                             std::to_string(timeout.count()) + " s"};
    }
}

}  // namespace chancery::cli

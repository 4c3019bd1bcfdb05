// One anchoring from end to end: the newest sealed checkpoint onto a chain, and the entry that says
// so onto the ledger; or the rest of one that was broken off.
#pragma once

#include "node/cli/anchor_registration.h"
#include "node/cli/anchor_setup.h"

namespace chancery::cli {

struct AnchorOutcome {
    std::optional<AnchorRecord> record;  // Empty: nothing new to anchor.
    std::optional<rpc::EvmReceipt> receipt;
    std::uint64_t size = 0;    // Of the ledger, if there was nothing new.
    bool is_recorded = false;  // The sender is an anchor key of the member, in force now.
};

class AnchorJob {
public:
    // All must outlive it.
    AnchorJob(Session& session, Desk& desk, const Issuer& issuer, AnchorDesk& at)
        : session_(session), desk_(desk), issuer_(issuer), at_(at) {}

    // `always`: also if nothing came since the last but anchors and empty blocks.
    // Errc::forbidden if anchor key and issuer key are of two members.
    Result<AnchorOutcome> run(bool always, const Patience& patience);

private:
    Result<void> check_owner() const;
    // The one to bring to its end; nullopt: there is nothing new.
    Result<std::optional<AnchorRecord>> take_up(bool always, AnchorSender& sender);
    Result<bool> has_news(const merkle::TreeHead& from, const merkle::TreeHead& to);
    bool is_recorded() const;

    Session& session_;
    Desk& desk_;
    const Issuer& issuer_;
    AnchorDesk& at_;
    std::uint64_t size_ = 0;  // Of the newest checkpoint, once it was asked for.
};

json::Object anchor_json(const AnchorRecord& record);

}  // namespace chancery::cli

// Puts a mined anchor on the ledger: one entry of kind 6, in a batch that the issuer key signs.
//
// The signed batch is in the journal before it is submitted, and the same bytes are taken once. One
// that lapsed is signed anew under the same nonce, and only when a sealed state later than its time
// shows it nowhere: so two entries for one anchoring cannot come to be.
#pragma once

#include "node/cli/accepted_checkpoint.h"
#include "node/cli/anchor_record.h"
#include "node/cli/issuer.h"

namespace chancery::cli {

class AnchorRegistration {
public:
    // All must outlive it.
    AnchorRegistration(Session& session,
                       Desk& desk,
                       const Issuer& issuer,
                       const AnchorJournal& journal)
        : session_(session), desk_(desk), issuer_(issuer), journal_(journal) {}

    // CHECKs that the anchor is mined and of the ledger. On return the entry is proven to be at
    // record.position. Errors are the nodes': it may be called again.
    Result<void> run(AnchorRecord& record);

private:
    Result<ledger::Position> place(AnchorRecord& record);
    Result<void> sign(AnchorRecord& record) const;
    Result<std::optional<ledger::Position>> find_placed(const AnchorBatch& batch);
    Result<bool> has_lapsed(const AnchorBatch& batch);
    Result<void> check_entry(const AnchorRecord& record, ledger::Position position);

    Session& session_;
    Desk& desk_;
    const Issuer& issuer_;
    const AnchorJournal& journal_;
};

// What the ledger is to say of a record whose anchor is mined; member and time are left out.
ledger::AnchorEntry anchor_entry_of(const AnchorRecord& record);

}  // namespace chancery::cli

// Brings one root onto an EVM chain: signs, sends, watches, replaces, and starts again if it must.
//
// A look at the chain is one call of advance(); whoever calls decides when the next one is. All
// that a crash could repeat is durable before it is done:
//
//     begin: sign ─▶ journal ─▶ advance: send ─▶ in a block ─▶ enough blocks on it ─▶ journal
//                                  ▲   │ stuck: sign with higher fees, same nonce ─▶ journal
//                                  └───┘ gone from the pool, or its block from the chain: send
//                                  again
//
// Only when another transaction of this sender has taken the nonce, as deep as was wanted, can none
// of the attempts be mined any more; then a new nonce is taken.
#pragma once

#include "node/cli/anchor_fees.h"
#include "node/cli/anchor_record.h"
#include "rpc/evm_client.h"

namespace chancery::cli {

struct AnchorOptions {
    std::uint64_t chain_id = 0;
    std::uint64_t confirmations = 64;           // Blocks, its own included.
    std::uint64_t fee_max = 50 * wei_per_gwei;  // For each gas.
    std::uint64_t replace_after = 25;           // Blocks without it.
};

struct AnchorView {
    enum class Stage : std::uint8_t { waiting, mined, confirmed };
    Stage stage = Stage::waiting;
    Hash transaction{};                      // The one that is mined, else the newest.
    std::optional<rpc::EvmReceipt> receipt;  // If mined.
    std::uint64_t confirmations = 0;
    std::string why;  // Of waiting, if there is more to say than that.
};

class AnchorSender {
public:
    // All must outlive it.
    AnchorSender(rpc::EvmClient& chain,
                 const AnchorJournal& journal,
                 const keys::EvmKey& key,
                 const AnchorOptions& options)
        : chain_(chain), journal_(journal), key_(key), options_(options) {}

    const AnchorOptions& options() const { return options_; }

    // Errc::forbidden if the endpoint is of another chain.
    Result<void> check_chain();

    // Signs the first transaction for record.head.root and writes it down; nothing is sent.
    // Errc::unavailable if a place costs too much now.
    Result<void> begin(AnchorRecord& record);

    // Errc::conflict if another key or chain began it; Errc::unavailable, with the endpoint's own
    // words, if it takes the transaction not; errors of EvmClient and of the journal. Whatever
    // happens, it may be called again.
    Result<AnchorView> advance(AnchorRecord& record);

private:
    Result<FeeMarket> market(const rpc::EvmBlock& newest);
    Result<evm::Transaction> draft(const Hash& root, const rpc::EvmBlock& newest);
    Result<std::optional<AnchorView>> find_mined(const AnchorRecord& record,
                                                 const rpc::EvmBlock& newest);
    Result<AnchorView> confirm(AnchorRecord& record, AnchorView view) const;
    Result<AnchorView> push(AnchorRecord& record, const rpc::EvmBlock& newest);
    Result<std::string> replace_if_stuck(AnchorRecord& record, const rpc::EvmBlock& newest);
    Result<AnchorView> overtaken(AnchorRecord& record, const rpc::EvmBlock& newest);
    Result<bool> is_any_known(const AnchorRecord& record);
    // Gives what is to be said of it.
    Result<std::string> send_newest(const AnchorRecord& record);

    rpc::EvmClient& chain_;
    const AnchorJournal& journal_;
    const keys::EvmKey& key_;
    AnchorOptions options_;
};

}  // namespace chancery::cli

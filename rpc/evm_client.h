// Asks the endpoint of an EVM chain, one call at a time, over http or https.
//
// The endpoint is a stranger that may be slow, wrong or hostile: answers have limits and deadlines,
// and what it says is checked by who asked. A path in its URL is often a secret that is paid for,
// so that no error names it. Source: Ethereum Execution APIs.
#pragma once

#include "rpc/evm_answers.h"
#include "rpc/http_client.h"

namespace chancery::rpc {

struct EvmEndpoint {
    std::string url;
    std::string ca_file = {};  // Authorities for https; empty: this machine's.
    std::chrono::milliseconds timeout{30'000};
};

class EvmClient {  // One thread at a time.
public:
    // Errc::invalid for what is no URL; errors of ClientTls.
    static Result<EvmClient> to(const EvmEndpoint& endpoint);

    // All: Errc::unavailable, not there or too busy; Errc::timeout; Errc::forbidden, wants a key;
    // Errc::invalid, no such answer as is wanted; and errors of parse_evm_answer().
    Result<std::uint64_t> chain_id();
    // Transactions of this sender up to the newest block, or up to that of a number.
    Result<std::uint64_t> transaction_count(const keys::EvmAddress& sender,
                                            std::optional<std::uint64_t> block = std::nullopt);
    Result<std::uint64_t> balance(const keys::EvmAddress& address);  // Wei, as evm_amount().
    Result<EvmBlock> newest_block();
    Result<std::optional<EvmBlock>> block(std::uint64_t number);
    Result<std::optional<EvmBlock>> block(const Hash& hash);
    // What blocks take as tip at present, wei for each gas.
    Result<std::uint64_t> usual_tip();
    Result<std::uint64_t> estimate_gas(const keys::EvmAddress& sender,
                                       const keys::EvmAddress& to,
                                       ByteView data);
    // Errc::conflict: the endpoint says why it does not take it, or that it has it already.
    Result<void> send(const evm::SignedTransaction& transaction);
    Result<std::optional<EvmReceipt>> receipt(const Hash& transaction);
    Result<std::optional<EvmTransaction>> transaction(const Hash& hash);

private:
    EvmClient(HttpClient http, std::string target)
        : http_(std::move(http)), target_(std::move(target)) {}

    Result<json::Value> call(std::string_view method, json::Array parameters);
    Result<std::uint64_t> number(std::string_view method, json::Array parameters);
    Result<std::optional<EvmBlock>> block_of(std::string_view method, json::Value which);

    HttpClient http_;
    std::string target_;
    std::uint64_t id_ = 0;  // Of the newest call.
};

}  // namespace chancery::rpc

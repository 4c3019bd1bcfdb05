// What the endpoint of an EVM chain answers, as values: envelopes of JSON-RPC and the few results
// that anchoring asks for.
//
// The endpoint is a stranger. Members that nobody asked for are passed over, for each client adds
// its own; those that count must have their form. A transaction is believed only as far as its
// hash covers it. Source: JSON-RPC 2.0; Ethereum Execution APIs (eth_…).
#pragma once

#include <optional>

#include "crypto/evm/transaction.h"
#include "crypto/json/value.h"

namespace chancery::rpc {

inline constexpr std::size_t evm_answer_bytes_max = std::size_t{4} * 1024 * 1024;

// The result of the call with this id. Errc::invalid if it is no answer to it; an error that it
// names is Errc::unavailable if the limit of calls is reached, Errc::not_found if the method is
// unknown, Errc::conflict otherwise. Its text is shown, as far as it is printable ASCII.
Result<json::Value> parse_evm_answer(std::string_view body, std::uint64_t id);

struct EvmBlock {
    std::uint64_t number = 0;
    Hash hash{};
    std::uint64_t time_s = 0;
    std::uint64_t base_fee = 0;  // Wei for each gas.
};

struct EvmPlace {  // Of a transaction that is in a block.
    std::uint64_t block_number = 0;
    Hash block_hash{};
    bool operator==(const EvmPlace&) const = default;
};

struct EvmReceipt {
    EvmPlace place;
    bool has_succeeded = false;
    std::uint64_t gas_used = 0;
    std::uint64_t gas_price = 0;  // Wei that were paid for each.
};

struct EvmTransaction {
    evm::SignedTransaction transaction;
    std::optional<EvmPlace> place;  // The endpoint's word; none: in no block yet.
};

// Each: Errc::invalid, naming the member, for another form.
// "0x0", "0x1f": no leading zeros. More than 64 bits is refused.
Result<std::uint64_t> evm_quantity(const json::Value& value);
// More than 64 bits is 2^64 − 1: of balances nobody needs to know more.
Result<std::uint64_t> evm_amount(const json::Value& value);
Result<Hash> evm_hash(const json::Value& value);
// nullopt: null, there is none.
Result<std::optional<EvmBlock>> evm_block(const json::Value& value);
Result<std::optional<EvmReceipt>> evm_receipt(const json::Value& value);
// Errc::corrupt if what the members say is not what has this hash; Errc::invalid for other types
// than EIP-1559, of which that cannot be told.
Result<std::optional<EvmTransaction>> evm_transaction(const json::Value& value, const Hash& hash);

}  // namespace chancery::rpc

// Transactions of EVM chains, of the one type that anchors are sent as: EIP-1559, type 2.
//
//     payload = [chain_id, nonce, tip, fee_max, gas, to, value, data, access_list]
//     signed  = Keccak-256(02 ‖ RLP(payload))
//     raw     = 02 ‖ RLP(payload ‖ [y_parity, r, s])       hash = Keccak-256(raw)
//
// The access list is empty, there is always a recipient, and fees and values fit 64 bits of wei.
// Source: EIP-2718, EIP-1559.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"
#include "crypto/keys/evm_key.h"

namespace chancery::evm {

inline constexpr std::size_t data_bytes_max = 4'096;

struct Transaction {
    std::uint64_t chain_id = 0;
    std::uint64_t nonce = 0;
    std::uint64_t tip = 0;      // Wei for each gas, for the block's proposer, at most.
    std::uint64_t fee_max = 0;  // Wei for each gas, base fee and tip together, at most.
    std::uint64_t gas = 0;      // At most.
    keys::EvmAddress to;
    std::uint64_t value = 0;  // Wei.
    Bytes data;

    bool operator==(const Transaction&) const = default;
};

struct SignedTransaction {
    Transaction transaction;
    keys::EvmSignature signature;

    bool operator==(const SignedTransaction&) const = default;
};

Hash signing_hash(const Transaction& transaction);
SignedTransaction sign(Transaction transaction, const keys::EvmKey& key);

// What is sent, and the name by which a chain finds it.
Bytes raw_bytes(const SignedTransaction& transaction);
Hash hash_of(const SignedTransaction& transaction);

// Errc::forbidden as recover_evm_address().
Result<keys::EvmAddress> sender_of(const SignedTransaction& transaction);

// Errc::invalid for anything that raw_bytes() does not write. Does not look at the signature.
Result<SignedTransaction> parse_transaction(ByteView raw);

}  // namespace chancery::evm

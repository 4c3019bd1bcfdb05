// What an anchor's transaction offers for a place in a block.
//
// An EIP-1559 block takes its base fee from the sender, at most an eighth more than the block
// before it, and the tip goes to the proposer. Twice the base fee is enough for six full blocks.
// A transaction that replaces another must offer a tenth more of both, by the rule of the usual
// clients; an eighth is offered. Source: EIP-1559; go-ethereum's transaction pool.
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/base/result.h"

namespace chancery::cli {

inline constexpr std::uint64_t wei_per_gwei = 1'000'000'000;

struct AnchorFees {
    std::uint64_t tip = 0;  // Wei for each gas.
    std::uint64_t fee_max = 0;
    bool operator==(const AnchorFees&) const = default;
};

struct FeeMarket {
    std::uint64_t base_fee = 0;   // Of the newest block.
    std::uint64_t usual_tip = 0;  // As the endpoint names it.
};

// `limit`: wei for each gas, base fee and tip together. The tip of the first transaction is at most
// a quarter of it. Errc::unavailable if a place costs more than the limit now.
Result<AnchorFees> first_fees(const FeeMarket& market, std::uint64_t limit);

// What replaces `before`; nullopt if the limit leaves no room for that much more.
std::optional<AnchorFees> replacing_fees(const AnchorFees& before,
                                         const FeeMarket& market,
                                         std::uint64_t limit);

// "1.5 gwei"
std::string gwei_text(std::uint64_t wei);

}  // namespace chancery::cli

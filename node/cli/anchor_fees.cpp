#include "node/cli/anchor_fees.h"

#include <algorithm>
#include <limits>
#include <string>

namespace chancery::cli {
namespace {

constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();

std::uint64_t sum(std::uint64_t a, std::uint64_t b) { return a > largest - b ? largest : a + b; }

// Rounded up, and never the same.
std::uint64_t an_eighth_more(std::uint64_t fee) { return sum(fee, fee / 8 + 1); }

}  // namespace

Result<AnchorFees> first_fees(const FeeMarket& market, std::uint64_t limit) {
    const std::uint64_t tip = std::min(market.usual_tip, limit / 4);
    if (sum(market.base_fee, tip) > limit) {
        return Error{Errc::unavailable,
                     "a place in a block costs " + gwei_text(sum(market.base_fee, tip)) +
                         " for each gas now, the limit is " + gwei_text(limit)};
    }
    const std::uint64_t wanted = sum(sum(market.base_fee, market.base_fee), tip);
    return AnchorFees{.tip = tip, .fee_max = std::min(wanted, limit)};
}

std::optional<AnchorFees> replacing_fees(const AnchorFees& before,
                                         const FeeMarket& market,
                                         std::uint64_t limit) {
    AnchorFees fees{.tip = an_eighth_more(before.tip), .fee_max = an_eighth_more(before.fee_max)};
    const std::uint64_t wanted = sum(sum(market.base_fee, market.base_fee), fees.tip);
    fees.fee_max = std::max(fees.fee_max, std::min(wanted, limit));
    if (fees.fee_max > limit || fees.tip > fees.fee_max) {
        return std::nullopt;
    }
    return fees;
}

std::string gwei_text(std::uint64_t wei) {
    std::string fraction = std::to_string(wei % wei_per_gwei);
    fraction.insert(0, 9 - fraction.size(), '0');
    fraction.erase(fraction.find_last_not_of('0') + 1);
    const std::string whole = std::to_string(wei / wei_per_gwei);
    return whole + (fraction.empty() ? "" : "." + fraction) + " gwei";
}

}  // namespace chancery::cli

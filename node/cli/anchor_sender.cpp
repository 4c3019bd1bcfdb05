#include "node/cli/anchor_sender.h"

#include <algorithm>

#include "crypto/base/encoding.h"

namespace chancery::cli {
namespace {

// 22,280 for 32 bytes by EIP-7623; whoever names much more is not to be paid for it.
constexpr std::uint64_t gas_max = 200'000;

// What the endpoint refuses may go right later; nothing is in the way for ever.
Error try_later(const Error& error) {
    return {error.code == Errc::conflict ? Errc::unavailable : error.code, error.detail};
}

std::uint64_t nonce_of(const AnchorRecord& record) {
    return record.newest().transaction.transaction.nonce;
}

AnchorView waiting(const AnchorRecord& record, std::string why) {
    AnchorView view;
    view.transaction = evm::hash_of(record.newest().transaction);
    view.why = std::move(why);
    return view;
}

}  // namespace

Result<void> AnchorSender::check_chain() {
    const auto chain_id = chain_.chain_id();
    if (!chain_id) return chain_id.error();
    if (*chain_id == options_.chain_id) return {};
    return Error{Errc::forbidden,
                 "the endpoint is of chain eip155:" + std::to_string(*chain_id) +
                     ", want eip155:" + std::to_string(options_.chain_id)};
}

Result<FeeMarket> AnchorSender::market(const rpc::EvmBlock& newest) {
    FeeMarket found{.base_fee = newest.base_fee, .usual_tip = wei_per_gwei};
    const auto tip = chain_.usual_tip();
    if (tip) {
        found.usual_tip = *tip;
    } else if (tip.error().code != Errc::not_found) {  // Not every client knows the question.
        return tip.error();
    }
    return found;
}

// With the newest nonce.
Result<evm::Transaction> AnchorSender::draft(const Hash& root, const rpc::EvmBlock& newest) {
    evm::Transaction transaction;
    transaction.chain_id = options_.chain_id;
    transaction.to = key_.address();
    transaction.data.assign(root.begin(), root.end());
    const auto prices = market(newest);
    if (!prices) return prices.error();
    const auto fees = first_fees(*prices, options_.fee_max);
    if (!fees) return fees.error();
    transaction.tip = fees->tip;
    transaction.fee_max = fees->fee_max;
    const auto nonce = chain_.transaction_count(key_.address());
    if (!nonce) return nonce.error();
    transaction.nonce = *nonce;
    const auto gas = chain_.estimate_gas(key_.address(), key_.address(), root);
    if (!gas) return try_later(gas.error());
    if (*gas > gas_max) {
        return Error{Errc::unavailable,
                     "the endpoint wants " + std::to_string(*gas) +
                         " gas for 32 bytes, the limit is " + std::to_string(gas_max)};
    }
    transaction.gas = *gas + *gas / 4;
    return transaction;
}

Result<void> AnchorSender::begin(AnchorRecord& record) {
    const auto newest = chain_.newest_block();
    if (!newest) return newest.error();
    auto transaction = draft(record.head.root, *newest);
    if (!transaction) return transaction.error();
    record.attempts = {{evm::sign(*std::move(transaction), key_), newest->number}};
    return journal_.write(record);
}

Result<AnchorView> AnchorSender::advance(AnchorRecord& record) {
    const evm::Transaction& begun = record.newest().transaction.transaction;
    if (begun.to != key_.address() || begun.chain_id != options_.chain_id)
        return Error{Errc::conflict,
                     "the anchoring was begun by " + begun.to.text() + " on eip155:" +
                         std::to_string(begun.chain_id) + ", and only that key can finish it"};
    const auto newest = chain_.newest_block();
    if (!newest) return newest.error();
    auto mined = find_mined(record, *newest);
    if (!mined) return mined.error();
    if (*mined) return confirm(record, **std::move(mined));
    return push(record, *newest);
}

// The attempt that is in a block of the chain as it is now.
Result<std::optional<AnchorView>> AnchorSender::find_mined(const AnchorRecord& record,
                                                           const rpc::EvmBlock& newest) {
    for (const AnchorAttempt& attempt : record.attempts) {
        AnchorView view;
        view.transaction = evm::hash_of(attempt.transaction);
        auto receipt = chain_.receipt(view.transaction);
        if (!receipt) return receipt.error();
        if (!*receipt) continue;
        const rpc::EvmPlace& place = (*receipt)->place;
        const auto block = chain_.block(place.block_number);
        if (!block) return block.error();
        if (!*block || (*block)->hash != place.block_hash) continue;  // Of a branch that lost.
        view.stage = AnchorView::Stage::mined;
        view.receipt = *receipt;
        if (newest.number >= place.block_number)
            view.confirmations = newest.number - place.block_number + 1;
        return std::optional(std::move(view));
    }
    return std::optional<AnchorView>();
}

Result<AnchorView> AnchorSender::confirm(AnchorRecord& record, AnchorView view) const {
    if (view.confirmations < options_.confirmations) return view;
    view.stage = AnchorView::Stage::confirmed;
    record.mined = view.transaction;
    if (const auto written = journal_.write(record); !written) return written.error();
    return view;
}

Result<AnchorView> AnchorSender::push(AnchorRecord& record, const rpc::EvmBlock& newest) {
    const auto count = chain_.transaction_count(key_.address());
    if (!count) return count.error();
    if (*count > nonce_of(record)) return overtaken(record, newest);
    std::string why;
    if (*count == nonce_of(record)) {
        auto replaced = replace_if_stuck(record, newest);
        if (!replaced) return replaced.error();
        why = *std::move(replaced);
    } else {
        why = "the chain shows " + std::to_string(*count) + " transactions of this key, the " +
              "anchor's nonce is " + std::to_string(nonce_of(record));
    }
    const auto sent = send_newest(record);
    if (!sent) return sent.error();
    return waiting(record, sent->empty() ? why : *sent);
}

// Higher fees if the present ones do not suffice, or were passed over for long.
Result<std::string> AnchorSender::replace_if_stuck(AnchorRecord& record,
                                                   const rpc::EvmBlock& newest) {
    const AnchorAttempt& last = record.newest();
    const evm::Transaction& stuck = last.transaction.transaction;
    const bool is_too_low = newest.base_fee > stuck.fee_max;
    const bool is_passed_over = newest.number >= last.block + options_.replace_after;
    if (!is_too_low && !is_passed_over) return std::string();
    const auto prices = market(newest);
    if (!prices) return prices.error();
    const auto fees = replacing_fees({stuck.tip, stuck.fee_max}, *prices, options_.fee_max);
    if (!fees || record.attempts.size() == anchor_attempts_max) {
        return "it is not in a block for " + std::to_string(newest.number - last.block) +
               " blocks, and offering more than " + gwei_text(stuck.fee_max) +
               " would pass the limit of " + gwei_text(options_.fee_max);
    }
    evm::Transaction transaction = stuck;
    transaction.tip = fees->tip;
    transaction.fee_max = fees->fee_max;
    record.attempts.push_back({evm::sign(std::move(transaction), key_), newest.number});
    if (const auto written = journal_.write(record); !written) return written.error();
    return "sent again, for at most " + gwei_text(fees->fee_max);
}

Result<bool> AnchorSender::is_any_known(const AnchorRecord& record) {
    for (const AnchorAttempt& attempt : record.attempts) {
        const auto known = chain_.transaction(evm::hash_of(attempt.transaction));
        if (!known) return known.error();
        if (*known) return true;
    }
    return false;
}

Result<AnchorView> AnchorSender::overtaken(AnchorRecord& record, const rpc::EvmBlock& newest) {
    const std::string taken =
        "another transaction of this key took nonce " + std::to_string(nonce_of(record));
    const auto wait = waiting(record, taken + "; waiting until that is certain");
    if (newest.number + 1 < options_.confirmations) return wait;
    const std::uint64_t deep = newest.number + 1 - options_.confirmations;
    const auto count = chain_.transaction_count(key_.address(), deep);
    if (!count) return count.error();
    if (*count <= nonce_of(record)) return wait;
    // One machine behind the endpoint may know what another does not show yet.
    const auto known = is_any_known(record);
    if (!known) return known.error();
    if (*known) return wait;
    auto transaction = draft(record.head.root, newest);
    if (!transaction) return transaction.error();
    for (const AnchorAttempt& attempt : record.attempts)
        record.given_up.push_back(evm::hash_of(attempt.transaction));
    record.attempts = {{evm::sign(*std::move(transaction), key_), newest.number}};
    if (const auto written = journal_.write(record); !written) return written.error();
    const auto sent = send_newest(record);
    if (!sent) return sent.error();
    return waiting(record, taken + "; sent anew");
}

Result<std::string> AnchorSender::send_newest(const AnchorRecord& record) {
    const evm::SignedTransaction& transaction = record.newest().transaction;
    const auto known = chain_.transaction(evm::hash_of(transaction));
    if (!known) return known.error();
    if (*known) return std::string();
    const auto sent = chain_.send(transaction);
    if (sent) return std::string();
    if (sent.error().code != Errc::conflict) return sent.error();
    // "already known", or an older attempt stands in its way: that is as good.
    const auto is_there = is_any_known(record);
    if (!is_there) return is_there.error();
    if (*is_there) return sent.error().detail;
    return try_later(sent.error());
}

}  // namespace chancery::cli

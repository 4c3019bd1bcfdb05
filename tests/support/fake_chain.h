// A small EVM chain behind JSON-RPC over HTTP: blocks are made when a test says so, and it can
// re-organise, forget, refuse, lie and answer anything at all.
//
// It knows what anchoring asks for and judges transactions as the usual clients do: chain, nonce,
// and a tenth more for a replacement.
#pragma once

#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "crypto/base/encoding.h"
#include "crypto/evm/transaction.h"
#include "crypto/hash/keccak256.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "tests/support/running_server.h"

namespace chancery::test {

class FakeChain {
public:
    explicit FakeChain(std::uint64_t chain_id = 31'337) : chain_id_(chain_id) {
        rpc::Route route;
        route.method = rpc::Method::post;
        route.path = "/key/{secret}";
        route.handler =
            rpc::Handler([this](const rpc::Request& request) { return answer(request.body); });
        router_.add(std::move(route));
        blocks_.push_back({});
        server_ = std::make_unique<RunningServer>(router_, without_address_limit());
    }

    std::string url() const {
        return "http://127.0.0.1:" + std::to_string(server_->port()) + "/key/paid-for";
    }

    // The first of these blocks takes all that waits and can go.
    void mine(std::size_t blocks = 1) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < blocks; ++i)
            add_block();
    }
    // The newest `depth` blocks are replaced by one more of another branch. What was in them waits
    // again, or is forgotten.
    void reorganise(std::size_t depth, bool forget) {
        const std::lock_guard lock(mutex_);
        ++branch_;
        for (std::size_t i = 0; i < depth; ++i) {
            if (!forget)
                for (const auto& one : blocks_.back().transactions)
                    pool_.push_back(one);
            blocks_.pop_back();
        }
        std::deque<evm::SignedTransaction> kept;
        kept.swap(pool_);
        for (std::size_t i = 0; i <= depth; ++i)
            add_block();
        pool_ = kept;
    }
    void forget_pool() {
        const std::lock_guard lock(mutex_);
        pool_.clear();
    }
    // As if the key's owner had sent something else, in the next block.
    void take_nonce(const keys::EvmKey& key) {
        const std::lock_guard lock(mutex_);
        evm::Transaction other;
        other.chain_id = chain_id_;
        other.nonce = count_of(key.address(), blocks_.size() - 1);
        other.to = key.address();
        other.gas = 21'000;
        other.fee_max = base_fee_;
        pool_.push_front(evm::sign(other, key));
        add_block();
    }
    // Each question for the newest block makes one first.
    void mine_when_asked() {
        const std::lock_guard lock(mutex_);
        mines_when_asked_ = true;
    }
    void set_base_fee(std::uint64_t fee) {
        const std::lock_guard lock(mutex_);
        base_fee_ = fee;
    }
    // What the next calls of this method answer: a whole body, or a JSON-RPC error's text.
    void answer_once(const std::string& method, const std::string& body) {
        const std::lock_guard lock(mutex_);
        bodies_[method].push_back(body);
    }
    void refuse_once(const std::string& method, const std::string& message) {
        answer_once(
            method,
            R"({"jsonrpc":"2.0","id":$ID,"error":{"code":-32000,"message":")" + message + "\"}}");
    }
    void answer_status_once(int status) {
        const std::lock_guard lock(mutex_);
        statuses_.push_back(status);
    }

    // How often a method was called; of "" all.
    std::size_t calls(const std::string& method) const {
        const std::lock_guard lock(mutex_);
        const auto found = calls_.find(method);
        return found == calls_.end() ? 0 : found->second;
    }
    // All transactions that any block of the chain has.
    std::vector<evm::SignedTransaction> mined() const {
        const std::lock_guard lock(mutex_);
        std::vector<evm::SignedTransaction> all;
        for (const Block& block : blocks_)
            all.insert(all.end(), block.transactions.begin(), block.transactions.end());
        return all;
    }
    std::vector<evm::SignedTransaction> pool() const {
        const std::lock_guard lock(mutex_);
        return {pool_.begin(), pool_.end()};
    }
    std::uint64_t height() const {
        const std::lock_guard lock(mutex_);
        return blocks_.size() - 1;
    }

private:
    struct Block {
        std::uint64_t branch = 0;
        std::vector<evm::SignedTransaction> transactions;
    };

    static std::string hex(ByteView bytes) { return "0x" + to_hex(bytes); }
    static std::string quantity(std::uint64_t number) {
        std::string digits = to_hex(Writer().u64(number).take());
        digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
        return "0x" + digits;
    }

    Hash block_hash(std::uint64_t number) const {
        return keccak256(Writer().u64(number).u64(blocks_[number].branch).take());
    }

    std::uint64_t count_of(const keys::EvmAddress& sender, std::uint64_t number) const {
        std::uint64_t count = 0;
        for (std::uint64_t i = 0; i <= number && i < blocks_.size(); ++i)
            for (const auto& one : blocks_[i].transactions)
                count += *evm::sender_of(one) == sender ? 1U : 0U;
        return count;
    }

    void add_block() {
        Block block{branch_, {}};
        blocks_.push_back(block);
        std::deque<evm::SignedTransaction> left;
        for (const auto& one : pool_) {
            const auto sender = *evm::sender_of(one);
            const std::uint64_t next = count_of(sender, blocks_.size() - 1);
            if (one.transaction.nonce < next) continue;
            const bool goes = one.transaction.nonce == next && one.transaction.fee_max >= base_fee_;
            if (goes) {
                blocks_.back().transactions.push_back(one);
            } else {
                left.push_back(one);
            }
        }
        pool_ = left;
    }

    rpc::Response answer(std::string_view body) {
        const std::lock_guard lock(mutex_);
        if (!statuses_.empty()) {
            const int status = statuses_.front();
            statuses_.pop_front();
            return {status, "text/plain", "busy"};
        }
        const auto call = json::parse(body);
        CHECK(call);
        const std::string method = *call->find("method")->as_string();
        const std::string id = json::canonical(*call->find("id"));
        ++calls_[method];
        ++calls_[""];
        if (auto& prepared = bodies_[method]; !prepared.empty()) {
            std::string text = prepared.front();
            prepared.pop_front();
            if (const auto at = text.find("$ID"); at != std::string::npos) text.replace(at, 3, id);
            return {200, "application/json", text};
        }
        const json::Array& parameters = *call->find("params")->as_array();
        json::Object document{{"jsonrpc", "2.0"}, {"id", *call->find("id")}};
        const std::string refusal = method == "eth_sendRawTransaction"
                                        ? take(unhex_text(parameters.front()))
                                        : std::string();
        if (refusal.empty()) {
            document.push_back({"result", result_of(method, parameters)});
        } else {
            document.push_back({"error", json::Object{{"code", -32'000}, {"message", refusal}}});
        }
        return {200, "application/json", json::canonical(document)};
    }

    static Bytes unhex_text(const json::Value& value) {
        return from_hex(value.as_string()->substr(2)).value();
    }
    static Hash hash_from(const json::Value& value) {
        return hash_from_hex(value.as_string()->substr(2)).value();
    }
    std::uint64_t number_from(const json::Value& value) const {
        if (*value.as_string() == "latest") return blocks_.size() - 1;
        return std::stoull(value.as_string()->substr(2), nullptr, 16);
    }

    // Empty: taken; else why not.
    std::string take(const Bytes& raw) {
        const auto transaction = evm::parse_transaction(raw);
        if (!transaction) return "rlp: " + transaction.error().detail;
        const auto sender = evm::sender_of(*transaction);
        if (!sender) return "invalid sender";
        const evm::Transaction& fields = transaction->transaction;
        if (fields.chain_id != chain_id_) return "invalid chain id";
        if (fields.nonce < count_of(*sender, blocks_.size() - 1)) return "nonce too low";
        if (fields.gas < 21'000) return "intrinsic gas too low";
        for (auto& waiting : pool_) {
            const evm::Transaction& other = waiting.transaction;
            if (*evm::sender_of(waiting) != *sender || other.nonce != fields.nonce) continue;
            if (waiting == *transaction) return "already known";
            if (fields.fee_max < other.fee_max + other.fee_max / 10 ||
                fields.tip < other.tip + other.tip / 10)
                return "replacement transaction underpriced";
            waiting = *transaction;
            return {};
        }
        pool_.push_back(*transaction);
        return {};
    }

    json::Value result_of(const std::string& method, const json::Array& parameters) {
        if (method == "eth_chainId") return quantity(chain_id_);
        if (method == "eth_maxPriorityFeePerGas") return "0x3b9aca00";
        if (method == "eth_estimateGas") return "0x5708";  // 22,280.
        if (method == "eth_getBalance") return "0xde0b6b3a7640000000";
        if (method == "eth_getTransactionCount") {
            const auto sender = keys::EvmAddress::parse(*parameters[0].as_string()).value();
            return quantity(count_of(sender, number_from(parameters[1])));
        }
        if (method == "eth_getBlockByNumber") {
            if (mines_when_asked_ && *parameters[0].as_string() == "latest") add_block();
            return block_json(number_from(parameters[0]));
        }
        if (method == "eth_getBlockByHash") {
            for (std::uint64_t i = 0; i < blocks_.size(); ++i)
                if (block_hash(i) == hash_from(parameters[0])) return block_json(i);
            return {};
        }
        if (method == "eth_getTransactionReceipt") return receipt_json(hash_from(parameters[0]));
        if (method == "eth_getTransactionByHash") return transaction_json(hash_from(parameters[0]));
        if (method == "eth_sendRawTransaction")
            return hex(evm::hash_of(*evm::parse_transaction(unhex_text(parameters.front()))));
        return {};
    }

    json::Value block_json(std::uint64_t number) const {
        if (number >= blocks_.size()) return {};
        return json::Object{{"number", quantity(number)},
                            {"hash", hex(block_hash(number))},
                            {"timestamp", quantity(1'767'225'600 + 12 * number)},
                            {"baseFeePerGas", quantity(base_fee_)},
                            {"extraData", "0x"}};
    }

    json::Value receipt_json(const Hash& hash) const {
        for (std::uint64_t i = 0; i < blocks_.size(); ++i)
            for (const auto& one : blocks_[i].transactions)
                if (evm::hash_of(one) == hash)
                    return json::Object{{"transactionHash", hex(hash)},
                                        {"blockNumber", quantity(i)},
                                        {"blockHash", hex(block_hash(i))},
                                        {"status", "0x1"},
                                        {"gasUsed", "0x5708"},
                                        {"effectiveGasPrice", quantity(base_fee_)}};
        return {};
    }

    json::Value transaction_json(const Hash& hash) const {
        for (std::uint64_t i = 0; i < blocks_.size(); ++i)
            for (const auto& one : blocks_[i].transactions)
                if (evm::hash_of(one) == hash)
                    return fields_json(one, quantity(i), hex(block_hash(i)));
        for (const auto& one : pool_)
            if (evm::hash_of(one) == hash) return fields_json(one, {}, {});
        return {};
    }

    static json::Value fields_json(const evm::SignedTransaction& one,
                                   const json::Value& number,
                                   const json::Value& block) {
        const evm::Transaction& fields = one.transaction;
        const auto short_hex = [](const Hash& value) {
            std::string digits = to_hex(value);
            digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
            return "0x" + digits;
        };
        return json::Object{{"hash", hex(evm::hash_of(one))},
                            {"type", "0x2"},
                            {"chainId", quantity(fields.chain_id)},
                            {"nonce", quantity(fields.nonce)},
                            {"maxPriorityFeePerGas", quantity(fields.tip)},
                            {"maxFeePerGas", quantity(fields.fee_max)},
                            {"gas", quantity(fields.gas)},
                            {"to", fields.to.text()},
                            {"from", evm::sender_of(one)->text()},
                            {"value", quantity(fields.value)},
                            {"input", hex(fields.data)},
                            {"accessList", json::Array{}},
                            {"v", quantity(one.signature.y_parity)},
                            {"yParity", quantity(one.signature.y_parity)},
                            {"r", short_hex(one.signature.r)},
                            {"s", short_hex(one.signature.s)},
                            {"blockNumber", number},
                            {"blockHash", block}};
    }

    std::uint64_t chain_id_;
    rpc::Router router_;
    mutable std::mutex mutex_;  // Of all below.
    std::vector<Block> blocks_;
    std::deque<evm::SignedTransaction> pool_;
    std::uint64_t branch_ = 0;
    std::uint64_t base_fee_ = 1'000'000'000;
    bool mines_when_asked_ = false;
    std::map<std::string, std::deque<std::string>> bodies_;
    std::deque<int> statuses_;
    std::map<std::string, std::size_t> calls_;
    std::unique_ptr<RunningServer> server_;  // Last: it calls into all the others.
};

}  // namespace chancery::test

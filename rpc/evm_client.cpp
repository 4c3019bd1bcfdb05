#include "rpc/evm_client.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"

namespace chancery::rpc {
namespace {

json::Value hex_text(ByteView bytes) { return "0x" + to_hex(bytes); }

json::Value quantity_text(std::uint64_t number) {
    std::string digits = to_hex(Writer().u64(number).take());
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    return "0x" + digits;
}

Error error_of_status(int status) {
    const std::string detail = "the chain's endpoint answers HTTP " + std::to_string(status);
    if (status == 401 || status == 403) return {Errc::forbidden, detail};
    if (status == 429 || status >= 500) return {Errc::unavailable, detail};
    return {Errc::invalid, detail + ", want 200"};
}

// A connection that broke is no disk of ours.
Error from_endpoint(const Error& error) {
    const Errc code = error.code == Errc::io ? Errc::unavailable : error.code;
    return {code, "the chain's endpoint: " + error.detail};
}

}  // namespace

Result<EvmClient> EvmClient::to(const EvmEndpoint& endpoint) {
    Result<Url> url = parse_url(endpoint.url);
    if (!url) return Error{url.error().code, "the chain's URL: " + url.error().detail};
    std::string target = std::exchange(url->target, "/");
    ClientOptions options;
    options.connect_timeout = std::min(options.connect_timeout, endpoint.timeout);
    options.answer_timeout = endpoint.timeout;
    options.body_bytes_max = evm_answer_bytes_max;
    options.ca_file = endpoint.ca_file;
    auto http = HttpClient::to(*url, std::move(options));
    if (!http) return http.error();
    return EvmClient(*std::move(http), std::move(target));
}

Result<json::Value> EvmClient::call(std::string_view method, json::Array parameters) {
    const json::Value question = json::Object{
        {"jsonrpc", "2.0"}, {"id", ++id_}, {"method", method}, {"params", std::move(parameters)}};
    const std::string body = json::canonical(question);
    auto answer = http_.post(target_, "application/json", body);
    // All calls may be made twice; a connection that was kept may have been given up meanwhile.
    if (!answer && answer.error().code == Errc::io) {
        answer = http_.post(target_, "application/json", body);
    }
    if (!answer) return from_endpoint(answer.error());
    if (answer->status != 200) return error_of_status(answer->status);
    return parse_evm_answer(answer->body, id_);
}

Result<std::uint64_t> EvmClient::number(std::string_view method, json::Array parameters) {
    const auto result = call(method, std::move(parameters));
    if (!result) return result.error();
    const auto read = evm_quantity(*result);
    if (!read) return Error{read.error().code, std::string(method) + ": " + read.error().detail};
    return read;
}

Result<std::uint64_t> EvmClient::chain_id() { return number("eth_chainId", {}); }

Result<std::uint64_t> EvmClient::transaction_count(const keys::EvmAddress& sender,
                                                   std::optional<std::uint64_t> block) {
    const json::Value at = block ? quantity_text(*block) : json::Value("latest");
    return number("eth_getTransactionCount", {sender.text(), at});
}

Result<std::uint64_t> EvmClient::balance(const keys::EvmAddress& address) {
    const auto result = call("eth_getBalance", {address.text(), "latest"});
    if (!result) return result.error();
    return evm_amount(*result);
}

Result<std::optional<EvmBlock>> EvmClient::block_of(std::string_view method, json::Value which) {
    const auto result = call(method, {std::move(which), false});
    if (!result) return result.error();
    return evm_block(*result);
}

Result<EvmBlock> EvmClient::newest_block() {
    const auto block = block_of("eth_getBlockByNumber", "latest");
    if (!block) return block.error();
    if (!*block) return invalid("the chain's endpoint has no newest block");
    return **block;
}

Result<std::optional<EvmBlock>> EvmClient::block(std::uint64_t number) {
    return block_of("eth_getBlockByNumber", quantity_text(number));
}

Result<std::optional<EvmBlock>> EvmClient::block(const Hash& hash) {
    return block_of("eth_getBlockByHash", hex_text(hash));
}

Result<std::uint64_t> EvmClient::usual_tip() { return number("eth_maxPriorityFeePerGas", {}); }

Result<std::uint64_t> EvmClient::estimate_gas(const keys::EvmAddress& sender,
                                              const keys::EvmAddress& to,
                                              ByteView data) {
    const json::Value transaction =
        json::Object{{"from", sender.text()}, {"to", to.text()}, {"data", hex_text(data)}};
    return number("eth_estimateGas", {transaction});
}

Result<void> EvmClient::send(const evm::SignedTransaction& transaction) {
    const auto result = call("eth_sendRawTransaction", {hex_text(evm::raw_bytes(transaction))});
    if (!result) return result.error();
    const auto hash = evm_hash(*result);
    if (!hash) return hash.error();
    if (*hash != evm::hash_of(transaction)) {
        return corrupt("the chain's endpoint took another transaction than it was sent");
    }
    return {};
}

Result<std::optional<EvmReceipt>> EvmClient::receipt(const Hash& transaction) {
    const auto result = call("eth_getTransactionReceipt", {hex_text(transaction)});
    if (!result) return result.error();
    return evm_receipt(*result);
}

Result<std::optional<EvmTransaction>> EvmClient::transaction(const Hash& hash) {
    const auto result = call("eth_getTransactionByHash", {hex_text(hash)});
    if (!result) return result.error();
    return evm_transaction(*result, hash);
}

}  // namespace chancery::rpc

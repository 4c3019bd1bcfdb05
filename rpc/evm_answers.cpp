#include "rpc/evm_answers.h"

#include <algorithm>
#include <limits>

#include "crypto/base/ascii.h"
#include "crypto/base/encoding.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::rpc {
namespace {

constexpr json::Limits answer_limits{
    .bytes_max = evm_answer_bytes_max, .depth_max = 16, .elements_max = 200'000};
constexpr std::size_t message_bytes_max = 200;
constexpr std::size_t digits_64_max = 16;
constexpr std::size_t digits_256_max = 64;
constexpr std::int64_t limit_exceeded = -32'005;
constexpr std::int64_t method_not_found = -32'601;

// A stranger's words, fit for a terminal.
std::string printable_start(std::string_view text) {
    std::string shown;
    for (const char c : text.substr(0, message_bytes_max))
        shown += c >= 0x20 && c < 0x7f ? c : '?';
    return shown;
}

Error error_of(const json::Value& error) {
    const json::Value* const code = error.find("code");
    const std::int64_t* const number = code == nullptr ? nullptr : code->as_integer();
    const std::string* const message = json::string_in(error, "message");
    if (number == nullptr || message == nullptr) {
        return invalid("the endpoint's error has no code or no message");
    }
    const std::string detail = "the chain's endpoint says \"" + printable_start(*message) + "\" (" +
                               std::to_string(*number) + ")";
    if (*number == limit_exceeded) return {Errc::unavailable, detail};
    if (*number == method_not_found) return {Errc::not_found, detail};
    return {Errc::conflict, detail};
}

// The digits behind 0x, in lower case; nullopt if it is no such text.
std::optional<std::string> hex_digits(const json::Value& value) {
    const std::string* const text = value.as_string();
    if (text == nullptr || !text->starts_with("0x")) return std::nullopt;
    std::string digits = text->substr(2);
    for (char& digit : digits) {
        if (digit >= 'A' && digit <= 'F') digit = static_cast<char>(digit - 'A' + 'a');
        if (!is_digit(digit) && !(digit >= 'a' && digit <= 'f')) return std::nullopt;
    }
    return digits;
}

std::optional<std::string> quantity_digits(const json::Value& value) {
    auto digits = hex_digits(value);
    if (!digits || digits->empty() || digits->size() > digits_256_max) return std::nullopt;
    if (digits->size() > 1 && digits->front() == '0') return std::nullopt;
    return digits;
}

std::uint64_t number_of(std::string_view digits) {
    std::uint64_t number = 0;
    for (const char digit : digits)
        number = number << 4 |
                 static_cast<std::uint64_t>(is_digit(digit) ? digit - '0' : digit - 'a' + 10);
    return number;
}

// Reads members by name, and keeps the first fault.
class Members {
public:
    Members(const json::Value& object, std::string_view what) : object_(object), what_(what) {
        if (object.as_object() == nullptr) fail(what_ + ": want an object");
    }

    const json::Value& any(std::string_view name) {
        static const json::Value none;
        const json::Value* const member = object_.find(name);
        if (member == nullptr) fail(what_ + ": no member \"" + std::string(name) + "\"");
        return member == nullptr ? none : *member;
    }
    std::uint64_t quantity(std::string_view name) { return taken(evm_quantity(any(name)), name); }
    Hash hash(std::string_view name) { return taken(evm_hash(any(name)), name); }
    // r and s: some clients write them with leading zeros, some without.
    Hash integer_256(std::string_view name) {
        const auto digits = hex_digits(any(name));
        if (!digits || digits->empty() || digits->size() > digits_256_max) {
            fail(what_ + "/" + std::string(name) + ": want at most 256 bits in hex");
            return {};
        }
        return *hash_from_hex(std::string(digits_256_max - digits->size(), '0') + *digits);
    }
    Bytes data(std::string_view name) {
        const auto digits = hex_digits(any(name));
        auto bytes = digits ? from_hex(*digits) : Result<Bytes>(invalid(""));
        if (bytes) return *std::move(bytes);
        fail(what_ + "/" + std::string(name) + ": want bytes in hex");
        return {};
    }
    void fail(std::string detail) {
        if (!error_) error_ = invalid(std::move(detail));
    }

    const std::optional<Error>& error() const { return error_; }

private:
    template <typename T>
    T taken(const Result<T>& value, std::string_view name) {
        if (value) return *value;
        fail(what_ + "/" + std::string(name) + ": " + value.error().detail);
        return {};
    }

    const json::Value& object_;
    std::string what_;
    std::optional<Error> error_;
};

EvmPlace take_place(Members& members) {
    EvmPlace place;
    place.block_number = members.quantity("blockNumber");
    place.block_hash = members.hash("blockHash");
    return place;
}

keys::EvmAddress take_recipient(Members& members) {
    const Bytes bytes = members.data("to");
    keys::EvmAddress::Raw address{};
    if (bytes.size() == address.size()) {
        std::ranges::copy(bytes, address.begin());
    } else {
        members.fail("transaction/to: want an address");
    }
    return keys::EvmAddress(address);
}

evm::SignedTransaction take_transaction(Members& members) {
    const std::uint64_t type = members.quantity("type");
    if (type != 2) members.fail("a transaction of type " + std::to_string(type) + ", want 2");
    const json::Array* const access = members.any("accessList").as_array();
    if (access == nullptr || !access->empty()) {
        members.fail("transaction/accessList: want an empty one");
    }
    // Braces: in this order.
    evm::SignedTransaction read{
        .transaction = {.chain_id = members.quantity("chainId"),
                        .nonce = members.quantity("nonce"),
                        .tip = members.quantity("maxPriorityFeePerGas"),
                        .fee_max = members.quantity("maxFeePerGas"),
                        .gas = members.quantity("gas"),
                        .to = take_recipient(members),
                        .value = members.quantity("value"),
                        .data = members.data("input")},
        .signature = {.r = members.integer_256("r"), .s = members.integer_256("s")}};
    // Of this type v is the parity, under either name.
    const std::uint64_t parity = members.quantity("v");
    if (parity > 1) members.fail("transaction/v: want 0x0 or 0x1");
    read.signature.y_parity = static_cast<std::uint8_t>(parity);
    return read;
}

}  // namespace

Result<json::Value> parse_evm_answer(std::string_view body, std::uint64_t id) {
    auto parsed = json::parse(body, answer_limits);
    if (!parsed) return invalid("the endpoint's answer: " + parsed.error().detail);
    const json::Value* const version = parsed->find("jsonrpc");
    if (version == nullptr || *version != json::Value("2.0")) {
        return invalid("the endpoint's answer is no JSON-RPC 2.0");
    }
    // A null id is that of a call which could not be read; ours can.
    const json::Value* const answered = parsed->find("id");
    if (answered == nullptr || *answered != json::Value(id)) {
        return invalid("the endpoint's answer is to another call");
    }
    json::Value* const result = parsed->find("result");
    const json::Value* const error = parsed->find("error");
    if (error != nullptr && !error->is_null()) return error_of(*error);
    if (result == nullptr) return invalid("the endpoint's answer has neither result nor error");
    return std::move(*result);
}

Result<std::uint64_t> evm_quantity(const json::Value& value) {
    const auto digits = quantity_digits(value);
    if (!digits) return invalid("want a number as 0x and hex digits without leading zeros");
    if (digits->size() > digits_64_max) return invalid("a number of more than 64 bits");
    return number_of(*digits);
}

Result<std::uint64_t> evm_amount(const json::Value& value) {
    const auto digits = quantity_digits(value);
    if (!digits) return invalid("want a number as 0x and hex digits without leading zeros");
    if (digits->size() > digits_64_max) return std::numeric_limits<std::uint64_t>::max();
    return number_of(*digits);
}

Result<Hash> evm_hash(const json::Value& value) {
    const auto digits = hex_digits(value);
    if (!digits || digits->size() != digits_256_max) return invalid("want 0x and 64 hex digits");
    return hash_from_hex(*digits);
}

Result<std::optional<EvmBlock>> evm_block(const json::Value& value) {
    if (value.is_null()) return std::optional<EvmBlock>();
    Members members(value, "block");
    EvmBlock block;
    block.number = members.quantity("number");
    block.hash = members.hash("hash");
    block.time_s = members.quantity("timestamp");
    block.base_fee = members.quantity("baseFeePerGas");
    if (members.error()) return *members.error();
    return std::optional(block);
}

Result<std::optional<EvmReceipt>> evm_receipt(const json::Value& value) {
    if (value.is_null()) return std::optional<EvmReceipt>();
    Members members(value, "receipt");
    EvmReceipt receipt;
    receipt.place = take_place(members);
    receipt.has_succeeded = members.quantity("status") == 1;
    receipt.gas_used = members.quantity("gasUsed");
    receipt.gas_price = members.quantity("effectiveGasPrice");
    if (members.error()) return *members.error();
    return std::optional(receipt);
}

Result<std::optional<EvmTransaction>> evm_transaction(const json::Value& value, const Hash& hash) {
    if (value.is_null()) return std::optional<EvmTransaction>();
    Members members(value, "transaction");
    EvmTransaction found{.transaction = take_transaction(members), .place = {}};
    const bool is_in_block = !members.any("blockHash").is_null();
    if (is_in_block) found.place = take_place(members);
    if (members.error()) return *members.error();
    if (evm::hash_of(found.transaction) != hash) {
        return corrupt("the endpoint shows another transaction than 0x" + to_hex(hash));
    }
    return std::optional(std::move(found));
}

}  // namespace chancery::rpc

#include "crypto/evm/transaction.h"

#include <algorithm>
#include <string>

#include "crypto/evm/rlp.h"
#include "crypto/hash/keccak256.h"

namespace chancery::evm {
namespace {

constexpr std::uint8_t type = 2;

RlpWriter fields_of(const Transaction& transaction) {
    RlpWriter fields;
    fields.integer(transaction.chain_id).integer(transaction.nonce);
    fields.integer(transaction.tip).integer(transaction.fee_max).integer(transaction.gas);
    fields.string(transaction.to.bytes()).integer(transaction.value).string(transaction.data);
    fields.list(RlpWriter());
    return fields;
}

Bytes typed(const RlpWriter& fields) {
    return Writer().u8(type).bytes(RlpWriter().list(fields).written()).take();
}

// Reads on after a fault, and keeps the first.
class Fields {
public:
    explicit Fields(RlpReader in) : in_(in) {}

    std::uint64_t integer() { return taken(in_.integer()); }
    Hash integer_256() { return taken(in_.integer_256()); }
    ByteView string() { return taken(in_.string()); }
    void empty_list() {
        const Result<RlpReader> list = in_.list();
        if (!list) return fail(list.error());
        if (!list->at_end()) fail(invalid("an access list, want none"));
    }
    void fail(Error error) {
        if (!error_) error_ = std::move(error);
    }

    bool at_end() const { return in_.at_end(); }
    const std::optional<Error>& error() const { return error_; }

private:
    template <typename T>
    T taken(const Result<T>& field) {
        if (field) return *field;
        fail(field.error());
        return {};
    }

    RlpReader in_;
    std::optional<Error> error_;
};

keys::EvmAddress take_recipient(Fields& in) {
    keys::EvmAddress::Raw address{};
    const ByteView bytes = in.string();
    if (bytes.size() == address.size()) {
        std::ranges::copy(bytes, address.begin());
    } else {
        in.fail(invalid("a recipient of " + std::to_string(bytes.size()) + " bytes, want 20"));
    }
    return keys::EvmAddress(address);
}

Bytes take_data(Fields& in) {
    const ByteView data = in.string();
    if (data.size() > data_bytes_max) {
        in.fail(invalid(std::to_string(data.size()) + " bytes of data, want at most " +
                        std::to_string(data_bytes_max)));
    }
    return {data.begin(), data.end()};
}

std::uint8_t take_parity(Fields& in) {
    const std::uint64_t parity = in.integer();
    if (parity > 1) in.fail(invalid("parity " + std::to_string(parity) + ", want 0 or 1"));
    return static_cast<std::uint8_t>(parity);
}

}  // namespace

Hash signing_hash(const Transaction& transaction) {
    return keccak256(typed(fields_of(transaction)));
}

SignedTransaction sign(Transaction transaction, const keys::EvmKey& key) {
    const keys::EvmSignature signature = key.sign(signing_hash(transaction));
    return {std::move(transaction), signature};
}

Bytes raw_bytes(const SignedTransaction& transaction) {
    const keys::EvmSignature& signature = transaction.signature;
    RlpWriter fields = fields_of(transaction.transaction);
    fields.integer(std::uint64_t{signature.y_parity}).integer(signature.r).integer(signature.s);
    return typed(fields);
}

Hash hash_of(const SignedTransaction& transaction) { return keccak256(raw_bytes(transaction)); }

Result<keys::EvmAddress> sender_of(const SignedTransaction& transaction) {
    return keys::recover_evm_address(signing_hash(transaction.transaction), transaction.signature);
}

Result<SignedTransaction> parse_transaction(ByteView raw) {
    if (raw.empty() || raw.front() != type) {
        return invalid("a transaction of type " +
                       (raw.empty() ? "none" : std::to_string(raw.front())) + ", want 2");
    }
    RlpReader whole(raw.subspan(1));
    const Result<RlpReader> list = whole.list();
    if (!list) return list.error();
    if (!whole.at_end()) return invalid("bytes after the transaction, want none");
    Fields in(*list);
    // Braces: in this order.
    SignedTransaction read{.transaction = {.chain_id = in.integer(),
                                           .nonce = in.integer(),
                                           .tip = in.integer(),
                                           .fee_max = in.integer(),
                                           .gas = in.integer(),
                                           .to = take_recipient(in),
                                           .value = in.integer(),
                                           .data = take_data(in)},
                           .signature = {}};
    in.empty_list();
    read.signature.y_parity = take_parity(in);
    read.signature.r = in.integer_256();
    read.signature.s = in.integer_256();
    if (!in.error() && !in.at_end()) in.fail(invalid("a transaction of more than 12 fields"));
    if (in.error()) return *in.error();
    return read;
}

}  // namespace chancery::evm

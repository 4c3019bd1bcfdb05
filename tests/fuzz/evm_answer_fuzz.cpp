// What an endpoint of an EVM chain may answer: refused, or read as values that hold.
#include <cstdint>

#include "crypto/base/check.h"
#include "rpc/evm_answers.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const auto result = rpc::parse_evm_answer(text_of({data, size}), 1);
    if (!result) return 0;
    (void)rpc::evm_quantity(*result);
    (void)rpc::evm_amount(*result);
    (void)rpc::evm_hash(*result);
    (void)rpc::evm_block(*result);
    (void)rpc::evm_receipt(*result);
    Hash hash{};
    if (const json::Value* named = result->find("hash")) {
        if (const auto read = rpc::evm_hash(*named)) hash = *read;
    }
    const auto found = rpc::evm_transaction(*result, hash);
    if (found && *found) CHECK(evm::hash_of((*found)->transaction) == hash);
    return 0;
}

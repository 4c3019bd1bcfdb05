// Raw transactions: any bytes are refused, or are exactly what their transaction is written as.
#include <cstdint>

#include "crypto/base/check.h"
#include "crypto/evm/transaction.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const ByteView raw(data, size);
    const auto read = evm::parse_transaction(raw);
    if (!read) return 0;
    CHECK(equal(evm::raw_bytes(*read), raw));
    (void)evm::sender_of(*read);
    return 0;
}

// Proof values of Blockcerts: refused, or read so that writing them gives a form that reads alike.
#include <cstdint>

#include "crypto/base/check.h"
#include "crypto/blockcerts/merkle_proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const auto read = blockcerts::parse_proof_value(text_of({data, size}));
    if (!read) return 0;
    CHECK(read->path.size() <= blockcerts::path_length_max);
    const auto again = blockcerts::parse_proof_value(blockcerts::to_proof_value(*read));
    CHECK(again && *again == *read);
    return 0;
}

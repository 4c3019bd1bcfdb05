// A certificate or a configuration has one form: what decodes encodes to the same bytes.
#include <cstddef>
#include <cstdint>

#include "consensus/raft/certificate.h"
#include "consensus/raft/configuration.h"
#include "crypto/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace chancery;
    const ByteView input(data, size);
    if (const auto certificate = raft::decode_certificate(input)) {
        CHECK(equal(raft::encode_certificate(*certificate), input));
    }
    if (const auto configuration = raft::decode_configuration(input)) {
        CHECK(equal(raft::encode_configuration(*configuration), input));
        CHECK(raft::check_configuration(*configuration));
    }
    return 0;
}

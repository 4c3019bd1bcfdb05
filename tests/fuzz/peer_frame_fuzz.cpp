// Arbitrary bytes as a frame between nodes: refused, or exactly what its meaning is written as.
#include "crypto/base/check.h"
#include "rpc/peer_frame.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const chancery::ByteView bytes(data, size);
    const auto message = chancery::rpc::decode_frame(bytes);
    if (!message) {
        CHECK(message.error().code == chancery::Errc::invalid && !message.error().detail.empty());
        return 0;
    }
    CHECK(chancery::equal(chancery::rpc::encode_frame(*message), bytes));
    return 0;
}

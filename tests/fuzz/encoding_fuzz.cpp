// Every decoder takes exactly what its encoder writes; every encoder's text reads back.
#include "crypto/base/encoding.h"

namespace {

using chancery::Bytes;
using chancery::ByteView;
using chancery::Result;

struct Code {
    std::string (*encode)(ByteView);
    Result<Bytes> (*decode)(std::string_view);
    std::size_t bytes_max;
};

constexpr std::array<Code, 4> codes = {
    {{chancery::to_hex, chancery::from_hex, 4096},
     {chancery::to_base64, chancery::from_base64, 4096},
     {chancery::to_base64url, chancery::from_base64url, 4096},
     {chancery::to_base58, chancery::from_base58, 90}}};  // 128 characters hold 93 bytes.

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const std::string_view text = chancery::text_of(bytes);
    for (const Code& code : codes) {
        if (const auto decoded = code.decode(text)) {
            CHECK(code.encode(*decoded) == text);
        }
        if (size > code.bytes_max) continue;
        const auto back = code.decode(code.encode(bytes));
        CHECK(back && chancery::equal(*back, bytes));
    }
    return 0;
}

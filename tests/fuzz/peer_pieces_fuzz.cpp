// Arbitrary bytes as a link's stream: however they are cut, the same frames come out of it, and
// written again they are the stream without its pings.
#include <algorithm>
#include <optional>
#include <vector>

#include "crypto/base/check.h"
#include "rpc/peer_pieces.h"

namespace {

using namespace chancery;  // NOLINT(google-build-using-namespace): a program of its own.

constexpr std::size_t frame_bytes_max = 150'000;

struct Heard {
    std::vector<Bytes> frames;
    bool is_refused = false;
    bool operator==(const Heard&) const = default;
};

Heard hear(ByteView stream, std::size_t step) {
    rpc::PieceReader reader(frame_bytes_max);
    Heard heard;
    for (std::size_t at = 0; at < stream.size() && !heard.is_refused; at += step) {
        reader.take(stream.subspan(at, std::min(step, stream.size() - at)));
        for (;;) {
            auto frame = reader.next();
            heard.is_refused = !frame;
            if (!frame || !*frame) break;
            CHECK(!(*frame)->empty() && (*frame)->size() <= frame_bytes_max);
            heard.frames.push_back(std::move(**frame));
        }
    }
    return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView stream(data + 1, size - 1);
    const Heard whole = hear(stream, std::max<std::size_t>(stream.size(), 1));
    CHECK(hear(stream, 1 + data[0]) == whole);
    Writer again;
    for (const Bytes& frame : whole.frames)
        for (std::size_t at = 0; at < frame.size();)
            at += rpc::write_piece(again, ByteView(frame).subspan(at));
    CHECK(hear(again.written(), 7).frames == whole.frames);
    return 0;
}

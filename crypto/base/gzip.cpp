#include "crypto/base/gzip.h"

#include <algorithm>
#include <array>
#include <limits>

#include <zlib.h>

#include "crypto/base/check.h"

namespace chancery {
namespace {

constexpr int gzip_window_bits = 15 + 16;  // + 16: gzip's frame.
constexpr int level = 6;
constexpr int memory_level = 8;
constexpr std::size_t piece_bytes = 16 * 1024;

// zlib's interface is not const.
Bytef* input_of(ByteView bytes) { return const_cast<Bytef*>(bytes.data()); }

struct Inflating {
    z_stream stream{};
    Inflating() { CHECK(inflateInit2(&stream, gzip_window_bits) == Z_OK); }
    Inflating(const Inflating&) = delete;
    Inflating& operator=(const Inflating&) = delete;
    ~Inflating() { inflateEnd(&stream); }
};

}  // namespace

Bytes to_gzip(ByteView bytes) {
    CHECK(bytes.size() <= std::numeric_limits<uInt>::max());
    z_stream stream{};
    CHECK(deflateInit2(
              &stream, level, Z_DEFLATED, gzip_window_bits, memory_level, Z_DEFAULT_STRATEGY) ==
          Z_OK);
    Bytes out(deflateBound(&stream, static_cast<uLong>(bytes.size())));
    stream.next_in = input_of(bytes);
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = out.data();
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    CHECK(deflateEnd(&stream) == Z_OK);
    return out;
}

Result<Bytes> from_gzip(ByteView packed, std::size_t bytes_max) {
    if (packed.size() > std::numeric_limits<uInt>::max())
        return Error{Errc::invalid, "more than 4 GiB"};
    Inflating inflating;
    z_stream& stream = inflating.stream;
    stream.next_in = input_of(packed);
    stream.avail_in = static_cast<uInt>(packed.size());
    Bytes out;
    std::array<std::uint8_t, piece_bytes> piece{};
    while (true) {
        stream.next_out = piece.data();
        stream.avail_out = static_cast<uInt>(piece.size());
        const int outcome = inflate(&stream, Z_NO_FLUSH);
        if (outcome != Z_OK && outcome != Z_STREAM_END)
            return Error{Errc::invalid, "is no whole gzip form"};
        const std::size_t got = piece.size() - stream.avail_out;
        if (out.size() + got > bytes_max)
            return Error{Errc::invalid, "more than " + std::to_string(bytes_max) + " bytes within"};
        out.insert(out.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(got));
        if (outcome == Z_STREAM_END) break;
    }
    if (stream.avail_in != 0) return Error{Errc::invalid, "something after the gzip form"};
    return out;
}

}  // namespace chancery

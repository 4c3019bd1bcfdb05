// Byte strings, and the big-endian integers that every form of ours is written with.
//
// A Writer appends, a Reader takes from the front and remembers that it ran short, so that a
// fixed form is read in one breath and checked once:
//
//     Reader in(bytes);
//     const auto member = in.u32();
//     const auto hash = in.array<32>();
//     if (!in.finished()) return Error{...};      // too short, or something left over
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;
using Hash = std::array<std::uint8_t, 32>;  // A SHA-256 value, or another 32 bytes.

// The characters of `text` as bytes. Valid as long as `text`.
inline ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// The bytes as characters, unchecked. Valid as long as `bytes`.
inline std::string_view text_of(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline bool equal(ByteView a, ByteView b) { return std::ranges::equal(a, b); }

class Writer {
public:
    Writer& u8(std::uint8_t value);
    Writer& u16(std::uint16_t value);
    Writer& u32(std::uint32_t value);
    Writer& u64(std::uint64_t value);
    Writer& bytes(ByteView value);
    Writer& text(std::string_view value) { return bytes(bytes_of(value)); }

    const Bytes& written() const { return written_; }
    Bytes take() { return std::move(written_); }

private:
    Bytes written_;
};

class Reader {
public:
    explicit Reader(ByteView input) : rest_(input) {}

    // Zeros once the input has run short.
    std::uint8_t u8();
    std::uint16_t u16();
    std::uint32_t u32();
    std::uint64_t u64();
    template <std::size_t count>
    std::array<std::uint8_t, count> array() {
        std::array<std::uint8_t, count> value{};
        const ByteView taken = bytes(count);
        std::copy(taken.begin(), taken.end(), value.begin());
        return value;
    }

    // `count` bytes of the input, valid as long as that; empty once it has run short.
    ByteView bytes(std::size_t count);

    ByteView rest() const { return rest_; }
    bool ran_short() const { return ran_short_; }

    // Everything asked for was there, and nothing is left.
    bool finished() const { return !ran_short_ && rest_.empty(); }

private:
    std::uint64_t integer(std::size_t width);

    ByteView rest_;
    bool ran_short_ = false;
};

// Never null: C libraries want a pointer even to nothing.
const std::uint8_t* data_of(ByteView bytes);

}  // namespace chancery

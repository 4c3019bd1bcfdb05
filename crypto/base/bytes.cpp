#include "crypto/base/bytes.h"

namespace chancery {
namespace {

void append_integer(Bytes& out, std::uint64_t value, unsigned width) {
    for (unsigned byte = width; byte > 0; --byte) {
        out.push_back(static_cast<std::uint8_t>(value >> (8 * (byte - 1))));
    }
}

}  // namespace

Writer& Writer::u8(std::uint8_t value) {
    written_.push_back(value);
    return *this;
}

Writer& Writer::u16(std::uint16_t value) {
    append_integer(written_, value, 2);
    return *this;
}

Writer& Writer::u32(std::uint32_t value) {
    append_integer(written_, value, 4);
    return *this;
}

Writer& Writer::u64(std::uint64_t value) {
    append_integer(written_, value, 8);
    return *this;
}

Writer& Writer::bytes(ByteView value) {
    written_.insert(written_.end(), value.begin(), value.end());
    return *this;
}

std::uint64_t Reader::integer(std::size_t width) {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : bytes(width))
        value = value << 8 | byte;
    return value;
}

std::uint8_t Reader::u8() { return static_cast<std::uint8_t>(integer(1)); }
std::uint16_t Reader::u16() { return static_cast<std::uint16_t>(integer(2)); }
std::uint32_t Reader::u32() { return static_cast<std::uint32_t>(integer(4)); }
std::uint64_t Reader::u64() { return integer(8); }

ByteView Reader::bytes(std::size_t count) {
    if (ran_short_ || rest_.size() < count) {
        ran_short_ = true;
        rest_ = {};
        return {};
    }
    const ByteView taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
}

const std::uint8_t* data_of(ByteView bytes) {
    static constexpr std::uint8_t nothing = 0;
    return bytes.empty() ? &nothing : bytes.data();
}

}  // namespace chancery

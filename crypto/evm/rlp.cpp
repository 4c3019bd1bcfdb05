#include "crypto/evm/rlp.h"

#include <algorithm>
#include <string>

namespace chancery::evm {
namespace {

constexpr std::uint8_t string_offset = 0x80;
constexpr std::uint8_t list_offset = 0xc0;
constexpr std::size_t short_length_max = 55;

ByteView without_leading_zeros(ByteView bytes) {
    const auto first = std::ranges::find_if(bytes, [](std::uint8_t byte) { return byte != 0; });
    return bytes.subspan(static_cast<std::size_t>(first - bytes.begin()));
}

}  // namespace

void RlpWriter::prefix(std::size_t length, std::uint8_t offset) {
    if (length <= short_length_max) {
        written_.push_back(static_cast<std::uint8_t>(offset + length));
        return;
    }
    const Bytes wide = Writer().u64(length).take();
    const ByteView digits = without_leading_zeros(wide);
    written_.push_back(static_cast<std::uint8_t>(offset + short_length_max + digits.size()));
    written_.insert(written_.end(), digits.begin(), digits.end());
}

RlpWriter& RlpWriter::string(ByteView bytes) {
    const bool is_its_own_prefix = bytes.size() == 1 && bytes.front() < string_offset;
    if (!is_its_own_prefix) prefix(bytes.size(), string_offset);
    written_.insert(written_.end(), bytes.begin(), bytes.end());
    return *this;
}

RlpWriter& RlpWriter::integer(std::uint64_t value) {
    const Bytes wide = Writer().u64(value).take();
    return string(without_leading_zeros(wide));
}

RlpWriter& RlpWriter::integer(const Hash& value) { return string(without_leading_zeros(value)); }

RlpWriter& RlpWriter::list(const RlpWriter& items) {
    prefix(items.written_.size(), list_offset);
    written_.insert(written_.end(), items.written_.begin(), items.written_.end());
    return *this;
}

// What stands behind a prefix of the type that begins at `offset`.
Result<ByteView> RlpReader::item(std::uint8_t offset) {
    Reader in(rest_);
    const std::uint8_t first = in.u8();
    if (in.ran_short() || first < offset || first >= offset + 0x40) {
        return invalid("RLP: want " + std::string(offset == list_offset ? "a list" : "a string"));
    }
    auto length = static_cast<std::uint64_t>(first - offset);
    if (length > short_length_max) {
        const ByteView digits = in.bytes(static_cast<std::size_t>(length) - short_length_max);
        length = 0;
        for (const std::uint8_t digit : digits)
            length = length << 8 | digit;
        if (in.ran_short() || digits.front() == 0 || length <= short_length_max) {
            return invalid("RLP: a length that is cut off or could be shorter");
        }
    }
    if (length > in.rest().size()) {
        return invalid("RLP: " + std::to_string(in.rest().size()) + " bytes left, want " +
                       std::to_string(length));
    }
    const ByteView bytes = in.bytes(static_cast<std::size_t>(length));
    rest_ = in.rest();
    return bytes;
}

Result<ByteView> RlpReader::string() {
    if (!rest_.empty() && rest_.front() < string_offset) {
        const ByteView itself = rest_.first(1);
        rest_ = rest_.subspan(1);
        return itself;
    }
    const auto bytes = item(string_offset);
    if (bytes && bytes->size() == 1 && bytes->front() < string_offset) {
        return invalid("RLP: a prefix before a byte that is its own");
    }
    return bytes;
}

Result<ByteView> RlpReader::digits(std::size_t bytes_max) {
    const auto bytes = string();
    if (!bytes) return bytes;
    if (bytes->size() > bytes_max) {
        return invalid("RLP: an integer of " + std::to_string(bytes->size()) +
                       " bytes, want at most " + std::to_string(bytes_max));
    }
    if (!bytes->empty() && bytes->front() == 0)
        return invalid("RLP: an integer that begins with 0");
    return bytes;
}

Result<std::uint64_t> RlpReader::integer() {
    const auto found = digits(sizeof(std::uint64_t));
    if (!found) return found.error();
    std::uint64_t value = 0;
    for (const std::uint8_t digit : *found)
        value = value << 8 | digit;
    return value;
}

Result<Hash> RlpReader::integer_256() {
    const auto found = digits(sizeof(Hash));
    if (!found) return found.error();
    Hash value{};
    std::ranges::copy(*found, value.end() - static_cast<std::ptrdiff_t>(found->size()));
    return value;
}

Result<RlpReader> RlpReader::list() {
    const auto items = item(list_offset);
    if (!items) return items.error();
    return RlpReader(*items);
}

}  // namespace chancery::evm

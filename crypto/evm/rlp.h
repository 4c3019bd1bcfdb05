// Recursive Length Prefix: how EVM chains write transactions.
//
//     string   one byte below 80: itself          list   c0 + length ‖ items
//              80 + length ‖ bytes                       f7 + length of length ‖ length ‖ items
//              b7 + length of length ‖ length ‖ bytes    (short up to 55 bytes, as strings are)
//     integer  the string of its big-endian bytes without leading zeros; 0 is the empty one
//
// One value has one form: the reader refuses lengths that could be shorter, single bytes behind a
// prefix and leading zeros. Source: Ethereum yellow paper, appendix B.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery::evm {

class RlpWriter {
public:
    RlpWriter& string(ByteView bytes);
    RlpWriter& integer(std::uint64_t value);
    // Of 256 bits, big-endian: r and s of signatures.
    RlpWriter& integer(const Hash& value);
    RlpWriter& list(const RlpWriter& items);

    const Bytes& written() const { return written_; }

private:
    void prefix(std::size_t length, std::uint8_t offset);

    Bytes written_;
};

// Takes items from the front. Views are into the input and valid as long as it.
class RlpReader {
public:
    explicit RlpReader(ByteView input) : rest_(input) {}

    // Errc::invalid if the next item is not of this type and of the one form, or is cut off.
    Result<ByteView> string();
    Result<std::uint64_t> integer();  // Also for one of more than 64 bits.
    Result<Hash> integer_256();       // Also for one of more than 256 bits.
    Result<RlpReader> list();

    bool at_end() const { return rest_.empty(); }

private:
    Result<ByteView> item(std::uint8_t offset);
    // Without leading zeros, at most `bytes_max` long.
    Result<ByteView> digits(std::size_t bytes_max);

    ByteView rest_;
};

}  // namespace chancery::evm

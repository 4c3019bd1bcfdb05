// JSON from strangers: RFC 8259 without what two readers could take differently.
//
// Refused, with the offset: names that occur twice, lone surrogates, NUL (raw or as \u0000), a
// byte order mark, anything after the document, integers beyond ±(2^53 - 1), numbers that overflow
// a double, -0 however written (-0.0, -1e-999), and what is deeper, larger or longer than the
// limits. An integer is a number without '.', 'e' and 'E': 1e20 is a fraction and taken, though its
// canonical form, an integer of 21 digits, is not.
// Source: RFC 8259; RFC 7493 (I-JSON).
#pragma once

#include "crypto/json/value.h"

namespace chancery::json {

struct Limits {
    std::size_t bytes_max = std::size_t{256} * 1024;
    std::size_t depth_max = 32;         // [[]] has depth 2.
    std::size_t elements_max = 10'000;  // Values, all levels together.
};

// Errc::invalid, with what is wrong and the byte offset; never a piece of the input.
Result<Value> parse(std::string_view text, const Limits& limits = {});

}  // namespace chancery::json

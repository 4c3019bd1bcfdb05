#include "crypto/base/decimal.h"

#include <charconv>

namespace chancery {

Result<std::uint64_t> from_decimal(std::string_view text) {
    std::uint64_t value = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc::result_out_of_range) {
        return Error{Errc::invalid, "a number of more than 64 bits"};
    }
    if (error != std::errc{} || stop != end) {
        return Error{Errc::invalid, "a number that is not decimal digits"};
    }
    if (text.size() > 1 && text.front() == '0') {
        return Error{Errc::invalid, "a number with a leading zero"};
    }
    return value;
}

}  // namespace chancery

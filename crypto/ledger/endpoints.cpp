#include "crypto/ledger/endpoints.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "crypto/ledger/entry_rules.h"

namespace chancery::ledger {
namespace {

constexpr std::size_t endpoint_bytes_max = 2'048;

}  // namespace

bool is_peer_endpoint(std::string_view text) {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0 || text.size() > endpoint_bytes_max)
        return false;
    const auto is_visible = [](char c) { return c > ' ' && c < 0x7f && c != '/'; };
    if (!std::ranges::all_of(text.substr(0, colon), is_visible)) return false;
    std::uint32_t port = 0;
    const std::string_view digits = text.substr(colon + 1);
    if (digits.empty() || digits.size() > 5 || digits.front() == '0') return false;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return false;
        port = port * 10 + static_cast<std::uint32_t>(digit - '0');
    }
    return port <= std::numeric_limits<std::uint16_t>::max();
}

bool is_public_endpoint(std::string_view text) {
    const bool has_scheme = (text.starts_with("https://") && text.size() > 8) ||
                            (text.starts_with("http://") && text.size() > 7);
    return has_scheme && text.size() <= endpoint_bytes_max && is_printable_utf8(text) &&
           text.find(' ') == std::string_view::npos;
}

}  // namespace chancery::ledger

// Web addresses: those that a client is given, and the queries that a server is sent.
// Source: RFC 3986 §2.1, §3; application/x-www-form-urlencoded as the URL standard reads it.
#pragma once

#include "rpc/http.h"

namespace chancery::rpc {

inline constexpr std::size_t url_bytes_max = 2'048;
inline constexpr std::size_t query_parameters_max = 32;

struct Url {
    bool is_https = false;
    std::string host;  // Without the brackets of an IPv6 address.
    std::uint16_t port = 80;
    std::string target = "/";  // Path and query, as a request names them.

    // What the Host field says: brackets, and the port unless it is the scheme's own.
    std::string authority() const;
    bool operator==(const Url&) const = default;
};

// Errc::invalid, with what is wrong, for another scheme, user names, fragments, control
// characters, or more than url_bytes_max.
Result<Url> parse_url(std::string_view text);

// "%2f" -> "/", and "+" -> " " in a query. Errc::invalid for a "%" without two hex digits, and for
// a NUL, encoded or not.
Result<std::string> decode_query_part(std::string_view text);

// Writes all but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

// "a=1&b=2". Errc::invalid for a name that occurs twice or more than query_parameters_max.
Result<std::vector<QueryParameter>> parse_query(std::string_view query);

// A decimal number as one writes it: no sign, no leading zero, at most 2^53 - 1.
Result<std::uint64_t> parse_decimal(std::string_view text);

}  // namespace chancery::rpc

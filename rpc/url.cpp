#include "rpc/url.h"

#include <algorithm>

#include "crypto/json/value.h"
#include "rpc/ascii.h"
#include "rpc/http_head_check.h"

namespace chancery::rpc {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

bool is_unreserved(char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

// Splits "host:port", already known to be valid, into `url`.
void take_authority(std::string_view authority, Url& url) {
    url.port = url.is_https ? https_port : http_port;
    const std::size_t bracket = authority.find(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        unsigned port = 0;
        for (const char digit : authority.substr(colon + 1))
            port = port * 10 + static_cast<unsigned>(digit - '0');
        url.port = static_cast<std::uint16_t>(port);
    }
    std::string_view host = authority.substr(0, colon);
    if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
    url.host = host;
}

}  // namespace

std::string Url::authority() const {
    std::string text = host.find(':') == std::string::npos ? host : "[" + host + "]";
    if (port != (is_https ? https_port : http_port)) text += ":" + std::to_string(port);
    return text;
}

Result<Url> parse_url(std::string_view text) {
    if (text.size() > url_bytes_max) {
        return invalid("URL of " + std::to_string(text.size()) + " bytes, at most " +
                       std::to_string(url_bytes_max));
    }
    if (!std::ranges::all_of(text, [](char c) { return c >= '!' && c <= '~'; })) {
        return invalid("URL with a blank, control or non-ASCII character");
    }
    Url url;
    const std::size_t scheme_end = text.find("://");
    const std::string_view scheme = text.substr(0, scheme_end);
    if (scheme_end == std::string_view::npos ||
        (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https"))) {
        return invalid("URL without its scheme, want http:// or https://");
    }
    url.is_https = scheme.size() == 5;
    text.remove_prefix(scheme_end + 3);
    if (text.find('#') != std::string_view::npos) return invalid("URL with a fragment");
    const std::string_view authority = text.substr(0, text.find_first_of("/?"));
    if (!is_valid_host(authority)) return invalid("URL whose host or port is not valid");
    take_authority(authority, url);
    if (url.port == 0) return invalid("URL with port 0");
    text.remove_prefix(authority.size());
    if (!text.empty())
        url.target = text.front() == '/' ? std::string(text) : "/" + std::string(text);
    return url;
}

Result<std::string> decode_query_part(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\0') return invalid("a NUL in the query");
        if (text[i] != '%') {
            decoded.push_back(text[i] == '+' ? ' ' : text[i]);
            continue;
        }
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) return invalid("a % without two hex digits in the query");
        if (high == 0 && low == 0) return invalid("a NUL in the query");
        decoded.push_back(static_cast<char>(high * 16 + low));
        i += 2;
    }
    return decoded;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    encoded.reserve(text.size());
    for (const char c : text) {
        if (is_unreserved(c)) {
            encoded.push_back(c);
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        encoded.push_back('%');
        encoded.push_back(digits[byte >> 4]);
        encoded.push_back(digits[byte & 15]);
    }
    return encoded;
}

Result<std::vector<QueryParameter>> parse_query(std::string_view query) {
    std::vector<QueryParameter> parameters;
    while (!query.empty()) {
        const std::size_t end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query = end == std::string_view::npos ? std::string_view{} : query.substr(end + 1);
        if (pair.empty()) continue;
        if (parameters.size() == query_parameters_max) {
            return invalid("more than " + std::to_string(query_parameters_max) +
                           " query parameters");
        }
        const std::size_t equals = pair.find('=');
        Result<std::string> name = decode_query_part(pair.substr(0, equals));
        if (!name) return name.error();
        Result<std::string> value =
            decode_query_part(equals == std::string_view::npos ? "" : pair.substr(equals + 1));
        if (!value) return value.error();
        if (std::ranges::find(parameters, *name, &QueryParameter::name) != parameters.end()) {
            return invalid("a query parameter that occurs twice");
        }
        parameters.push_back(QueryParameter{.name = std::move(*name), .value = std::move(*value)});
    }
    return parameters;
}

Result<std::uint64_t> parse_decimal(std::string_view text) {
    const bool is_number = !text.empty() && text.size() <= 16 &&
                           (text.size() == 1 || text[0] != '0') &&
                           std::ranges::all_of(text, is_digit);
    std::uint64_t value = 0;
    if (is_number) {
        for (const char digit : text)
            value = value * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    if (!is_number || value > static_cast<std::uint64_t>(json::integer_max)) {
        return invalid("not a decimal number of at most 2^53 - 1 without sign or leading zero");
    }
    return value;
}

}  // namespace chancery::rpc

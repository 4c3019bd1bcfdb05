// The strict reading of a request's head, before a byte of its body is looked at.
//
//     method SP target SP HTTP/1.x CRLF  *( name ":" OWS value OWS CRLF )  CRLF
//
// Where two readers could disagree on where a request ends, a proxy before us and we would; so
// everything that RFC 9112 lets a server refuse is refused, and every Transfer-Encoding. The
// outcome depends on the bytes alone, never on the pieces in which they arrived.
// Source: RFC 9112 §2-§6; RFC 9110 §5, §7.2, §8.6.
#pragma once

#include <variant>

#include "rpc/http.h"

namespace chancery::rpc {

struct HeadLimits {
    std::size_t bytes_max = std::size_t{8} * 1024;  // Request line, fields and the empty line.
    std::size_t fields_max = 64;
    std::size_t target_bytes_max = std::size_t{2} * 1024;
};

struct RequestHead {  // Views into the bytes that were checked.
    Method method = Method::get;
    std::string_view path;             // "/…", or "*" for OPTIONS.
    std::string_view query;            // After "?".
    std::vector<Field> fields;         // As they came.
    std::size_t head_bytes = 0;        // What follows is body.
    std::uint64_t content_length = 0;  // 2^64 - 1 if it is beyond u64.
    bool is_http_1_0 = false;
    bool keeps_alive = false;
    bool expects_continue = false;
};

struct HeadRefusal {
    int status = 400;
    std::string_view detail;  // A literal; says nothing of what was sent.
};

struct HeadIncomplete {};  // So far nothing is wrong.

using HeadCheck = std::variant<HeadIncomplete, HeadRefusal, RequestHead>;

// 400 grammar, Host or Content-Length · 411, 501 Transfer-Encoding · 414 target · 417 Expect ·
// 431 size or number of fields · 501 method · 505 version. Looks at no more than bytes_max bytes.
HeadCheck check_head(std::string_view bytes, const HeadLimits& limits = {});

// A host that a request may name: DNS name, IPv4 address or bracketed IPv6 address, and a port.
bool is_valid_host(std::string_view host);

}  // namespace chancery::rpc

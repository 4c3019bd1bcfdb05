// Raw requests and the status that each must get, written from RFC 9112 and from the shapes by
// which requests were smuggled past proxies. "/smuggled" must never be answered.
#pragma once

#include <string>
#include <vector>

namespace chancery::test {

struct RawRequest {
    std::string name;
    std::string bytes;
    int status = 400;  // Of the first answer; 0: none before the client has hung up.
    int answers = 1;
};

inline const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

inline std::string get_with(const std::string& fields) {
    return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}
inline std::string post_with(const std::string& fields, const std::string& body) {
    return "POST /length HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + body;
}
inline std::string line(const std::string& request_line) {
    return request_line + "\r\nHost: a\r\n\r\n";
}
inline std::string host(const std::string& value) {
    return "GET / HTTP/1.1\r\nHost: " + value + "\r\n\r\n";
}
inline std::string fields_of(int count) {
    std::string fields;
    for (int i = 0; i < count; ++i)
        fields += "X-" + std::to_string(i) + ": y\r\n";
    return fields;
}
// A head of exactly `bytes` bytes.
inline std::string head_of(std::size_t bytes) {
    std::string head = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n";
    head.insert(head.size() - 4, std::string(bytes - head.size(), 'x'));
    return head;
}
inline std::string target_of(std::size_t bytes) {
    return line("GET /" + std::string(bytes - 1, 'x') + " HTTP/1.1");
}

inline std::vector<RawRequest> accepted_requests() {
    return {
        {"plain get", get_with(""), 200},
        {"http 1.0 with host", "GET / HTTP/1.0\r\nHost: a\r\n\r\n", 200},
        {"http 1.0 without host", "GET / HTTP/1.0\r\n\r\n", 200},
        {"host with port", host("a.example:8443"), 200},
        {"host as ipv4", host("127.0.0.1:80"), 200},
        {"host as ipv6", host("[::1]:80"), 200},
        {"host without blank", "GET / HTTP/1.1\r\nHost:a\r\n\r\n", 200},
        {"host with tabs around", "GET / HTTP/1.1\r\nhost:\t a \t\r\n\r\n", 200},
        {"empty field value", get_with("X:\r\n"), 200},
        {"obs-text in a value", get_with("X: \xc3\xa9\r\n"), 200},
        {"absolute target", "GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 200},
        {"absolute target without path", "GET http://a HTTP/1.1\r\nHost: A\r\n\r\n", 200},
        {"asterisk", line("OPTIONS * HTTP/1.1"), 204},
        {"length zero", post_with("Content-Length: 0\r\n", ""), 200},
        {"length five", post_with("Content-Length: 5\r\n", "12345"), 200},
        {"get with a body", get_with("Content-Length: 2\r\n") + "xy", 200},
        {"two at once", get_with("") + get_with(""), 200, 2},
        {"body and next", post_with("Content-Length: 2\r\n", "xy") + get_with(""), 200, 2},
        {"close ends it", get_with("Connection: close\r\n") + smuggled, 200},
        {"close among others", get_with("Connection: x, CLOSE\r\n") + smuggled, 200},
        {"1.0 ends it", "GET / HTTP/1.0\r\nHost: a\r\n\r\n" + smuggled, 200},
        {"upgrade is ignored", get_with("Upgrade: h2c\r\nHTTP2-Settings: AA\r\n"), 200},
        {"expect on 1.0 is ignored", "GET / HTTP/1.0\r\nHost: a\r\nExpect: x\r\n\r\n", 200},
        {"63 fields", get_with(fields_of(62)), 200},
        {"64 fields", get_with(fields_of(63)), 200},
        {"head of 8191 bytes", head_of(8'191), 200},
        {"head of 8192 bytes", head_of(8'192), 200},
        {"target of 2047 bytes", target_of(2'047), 404},
        {"target of 2048 bytes", target_of(2'048), 404},
        {"unknown path", line("GET /nowhere HTTP/1.1"), 404},
        {"escaped path is another", line("GET /%6cength HTTP/1.1"), 404},
        {"dots are no steps", line("GET /x/../length HTTP/1.1"), 404},
        {"double slash", line("GET //length HTTP/1.1"), 404},
        {"known method elsewhere", line("DELETE / HTTP/1.1"), 405},
        {"patch elsewhere", line("PATCH /length HTTP/1.1"), 405},
        {"get elsewhere", line("GET /length HTTP/1.1"), 405},
        {"incomplete", "GET / HTTP/1.1\r\nHost: a\r\n", 0, 0},
        {"carriage return at the end", "GET / HTTP/1.1\r\nHost: a\r\n\r", 0, 0},
        {"http 0.9", "GET /\r\n", 0, 0},
        {"body too short", post_with("Content-Length: 5\r\n", "1234"), 0, 0},
    };
}

inline std::vector<RawRequest> refused_lines() {
    using namespace std::string_literals;
    return {
        {"empty line first", "\r\n" + get_with("")},
        {"bare line feeds", "GET / HTTP/1.1\nHost: a\n\n" + smuggled},
        {"bare line feed in a field", "GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: z\r\n\r\n"},
        {"bare line feed at the end", "GET / HTTP/1.1\r\nHost: a\r\n\n" + smuggled},
        {"bare carriage return", "GET / HTTP/1.1\r\nHost: a\r\nX: y\rZ: z\r\n\r\n"},
        {"carriage return twice", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n"},
        {"nul in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n"s},
        {"nul in a name", get_with("X\0: y\r\n"s)},
        {"nul in a value", get_with("X: \0\r\n"s)},
        {"delete in a value", get_with("X: \x7f\r\n")},
        {"escape in a value", get_with("X: \x1b[2J\r\n")},
        {"tls hello", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s},
        {"no version", "GET /\r\n\r\n"},
        {"two blanks", line("GET  / HTTP/1.1")},
        {"blank in the target", line("GET /a b HTTP/1.1")},
        {"tab for a blank", line("GET\t/ HTTP/1.1")},
        {"blank at the end", line("GET / HTTP/1.1 ")},
        {"blank at the start", line(" GET / HTTP/1.1")},
        {"empty target", line("GET  HTTP/1.1")},
        {"method is no token", line("G@T / HTTP/1.1")},
        {"method alone", line("GET")},
        {"lower-case version", line("GET / http/1.1")},
        {"version of words", line("GET / HTTP/one")},
        {"version too long", line("GET / HTTP/1.10")},
        {"version without minor", line("GET / HTTP/1")},
        {"fragment", line("GET /#x HTTP/1.1")},
        {"high byte in the target", line("GET /\xc3\xa9 HTTP/1.1")},
        {"relative target", line("GET length HTTP/1.1")},
        {"asterisk for get", line("GET * HTTP/1.1")},
        {"authority for get", line("GET a:80 HTTP/1.1")},
        {"other scheme", line("GET ftp://a/ HTTP/1.1")},
        {"user in the target", line("GET http://u@a/ HTTP/1.1")},
        {"other host in the target", line("GET http://b/ HTTP/1.1")},
        {"no host in the target", line("GET http:/// HTTP/1.1")},
        {"version 2", line("GET / HTTP/2.0"), 505},
        {"version 1.2", line("GET / HTTP/1.2"), 505},
        {"version 0.9", line("GET / HTTP/0.9"), 505},
        {"preface of http 2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"lower-case method", line("get / HTTP/1.1"), 501},
        {"unknown method", line("BREW / HTTP/1.1"), 501},
        {"connect", line("CONNECT a:80 HTTP/1.1"), 501},
        {"trace", line("TRACE / HTTP/1.1"), 501},
        {"target of 2049 bytes", target_of(2'049), 414},
        {"target of 20000 bytes", target_of(20'000), 414},
        {"head of 8193 bytes", head_of(8'193), 431},
        {"head of 20000 bytes", head_of(20'000), 431},
        {"method of 9000 bytes", line(std::string(9'000, 'G') + " / HTTP/1.1"), 431},
        {"65 fields", get_with(fields_of(64)), 431},
    };
}

inline std::vector<RawRequest> refused_fields() {
    return {
        {"no host", "GET / HTTP/1.1\r\n\r\n"},
        {"two hosts", get_with("Host: a\r\n")},
        {"two other hosts", get_with("Host: b\r\n")},
        {"empty host", host("")},
        {"host list", host("a, b")},
        {"host with a blank", host("a b")},
        {"host with a path", host("a/b")},
        {"host with a user", host("u@a")},
        {"host with a port of words", host("a:http")},
        {"host with an empty port", host("a:")},
        {"host with port 65536", host("a:65536")},
        {"host of two colons", host("a:1:2")},
        {"host with an open bracket", host("[::1")},
        {"host with high bytes", host("\xc3\xa9.example")},
        {"host of 256 bytes", host(std::string(256, 'a'))},
        {"blank before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"},
        {"field without a colon", get_with("X\r\n")},
        {"field without a name", get_with(": y\r\n")},
        {"blank in a name", get_with("X Y: z\r\n")},
        {"folded field", get_with("X: y\r\n z\r\n")},
        {"folded with a tab", get_with("X: y\r\n\tz\r\n")},
        {"folded first line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n"},
        {"length list", post_with("Content-Length: 5, 5\r\n", "12345")},
        {"length twice", post_with("Content-Length: 5\r\nContent-Length: 5\r\n", "12345")},
        {"lengths that differ", post_with("Content-Length: 0\r\nContent-Length: 36\r\n", smuggled)},
        {"length with a plus", post_with("Content-Length: +5\r\n", "12345")},
        {"negative length", post_with("Content-Length: -1\r\n", smuggled)},
        {"length in hex", post_with("Content-Length: 0x5\r\n", "12345")},
        {"length with a blank inside", post_with("Content-Length: 1 0\r\n", smuggled)},
        {"length as fraction", post_with("Content-Length: 5.0\r\n", "12345")},
        {"empty length", post_with("Content-Length:\r\n", smuggled)},
        {"length with a zero in front", post_with("Content-Length: 05\r\n", "12345")},
        {"length of 21 digits", post_with("Content-Length: 100000000000000000000\r\n", ""), 400},
        {"length beyond 64 bits", post_with("Content-Length: 99999999999999999999\r\n", ""), 413},
        {"body beyond the limit", post_with("Content-Length: 262145\r\n", smuggled), 413},
        {"body beyond the limit, expected",
         post_with("Content-Length: 262145\r\nExpect: 100-continue\r\n", ""),
         413},
        {"body beyond the limit of no route",
         "PUT /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 262145\r\n\r\n" + smuggled,
         413},
        {"length of 2^64", post_with("Content-Length: 18446744073709551616\r\n", ""), 413},
        {"blank before the colon of a length", post_with("Content-Length : 36\r\n", smuggled)},
        {"chunked", post_with("Transfer-Encoding: chunked\r\n", "0\r\n\r\n"), 411},
        {"chunked in capitals", post_with("transfer-encoding: CHUNKED\r\n", "0\r\n\r\n"), 411},
        {"chunked, then length",
         post_with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", "0\r\n\r\n" + smuggled),
         411},
        {"length, then chunked",
         post_with("Content-Length: 36\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled),
         411},
        {"gzip", post_with("Transfer-Encoding: gzip\r\n", smuggled), 501},
        {"gzip, chunked", post_with("Transfer-Encoding: gzip, chunked\r\n", smuggled), 501},
        {"chunked, identity", post_with("Transfer-Encoding: chunked, identity\r\n", smuggled), 501},
        {"chunked twice",
         post_with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", smuggled),
         501},
        {"xchunked", post_with("Transfer-Encoding: xchunked\r\n", smuggled), 501},
        {"chunked with a parameter",
         post_with("Transfer-Encoding: chunked;x=y\r\n", smuggled),
         501},
        {"quoted chunked", post_with("Transfer-Encoding: \"chunked\"\r\n", smuggled), 501},
        {"empty coding", post_with("Transfer-Encoding:\r\n", smuggled), 501},
        {"vertical tab before chunked", post_with("Transfer-Encoding: \vchunked\r\n", smuggled)},
        {"folded chunked", post_with("Transfer-Encoding:\r\n chunked\r\n", smuggled)},
        {"blank before the colon of a coding",
         post_with("Transfer-Encoding : chunked\r\n", smuggled)},
        {"coding on http 1.0",
         "POST /length HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
             smuggled,
         411},
        {"get with a coding", get_with("Transfer-Encoding: identity\r\n") + smuggled, 501},
        {"coding without its line end",
         "POST /length HTTP/1.1\r\nHost: a\r\nX: y\nTransfer-Encoding: chunked\r\n\r\n" + smuggled},
        {"unknown expectation", get_with("Expect: 200-ok\r\n"), 417},
        {"two expectations", get_with("Expect: 100-continue\r\nExpect: 100-continue\r\n"), 417},
    };
}

inline std::vector<RawRequest> raw_requests() {
    std::vector<RawRequest> all = accepted_requests();
    for (const auto& more : {refused_lines(), refused_fields()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace chancery::test

// What we answer when we cannot: one table of codes, each with its HTTP status and its advice.
//
//     {"type","title","status","code","detail","hint","errors":[{"pointer","detail"}],"retryable"}
//
// A problem says what was wanted and what was found out, never what was sent.
// Source: RFC 9457.
#pragma once

#include "rpc/http.h"

namespace chancery::rpc {

inline constexpr std::string_view problem_type = "application/problem+json";
inline constexpr unsigned retry_after_s = 1;

struct ProblemRow {
    std::string_view code;
    int status = 500;
    std::string_view title;
    std::string_view hint;
    bool is_retryable = false;  // The same request may be answered later.
};

// Every problem that we ever answer with.
std::span<const ProblemRow> problem_table();
// CHECKs that there is such a code.
const ProblemRow& problem_row(std::string_view code);

struct FieldError {
    std::string pointer;  // RFC 6901, into the body: "/credentials/3/member".
    std::string detail;
};

// CHECKs that `code` stands in the table. Retryable ones carry Retry-After; none is ever cached.
Response problem(std::string_view code,
                 std::string_view detail,
                 const std::vector<FieldError>& errors = {});

// What Errc::invalid and Errc::forbidden mean here: the request itself cannot be understood (400),
// or it can and breaks a rule (422).
enum class Fault : std::uint8_t { request, rule };

// Of what a Service call gave. The detail of corrupt and io stays with us, as the answer's cause.
Response problem_of(const Error& error, Fault fault);

// Of a request's head or framing: 400, 408, 411, 413, 414, 417, 431, 501, 503, 505.
Response framing_problem(int status, std::string_view detail);

}  // namespace chancery::rpc

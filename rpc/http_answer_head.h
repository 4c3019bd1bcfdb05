// The head of an answer, as a client reads it: as little trusted as a request's.
//
//     HTTP/1.x SP status SP [reason] CRLF  *( name ":" OWS value OWS CRLF )  CRLF
//
// Source: RFC 9112 §4, §6.3.
#pragma once

#include "rpc/http.h"

namespace chancery::rpc {

inline constexpr std::size_t answer_head_bytes_max = std::size_t{16} * 1024;
inline constexpr std::size_t answer_fields_max = 64;

struct AnswerHead {
    int status = 0;  // 100…599
    std::vector<ResponseField> fields;
    std::optional<std::uint64_t> content_length;  // Without: the body ends with the connection.
    bool keeps_alive = false;
    std::size_t head_bytes = 0;
};

// nullopt: not complete yet. Errc::invalid: not HTTP/1, or framed in a way that is not read here
// (a Transfer-Encoding, lengths that differ, bare line feeds), or too large.
Result<std::optional<AnswerHead>> parse_answer_head(std::string_view bytes);

}  // namespace chancery::rpc

// What an answer tells of its caller's limits.
//
//     RateLimit-Policy: "reads";q=20000;w=4
//     RateLimit: "reads";r=19999;t=1
//
// q: what a rested caller may ask at once; w: seconds until an empty bucket is full; r: what is
// left; t: seconds until it is full. Names: "reads", "writes", "write-bytes" (qu="content-bytes").
// Source: draft-ietf-httpapi-ratelimit-headers-10 §3, §4; RFC 6585 §4.
#pragma once

#include "rpc/http.h"
#include "rpc/rate_limit.h"

namespace chancery::rpc {

// Nothing if nothing that was asked for has a limit.
void set_rate_fields(Response& response, const RateVerdict& verdict);

// The 429 of a verdict that does not admit, with the fields above and Retry-After.
Response too_many_requests(const RateVerdict& verdict);

}  // namespace chancery::rpc

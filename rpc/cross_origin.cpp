#include "rpc/cross_origin.h"

namespace chancery::rpc {
namespace {

constexpr const char* seconds_to_remember = "86400";

}  // namespace

void share(Response& response) {
    response.set_field("Access-Control-Allow-Origin", "*");
    response.set_field("Access-Control-Expose-Headers",
                       "ETag, Link, Location, RateLimit, RateLimit-Policy, Retry-After");
}

Response answer_options(std::string_view allow, bool is_cross_origin) {
    Response response;
    response.set_status(204);
    response.set_field("Allow", std::string(allow));
    response.set_field("Cache-Control", "no-store");
    if (!is_cross_origin) return response;
    share(response);
    response.set_field("Access-Control-Allow-Methods", std::string(allow));
    response.set_field("Access-Control-Allow-Headers",
                       "Content-Type, If-None-Match, Last-Event-ID, Prefer");
    response.set_field("Access-Control-Max-Age", seconds_to_remember);
    return response;
}

}  // namespace chancery::rpc

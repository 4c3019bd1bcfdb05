// The groups of routes that api.cpp puts together, and what they share.
#pragma once

#include "rpc/router.h"
#include "rpc/service.h"

namespace chancery::rpc {

void add_log_routes(Router& router, const Service& service);
void add_batch_routes(Router& router, Service& service);
void add_governance_routes(Router& router, Service& service);
void add_credential_routes(Router& router, const Service& service);
void add_registry_routes(Router& router, const Service& service);
void add_network_routes(Router& router, const Service& service);
void add_health_routes(Router& router, const Service& service, bool is_cross_origin);

inline constexpr const char* events_path = "/v1/events";
void add_event_routes(Router& router, Service& service);

// Offers what the router has by now as JSON-RPC methods, rpc/rpc_methods.h.
void add_rpc_route(Router& router);

// A GET whose answer any web site's scripts may read.
void add_get(Router& router,
             std::string path,
             Handler handler,
             std::vector<std::string> query = {});

Response json_response(int status, const json::Value& document);
Response json_response(int status, std::string text);  // Of a document written already.

// Whether and how long others may keep an answer. All but `never` carry a strong ETag.
enum class Caching : std::uint8_t {
    never,
    revalidate,  // Ask each time whether it is still so.
    for_ever,    // What has this name can never be different.
};
void set_caching(Response& response, Caching caching);

// A member by slug or decimal number. Errc::invalid: neither; Errc::not_found: no such slug.
Result<ledger::MemberNumber> member_of(const Service& service, std::string_view text);

// A query parameter as decimal number below 2^53. Errc::invalid if missing or no such number.
Result<std::uint64_t> number_parameter(const Request& request, std::string_view name);

// What a BatchAnswer or ActAnswer comes to: 201 sealed now, 200 sealed before, 202 not yet, or the
// problem. `location`: where its outcome can be asked for later.
template <typename Answer>
Response submission_response(const Request& request, const Answer& answer, std::string location);

// Where a page begins and how much it has at most: parameters `after`, the last position seen, and
// `limit`, 1 to 1000 or 100 without it. Errc::invalid.
struct Page {
    ledger::Position first = 0;
    std::uint32_t limit = 0;
};
Result<Page> page_of(const Request& request);
// Points to the page after `document`, whose `next` says where it begins, if there is one.
void link_next(Response& response, const json::Value& document, const std::string& target);

// The body cannot be understood: 400, with the JSON pointer that the detail begins with, if any.
Response malformed_body(const Error& error);

}  // namespace chancery::rpc

// Which answers the scripts of other web sites may read, so that a verifier may live anywhere.
//
// Every origin may, and none may send credentials: there are none to send. A preflight is told all
// that such a script needs, whatever it asks for.
// Source: the Fetch standard, CORS protocol.
#pragma once

#include "rpc/http.h"

namespace chancery::rpc {

void share(Response& response);

// The answer to OPTIONS; `allow`: the methods of the path.
Response answer_options(std::string_view allow, bool is_cross_origin);

}  // namespace chancery::rpc

// Any bytes as URL, query, host and preferences: what is accepted is written as one would ask it.
#include <array>
#include <cstddef>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "rpc/http_head_check.h"
#include "rpc/negotiation.h"
#include "rpc/url.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = text_of({data, size});
    if (const auto url = rpc::parse_url(text)) {
        CHECK(rpc::is_valid_host(url->authority()));
        const std::string scheme = url->is_https ? "https://" : "http://";
        const auto again = rpc::parse_url(scheme + url->authority() + url->target);
        // Only what was as long as a URL may be can have grown beyond it.
        CHECK(!again || *again == *url);
        CHECK(again || text.size() + 16 > rpc::url_bytes_max);
    }
    if (const auto decoded = rpc::decode_query_part(text)) {
        const auto again = rpc::decode_query_part(rpc::percent_encode(*decoded));
        CHECK(again && *again == *decoded);
    }
    if (const auto query = rpc::parse_query(text)) {
        CHECK(query->size() <= rpc::query_parameters_max);
    }
    constexpr std::array<std::string_view, 2> offered = {"text/plain", "application/json"};
    const auto preferred = rpc::preferred_type(text, offered);
    CHECK(!preferred || *preferred < offered.size());
    const auto wait = rpc::preferred_wait(text);
    CHECK(!wait || (wait->count() >= 0 && wait->count() <= 60));
    return 0;
}

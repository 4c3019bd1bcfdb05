// Any bytes as a request's head, in pieces: the outcome is that of the whole, and what is accepted
// leaves nothing that a second reader could take differently.
#include <cstddef>

#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "rpc/ascii.h"
#include "rpc/http_answer_head.h"
#include "rpc/http_head_check.h"

using namespace chancery;

namespace {

bool is_incomplete(const rpc::HeadCheck& check) {
    return std::holds_alternative<rpc::HeadIncomplete>(check);
}

void check_accepted(const rpc::RequestHead& head, std::string_view bytes) {
    CHECK(head.head_bytes <= bytes.size() && head.head_bytes <= rpc::HeadLimits().bytes_max);
    CHECK(bytes.substr(0, head.head_bytes).find("\r\n\r\n") == head.head_bytes - 4);
    CHECK(head.fields.size() <= rpc::HeadLimits().fields_max);
    CHECK(head.path.starts_with('/') || head.path == "*");
    int hosts = 0;
    int lengths = 0;
    for (const rpc::Field& field : head.fields) {
        CHECK(rpc::is_token(field.name));
        CHECK(field.value.find_first_of("\r\n") == std::string_view::npos);
        CHECK(!rpc::equals_ignoring_case(field.name, "Transfer-Encoding"));
        hosts += rpc::equals_ignoring_case(field.name, "Host") ? 1 : 0;
        lengths += rpc::equals_ignoring_case(field.name, "Content-Length") ? 1 : 0;
    }
    CHECK(hosts == 1 || (hosts == 0 && head.is_http_1_0));
    CHECK(lengths <= 1 && (lengths == 1 || head.content_length == 0));
}

}  // namespace

// The first byte chooses the size of the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = std::size_t{1} + data[0];
    const std::string_view bytes = text_of({data + 1, size - 1});
    const rpc::HeadCheck whole = rpc::check_head(bytes);
    rpc::HeadCheck first = rpc::HeadIncomplete{};
    for (std::size_t at = 0; at < bytes.size() && is_incomplete(first); at += step)
        first = rpc::check_head(bytes.substr(0, at + step));
    CHECK(first.index() == whole.index());
    if (const auto* const refusal = std::get_if<rpc::HeadRefusal>(&whole)) {
        CHECK(refusal->status == std::get<rpc::HeadRefusal>(first).status);
    }
    if (const auto* const head = std::get_if<rpc::RequestHead>(&whole)) {
        check_accepted(*head, bytes);
    }
    if (const auto answer = rpc::parse_answer_head(bytes); answer && *answer) {
        CHECK((*answer)->head_bytes <= bytes.size());
    }
    return 0;
}

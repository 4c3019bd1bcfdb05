// Any bytes as the head of an answer, in pieces: the outcome is that of the whole, and what is
// accepted can be understood in one way only.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "rpc/ascii.h"
#include "rpc/http_answer_head.h"

using namespace chancery;

namespace {

void check_accepted(const rpc::AnswerHead& head, std::string_view bytes) {
    CHECK(head.head_bytes <= bytes.size());
    CHECK(head.status >= 100 && head.status <= 599);
    for (const rpc::ResponseField& field : head.fields) {
        CHECK(rpc::is_token(field.name));
        CHECK(field.value.find_first_of("\r\n") == std::string::npos);
    }
}

}  // namespace

// The first byte chooses the size of the pieces.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = std::size_t{1} + data[0];
    const std::string_view bytes = text_of({data + 1, size - 1});
    const auto whole = rpc::parse_answer_head(bytes);
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        const auto part = rpc::parse_answer_head(bytes.substr(0, at + step));
        if (part && !*part) continue;
        CHECK(part.has_value() == whole.has_value());
        if (part) CHECK(*whole && (*part)->head_bytes == (*whole)->head_bytes);
        break;
    }
    if (whole && *whole) check_accepted(**whole, bytes);
    return 0;
}

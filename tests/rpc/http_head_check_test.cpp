#include "rpc/http_head_check.h"

#include <gtest/gtest.h>

#include "tests/support/raw_requests.h"

namespace chancery::rpc {
namespace {

// 0 incomplete, 200 accepted, else the refusal's status.
int outcome(const HeadCheck& check) {
    if (std::holds_alternative<HeadIncomplete>(check)) return 0;
    const auto* const refusal = std::get_if<HeadRefusal>(&check);
    return refusal == nullptr ? 200 : refusal->status;
}

RequestHead head_of(std::string_view bytes) {
    const HeadCheck check = check_head(bytes);
    EXPECT_EQ(outcome(check), 200) << bytes;
    const auto* const head = std::get_if<RequestHead>(&check);
    return head == nullptr ? RequestHead{} : *head;
}

TEST(HeadCheck, RefusesWithTheExactStatus) {
    for (const auto& refused : {test::refused_lines(), test::refused_fields()}) {
        for (const test::RawRequest& request : refused) {
            const int want = request.status == 413 ? 200 : request.status;  // The server's to say.
            EXPECT_EQ(outcome(check_head(request.bytes)), want) << request.name;
        }
    }
}

TEST(HeadCheck, AcceptsWhatIsWhole) {
    for (const test::RawRequest& request : test::accepted_requests()) {
        const int want = request.bytes.find("\r\n\r\n") == std::string::npos ? 0 : 200;
        EXPECT_EQ(outcome(check_head(request.bytes)), want) << request.name;
    }
}

TEST(HeadCheck, GivesTheSameOutcomeHoweverTheBytesArrive) {
    for (const test::RawRequest& request : test::raw_requests()) {
        const int whole = outcome(check_head(request.bytes));
        int first = 0;
        for (std::size_t size = 0; size <= request.bytes.size() && first == 0; ++size)
            first = outcome(check_head(std::string_view(request.bytes).substr(0, size)));
        EXPECT_EQ(first, whole) << request.name;
    }
}

TEST(HeadCheck, GivesTheParts) {
    const std::string bytes =
        "POST http://Node.Example:8443/v1/x?a=b HTTP/1.1\r\nhost: node.example:8443\r\n"
        "Content-Length: 12\r\nExpect: 100-Continue\r\nX:  two words \r\n\r\nrest";
    const RequestHead head = head_of(bytes);
    EXPECT_EQ(head.method, Method::post);
    EXPECT_EQ(head.path, "/v1/x");
    EXPECT_EQ(head.query, "a=b");
    EXPECT_EQ(head.content_length, 12U);
    EXPECT_EQ(head.head_bytes, bytes.size() - 4);
    EXPECT_TRUE(head.expects_continue);
    EXPECT_TRUE(head.keeps_alive);
    ASSERT_EQ(head.fields.size(), 4U);
    EXPECT_EQ(head.fields[3].value, "two words");
}

TEST(HeadCheck, KeepsAliveAsTheVersionSays) {
    EXPECT_TRUE(head_of("GET / HTTP/1.1\r\nHost: a\r\n\r\n").keeps_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n").keeps_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.0\r\n\r\n").keeps_alive);
    EXPECT_TRUE(head_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").keeps_alive);
    EXPECT_FALSE(head_of("GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n")
                     .keeps_alive);
}

TEST(HeadCheck, SaturatesALengthBeyond64Bits) {
    EXPECT_EQ(
        head_of(test::post_with("Content-Length: 18446744073709551615\r\n", "")).content_length,
        18'446'744'073'709'551'615U);
    EXPECT_EQ(
        head_of(test::post_with("Content-Length: 18446744073709551616\r\n", "")).content_length,
        18'446'744'073'709'551'615U);
}

TEST(HeadCheck, RefusesEveryControlByteAnywhere) {
    const std::string good = "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n";
    for (std::size_t at = 0; at + 1 < good.size(); ++at) {
        for (int byte = 0; byte < 0x20; ++byte) {
            std::string bad = good;
            bad.insert(at, 1, static_cast<char>(byte));
            const int got = outcome(check_head(bad));
            if (byte == '\t' || byte == '\r') continue;  // Legal in values; half a line end.
            EXPECT_EQ(got, 400) << "byte " << byte << " at " << at;
        }
    }
}

}  // namespace
}  // namespace chancery::rpc

#include "rpc/http_answer_head.h"

#include <gtest/gtest.h>

namespace chancery::rpc {
namespace {

enum class Reading : std::uint8_t { incomplete, accepted, refused };

Reading reading_of(std::string_view bytes) {
    const auto head = parse_answer_head(bytes);
    if (!head) return Reading::refused;
    return *head ? Reading::accepted : Reading::incomplete;
}

const std::vector<std::string>& accepted_heads() {
    static const std::vector<std::string> heads = {
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.1 204 \r\n\r\n",
        "HTTP/1.0 503\r\nRetry-After:\t1 \r\nX:\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n\r\r\n\x01 the body is not the head's",
    };
    return heads;
}

const std::vector<std::string>& refused_heads() {
    static const std::vector<std::string> heads = {
        "HTTP/1.1 204 \r\r\n\r\n",
        "HTTP/1.1 200 OK\rX: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: 1\r\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\rX: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: 1\r\n\r\r\n\r\n",
        "HTTP/1.1 200 OK\nX: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\nX: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: \x7f\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\n folded\r\n\r\n",
        "HTTP/1.1 600 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
    };
    return heads;
}

TEST(AnswerHead, AcceptsWhatIsWhole) {
    for (const std::string& bytes : accepted_heads())
        EXPECT_EQ(reading_of(bytes), Reading::accepted) << bytes;
}

// The bare CR of "204 \r\r\n" once passed when the empty line came with it, and only then.
TEST(AnswerHead, RefusesBareCarriageReturnsAndWhateverElseIsReadInTwoWays) {
    for (const std::string& bytes : refused_heads())
        EXPECT_EQ(reading_of(bytes), Reading::refused) << bytes;
}

TEST(AnswerHead, GivesTheSameOutcomeHoweverTheBytesArrive) {
    for (const auto& heads : {accepted_heads(), refused_heads()}) {
        for (const std::string& bytes : heads) {
            Reading first = Reading::incomplete;
            for (std::size_t size = 0; size <= bytes.size() && first == Reading::incomplete; ++size)
                first = reading_of(std::string_view(bytes).substr(0, size));
            EXPECT_EQ(first, reading_of(bytes)) << bytes;
        }
    }
}

TEST(AnswerHead, GivesTheParts) {
    const auto head = parse_answer_head(
        "HTTP/1.0 404 no such\r\nX:  two words \r\ncontent-length: 7\r\n\r\nbody");
    ASSERT_TRUE(head && *head);
    EXPECT_EQ((*head)->status, 404);
    EXPECT_EQ((*head)->content_length, 7U);
    EXPECT_FALSE((*head)->keeps_alive);
    ASSERT_EQ((*head)->fields.size(), 2U);
    EXPECT_EQ((*head)->fields[0].value, "two words");
}

TEST(AnswerHead, RefusesAHeadThatDoesNotEnd) {
    const std::string long_line =
        "HTTP/1.1 200 OK\r\nX: " + std::string(answer_head_bytes_max, 'x');
    EXPECT_EQ(reading_of(long_line.substr(0, answer_head_bytes_max - 1)), Reading::incomplete);
    EXPECT_EQ(reading_of(long_line), Reading::refused);
}

}  // namespace
}  // namespace chancery::rpc

// The small parsers of rpc: URLs, queries, preferences, and the bodies of POST.

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "rpc/negotiation.h"
#include "rpc/submission_parse.h"
#include "rpc/url.h"

namespace chancery::rpc {
namespace {

TEST(Url, GivesItsParts) {
    const Result<Url> url = parse_url("HTTPS://Node.example:8443/x/y?z=1");
    ASSERT_TRUE(url);
    EXPECT_TRUE(url->is_https);
    EXPECT_EQ(url->host, "Node.example");
    EXPECT_EQ(url->port, 8'443);
    EXPECT_EQ(url->target, "/x/y?z=1");
    EXPECT_EQ(url->authority(), "Node.example:8443");
    EXPECT_EQ(parse_url("https://a")->port, 443);
    EXPECT_EQ(parse_url("http://a")->authority(), "a");
    EXPECT_EQ(parse_url("http://a?x")->target, "/?x");
    EXPECT_EQ(parse_url("http://[::1]:80/")->host, "::1");
    EXPECT_EQ(parse_url("http://[::1]:81/")->authority(), "[::1]:81");
}

TEST(Url, RefusesWhatIsNone) {
    for (const std::string& text : {std::string(),
                                    std::string("a"),
                                    std::string("ftp://a/"),
                                    std::string("http:/a"),
                                    std::string("http://"),
                                    std::string("http:///x"),
                                    std::string("http://u@a/"),
                                    std::string("http://a:0/"),
                                    std::string("http://a:65536/"),
                                    std::string("http://a:x/"),
                                    std::string("http://a/#f"),
                                    std::string("http://a/ b"),
                                    std::string("http://a/\n"),
                                    std::string("http://[::1/"),
                                    std::string("http://a b/"),
                                    std::string("http://\xc3\xa9/"),
                                    "http://a/" + std::string(2'048, 'x')}) {
        EXPECT_FALSE(parse_url(text)) << text;
    }
}

TEST(Url, EncodesWhatItDecodes) {
    std::string all;
    for (int byte = 1; byte < 256; ++byte)
        all.push_back(static_cast<char>(byte));
    const Result<std::string> decoded = decode_query_part(percent_encode(all));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(*decoded, all);
    EXPECT_EQ(percent_encode("a b/é"), "a%20b%2F%C3%A9");
}

TEST(Url, DecodesNoNul) {
    EXPECT_FALSE(decode_query_part("a%00"));
    EXPECT_FALSE(decode_query_part(std::string("a\0b", 3)));
}

TEST(Url, LimitsAQuery) {
    std::string query;
    for (std::size_t i = 0; i < query_parameters_max; ++i)
        query += "p" + std::to_string(i) + "=1&";
    EXPECT_TRUE(parse_query(query));
    EXPECT_FALSE(parse_query(query + "q=1"));
}

TEST(Url, TakesADecimalInOneFormOnly) {
    EXPECT_EQ(*parse_decimal("0"), 0U);
    EXPECT_EQ(*parse_decimal("9007199254740991"), 9'007'199'254'740'991U);
    for (const char* text :
         {"", "-1", "+1", "01", "1 ", "0x1", "9007199254740992", "1e3", "18446744073709551616"}) {
        EXPECT_FALSE(parse_decimal(text)) << text;
    }
}

TEST(Negotiation, PrefersAsTheClientSays) {
    const std::array<std::string_view, 2> offered = {"text/plain", "application/json"};
    EXPECT_EQ(preferred_type("", offered), 0U);
    EXPECT_EQ(preferred_type("*/*", offered), 0U);
    EXPECT_EQ(preferred_type("application/json", offered), 1U);
    EXPECT_EQ(preferred_type("application/*, text/html", offered), 1U);
    EXPECT_EQ(preferred_type("text/plain;q=0.5, application/json;q=0.6", offered), 1U);
    EXPECT_EQ(preferred_type("*/*, text/plain;q=0", offered), 1U);
    EXPECT_EQ(preferred_type("text/html", offered), std::nullopt);
    EXPECT_EQ(preferred_type("*/*;q=0", offered), std::nullopt);
    EXPECT_EQ(preferred_type(";;,,q=,", offered), std::nullopt);
    EXPECT_TRUE(accepts_gzip("deflate, GZIP;q=0.1"));
    EXPECT_FALSE(accepts_gzip("gzip;q=0.000, br"));
    EXPECT_FALSE(accepts_gzip("xgzip"));
}

TEST(Negotiation, ReadsThePreferredWait) {
    EXPECT_EQ(preferred_wait("wait=10"), std::chrono::seconds(10));
    EXPECT_EQ(preferred_wait("respond-async, WAIT=7; x=y"), std::chrono::seconds(7));
    EXPECT_EQ(preferred_wait("wait=99999999999999999999"), std::nullopt);
    EXPECT_EQ(preferred_wait("wait=61"), std::chrono::seconds(60));
    EXPECT_EQ(preferred_wait("wait="), std::nullopt);
}

TEST(SubmissionParse, ReadsABatchWithItsContents) {
    const Result<Submission> submission =
        parse_submission(R"({"batch":"AQI=","contents":["YWJj","YQ=="]})");
    ASSERT_TRUE(submission);
    EXPECT_EQ(submission->bulk, (Bytes{1, 2}));
    EXPECT_EQ(submission->contents.size(), 2U);
    EXPECT_TRUE(parse_submission(R"({"batch":""})"));
}

TEST(SubmissionParse, RefusesEveryOtherForm) {
    const std::string large = to_base64(Bytes(content_bytes_max + 1));
    std::string many = R"({"batch":"","contents":[)";
    for (std::size_t i = 0; i <= contents_max; ++i)
        many += (i == 0 ? "" : ",") + ("\"" + to_base64(bytes_of(std::to_string(i))) + "\"");
    for (const std::string& body : {std::string(),
                                    std::string("[]"),
                                    std::string("{}"),
                                    std::string("null"),
                                    std::string(R"({"batch":1})"),
                                    std::string(R"({"batch":"AQI"})"),
                                    std::string(R"({"batch":"AQJ="})"),
                                    std::string(R"({"batch":"","batch":""})"),
                                    std::string(R"({"batch":"","more":1})"),
                                    std::string(R"({"batch":"","contents":null})"),
                                    std::string(R"({"batch":"","contents":{}})"),
                                    std::string(R"({"batch":"","contents":[1]})"),
                                    std::string(R"({"batch":"","contents":["YQ"]})"),
                                    std::string(R"({"batch":"","contents":["YQ==","YQ=="]})"),
                                    std::string(R"({"batch":"","contents":[[]]})"),
                                    std::string(R"({"batch":""} x)"),
                                    R"({"batch":"","contents":[")" + large + R"("]})",
                                    many + "]}"}) {
        const Result<Submission> submission = parse_submission(body);
        ASSERT_FALSE(submission) << body.substr(0, 60);
        EXPECT_EQ(submission.error().code, Errc::invalid);
    }
}

TEST(SubmissionParse, ReadsWantedProofs) {
    const std::string hash(64, 'a');
    const auto body = [&](const std::string& member, const std::string& commitment) {
        return R"({"credentials":[{"member":)" + member + R"(,"commitment":")" + commitment +
               R"("}]})";
    };
    const auto by_number = parse_wanted_proofs(body("7", hash));
    ASSERT_TRUE(by_number);
    EXPECT_EQ(std::get<ledger::MemberNumber>(by_number->at(0).member), 7U);
    EXPECT_TRUE(parse_wanted_proofs(body(R"("uni-a")", hash)));
    for (const std::string& wrong : {body("0", hash),
                                     body("-1", hash),
                                     body("4294967296", hash),
                                     body("1.5", hash),
                                     body("null", hash),
                                     body(R"("7")", hash),
                                     body(R"("None!")", hash),
                                     body("7", std::string(64, 'A')),
                                     body("7", "aa"),
                                     std::string(R"({"credentials":[]})"),
                                     std::string(R"({"credentials":[1]})"),
                                     std::string(R"({"credentials":[{}]})"),
                                     std::string("{}")}) {
        EXPECT_FALSE(parse_wanted_proofs(wrong)) << wrong;
    }
}

}  // namespace
}  // namespace chancery::rpc

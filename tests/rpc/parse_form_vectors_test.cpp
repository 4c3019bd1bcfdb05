// What callers send, as section 10 of PROTOCOL.md takes and refuses it.
#include "crypto/hash/sha256.h"
#include "rpc/api.h"
#include "rpc/documents.h"
#include "rpc/submission_parse.h"
#include "tests/support/ask.h"
#include "tests/support/fake_service.h"
#include "tests/support/form_vectors.h"

namespace chancery::rpc {
namespace {

TEST(FormVectors, BatchIdsAreThoseOfTheProtocol) {
    test::hold_to(
        "batch_id",
        [](const json::Value& form) { return parse_batch_id(test::form_text(form, "text")); },
        [](const json::Value& form, const BatchId& id) {
            EXPECT_EQ(id.member, test::number_at(form, "member"));
            EXPECT_TRUE(equal(id.nonce, test::form_bytes(form, "nonce")));
            EXPECT_EQ(batch_id(id.member, id.nonce), test::form_text(form, "text"));
        });
}

TEST(FormVectors, SubmissionsAreTakenAsTheProtocolSays) {
    test::hold_to(
        "submission",
        [](const json::Value& form) { return parse_submission(test::form_text(form, "text")); },
        [](const json::Value& form, const Submission& submission) {
            EXPECT_EQ(submission.bulk, test::form_bytes(form, "bulk"));
            EXPECT_EQ(submission.contents.size(), test::number_at(form, "count"));
            for (const json::Value& content : test::array_at(form, "contents")) {
                const std::string text = test::form_text(content);
                EXPECT_TRUE(submission.contents.contains(sha256(bytes_of(text))));
            }
        });
}

std::string member_text(const WantedProof& wanted) {
    const auto* const number = std::get_if<ledger::MemberNumber>(&wanted.member);
    return number == nullptr ? std::get<std::string>(wanted.member) : std::to_string(*number);
}

TEST(FormVectors, WantedProofsAreTakenAsTheProtocolSays) {
    test::hold_to(
        "wanted_proofs",
        [](const json::Value& form) { return parse_wanted_proofs(test::form_text(form, "text")); },
        [](const json::Value& form, const std::vector<WantedProof>& wanted) {
            EXPECT_EQ(wanted.size(), test::number_at(form, "count"));
            const json::Array& told = test::array_at(form, "credentials");
            for (std::size_t i = 0; i < told.size(); ++i) {
                EXPECT_EQ(member_text(wanted.at(i)), test::text_at(told[i], "member"));
                EXPECT_EQ(to_hex(wanted.at(i).commitment), test::text_at(told[i], "commitment"));
            }
        });
}

TEST(FormVectors, StatusRangesAreAsLongAsTheProtocolSays) {
    test::FakeService service;
    const Router router = public_router(service);
    for (const json::Value& form : test::form_cases("status_range")) {
        const Response response = test::get(router,
                                            "/v1/log/status?from=" + test::text_at(form, "from") +
                                                "&to=" + test::text_at(form, "to"));
        EXPECT_EQ(response.status(), test::is_refused(form) ? 400 : 200) << test::name_of(form);
    }
}

TEST(FormVectors, EntriesGoOnAfterTheLastPositionSeen) {
    test::FakeService service;
    const Router router = public_router(service);
    for (const json::Value& form : test::form_cases("cursor")) {
        const Response response =
            test::get(router, "/v1/log/entries?limit=1&after=" + test::text_at(form, "after"));
        const auto answer = json::parse(response.body());
        ASSERT_TRUE(answer) << response.body();
        const json::Array& items = test::array_at(*answer, "items");
        ASSERT_EQ(items.size(), 1U) << test::name_of(form);
        const json::Value* const position = items.front().find("position");
        ASSERT_NE(position, nullptr);
        EXPECT_EQ(*position, json::Value(test::number_at(form, "first"))) << test::name_of(form);
    }
}

}  // namespace
}  // namespace chancery::rpc

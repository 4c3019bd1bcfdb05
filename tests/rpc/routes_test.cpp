#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "rpc/api.h"
#include "rpc/documents.h"
#include "tests/support/ask.h"
#include "tests/support/fake_service.h"

namespace chancery::rpc {
namespace {

using test::ask;
using test::commitment;
using test::FakeService;
using test::get;
using test::json_type;
using test::octets;
using test::post;
using test::Question;
using test::record;

json::Value document_of(const Response& response) {
    Result<json::Value> parsed = json::parse(response.body());
    EXPECT_TRUE(parsed) << response.body();
    return parsed ? std::move(*parsed) : json::Value();
}

TEST(LogRoutes, AreCachedAsTheirKindAllows) {
    FakeService service;
    const Router router = public_router(service);
    EXPECT_EQ(get(router, "/checkpoint").field("Cache-Control"), "no-store");
    EXPECT_EQ(get(router, "/checkpoint").body(), FakeService::note);
    const Response tile = get(router, "/tile/0/000");
    EXPECT_EQ(tile.field("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(tile.body().size(), 8'192U);
    EXPECT_TRUE(tile.field("ETag").starts_with('"'));
    EXPECT_EQ(tile.field("Access-Control-Allow-Origin"), "*");
    service.failure = Error{Errc::not_found, "beyond the sealed size"};
    EXPECT_EQ(get(router, "/tile/0/000").status(), 404);
    EXPECT_EQ(get(router, "/tile/0/000").field("Cache-Control"), "no-store");
}

TEST(LogRoutes, KnowNoTileByAnotherName) {
    FakeService service;
    const Router router = public_router(service);
    for (const char* path : {"/tile/0/0",
                             "/tile/0/000.p/0",
                             "/tile/0/000.p/256",
                             "/tile/0/000/",
                             "/tile/64/000",
                             "/tile/00/000",
                             "/tile/0/x000/000",
                             "/tile/data/000",
                             "/tile/0/../0/000",
                             "/tile/0/%30%30%30"}) {
        EXPECT_EQ(get(router, path).status(), 404) << path;
    }
    EXPECT_EQ(get(router, "/tile/entries/x001/x234/067.p/8").status(), 200);
}

TEST(LogRoutes, RefuseNumbersThatAreNone) {
    FakeService service;
    const Router router = public_router(service);
    for (const char* target : {"/v1/log/inclusion",
                               "/v1/log/inclusion?index=1",
                               "/v1/log/inclusion?index=2&size=2",
                               "/v1/log/inclusion?index=-1&size=2",
                               "/v1/log/inclusion?index=01&size=2",
                               "/v1/log/inclusion?index=+1&size=2",
                               "/v1/log/inclusion?index=1&index=1&size=2",
                               "/v1/log/inclusion?index=1&size=9007199254740992",
                               "/v1/log/inclusion?index=%31%&size=2",
                               "/v1/log/consistency?from=0&to=2",
                               "/v1/log/consistency?from=3&to=2",
                               "/v1/log/entries?limit=0",
                               "/v1/log/entries?limit=1001",
                               "/v1/log/entries?after=x",
                               "/v1/log/status?from=1&to=1",
                               "/v1/log/status?from=0&to=16385"}) {
        EXPECT_EQ(get(router, target).status(), 400) << target;
    }
    EXPECT_EQ(get(router, "/v1/log/inclusion?index=%31&size=2").status(), 200);
}

TEST(LogRoutes, LeadThroughTheEntriesByTheirLinks) {
    FakeService service;
    const Router router = public_router(service);
    std::string target = "/v1/log/entries?limit=10";
    std::uint64_t want = 0;
    for (int page = 0; page < 3; ++page) {
        const Response response = get(router, target);
        const json::Value document = document_of(response);
        for (const json::Value& item : *document.find("items")->as_array())
            EXPECT_EQ(*item.find("position")->as_integer(), static_cast<std::int64_t>(want++));
        const std::string_view link = response.field("Link");
        EXPECT_EQ(link.empty(), page == 2);
        if (!link.empty()) target = link.substr(1, link.find('>') - 1);
    }
    EXPECT_EQ(want, 25U);
    EXPECT_TRUE(document_of(get(router, "/v1/log/entries?after=24")).find("next")->is_null());
}

TEST(LogRoutes, CompressALargeStatusRangeForThoseWhoAsk) {
    FakeService service;
    const Router router = public_router(service);
    Question question{.target = "/v1/log/status?from=0&to=64"};
    question.fields = {Field{.name = "Accept-Encoding", .value = "br, gzip"}};
    const Response response = ask(router, question);
    EXPECT_EQ(response.field("Content-Encoding"), "gzip");
    EXPECT_LT(response.body().size(), 1'000U);
    EXPECT_TRUE(response.body().starts_with("\x1f\x8b"));
    question.fields = {Field{.name = "Accept-Encoding", .value = "gzip;q=0"}};
    EXPECT_EQ(ask(router, question).field("Content-Encoding"), "");
}

TEST(BatchRoutes, PassOnTheBulkFormTheContentsAndTheWait) {
    FakeService service;
    const Router router = public_router(service);
    const std::string bulk(200, 'b');
    Question question;
    question.method = Method::post;
    question.target = "/v1/batches";
    question.fields = {Field{.name = "content-type", .value = "Application/JSON; charset=utf-8"},
                       Field{.name = "Prefer", .value = "respond-async, wait=10"}};
    question.body = R"({"contents":["YWJj"],"batch":")" + to_base64(bytes_of(bulk)) + R"("})";
    const Response response = ask(router, question);
    EXPECT_EQ(response.status(), 201);
    EXPECT_EQ(response.field("Preference-Applied"), "wait=10");
    EXPECT_EQ(response.field("Location"), "/v1/batches/1-" + std::string(32, '0'));
    EXPECT_EQ(text_of(service.submitted.bulk), bulk);
    EXPECT_EQ(service.submitted.wait, std::chrono::seconds(10));
    ASSERT_EQ(service.submitted.contents.size(), 1U);
    EXPECT_EQ(service.submitted.contents.begin()->first, sha256(bytes_of("abc")));
    EXPECT_EQ(*document_of(response).find("time")->as_string(), "2026-01-31T12:00:00.250Z");
}

TEST(BatchRoutes, WaitFiveSecondsUnlessToldAndSixtyAtMost) {
    FakeService service;
    const Router router = public_router(service);
    Question question;
    question.method = Method::post;
    question.target = "/v1/batches";
    question.body = std::string(135, 'b');
    const std::vector<std::pair<std::string, int>> cases = {
        {"", 5}, {"wait=0", 0}, {"wait=600", 60}, {"wait=x", 5}, {"wait=-1", 5}, {"wait", 5}};
    for (const auto& [prefer, seconds] : cases) {
        question.fields = {Field{.name = "Content-Type", .value = octets},
                           Field{.name = "Prefer", .value = prefer}};
        ask(router, question);
        EXPECT_EQ(service.submitted.wait, std::chrono::seconds(seconds)) << prefer;
    }
}

TEST(BatchRoutes, AnswerEachRefusalByWhatTheCallerCanDo) {
    FakeService service;
    const Router router = public_router(service);
    const std::string bulk(135, 'b');
    service.failure = Error{Errc::forbidden, "bad signature"};
    EXPECT_EQ(post(router, "/v1/batches", octets, bulk).status(), 422);
    service.failure = Error{Errc::unavailable, "1 of 3 members reachable, 2 needed"};
    const Response busy = post(router, "/v1/batches", octets, bulk);
    EXPECT_EQ(busy.status(), 503);
    EXPECT_EQ(busy.field("Retry-After"), "1");
    EXPECT_EQ(*document_of(busy).find("detail")->as_string(), "1 of 3 members reachable, 2 needed");
    EXPECT_TRUE(*document_of(busy).find("retryable")->as_bool());
    service.failure = Error{Errc::corrupt, "segment 7 at /var/lib/chancery"};
    const Response broken = post(router, "/v1/batches", octets, bulk);
    EXPECT_EQ(broken.status(), 500);
    EXPECT_EQ(broken.body().find("/var/lib"), std::string::npos);
    ASSERT_TRUE(broken.cause());
    EXPECT_EQ(broken.cause()->detail, "segment 7 at /var/lib/chancery");
}

TEST(BatchRoutes, KnowNoBatchByAnotherId) {
    FakeService service;
    const Router router = public_router(service);
    const std::string nonce(32, '0');
    for (const std::string& id : {"0-" + nonce,
                                  "01-" + nonce,
                                  "1" + nonce,
                                  "1-" + nonce + "00",
                                  "4294967296-" + nonce,
                                  "1-" + std::string(32, 'A')}) {
        EXPECT_EQ(get(router, "/v1/batches/" + id).status(), 400) << id;
    }
}

TEST(CredentialRoutes, TakeAMemberBySlugOrNumber) {
    FakeService service;
    const Router router = public_router(service);
    const auto status = [&](const std::string& member) {
        return get(router, "/v1/credentials/" + member + "/" + commitment).status();
    };
    EXPECT_EQ(status("uni-a"), 200);
    EXPECT_EQ(status("1"), 200);
    EXPECT_EQ(status("uni-b"), 404);
    for (const char* member : {"0", "01", "4294967296", "Uni-A", "-1", "none%20", "a_b"})
        EXPECT_EQ(status(member), 400) << member;
    EXPECT_EQ(get(router, "/v1/credentials/1/" + std::string(64, 'A')).status(), 400);
    EXPECT_EQ(get(router, "/v1/credentials/1/" + std::string(63, 'a')).status(), 400);
}

TEST(CredentialRoutes, GiveAReceiptAsTextUnlessJsonIsLiked) {
    FakeService service;
    const Router router = public_router(service);
    const Response text = get(router, record + "/receipt");
    EXPECT_EQ(text.field("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_TRUE(text.body().starts_with("c2sp.org/tlog-proof@v1\n"));
    Question question{.target = record + "/receipt"};
    question.fields = {Field{.name = "Accept", .value = "text/plain;q=0.1, application/json"}};
    EXPECT_EQ(ask(router, question).field("Content-Type"), "application/json");
    EXPECT_EQ(ask(router, question).field("Vary"), "Accept");
}

TEST(CredentialRoutes, ProveUpToAThousandAtOnce) {
    FakeService service;
    const Router router = public_router(service);
    const auto body = [](int count) {
        std::string text = R"({"credentials":[)";
        for (int i = 0; i < count; ++i)
            text += (i == 0 ? "" : ",") + (R"({"member":1,"commitment":")" + commitment + R"("})");
        return text + "]}";
    };
    const Response most = post(router, "/v1/proofs", json_type, body(1'000));
    EXPECT_EQ(most.status(), 200);
    EXPECT_EQ(most.field("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(post(router, "/v1/proofs", json_type, body(1'001)).status(), 400);
    EXPECT_EQ(post(router, "/v1/proofs", json_type, body(0)).status(), 400);
}

TEST(CredentialRoutes, WriteManyProofsAsTheirDocument) {
    const rpc::CredentialKey key{.member = 1, .commitment = Hash{9}};
    rpc::ProofsAnswer answer;
    answer.checkpoint = FakeService::note;
    answer.proofs.resize(2);
    answer.proofs[0].key = key;
    answer.proofs[0].receipt = FakeService::receipt_of(key);
    answer.proofs[0].status = FakeService::status_of(key);
    answer.proofs[1].key = key;
    answer.proofs[1].missing = Error{Errc::not_found, "a \"name\""};
    json::Value receipt = to_json(*answer.proofs[0].receipt);
    receipt.erase("checkpoint");
    json::Value status = credential::to_json(*answer.proofs[0].status);
    status.erase("checkpoint");
    status.erase("format");
    const json::Value missing = json::Object{{"code", "not_found"}, {"detail", "a \"name\""}};
    const auto proof = [&](json::Value absent, json::Value a_receipt, json::Value a_status) {
        return json::Object{{"member", 1},
                            {"commitment", to_hex(key.commitment)},
                            {"missing", std::move(absent)},
                            {"receipt", std::move(a_receipt)},
                            {"status", std::move(a_status)}};
    };
    const json::Value document =
        json::Object{{"proofs", json::Array{proof({}, receipt, status), proof(missing, {}, {})}},
                     {"checkpoint", answer.checkpoint}};
    EXPECT_EQ(to_text(answer), json::canonical(document));
}

TEST(RegistryRoutes, GiveContentAsBytesToKeep) {
    FakeService service;
    const Response response = get(public_router(service), "/v1/content/" + commitment);
    EXPECT_EQ(response.body(), "<b>");
    EXPECT_EQ(response.field("Content-Type"), octets);
    EXPECT_EQ(response.field("Content-Disposition"), "attachment");
}

TEST(RegistryRoutes, GiveTheNewestStatusListToEveryone) {
    FakeService service;
    const Router router = public_router(service);
    const Response response = get(router, "/v1/status-lists/uni-a/2026-1-revocation");
    EXPECT_EQ(response.status(), 200);
    EXPECT_EQ(response.field("Content-Type"), "application/vc");
    EXPECT_EQ(response.field("Cache-Control"), "no-cache");
    EXPECT_NE(response.field("ETag"), "");
    EXPECT_EQ(response.field("Access-Control-Allow-Origin"), "*");
    EXPECT_EQ(get(router, "/v1/status-lists/uni-z/2026-1").status(), 404);
    for (const char* name : {"-a", "A", "a%20b", ".", "%2e%2e"}) {
        EXPECT_EQ(get(router, std::string("/v1/status-lists/uni-a/") + name).status(), 400) << name;
    }
}

TEST(RegistryRoutes, SayWhatWasPublishedUnderAUrl) {
    FakeService service;
    const Router router = public_router(service);
    const Response response =
        get(router, "/v1/publications/uni-a?type=pathway&url=https://a.example/p");
    EXPECT_EQ(response.status(), 200);
    EXPECT_NE(response.body().find(R"("url":"https://a.example/p")"), std::string::npos);
    for (const char* query : {"", "?type=pathway", "?type=pathways&url=x", "?type=pathway&url="}) {
        EXPECT_EQ(get(router, std::string("/v1/publications/uni-a") + query).status(), 400)
            << query;
    }
    const std::string long_url(2'049, 'x');
    EXPECT_EQ(get(router, "/v1/publications/uni-a?type=pathway&url=" + long_url).status(), 400);
}

TEST(RegistryRoutes, ListWhatAMemberPublishedPageByPage) {
    FakeService service;
    const Router router = public_router(service);
    std::string target = "/v1/publications?member=uni-a&type=achievement&limit=10";
    std::uint64_t seen = 0;
    for (int page = 0; page < 5 && !target.empty(); ++page) {
        const Response response = get(router, target);
        ASSERT_EQ(response.status(), 200) << target;
        EXPECT_NE(response.field("ETag"), "");
        const json::Value document = document_of(response);
        for (const json::Value& item : *document.find("items")->as_array()) {
            EXPECT_EQ(*item.find("position"), json::Value(seen));
            EXPECT_EQ(*item.find("newest"), json::Value(seen | 1));
            EXPECT_EQ(*item.find("slug"), json::Value("uni-a"));
            ++seen;
        }
        const std::string link(response.field("Link"));
        EXPECT_EQ(link.empty(), document.find("next")->is_null());
        target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    EXPECT_EQ(target, "");
    EXPECT_EQ(seen, service.log_size);
}

TEST(RegistryRoutes, ListNothingForWhoAsksWrongly) {
    FakeService service;
    const Router router = public_router(service);
    const std::string path = "/v1/publications";
    for (const char* query : {"",
                              "?member=uni-a",
                              "?type=pathway",
                              "?member=uni-a&type=rule",
                              "?member=UNI&type=pathway",
                              "?member=0&type=pathway",
                              "?member=uni-a&type=pathway&limit=0",
                              "?member=uni-a&type=pathway&limit=1001",
                              "?member=uni-a&type=pathway&after=-1",
                              "?member=uni-a&type=pathway&after=18446744073709551615",
                              "?member=uni-a&type=pathway&url=x"}) {
        EXPECT_EQ(get(router, path + query).status(), 400) << query;
    }
    EXPECT_EQ(get(router, path + "?member=uni-z&type=pathway").status(), 404);
    const auto beyond = get(router, path + "?member=uni-a&type=pathway&after=9007199254740991");
    EXPECT_EQ(beyond.status(), 200);
    EXPECT_TRUE(document_of(beyond).find("items")->as_array()->empty());
}

TEST(NetworkRoutes, GiveDidDocumentsWhereResolversLook) {
    FakeService service;
    const Router router = public_router(service);
    const Response own = get(router, "/.well-known/did.json");
    EXPECT_EQ(own.status(), 200);
    EXPECT_EQ(own.field("Content-Type"), "application/did+json");
    EXPECT_EQ(own.body(), get(router, "/did.json").body());
    const auto document = json::parse(get(router, "/v1/members/uni-a/did.json").body());
    ASSERT_TRUE(document);
    const ledger::Member& member = *service.members_now->find_slug("uni-a");
    EXPECT_EQ(*document->find("id")->as_string(), member.dids.back().did);
    EXPECT_EQ(document->find("assertionMethod")->as_array()->size(), 1U);
    EXPECT_EQ(get(router, "/v1/members/uni-z/did.json").status(), 404);
    EXPECT_EQ(get(router, "/v1/members/77/did.json").status(), 404);
    EXPECT_EQ(get(router, "/v1/members/UNI/did.json").status(), 400);
}

TEST(HealthRoutes, AreOnBothListenersAndMetricsOnOne) {
    FakeService service;
    const Router everybody = public_router(service);
    const Router admin = admin_router(service);
    for (const char* path : {"/livez", "/readyz"}) {
        EXPECT_EQ(get(everybody, path).status(), 200);
        EXPECT_EQ(get(admin, path).status(), 200);
        EXPECT_EQ(get(admin, path).field("Access-Control-Allow-Origin"), "");
    }
    EXPECT_EQ(get(everybody, "/metrics").status(), 404);
    EXPECT_EQ(get(admin, "/metrics").body(), "chancery_log_size 25\n");
    service.ready.is_ready = false;
    service.ready.findings = {"the disk is full"};
    EXPECT_EQ(get(everybody, "/readyz").status(), 503);
    EXPECT_EQ(get(everybody, "/livez").status(), 200);
}

TEST(Documents, WriteTimesAsRfc3339) {
    EXPECT_EQ(date_time(0), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(date_time(951'782'399'999), "2000-02-28T23:59:59.999Z");
    EXPECT_EQ(date_time(951'782'400'000), "2000-02-29T00:00:00.000Z");
    EXPECT_EQ(date_time(~std::uint64_t{0}), "9999-12-31T23:59:59.999Z");
}

TEST(NetworkRoutes, NameNoLeaderWhileThereIsNone) {
    FakeService service;
    const Router router = public_router(service);
    EXPECT_EQ(*document_of(get(router, "/v1/status")).find("leader")->as_string(), "uni-b");
    service.leader.reset();
    const Response response = get(router, "/v1/status");
    EXPECT_EQ(response.status(), 200);
    EXPECT_TRUE(document_of(response).find("leader")->is_null());
}

}  // namespace
}  // namespace chancery::rpc

// What clients are told by a network of several: contents at every node, reasons, promises.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/parse.h"
#include "node/clock.h"
#include "tests/cluster/writers.h"
#include "tests/support/eventually.h"
#include "tests/support/test_network.h"

namespace chancery::test {
namespace {

struct Requests : testing::Test {
    Cluster cluster{{.nodes = 4}};

    void SetUp() override {
        cluster.start_all();
        ASSERT_TRUE(cluster.is_ready());
    }

    raft::NodeId follower() const { return cluster.leader() % cluster.count() + 1; }
};

TEST_F(Requests, AContentIsThereAtEveryNode) {
    const Bytes content(60'000, std::uint8_t{'c'});
    ledger::PublicationEntry publication;
    publication.content_hash = sha256(content);
    publication.url = "https://uni-a.example/achievements/1";
    registry::BatchDraft draft;
    draft.member = 1;
    draft.key_number = 1;
    draft.nonce = nonce_of(1);
    draft.expires = node::system_clock().now_ms() + 3'600'000;
    draft.record_kind = ledger::Kind::publication;
    const auto bulk = registry::make_bulk(
        draft, {ledger::body_of(publication)}, cluster.network_id(), cluster.issuer_key(1), Hash{});
    ASSERT_TRUE(bulk);
    rpc::ClientRequest request;
    request.method = rpc::Method::post;
    request.target = "/v1/batches";
    request.fields = {{"Content-Type", "application/json"}};
    request.body =
        "{\"batch\":\"" + to_base64(*bulk) + "\",\"contents\":[\"" + to_base64(content) + "\"]}";
    const auto answer = cluster.send(follower(), request);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 201) << answer->body;
    const std::string target = "/v1/content/" + to_hex(publication.content_hash);
    for (raft::NodeId node = 1; node <= cluster.count(); ++node) {
        EXPECT_TRUE(eventually([&] {
            const auto told = cluster.get(node, target);
            return told && told->status == 200 && told->body == text_of(content);
        })) << "node "
            << node;
    }
}

TEST_F(Requests, WhoHasNoQuorumSaysWhoIsMissing) {
    const Bytes bulk = good_batch(cluster, cluster.issuer_key(1), 1, 2);
    const raft::NodeId asked = follower();
    const raft::NodeId first = asked % cluster.count() + 1;
    const raft::NodeId second = first % cluster.count() + 1;
    cluster.kill(first);
    cluster.kill(second);
    std::optional<rpc::ClientAnswer> answer;
    ASSERT_TRUE(eventually([&] {
        answer = cluster.post_batch(asked, bulk);
        return answer && answer->status == 503 &&
               answer->body.find("2 of 4 members reachable, 3 needed") != std::string::npos;
    })) << (answer ? answer->body : "no answer");
    for (const raft::NodeId missing : {first, second})
        EXPECT_NE(answer->body.find(slug_of(missing) + ": "), std::string::npos) << answer->body;
    EXPECT_NE(answer->body.find("\"retryable\":true"), std::string::npos) << answer->body;
    EXPECT_NE(answer->field("Retry-After"), "");
    const auto checkpoint = cluster.get(asked, "/checkpoint");
    ASSERT_TRUE(checkpoint);
    EXPECT_EQ(checkpoint->status, 200);
    // With a quorum again the same batch is taken.
    cluster.start(first);
    EXPECT_TRUE(eventually([&] {
        answer = cluster.post_batch(asked, bulk);
        return answer && (answer->status == 201 || answer->status == 200);
    })) << (answer ? answer->body : "no answer");
}

TEST_F(Requests, WhatIsPromisedIsSealed) {
    rpc::ClientRequest request;
    request.method = rpc::Method::post;
    request.target = "/v1/batches";
    request.fields = {{"Content-Type", "application/octet-stream"}, {"Prefer", "wait=0"}};
    const Bytes bulk = good_batch(cluster, cluster.issuer_key(1), 1, 3);
    request.body = std::string(text_of(bulk));
    const auto promised = cluster.send(follower(), request);
    ASSERT_TRUE(promised);
    ASSERT_EQ(promised->status, 202) << promised->body;
    const auto told = json::parse(promised->body);
    ASSERT_TRUE(told && told->find("promise") != nullptr) << promised->body;
    EXPECT_EQ(*told->find("promise")->find("batch_sha256")->as_string(), to_hex(sha256(bulk)));
    const std::string location(promised->field("Location"));
    for (raft::NodeId node = 1; node <= cluster.count(); ++node) {
        EXPECT_TRUE(eventually([&] {
            const auto found = cluster.get(node, location);
            return found && found->body.find("\"outcome\":\"sealed\"") != std::string::npos;
        })) << "node "
            << node;
    }
    const auto again = cluster.post_batch(cluster.leader(), bulk);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->status, 200) << again->body;
}

}  // namespace
}  // namespace chancery::test

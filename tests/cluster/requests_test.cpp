// What clients are told by a network of several: contents at every node, reasons, promises.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/credential/trust.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/parse.h"
#include "node/clock.h"
#include "tests/cluster/writers.h"
#include "tests/support/act_drafts.h"
#include "tests/support/eventually.h"

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

// Of the member whose node is asked: who follows forwards an act, and all show what it changed.
TEST_F(Requests, AnActIsTakenAtAnyNodeAndShownByAll) {
    const raft::NodeId asked = follower();
    const Hash network = cluster.network_id();
    const keys::MemberKey fresh = *keys::MemberKey::from_secret(test_seed("fresh", "issuer"));
    const auto expires = node::system_clock().now_ms() + 3'600'000;
    const auto post = [&](raft::NodeId node, const ledger::Act& act) {
        const std::string text = ledger::to_text(act);
        rpc::ClientRequest request;
        request.method = rpc::Method::post;
        request.target = "/v1/governance";
        request.fields = {{"Content-Type", "application/octet-stream"}, {"Prefer", "wait=20"}};
        request.body =
            std::string(text_of(signed_text(text, network, cluster.governance_key(act.by))));
        return cluster.send(node, request);
    };
    const ledger::Act rotation = act_of(1, 1, new_issuer_key(network, 1, fresh, 1), expires);
    auto answer = post(asked, rotation);
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->status, 201) << answer->body;
    const std::string location(answer->field("Location"));
    EXPECT_EQ(location, "/v1/governance/1/1");
    answer = post(asked % cluster.count() + 1, rotation);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200) << answer->body;

    for (raft::NodeId node = 1; node <= cluster.count(); ++node) {
        EXPECT_TRUE(eventually([&] {
            const auto found = cluster.get(node, location);
            const auto listed = cluster.get(node, "/v1/governance/1");
            const auto members = cluster.get(node, "/v1/members");
            return found && found->body.find("\"outcome\":\"sealed\"") != std::string::npos &&
                   listed &&
                   listed->body.find(keys::multikey(fresh.public_key())) != std::string::npos &&
                   members &&
                   members->body.find(keys::multikey(fresh.public_key())) != std::string::npos;
        })) << "node "
            << node;
    }
    // By the key that was replaced, and by the new one.
    answer = cluster.post_batch(asked, good_batch(cluster, cluster.issuer_key(1), 1, 2));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 422) << answer->body;
    EXPECT_NE(answer->body.find("not in force"), std::string::npos) << answer->body;
    answer = post(asked, act_of(1, 7, ledger::EndKey{ledger::KeyUse::assertion, 1}, expires));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 409) << answer->body;
    EXPECT_NE(answer->body.find("has 2"), std::string::npos) << answer->body;

    // A verifier that pinned the network follows the change, from any node, also after a restart.
    cluster.kill(asked);
    cluster.start(asked);
    ASSERT_TRUE(eventually([&] {
        const auto told = cluster.get(asked, "/v1/trust");
        if (!told || told->status != 200) return false;
        const auto file = credential::parse_trust_file(told->body);
        if (!file || file->steps.size() != 1) return false;
        const auto trust = credential::Trust::from_file(*file, network);
        return trust &&
               ledger::find_key(*trust->newest().find(1), ledger::KeyUse::issuer, 2) != nullptr;
    }));
    const ledger::Act end = act_of(1, 2, ledger::EndKey{ledger::KeyUse::assertion, 1}, expires);
    EXPECT_TRUE(eventually([&] {  // A started node first asks the others what it promised.
        answer = post(asked, end);
        return answer && (answer->status == 201 || answer->status == 200);
    })) << (answer ? answer->body : "no answer");
}

}  // namespace
}  // namespace chancery::test

// A node that answers for a real one and lies: no client takes its word.
#include <atomic>

#include <gtest/gtest.h>

#include "rpc/http_client.h"
#include "tests/support/fake_node.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

namespace fs = std::filesystem;
using test::Words;

struct LyingNode : test::SandboxTest {
    // The real node's answer to "GET /path", or to a "POST /path" of JSON.
    test::FakeAnswer honest(const std::string& line, const std::string& body = {}) const {
        const auto url = rpc::parse_url(sandbox.url());
        auto client = rpc::HttpClient::to(*url);
        const std::string path = line.substr(line.find(' ') + 1);
        const auto answer = line.starts_with("POST") ? client->post(path, "application/json", body)
                                                     : client->get(path);
        if (!answer) return {503, "application/problem+json", "{}"};
        return {answer->status, std::string(answer->field("Content-Type")), answer->body};
    }
    std::string commitment(const std::string& file) const {
        const std::string receipt = file.substr(0, file.rfind('.')) + ".tlog-proof";
        const json::Value proof = document({"proof", "check", receipt});
        return *proof.find("entry")->find("commitment")->as_string();
    }

    using Lie = std::function<test::FakeAnswer(const std::string& line, const std::string& body)>;

    // What `words` come to when asked of a node that lies to questions about something.
    test::Finished asked_of(const std::string& about, const Lie& lie, Words words) const {
        std::atomic<bool> has_lied = false;
        const test::FakeNode node([&](const std::string& line, const std::string& body) {
            if (line.find(about) == std::string::npos) return honest(line, body);
            has_lied = true;
            return lie(line, body);
        });
        words.insert(words.end(), {"--node", node.url()});
        const test::Finished finished = chancery(words);
        if (!has_lied) ADD_FAILURE() << "not asked: " << testing::PrintToString(node.asked());
        return finished;
    }
    // One commitment for the other in the question.
    Lie exchanging(const std::string& one, const std::string& other) const {
        return [this, one, other](std::string line, std::string body) {
            for (std::string* const text : {&line, &body}) {
                const std::size_t at = text->find(one);
                if (at != std::string::npos) text->replace(at, one.size(), other);
            }
            return honest(line, body);
        };
    }
};

constexpr const char* proofs = "/v1/proofs";
constexpr const char* statuses = "/status";

TEST_F(LyingNode, CannotTellAnothersStatusForThisOnes) {
    const std::string good = issue("good.json");
    const std::string bad = issue("bad.json");
    ASSERT_EQ(chancery({"revoke", bad}).status, 0);
    fs::remove(folder / "bad.status.json");
    const auto finished =
        asked_of(statuses, exchanging(commitment(bad), commitment(good)), {"verify", bad});
    EXPECT_NE(finished.status, 0) << finished.out << finished.err;
}

TEST_F(LyingNode, CannotGiveAnothersReceipt) {
    const std::string one = issue("one.json");
    const std::string other = issue("other.json");
    const std::string before = folder.read("one.tlog-proof");
    const auto finished =
        asked_of(proofs, exchanging(commitment(one), commitment(other)), {"proof", "get", one});
    EXPECT_EQ(finished.status, 8) << finished.out << finished.err;
    EXPECT_NE(finished.err.find("proofs of another credential"), std::string::npos);
    EXPECT_EQ(folder.read("one.tlog-proof"), before);
}

// A letter of the answer's JSON changed, in every part of it. Where a proof does not hold the
// command fails; where what changed says nothing, what it wrote holds without the node.
TEST_F(LyingNode, CannotChangeALetterOfAProof) {
    const std::string one = issue("one.json");
    std::size_t refused = 0;
    constexpr std::size_t places = 24;
    for (std::size_t place = 0; place < places; ++place) {
        const auto finished = asked_of(proofs,
                                       [&](const std::string& line, const std::string& body) {
                                           test::FakeAnswer answer = honest(line, body);
                                           char& letter =
                                               answer.body[answer.body.size() * place / places];
                                           letter = letter == 'a' ? 'b' : 'a';
                                           return answer;
                                       },
                                       {"proof", "get", one});
        if (finished.status != 0) ++refused;
        EXPECT_EQ(chancery({"verify", one, "--offline"}).status, 0) << place << finished.err;
    }
    EXPECT_GE(refused, places / 2);
}

// What was sealed stays sealed: the truth of yesterday is a lie today.
TEST_F(LyingNode, CannotShowAStatusOlderThanWhatThisClientHasSeen) {
    const std::string badge = issue("late.json");
    const std::string at = "GET /v1/credentials/1/" + commitment(badge) + "/status";
    const test::FakeAnswer then = honest(at);
    ASSERT_EQ(then.status, 200);
    const Lie yesterdays = [&](const std::string&, const std::string&) { return then; };
    EXPECT_EQ(asked_of(statuses, yesterdays, {"verify", badge}).status, 0) << "it is the newest";

    ASSERT_EQ(chancery({"revoke", badge}).status, 0);
    const auto lied_to = asked_of(statuses, yesterdays, {"verify", badge, "--json"});
    EXPECT_EQ(lied_to.status, 3) << lied_to.out << lied_to.err;
    EXPECT_NE(lied_to.err.find("older than the one of"), std::string::npos) << lied_to.err;
    // The next node tells.
    const test::FakeNode liar([&](const std::string& line, const std::string& body) {
        return line == at ? then : honest(line, body);
    });
    const auto told = chancery({"verify", badge, "--node", liar.url(), "--node", sandbox.url()});
    EXPECT_EQ(told.status, 1) << told.out << told.err;
    EXPECT_NE(told.out.find("revoked"), std::string::npos) << told.out;
    // Who has seen nothing newer cannot know.
    const std::string memory = sandbox.path() + "/state";
    fs::rename(memory, memory + ".away");
    EXPECT_EQ(asked_of(statuses, yesterdays, {"verify", badge}).status, 0);
    fs::remove_all(memory);
    fs::rename(memory + ".away", memory);
}

TEST_F(LyingNode, MayShowAnOldRevocationForItIsForGood) {
    const std::string badge = issue("gone.json");
    ASSERT_EQ(chancery({"revoke", badge}).status, 0);
    const test::FakeAnswer then = honest("GET /v1/credentials/1/" + commitment(badge) + "/status");
    issue("after.json");
    const auto shown = asked_of(
        statuses, [&](const std::string&, const std::string&) { return then; }, {"verify", badge});
    EXPECT_EQ(shown.status, 1) << shown.out << shown.err;
    EXPECT_NE(shown.out.find("revoked"), std::string::npos) << shown.out;
}

TEST_F(LyingNode, CannotGiveProofsOrACheckpointOlderThanWhatThisClientHasSeen) {
    const std::string one = issue("old.json");
    test::FakeAnswer then;
    ASSERT_EQ(asked_of(proofs,
                       [&](const std::string& line, const std::string& body) {
                           return then = honest(line, body);
                       },
                       {"proof", "get", one})
                  .status,
              0);
    const test::FakeAnswer checkpoint_then = honest("GET /checkpoint");
    ASSERT_EQ(chancery({"revoke", one}).status, 0);
    const std::string before = folder.read("old.status.json");
    const Lie yesterdays = [&](const std::string&, const std::string&) { return then; };
    const auto refused = asked_of(proofs, yesterdays, {"proof", "get", one});
    EXPECT_EQ(refused.status, 6) << refused.out << refused.err;
    EXPECT_NE(refused.err.find("older than the one of"), std::string::npos) << refused.err;
    EXPECT_EQ(folder.read("old.status.json"), before);
    const auto checkpoint =
        asked_of("/checkpoint",
                 [&](const std::string&, const std::string&) { return checkpoint_then; },
                 {"log", "checkpoint"});
    EXPECT_EQ(checkpoint.status, 6) << checkpoint.out << checkpoint.err;
    const test::FakeNode liar([&](const std::string& line, const std::string& body) {
        if (line == "GET /checkpoint") return checkpoint_then;
        return line.find(proofs) == std::string::npos ? honest(line, body) : then;
    });
    for (const Words& asked : {Words{"proof", "get", one}, Words{"log", "checkpoint"}}) {
        Words words = asked;
        words.insert(words.end(), {"--node", liar.url(), "--node", sandbox.url()});
        const auto finished = chancery(words);
        EXPECT_EQ(finished.status, 0) << finished.err;
    }
    EXPECT_EQ(chancery({"verify", one, "--offline"}).status, 1) << "revoked";
}

TEST_F(LyingNode, CannotShowACheckpointThatNoQuorumSealed) {
    const auto finished = asked_of("/checkpoint",
                                   [&](const std::string& line, const std::string& body) {
                                       test::FakeAnswer answer = honest(line, body);
                                       answer.body.resize(answer.body.rfind("\n\xe2\x80\x94 ") + 1);
                                       return answer;
                                   },
                                   {"log", "checkpoint"});
    EXPECT_NE(finished.status, 0) << finished.out << finished.err;
    EXPECT_EQ(finished.out, "");
}

}  // namespace
}  // namespace chancery

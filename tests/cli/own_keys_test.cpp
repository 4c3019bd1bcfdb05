// A member's own keys on the ledger: added, replaced and ended from the command line, whatever
// breaks a call off, and what that means for what they signed.
#include "consensus/registry/batch.h"
#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/ledger/act.h"
#include "node/cli/node_client.h"
#include "node/clock.h"
#include "node/keystore.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

class OwnKeysTest : public test::SandboxTest {
protected:
    OwnKeysTest() : SandboxTest(test::RunningSandbox::with_changing_keys()) {}

    std::string keys() const { return sandbox.path() + "/uni-a/keys/"; }
    json::Value key_list() const {
        const json::Value listed = document({"key", "list", "--member", "uni-a"});
        return *listed.find("members")->as_array()->front().find("keys");
    }
    // "issuer 2" → its record; null if there is none.
    json::Value record(std::string_view use, std::int64_t number) const {
        const json::Value all = key_list();
        for (const json::Value& one : *all.as_array())
            if (*one.find("use")->as_string() == use && *one.find("number")->as_integer() == number)
                return one;
        return {};
    }
    std::int64_t newest(std::string_view use) const {
        std::int64_t number = 0;
        while (!record(use, number + 1).is_null())
            ++number;
        return number;
    }
    bool is_in_force(std::string_view use, std::int64_t number) const {
        return record(use, number).find("until")->is_null();
    }
    std::string public_of(const std::string& file) const {
        const auto shown =
            chancery({"key", "export-public", file, "--passphrase-file", keys() + "passphrase"});
        EXPECT_EQ(shown.status, 0) << shown.err;
        return shown.out.substr(0, shown.out.find('\n'));
    }
    test::Finished add_p256(const std::string& name) const {
        return chancery({"key", "add", "--use", "assertion", "--type", "p256", "--out", name});
    }
};

TEST_F(OwnKeysTest, AKeyIsAddedOnceHoweverOftenItIsAsked) {
    const std::int64_t before = newest("assertion");
    const auto added = add_p256("jwt.key");
    ASSERT_EQ(added.status, 0) << added.err;
    EXPECT_EQ(newest("assertion"), before + 1);
    EXPECT_EQ(*record("assertion", before + 1).find("key")->as_string(), public_of("jwt.key"));
    const json::Value again = document({"key", "add", "jwt.key"});
    EXPECT_EQ(*again.find("was_there"), json::Value(true));
    EXPECT_EQ(add_p256("jwt.key").status, 0);
    EXPECT_EQ(newest("assertion"), before + 1);
    // One that was made and never got there, as after a crash.
    make_key({"assertion", "uni-a", "made.key", keys() + "passphrase"});
    ASSERT_EQ(add_p256("made.key").status, 0);
    EXPECT_EQ(*record("assertion", before + 2).find("key")->as_string(), public_of("made.key"));
}

TEST_F(OwnKeysTest, EveryNodeShowsThemInTheDidDocument) {
    ASSERT_EQ(add_p256("jwt.key").status, 0);
    const std::string key = public_of("jwt.key");
    const auto methods = [&](std::string_view name) {
        auto node = cli::NodeClient::to(sandbox.url(), {});
        const auto text = node->remote().get("/v1/members/uni-a/did.json", "application/json");
        const auto document = json::parse(text ? *text : "{}");
        const json::Value* const list = document ? document->find(name) : nullptr;
        return list == nullptr ? std::string() : json::canonical(*list);
    };
    EXPECT_NE(methods("verificationMethod").find(key), std::string::npos);
    EXPECT_NE(methods("assertionMethod").find(key), std::string::npos);
    const std::string number = std::to_string(newest("assertion"));
    ASSERT_EQ(chancery({"key", "end", "--use", "assertion", "--number", number}).status, 0);
    EXPECT_NE(methods("verificationMethod").find(key), std::string::npos);
    EXPECT_EQ(methods("assertionMethod").find(key), std::string::npos);
}

TEST_F(OwnKeysTest, AnEndedKeyIsEndedForGood) {
    ASSERT_EQ(add_p256("jwt.key").status, 0);
    const std::string number = std::to_string(newest("assertion"));
    const Words end = {"key", "end", "--use", "assertion", "--number", number};
    const auto ended = chancery(end);
    ASSERT_EQ(ended.status, 0) << ended.err;
    EXPECT_FALSE(is_in_force("assertion", newest("assertion")));
    EXPECT_EQ(chancery(end).status, 7);
    EXPECT_EQ(chancery({"key", "add", "jwt.key"}).status, 7);
    EXPECT_EQ(chancery({"key", "end", "--use", "assertion", "--number", "99"}).status, 4);
}

TEST_F(OwnKeysTest, RotatingTheIssuerKeyLeavesWhatItSignedAndEndsWhatItMaySign) {
    const std::string badge = issue("before.json");
    const std::int64_t old = newest("issuer");
    ASSERT_EQ(chancery({"network", "trust", "--out", "trust.json"}).status, 0);
    const auto rotated = chancery({"key", "rotate", "--use", "issuer"});
    ASSERT_EQ(rotated.status, 0) << rotated.err;
    EXPECT_FALSE(is_in_force("issuer", old));
    EXPECT_TRUE(is_in_force("issuer", old + 1));
    const std::string kept = keys() + "issuer-" + std::to_string(old) + ".key";
    EXPECT_EQ(*record("issuer", old).find("key")->as_string(), public_of(kept));
    EXPECT_EQ(*record("issuer", old + 1).find("key")->as_string(),
              public_of(keys() + "issuer.key"));
    EXPECT_FALSE(fs::exists(keys() + "issuer.next.key"));

    EXPECT_EQ(chancery({"verify", badge}).status, 0);
    EXPECT_EQ(chancery({"verify", issue("after.json")}).status, 0);
    // Who kept the trust of before follows.
    EXPECT_EQ(chancery({"verify", "after.json", "--trust", "trust.json"}).status, 0);
    EXPECT_EQ(chancery({"revoke", badge}).status, 0);

    write_document("none.json", folder.path());
    const auto refused = chancery({"issue", "one", "none.json", "--key", kept});
    EXPECT_EQ(refused.status, 5) << refused.out;
    EXPECT_NE(refused.err.find("is no member's issuer key in force"), std::string::npos);
    // Whatever a client believes, the node does not.
    const auto key =
        keystore::load_member_key({kept, keys() + "passphrase"}, keystore::Use::issuer);
    ASSERT_TRUE(key) << key.error().detail;
    ledger::Nonce nonce{};
    keystore::fill_random(nonce);
    const registry::BatchDraft draft{.member = 1,
                                     .key_number = static_cast<std::uint32_t>(old),
                                     .nonce = nonce,
                                     .expires = node::system_clock().now_ms() + 60'000,
                                     .record_kind = ledger::Kind::credential};
    const ledger::Genesis genesis =
        ledger::parse_genesis(sandbox.folder().read("chancery-sandbox/genesis.json")).value();
    const Hash commitment = keystore::random_hash();
    const auto bulk = registry::make_bulk(draft,
                                          {Bytes(commitment.begin(), commitment.end())},
                                          ledger::network_id(genesis),
                                          *key,
                                          keystore::random_hash());
    ASSERT_TRUE(bulk) << bulk.error().detail;
    auto node = cli::NodeClient::to(sandbox.url(), {});
    ASSERT_TRUE(node) << node.error().detail;
    const auto placed = node->submit(*bulk, std::chrono::seconds(10));
    ASSERT_FALSE(placed);
    EXPECT_EQ(placed.error().code, Errc::forbidden) << placed.error().detail;
}

TEST_F(OwnKeysTest, ARotationThatWasBrokenOffIsFinishedByTheSameCommand) {
    const Words rotate = {"key", "rotate", "--use", "assertion", "--file", "a.key"};
    ASSERT_EQ(add_p256("a.key").status, 0);
    const std::int64_t old = newest("assertion");
    const std::string kept = "a-" + std::to_string(old) + ".key";
    const std::string first = public_of("a.key");
    // Made, and not sent.
    make_key({"assertion", "uni-a", "a.next.key", keys() + "passphrase"});
    const std::string second = public_of("a.next.key");
    const auto finished = chancery(rotate);
    ASSERT_EQ(finished.status, 0) << finished.err;
    EXPECT_NE(finished.err.find("takes up a rotation"), std::string::npos) << finished.err;
    EXPECT_EQ(public_of("a.key"), second);
    EXPECT_EQ(public_of(kept), first);
    EXPECT_FALSE(is_in_force("assertion", old));
    EXPECT_TRUE(is_in_force("assertion", old + 1));

    // Sealed, and no file moved; then one of two.
    fs::rename(folder / "a.key", folder / "a.next.key");
    fs::rename(folder / kept, folder / "a.key");
    ASSERT_EQ(chancery(rotate).status, 0);
    EXPECT_EQ(public_of("a.key"), second);
    EXPECT_EQ(public_of(kept), first);
    fs::rename(folder / "a.key", folder / "a.next.key");
    ASSERT_EQ(chancery(rotate).status, 0);
    EXPECT_EQ(public_of("a.key"), second);
    EXPECT_EQ(newest("assertion"), old + 1);
}

TEST_F(OwnKeysTest, ALostKeyIsReplacedByItsNumber) {
    ASSERT_EQ(add_p256("lost.key").status, 0);
    const std::int64_t old = newest("assertion");
    fs::remove(folder / "lost.key");
    Words rotate = {"key", "rotate", "--use", "assertion", "--type", "p256", "--file", "lost.key"};
    EXPECT_EQ(chancery(rotate).status, 4);
    rotate.insert(rotate.end(), {"--number", std::to_string(old)});
    const auto replaced = chancery(rotate);
    ASSERT_EQ(replaced.status, 0) << replaced.err;
    EXPECT_FALSE(is_in_force("assertion", old));
    EXPECT_EQ(*record("assertion", old + 1).find("key")->as_string(), public_of("lost.key"));
}

TEST_F(OwnKeysTest, DocumentsSignedBeforeARotationStayGood) {
    folder.write("form.json", chancery({"issue", "template"}).out);
    folder.write("people.csv", "file,recipient,valid_from\r\nana,Ana,2026-01-01T00:00:00Z\r\n");
    const auto issue_into = [&](const std::string& out) {
        const auto issued =
            chancery({"issue", "batch", "people.csv", "--template", "form.json", "--out", out});
        EXPECT_EQ(issued.status, 0) << issued.err;
    };
    issue_into("before");
    const auto rotated = chancery({"key", "rotate", "--use", "assertion"});
    ASSERT_EQ(rotated.status, 0) << rotated.err;
    issue_into("after");
    for (const std::string file : {"before/ana.json", "after/ana.json"}) {
        const auto verified = chancery({"verify", file});
        EXPECT_EQ(verified.status, 0) << verified.out;
        EXPECT_NE(verified.out.find("✔ issuer signature"), std::string::npos) << verified.out;
    }
    EXPECT_NE(folder.read("before/ana.json").find("#z6Mk"), std::string::npos);
}

TEST_F(OwnKeysTest, AuditorsReplayTheActs) {
    ASSERT_EQ(add_p256("jwt.key").status, 0);
    const auto exported = chancery({"log", "export", "copy"});
    ASSERT_EQ(exported.status, 0) << exported.err;
    const auto replayed = chancery({"audit", "replay", "copy"});
    EXPECT_EQ(replayed.status, 0) << replayed.out << replayed.err;
}

TEST_F(OwnKeysTest, RefusesWhatTheLedgerWouldNot) {
    const std::string passphrase = keys() + "passphrase";
    ASSERT_EQ(chancery({"key",
                        "new",
                        "--use",
                        "governance",
                        "--member",
                        "uni-a",
                        "--out",
                        "strange.key",
                        "--passphrase-file",
                        passphrase})
                  .status,
              0);
    struct Bad {
        Words words;
        int status;
        std::string says;
    };
    const std::vector<Bad> table = {
        {{"key", "add"}, 2, "--use is missing"},
        {{"key", "add", "--use", "issuer", "--type", "p256"}, 2, "cannot be p256"},
        {{"key", "add", "--use", "assertion", "--governance-key", "strange.key"}, 5, "governance"},
        {{"key", "add", keys() + "governance.key"}, 2, "is not a member's own to change"},
        {{"key", "add", keys() + "cosigner.key"}, 2, "is not a member's own to change"},
        {{"key", "add", "none.key"}, 4, "none.key"},
        {{"key", "add", "none.key", "--use", "issuer"}, 2, "go without FILE"},
        {{"key", "add", "--use", "issuer", "--out", "second.key"}, 7, ""},
        {{"key", "rotate"}, 2, "--use is missing"},
        {{"key", "rotate", "--use", "issuer", "--file", keys() + "assertion.key"}, 5, "issuer"},
        {{"key", "end", "--use", "assertion"}, 2, "--number"},
        {{"key", "list", "--member", "nobody"}, 4, "nobody"},
    };
    const std::int64_t before = log_size();
    for (const Bad& bad : table) {
        const auto refused = chancery(bad.words);
        EXPECT_EQ(refused.status, bad.status) << testing::PrintToString(bad.words) << refused.err;
        EXPECT_NE(refused.err.find(bad.says), std::string::npos) << refused.err;
    }
    EXPECT_EQ(log_size(), before);
}

}  // namespace
}  // namespace chancery

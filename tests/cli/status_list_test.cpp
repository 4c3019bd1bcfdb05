// Status lists as strangers see them: issued, revoked, suspended, renewed, and held against the
// ledger.
#include "crypto/credential/status_list.h"

#include "crypto/base/encoding.h"
#include "crypto/credential/receipt.h"
#include "crypto/json/canonical.h"
#include "rpc/http_client.h"
#include "rpc/url.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using credential::StatusPurpose;

class StatusLists : public test::SandboxTest {
protected:
    // One folder beside the key serves all tests of the sandbox, so each takes a name of its own.
    const std::string name =
        std::string("t") +
        std::to_string(testing::UnitTest::GetInstance()->current_test_info()->line());

    void SetUp() override {
        folder.write("form.json", chancery({"issue", "template"}).out);
        folder.write("people.csv",
                     "file,recipient,valid_from\r\nana,Ana,2026-01-01T00:00:00Z\r\n"
                     "ben,Ben,2026-01-01T00:00:00Z\r\n");
        const auto begun = chancery({"status-list", "new", name});
        ASSERT_EQ(begun.status, 0) << begun.err;
    }
    test::Finished issue_table(const std::string& table = "people.csv") const {
        return chancery({"issue",
                         "batch",
                         table,
                         "--template",
                         "form.json",
                         "--out",
                         "o",
                         "--status-list",
                         name});
    }
    json::Value issued(const std::string& file) const {
        return *json::parse(folder.read("o/" + file));
    }
    std::size_t index_of(const std::string& file) const {
        return credential::status_entries_of(issued(file))->front().index;
    }
    // As anybody fetches it: by the URL that stands in the badge.
    credential::StatusBits fetched(StatusPurpose purpose) const {
        const std::string list = name + "-" + std::string(credential::name_of(purpose));
        const std::string path = "/v1/status-lists/uni-a/" + list;
        auto client = rpc::HttpClient::to(*rpc::parse_url(sandbox.url()));
        CHECK(client);
        const auto answer = client->get(path);
        EXPECT_TRUE(answer && answer->status == 200) << path;
        const auto document = json::parse(answer->body);
        const auto bits = credential::bits_of_list(*document, sandbox.url() + path, purpose);
        EXPECT_TRUE(bits) << bits.error().detail;
        return bits ? *bits : credential::StatusBits();
    }
    bool is_revoked(const std::string& file) const {
        return fetched(StatusPurpose::revocation).at(index_of(file));
    }
    bool is_suspended(const std::string& file) const {
        return fetched(StatusPurpose::suspension).at(index_of(file));
    }
    std::string register_file() const {
        return "chancery-sandbox/uni-a/keys/status-lists/" + name + ".status-register";
    }
};

TEST_F(StatusLists, FollowEveryChange) {
    ASSERT_EQ(issue_table().status, 0);
    EXPECT_NE(index_of("ana.json"), index_of("ben.json"));
    EXPECT_EQ(credential::status_entries_of(issued("ana.json"))->size(), 2U);
    EXPECT_EQ(fetched(StatusPurpose::revocation), credential::StatusBits());

    const auto suspended = chancery({"suspend", "o/ana.json"});
    ASSERT_EQ(suspended.status, 0) << suspended.err;
    EXPECT_NE(suspended.out.find("published " + name + "-suspension"), std::string::npos);
    EXPECT_EQ(suspended.out.find("-revocation"), std::string::npos) << "nothing changed there";
    EXPECT_TRUE(is_suspended("ana.json"));
    EXPECT_FALSE(is_revoked("ana.json"));

    ASSERT_EQ(chancery({"reinstate", "o/ana.json"}).status, 0);
    EXPECT_FALSE(is_suspended("ana.json"));
    ASSERT_EQ(chancery({"revoke", "o/ana.json"}).status, 0);
    EXPECT_TRUE(is_revoked("ana.json"));
    EXPECT_FALSE(is_revoked("ben.json"));
    // Superseded is for good, too.
    ASSERT_EQ(chancery({"renew", "o/ben.json", "--unlinked"}).status, 0);
    EXPECT_TRUE(is_revoked("ben.json"));

    const auto checked = chancery({"status-list", "check", name});
    EXPECT_EQ(checked.status, 0) << checked.out;
    EXPECT_NE(checked.out.find("says what the ledger says of 2 credentials"), std::string::npos);
}

TEST_F(StatusLists, AreSignedByTheirIssuer) {
    ASSERT_EQ(issue_table().status, 0);
    auto client = rpc::HttpClient::to(*rpc::parse_url(sandbox.url()));
    const auto answer = client->get("/v1/status-lists/uni-a/" + name + "-revocation");
    ASSERT_TRUE(answer);
    const auto list = json::parse(answer->body);
    ASSERT_TRUE(list);
    ASSERT_EQ(list->find("proof")->as_array()->size(), 2U);
    EXPECT_EQ(*list->find("issuer")->as_string(), sandbox.did());
    const json::Value& first = list->find("proof")->as_array()->front();
    EXPECT_EQ(*first.find("cryptosuite")->as_string(), "eddsa-rdfc-2022");
}

TEST_F(StatusLists, KnowACredentialByItsCommitmentAlone) {
    ASSERT_EQ(issue_table().status, 0);
    const auto receipt = credential::parse_receipt(folder.read("o/ana.tlog-proof"));
    ASSERT_TRUE(receipt);
    const auto entry = ledger::decode(receipt->entry);
    const Hash commitment = std::get<ledger::CredentialEntry>(*entry).commitment;
    ASSERT_EQ(chancery({"revoke", to_hex(commitment)}).status, 0);
    EXPECT_TRUE(is_revoked("ana.json"));
}

TEST_F(StatusLists, AListThatFellBehindIsFoundOutAndMended) {
    ASSERT_EQ(issue_table().status, 0);
    ASSERT_EQ(chancery({"revoke", "o/ana.json"}).status, 0);
    // As after a disk was put back: the register knows nothing of the revocation.
    std::string text = sandbox.folder().read(register_file());
    ASSERT_NE(text.find("\nstatus "), std::string::npos);
    text.erase(text.find("\nstatus ") + 1);
    sandbox.folder().write(register_file(), text, 0600);
    ASSERT_EQ(chancery({"suspend", "o/ben.json"}).status, 0);
    EXPECT_TRUE(is_revoked("ana.json")) << "that list was not touched";
    const auto agrees = chancery({"status-list", "check", name});
    EXPECT_EQ(agrees.status, 0) << agrees.out;

    ASSERT_EQ(chancery({"revoke", "o/ben.json"}).status, 0);
    EXPECT_FALSE(is_revoked("ana.json"));
    const auto differs = chancery({"status-list", "check", name});
    EXPECT_EQ(differs.status, 1) << differs.out;
    EXPECT_NE(differs.out.find("is not set, on the ledger it is revoked"), std::string::npos)
        << differs.out;
    const json::Value compared = document({"verify", "o/ana.json", "--status-lists"});
    ASSERT_NE(compared.find("status_list"), nullptr);
    EXPECT_EQ(*compared.find("status_list")->find("result")->as_string(), "fail");
    EXPECT_EQ(document({"verify", "o/ana.json"}).find("status_list"), nullptr);
    EXPECT_EQ(chancery({"verify", "o/ana.json", "--status-lists", "--offline"}).status, 2);
    const auto mended = chancery({"status-list", "publish", name});
    ASSERT_EQ(mended.status, 0) << mended.err;
    EXPECT_NE(mended.out.find("1 brought up to date"), std::string::npos) << mended.out;
    EXPECT_TRUE(is_revoked("ana.json"));
    EXPECT_EQ(chancery({"status-list", "check", name}).status, 0);
}

// What an audit found of this test's lists; others' tests publish lists of their own.
std::vector<std::string> findings_of(const json::Value& audited, const std::string& name) {
    std::vector<std::string> found;
    for (const json::Value& each : *audited.find("findings")->as_array())
        if (each.find("list")->as_string()->starts_with(name + "-"))
            found.push_back(*each.find("what")->as_string());
    return found;
}

TEST_F(StatusLists, AreAuditedWithTheWholeLog) {
    ASSERT_EQ(issue_table().status, 0);
    ASSERT_EQ(chancery({"suspend", "o/ana.json"}).status, 0);
    ASSERT_EQ(chancery({"revoke", "o/ben.json"}).status, 0);
    ASSERT_EQ(chancery({"reinstate", "o/ana.json"}).status, 0);
    ASSERT_EQ(chancery({"log", "export", "copy"}).status, 0);
    for (const std::string& place : {sandbox.url(), std::string("copy")}) {
        const json::Value audited = document({"audit", "lists", place});
        ASSERT_NE(audited.find("findings"), nullptr) << json::canonical(audited);
        EXPECT_GE(*audited.find("lists")->as_integer(), 2);
        EXPECT_EQ(findings_of(audited, name), std::vector<std::string>());
    }
    std::filesystem::remove_all(folder / "copy/v1/content");
    const json::Value without = document({"audit", "lists", "copy"});
    EXPECT_EQ(findings_of(without, name).size(), 5U);
    EXPECT_EQ(*without.find("contradictions"), json::Value(0));
    EXPECT_EQ(chancery({"audit", "lists", "copy"}).status, 3);
    EXPECT_EQ(chancery({"audit", "lists", "none"}).status, 4);
}

TEST_F(StatusLists, AreHeldAgainstTheLedgerByALint) {
    ASSERT_EQ(issue_table().status, 0);
    const json::Value said = document({"lint", "o/ana.json", "--online"});
    const json::Value& list = said.find("status_lists")->as_array()->at(0);
    EXPECT_EQ(*list.find("result"), json::Value("pass")) << json::canonical(said);
    EXPECT_EQ(document({"lint", "o/ana.json"}).find("status_lists"), nullptr);
    EXPECT_EQ(chancery({"lint", "-", "--online"}).status, 2);
}

TEST_F(StatusLists, ATableTwiceTakesNoPlacesTwice) {
    ASSERT_EQ(issue_table().status, 0);
    const std::size_t before = index_of("ana.json");
    ASSERT_EQ(issue_table().status, 0);
    EXPECT_EQ(index_of("ana.json"), before);
    const json::Value shown = document({"status-list", "show", name});
    const json::Value& list = shown.find("lists")->as_array()->front();
    EXPECT_EQ(*list.find("taken")->as_integer(), 2);
    EXPECT_EQ(*list.find("registered")->as_integer(), 2);
}

TEST_F(StatusLists, OnePlaceIsOneCredentials) {
    ASSERT_EQ(issue_table().status, 0);
    const std::int64_t before = log_size();
    json::Value copy = issued("ana.json");
    copy.erase("proof");
    copy.set("id", "urn:uuid:00000000-0000-4000-8000-000000000001");
    folder.write("copy.json", json::pretty(copy));
    const auto refused = chancery({"issue", "one", "copy.json"});
    EXPECT_EQ(refused.status, 7) << refused.err;
    EXPECT_NE(refused.err.find("is another credential's"), std::string::npos) << refused.err;

    copy.find("credentialStatus")->as_array()->front().set("statusListIndex", 7);
    folder.write("copy.json", json::pretty(copy));
    const auto unreadable = chancery({"issue", "one", "copy.json"});
    EXPECT_EQ(unreadable.status, 2) << unreadable.err;
    EXPECT_NE(unreadable.err.find("/credentialStatus/0/statusListIndex"), std::string::npos)
        << unreadable.err;
    EXPECT_EQ(log_size(), before) << "nothing was registered";
}

TEST_F(StatusLists, SayWhatIsWrong) {
    EXPECT_EQ(chancery({"status-list", "new", name}).status, 7);
    EXPECT_EQ(chancery({"status-list", "new", "A b"}).status, 2);
    EXPECT_EQ(chancery({"status-list", "new", "x", "--url", "ftp://x/"}).status, 2);
    EXPECT_EQ(chancery({"status-list", "check", "none"}).status, 4);
    const auto no_list = chancery({"issue",
                                   "batch",
                                   "people.csv",
                                   "--template",
                                   "form.json",
                                   "--out",
                                   "o",
                                   "--status-list",
                                   "none"});
    EXPECT_EQ(no_list.status, 4) << no_list.err;
    json::Value form = *json::parse(folder.read("form.json"));
    form.set("credentialStatus", json::Object{{"type", "x"}});
    folder.write("form.json", json::pretty(form));
    const auto both = issue_table();
    EXPECT_EQ(both.status, 2) << both.err;
    EXPECT_NE(both.err.find("/credentialStatus is there"), std::string::npos) << both.err;
    write_document("one.json", "1");
    EXPECT_EQ(chancery({"issue", "batch", "one.json", "--status-list", name}).status, 2);
}

}  // namespace
}  // namespace chancery

// A sandbox's checkpoints on a chain in this process: sent, confirmed, registered, checked.
#include <gtest/gtest.h>

#include "tests/support/fake_chain.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;

class Anchors : public test::SandboxTest {
protected:
    Anchors() : SandboxTest(test::RunningSandbox::with_changing_keys()) {}

    void SetUp() override {
        const auto made =
            chancery({"key", "new", "--use", "anchor", "--member", "uni-a", "--out", "anchor.key"});
        ASSERT_EQ(made.status, 0) << made.err;
        address = made.out.substr(0, made.out.find('\n'));
        issue("a.json");
        chain.mine_when_asked();
    }
    Words words(const std::string& command) const {
        return {"anchor",
                command,
                "--chain",
                "eip155:31337",
                "--chain-url",
                chain.url(),
                "--anchor-key",
                "anchor.key",
                "--confirmations",
                "3"};
    }
    Words sending(const std::string& command, const Words& more = {}) const {
        Words all = words(command);
        all.insert(all.end(), {"--poll", "0s"});
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    static std::string text_of_member(const json::Value& document, std::string_view name) {
        const json::Value* const member = document.find(name);
        return member == nullptr || member->as_string() == nullptr ? "" : *member->as_string();
    }
    static std::int64_t number_of_member(const json::Value& document, std::string_view name) {
        const json::Value* const member = document.find(name);
        return member == nullptr || member->as_integer() == nullptr ? -1 : *member->as_integer();
    }
    // Of one step of a check; empty if it has none of that name.
    static std::string result_of(const json::Value& document, std::string_view name) {
        const json::Value* const steps = document.find("steps");
        if (steps == nullptr) return {};
        for (const json::Value& step : *steps->as_array())
            if (text_of_member(step, "step") == name) return text_of_member(step, "result");
        return {};
    }
    json::Value check(std::int64_t position, const Words& more = {}) const {
        Words all = {"anchor", "check", std::to_string(position), "--confirmations", "3"};
        all.insert(all.end(), more.begin(), more.end());
        return document(all);
    }

    test::FakeChain chain;
    std::string address;
};

TEST_F(Anchors, AreSentConfirmedRegisteredAndChecked) {
    const json::Value done = document(sending("once"));
    ASSERT_EQ(done.find("anchored")->as_bool() != nullptr && *done.find("anchored")->as_bool(),
              true);
    EXPECT_EQ(text_of_member(done, "sender"), address);
    ASSERT_EQ(chain.mined().size(), 1U);
    const evm::SignedTransaction sent = chain.mined().front();
    EXPECT_EQ(text_of_member(done, "transaction"), "0x" + to_hex(evm::hash_of(sent)));
    EXPECT_EQ(to_hex(sent.transaction.data), text_of_member(done, "root"));
    EXPECT_EQ(sent.transaction.to.text(), address);
    EXPECT_EQ(sent.transaction.value, 0U);

    const std::int64_t position = number_of_member(done, "position");
    const json::Value entry = document({"log", "show", std::to_string(position)});
    EXPECT_EQ(text_of_member(entry, "kind"), "anchor");
    EXPECT_EQ(text_of_member(entry, "chain"), "eip155:31337");
    EXPECT_EQ(text_of_member(entry, "root"), text_of_member(done, "root"));
    EXPECT_EQ(number_of_member(entry, "size"), number_of_member(done, "size"));
    EXPECT_EQ("0x" + text_of_member(entry, "transaction"), text_of_member(done, "transaction"));

    const auto listed = chancery({"anchor", "list"});
    EXPECT_NE(listed.out.find(text_of_member(done, "transaction")), std::string::npos);
    EXPECT_EQ(chancery({"log", "export", "copy"}).status, 0);
    const json::Value replayed = document({"audit", "replay", "copy"});
    EXPECT_GE(number_of_member(replayed, "anchors"), 1) << "the replay judges them, too";
}

TEST_F(Anchors, OnceMoreIsNothingMore) {
    ASSERT_EQ(chancery(sending("once")).status, 0);
    const auto again = chancery(sending("once"));
    EXPECT_EQ(again.status, 0) << again.err;
    EXPECT_NE(again.out.find("nothing new since the last anchor"), std::string::npos) << again.out;
    EXPECT_EQ(chain.mined().size(), 1U);
    issue("b.json");
    EXPECT_EQ(chancery(sending("once")).status, 0);
    EXPECT_EQ(chain.mined().size(), 2U);
    EXPECT_EQ(chancery(sending("once", {"--always"})).status, 0);
    EXPECT_EQ(chain.mined().size(), 3U);
    const json::Value status = document(words("status"));
    EXPECT_EQ(status.find("anchors")->as_array()->size(), 3U);
    EXPECT_EQ(text_of_member(status, "sender"), address);
}

TEST_F(Anchors, GoOnWhereTheyWereBrokenOff) {
    Words hasty = words("once");
    hasty.insert(hasty.end(), {"--wait", "0s", "--poll", "1s"});
    const auto first = chancery(hasty);
    EXPECT_EQ(first.status, 9) << first.err;
    EXPECT_NE(first.err.find("is not confirmed yet"), std::string::npos) << first.err;
    EXPECT_NE(first.err.find("nothing is sent twice"), std::string::npos) << first.err;
    issue("b.json");  // The log has grown: the root that was sent is finished first.
    const json::Value done = document(sending("once"));
    EXPECT_EQ(chain.mined().size(), 1U);
    EXPECT_EQ(to_hex(chain.mined().front().transaction.data), text_of_member(done, "root"));
    EXPECT_GE(number_of_member(done, "position"), 0);
}

TEST_F(Anchors, AreOnTheLedgerOnceThoughTheJournalForgotThat) {
    const json::Value done = document(sending("once"));
    const std::string file = "anchor.key.anchors/eip155-31337/000001.json";
    std::string text = folder.read(file);
    const auto at = text.find("\"position\":");
    ASSERT_NE(at, std::string::npos);
    text.replace(at, text.find(',', at) - at, "\"position\":null");
    folder.write(file, text, 0600);
    const json::Value again = document(sending("once"));
    EXPECT_EQ(number_of_member(again, "position"), number_of_member(done, "position"));
    EXPECT_EQ(chain.mined().size(), 1U);
}

TEST_F(Anchors, CountOnlyFromRecordedKeys) {
    const auto anchored = chancery(sending("once"));
    EXPECT_NE(anchored.err.find("is no anchor key of uni-a in force"), std::string::npos);
    const json::Value status = document(words("status"));
    const std::int64_t position =
        number_of_member(status.find("anchors")->as_array()->front(), "position");
    const json::Value found = check(position, {"--chain-url", chain.url()});
    for (const char* const step : {"entry", "root", "transaction", "chain", "calldata", "block"})
        EXPECT_EQ(result_of(found, step), "pass") << step;
    EXPECT_EQ(result_of(found, "sender"), "fail");
    EXPECT_EQ(text_of_member(found, "verdict"), "NOT VALID");
    EXPECT_EQ(text_of_member(found, "sender"), address);
    EXPECT_EQ(
        chancery({"anchor", "check", std::to_string(position), "--chain-url", chain.url()}).status,
        1);

    // Once the ledger has the key, those that come after it count, and only those.
    const auto added = chancery({"key", "add", "anchor.key"});
    ASSERT_EQ(added.status, 0) << added.err;
    issue("later.json");
    const auto later = chancery(sending("once"));
    ASSERT_EQ(later.status, 0) << later.err;
    EXPECT_EQ(later.err.find("is no anchor key"), std::string::npos) << later.err;
    const json::Value newer = document(words("status"));
    const std::int64_t place =
        number_of_member(newer.find("anchors")->as_array()->back(), "position");
    ASSERT_GT(place, position);
    const json::Value good = check(place, {"--chain-url", chain.url()});
    EXPECT_EQ(result_of(good, "sender"), "pass");
    EXPECT_EQ(text_of_member(good, "verdict"), "VALID");
    EXPECT_EQ(result_of(check(position, {"--chain-url", chain.url()}), "sender"), "fail");
}

TEST_F(Anchors, WhatWasNotLookedAtCannotBeTold) {
    ASSERT_EQ(chancery(sending("once")).status, 0);
    const json::Value status = document(words("status"));
    const std::int64_t position =
        number_of_member(status.find("anchors")->as_array()->front(), "position");
    const std::string place = std::to_string(position);
    const json::Value without = check(position);
    EXPECT_EQ(text_of_member(without, "verdict"), "CANNOT TELL");
    EXPECT_EQ(result_of(without, "root"), "pass");
    EXPECT_EQ(result_of(without, "calldata"), "could not check");
    EXPECT_EQ(chancery({"anchor", "check", place}).status, 3);

    test::FakeChain other(1);
    const json::Value elsewhere = check(position, {"--chain-url", other.url()});
    EXPECT_EQ(result_of(elsewhere, "transaction"), "could not check");
    test::FakeChain empty;
    const json::Value unknown = check(position, {"--chain-url", empty.url()});
    EXPECT_EQ(result_of(unknown, "transaction"), "could not check");
    chain.reorganise(chain.height(), true);
    const json::Value gone = check(position, {"--chain-url", chain.url()});
    EXPECT_EQ(result_of(gone, "transaction"), "could not check");
}

TEST_F(Anchors, BadgesForBlockcertsHangOnOneTransaction) {
    issue("b.json");
    const Words exporting = sending("blockcerts",
                                    {"a.json",
                                     "b.json",
                                     "--out",
                                     "out",
                                     "--name",
                                     "University A",
                                     "--profile-url",
                                     "https://uni-a.example/issuer.json"});
    const json::Value done = document(exporting);
    ASSERT_EQ(number_of_member(done, "badges"), 2);
    ASSERT_EQ(chain.mined().size(), 1U);
    EXPECT_EQ(to_hex(chain.mined().front().transaction.data), text_of_member(done, "root"));
    const Words more = {"--confirmations", "3", "--chain-url", chain.url(), "--profile"};
    const auto checked = [&](const std::string& file, const std::string& profile) {
        Words all = {"anchor", "check", file};
        all.insert(all.end(), more.begin(), more.end());
        all.push_back(profile);
        return chancery(all).status;
    };
    for (const char* const file : {"out/a.blockcerts.json", "out/b.blockcerts.json"}) {
        EXPECT_EQ(checked(file, "out/issuer.json"), 0) << file;
        EXPECT_EQ(chancery({"anchor", "check", file, "--chain-url", chain.url()}).status, 3);
        EXPECT_EQ(chancery({"anchor", "check", file}).status, 3);
    }
    std::string text = folder.read("out/a.blockcerts.json");
    const auto at = text.find("urn:n:");
    ASSERT_NE(at, std::string::npos);
    folder.write("altered.json", text.replace(at, 6, "urn:m:"));
    EXPECT_EQ(checked("altered.json", "out/issuer.json"), 1);
    std::string profile = folder.read("out/issuer.json");
    const auto named = profile.find(address);
    ASSERT_NE(named, std::string::npos);
    folder.write("other.json", profile.replace(named, 42, "0x" + std::string(40, '1')));
    EXPECT_EQ(checked("out/a.blockcerts.json", "other.json"), 1);

    // The same badges again: the same root, which is paid for.
    ASSERT_EQ(chancery(exporting).status, 0);
    EXPECT_EQ(chain.mined().size(), 1U);
    EXPECT_EQ(chancery(sending("once")).status, 0);
    EXPECT_EQ(chain.mined().size(), 2U);
}

TEST_F(Anchors, RefuseWhatCannotBeMeant) {
    struct Case {
        Words words;
        int status;
        std::string says;
    };
    const std::string url = chain.url();
    chancery({"key", "new", "--use", "anchor", "--member", "uni-b", "--out", "other.key"});
    folder.write("url", url + "\n", 0644);
    const Words start = {"anchor", "once"};
    const std::vector<Case> table = {
        {{}, 2, "--chain is missing"},
        {{"--chain", "bitcoin"}, 2, "want an EVM chain"},
        {{"--chain", "eip155:31337"}, 2, "--chain-url is missing"},
        {{"--chain", "eip155:31337", "--chain-url", url}, 2, "--anchor-key is missing"},
        {{"--chain", "eip155:1", "--chain-url", url, "--anchor-key", "anchor.key"},
         5,
         "the endpoint is of chain eip155:31337, want eip155:1"},
        {{"--chain", "eip155:31337", "--chain-url", url, "--anchor-key", "other.key"},
         5,
         "the anchor key is of uni-b, the issuer key of uni-a"},
        {{"--chain", "eip155:31337", "--chain-url-file", "url", "--anchor-key", "anchor.key"},
         5,
         "url"},
        {{"--chain",
          "eip155:31337",
          "--chain-url",
          url,
          "--anchor-key",
          "anchor.key",
          "--confirmations",
          "0"},
         2,
         "--confirmations"},
        {{"--chain",
          "eip155:31337",
          "--chain-url",
          url,
          "--anchor-key",
          "anchor.key",
          "--max-fee",
          "0"},
         2,
         "--max-fee"},
        {{"--chain",
          "eip155:31337",
          "--chain-url",
          "http://127.0.0.1:1/secret",
          "--anchor-key",
          "anchor.key"},
         6,
         "endpoint"},
    };
    for (const Case& one : table) {
        Words all = start;
        all.insert(all.end(), one.words.begin(), one.words.end());
        const auto finished = chancery(all);
        EXPECT_EQ(finished.status, one.status) << testing::PrintToString(all) << finished.err;
        EXPECT_NE(finished.err.find(one.says), std::string::npos) << finished.err;
        EXPECT_EQ(finished.err.find("secret"), std::string::npos) << finished.err;
    }
    const auto no_file = chancery({"anchor", "check", "none.json"});
    EXPECT_EQ(no_file.status, 4) << no_file.err;
    const auto no_proof = chancery({"anchor", "check", "a.json"});
    EXPECT_EQ(no_proof.status, 2) << no_proof.err;
    const auto no_anchor = chancery({"anchor", "check", "0"});
    EXPECT_EQ(no_anchor.status, 2);
    EXPECT_NE(no_anchor.err.find("want an anchor"), std::string::npos) << no_anchor.err;
    EXPECT_TRUE(chain.mined().empty() && chain.pool().empty());
}

}  // namespace
}  // namespace chancery

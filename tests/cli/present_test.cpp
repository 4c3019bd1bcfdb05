// Parts of an SD-JWT as its holder shows them, signed for who asked, and what verify says of that.
#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "crypto/credential/sd_jwt.h"
#include "crypto/json/canonical.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

class Presenting : public test::SandboxTest {
protected:
    // Registered by its hash: what signed it is no matter here.
    void SetUp() override {
        folder.write("passphrase", "a long passphrase\n", 0600);
        for (const std::string name : {"ana", "eve"})
            ASSERT_EQ(key({"new",
                           "--use",
                           "holder",
                           "--type",
                           "p256",
                           "--out",
                           name + ".key",
                           "--member",
                           name})
                          .status,
                      0);
        const auto jwk = json::parse(key({"export-public", "ana.key", "--jwk"}).out);
        credential::SdJwtPlan plan;
        plan.claims = json::Object{{"iss", sandbox.did()},
                                   {"vct", "urn:n:" + folder.path()},
                                   {"cnf", json::Object{{"jwk", *jwk}}},
                                   {"credentialSubject",
                                    json::Object{{"name", "Ana Pérez"},
                                                 {"credits", 3},
                                                 {"result", json::Array{"first", "second"}}}},
                                   {"evidence", json::Object{{"name", "Term paper"}}}};
        plan.concealed = {"/credentialSubject/name",
                          "/credentialSubject/credits",
                          "/credentialSubject/result",
                          "/credentialSubject/result/0",
                          "/credentialSubject/result/1",
                          "/evidence/name"};
        for (std::uint8_t i = 0; i < 6; ++i)
            plan.salts.push_back(credential::Salt{i});
        const auto issuer = keys::P256Key::from_secret(Hash{5}).value();
        whole_ = credential::issue_sd_jwt(plan, "", issuer).value();
        const std::string hash = to_hex(credential::sd_jwt_document_hash(whole_));
        folder.write("hashes", hash + "\n");
        folder.write("ana.sd-jwt", whole_);
        ASSERT_EQ(chancery({"issue", "batch", "--hashes", "hashes", "--out", "o"}).status, 0);
        for (const std::string ending : {".tlog-proof", ".status.json"})
            fs::rename(folder / ("o/" + hash + ending), folder / ("ana" + ending));
    }
    test::Finished key(Words words) const {
        words.insert(words.begin(), "key");
        words.insert(words.end(), {"--passphrase-file", "passphrase"});
        return chancery(words);
    }
    test::Finished present(Words words) const {
        words.insert(words.begin(), {"present", "ana.sd-jwt"});
        words.insert(words.end(), {"--passphrase-file", "passphrase"});
        return chancery(words);
    }
    Words bound_to(const std::string& holder) const {
        return {"--none",
                "--out",
                "b.sd-jwt",
                "--holder-key",
                holder,
                "--audience",
                "https://v",
                "--nonce",
                "n-1"};
    }
    // The subject, as verify reads it out of a file; and what it says of the signature.
    json::Value subject_in(const std::string& file) const {
        const auto text = folder.read(file);
        const auto read = credential::parse_sd_jwt(text).value();
        return *credential::disclosed_claims(read)->claims.find("credentialSubject");
    }
    std::string binding_of(Words words) const {
        words.insert(words.begin(), {"verify", "--offline"});
        const json::Value said = document(words);
        const json::Value* const binding = said.find("key_binding");
        return binding == nullptr ? "none" : *binding->find("result")->as_string();
    }
    std::string whole_;
};

TEST_F(Presenting, ShowsWhatTheHolderChose) {
    const auto listed = present({"--list"});
    EXPECT_EQ(listed.status, 0) << listed.err;
    EXPECT_NE(listed.out.find("/credentialSubject/name  \"Ana Pérez\""), std::string::npos)
        << listed.out;
    const auto made = present({"--show", "credits,result/1", "--out", "s.sd-jwt"});
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(json::canonical(subject_in("s.sd-jwt")), R"({"credits":3,"result":["second"]})");
    // Of the same verdict, by what lies beside it.
    const json::Value verdict = document({"verify", "s.sd-jwt", "--offline"});
    EXPECT_EQ(*verdict.find("verdict")->as_string(), "cannot tell");
    EXPECT_EQ(*verdict.find("steps"),
              *document({"verify", "ana.sd-jwt", "--offline"}).find("steps"));
    EXPECT_EQ(binding_of({"s.sd-jwt"}), "none");
    EXPECT_EQ(present({"--all"}).out, whole_ + "\n");
    EXPECT_EQ(present({"--none"}).out, whole_.substr(0, whole_.find('~') + 1) + "\n");
    EXPECT_EQ(folder.read("ana.sd-jwt"), whole_);
}

TEST_F(Presenting, TheHoldersSignatureIsForOneAudienceAndNonce) {
    const auto made = present(bound_to("ana.key"));
    ASSERT_EQ(made.status, 0) << made.err;
    EXPECT_EQ(binding_of({"b.sd-jwt"}), "pass");
    EXPECT_EQ(binding_of({"b.sd-jwt", "--audience", "https://v", "--nonce", "n-1"}), "pass");
    EXPECT_EQ(binding_of({"b.sd-jwt", "--audience", "https://v", "--nonce", "n-2"}), "fail");
    EXPECT_EQ(binding_of({"b.sd-jwt", "--audience", "https://w", "--nonce", "n-1"}), "fail");
    EXPECT_EQ(binding_of({"ana.sd-jwt", "--audience", "https://v", "--nonce", "n-1"}), "fail");
    // Taken from one presentation and put under another.
    const std::string bound = folder.read("b.sd-jwt");
    folder.write("b.sd-jwt", whole_ + bound.substr(bound.rfind('~') + 1));
    EXPECT_EQ(binding_of({"b.sd-jwt"}), "fail");
}

TEST_F(Presenting, RefusesWhatNobodyCouldUse) {
    struct Bad {
        Words words;
        int status;
        std::string says;
    };
    const std::vector<Bad> table = {
        {{}, 2, "want one of --show, --all and --none"},
        {{"--all", "--none"}, 2, "want one of --show, --all and --none"},
        {{"--show", "address"}, 2, "nothing was concealed at one of the pointers"},
        {{"--show", "name"}, 2, "/credentialSubject/name and /evidence/name end alike"},
        {{"--none", "--holder-key", "ana.key"}, 2, "go together"},
        {{"--none", "--audience", "a", "--nonce", "n"}, 2, "go together"},
        {{"--none", "--out", "ana.jwt"}, 2, "want a name of its own"},
        {bound_to("eve.key"), 5, "is not signed by the key that the issuer named"},
        {bound_to(sandbox.path() + "/uni-a/keys/assertion.key"), 5, "assertion.key"},
    };
    for (const Bad& bad : table) {
        const auto refused = present(bad.words);
        EXPECT_EQ(refused.status, bad.status) << testing::PrintToString(bad.words) << refused.err;
        EXPECT_NE(refused.err.find(bad.says), std::string::npos) << refused.err;
    }
    EXPECT_FALSE(fs::exists(folder / "b.sd-jwt"));
    const auto half = chancery({"verify", "ana.sd-jwt", "--nonce", "n"});
    EXPECT_EQ(half.status, 2);
    EXPECT_NE(half.err.find("--audience and --nonce go together"), std::string::npos) << half.err;
    issue("plain.json");
    EXPECT_EQ(chancery({"present", "plain.json", "--all"}).status, 2);
    EXPECT_EQ(chancery({"verify", "plain.json"}).status, 0);
    EXPECT_EQ(chancery({"verify", "plain.json", "--audience", "a", "--nonce", "n"}).status, 1);
}

}  // namespace
}  // namespace chancery

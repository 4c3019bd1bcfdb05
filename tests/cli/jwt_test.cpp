// Credentials as JWTs: read from whatever carries them, judged by the text that was registered.
#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "crypto/credential/sd_jwt.h"
#include "crypto/credential/vc_jwt.h"
#include "crypto/image/png.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

class Jwts : public test::SandboxTest {
protected:
    // A JWT of the member, registered by its hash, with receipt and status beside it.
    void SetUp() override {
        const json::Value badge = json::Object{{"issuer", sandbox.did()},
                                               {"id", "urn:n:" + folder.path()},
                                               {"validFrom", "2026-01-01T00:00:00Z"}};
        const auto key = keys::P256Key::from_secret(Hash{5}).value();
        jwt_ = credential::sign_vc_jwt(badge, "", key).value();
        folder.write("ana.jwt", jwt_ + "\n");
        const std::string hash = to_hex(credential::jwt_document_hash(jwt_));
        folder.write("hashes", hash + "\n");
        const auto issued = chancery({"issue", "batch", "--hashes", "hashes", "--out", "o"});
        ASSERT_EQ(issued.status, 0) << issued.err;
        fs::rename(folder / ("o/" + hash + ".tlog-proof"), folder / "ana.tlog-proof");
        fs::rename(folder / ("o/" + hash + ".status.json"), folder / "ana.status.json");
        folder.write("plain.png", image::png_of({.width = 1, .are_black = {true}}, 8));
        folder.write("plain.svg", "<svg/>");
        for (const std::string ending : {".png", ".svg"}) {
            const auto baked = chancery(
                {"badge", "bake", "ana.jwt", "--image", "plain" + ending, "--out", "ana" + ending});
            ASSERT_EQ(baked.status, 0) << baked.err;
            EXPECT_NE(baked.err.find("keep ana.tlog-proof"), std::string::npos) << baked.err;
        }
    }
    // But for what the credential says, of which an SD-JWT may show a part.
    json::Value judged(const std::string& file) const {
        json::Value said = document({"verify", file, "--offline"});
        said.erase("credential");
        return said;
    }
    std::string result_of(const std::string& file, std::string_view wanted) const {
        const json::Value said = judged(file);
        for (const json::Value& step : *said.find("steps")->as_array())
            if (*step.find("step")->as_string() == wanted) return *step.find("result")->as_string();
        return "";
    }
    std::string jwt_;
};

// The sandbox's ledger has Ed25519 keys alone: whose signature it is stays open, all else is told.
TEST_F(Jwts, HaveOneVerdictWhateverTheyTravelIn) {
    const json::Value wanted = judged("ana.jwt");
    EXPECT_EQ(*wanted.find("verdict")->as_string(), "cannot tell");
    EXPECT_EQ(result_of("ana.jwt", "issuer signature"), "could not check");
    for (const std::string_view step :
         {"format", "commitment", "entry", "inclusion", "seal", "issuer", "status", "dates"})
        EXPECT_EQ(result_of("ana.jwt", step), "pass") << step;
    EXPECT_EQ(judged("ana.png"), wanted);
    EXPECT_EQ(judged("ana.svg"), wanted);
    EXPECT_EQ(chancery({"badge", "extract", "ana.svg"}).out, jwt_ + "\n");

    ASSERT_EQ(chancery({"revoke", "ana.png"}).status, 0);
    for (const std::string file : {"ana.jwt", "ana.png", "ana.svg"})
        EXPECT_EQ(*judged(file).find("verdict")->as_string(), "revoked") << file;
}

TEST_F(Jwts, AnAlteredOneIsToldByTheReceiptBesideIt) {
    const std::size_t dot = jwt_.rfind('.');
    std::string altered = jwt_;
    altered[dot + 5] = altered[dot + 5] == 'A' ? 'B' : 'A';
    folder.write("ana.jwt", altered);
    EXPECT_EQ(*judged("ana.jwt").find("verdict")->as_string(), "altered");
    EXPECT_EQ(result_of("ana.jwt", "commitment"), "fail");
    fs::remove(folder / "ana.tlog-proof");
    EXPECT_EQ(*judged("ana.jwt").find("verdict")->as_string(), "cannot tell");
}

TEST_F(Jwts, AFreshReceiptLeavesThemAsTheyAre) {
    fs::remove(folder / "ana.status.json");
    ASSERT_EQ(chancery({"proof", "get", "ana.jwt"}).out, "ana.tlog-proof\nana.status.json\n");
    EXPECT_EQ(folder.read("ana.jwt"), jwt_);
    EXPECT_EQ(result_of("ana.jwt", "status"), "pass");
}

TEST_F(Jwts, OfAnSdJwtAnyPartHasTheVerdictOfTheWhole) {
    credential::SdJwtPlan plan;
    plan.claims = json::Object{{"iss", sandbox.did()}, {"vct", folder.path()}, {"name", "Ana"}};
    plan.concealed = {"/name"};
    plan.salts = {credential::Salt{1}};
    const auto key = keys::P256Key::from_secret(Hash{5}).value();
    const std::string whole = credential::issue_sd_jwt(plan, "", key).value();
    const std::string hash = to_hex(credential::sd_jwt_document_hash(whole));
    folder.write("hashes", hash + "\n");
    ASSERT_EQ(chancery({"issue", "batch", "--hashes", "hashes", "--out", "o"}).status, 0);
    folder.write("whole.sd-jwt", whole);
    folder.write("part.sd-jwt", credential::present_sd_jwt(whole, {}).value());
    for (const std::string ending : {".tlog-proof", ".status.json"})
        for (const std::string name : {"whole", "part"})
            fs::copy(folder / ("o/" + hash + ending), folder / (name + ending));
    const json::Value wanted = judged("whole.sd-jwt");
    EXPECT_EQ(*wanted.find("verdict")->as_string(), "cannot tell");
    for (const std::string_view step :
         {"format", "commitment", "entry", "inclusion", "seal", "issuer", "status", "dates"})
        EXPECT_EQ(result_of("part.sd-jwt", step), "pass") << step;
    EXPECT_EQ(judged("part.sd-jwt"), wanted);
    const Words bake = {
        "badge", "bake", "part.sd-jwt", "--image", "plain.png", "--out", "part.png"};
    ASSERT_EQ(chancery(bake).status, 0);
    EXPECT_EQ(judged("part.png"), wanted);
    folder.write("part.sd-jwt", folder.read("part.sd-jwt") + "WyJhIiwiYiIsMV0~");
    const auto more = chancery({"verify", "part.sd-jwt"});
    EXPECT_EQ(more.status, 2) << more.out;
    EXPECT_NE(more.err.find("1 disclosures belong nowhere"), std::string::npos) << more.err;
}

TEST_F(Jwts, ThoseThatAreNoneAreRefusedWithTheReason) {
    const std::string body = jwt_.substr(jwt_.find('.'));
    folder.write("none.jwt", to_base64url(bytes_of(R"({"alg":"none"})")) + body);
    folder.write("cut.jwt", jwt_.substr(0, jwt_.rfind('.')));
    for (const auto& [file, says] : std::map<std::string, std::string>{
             {"none.jwt", "none.jwt: JWS header: alg is neither ES256 nor RS256"},
             {"cut.jwt", "cut.jwt: "}}) {
        const auto refused = chancery({"verify", file});
        EXPECT_EQ(refused.status, 2) << refused.out;
        EXPECT_NE(refused.err.find(says), std::string::npos) << refused.err;
    }
    const std::int64_t before = log_size();
    fs::remove(folder / "ana.tlog-proof");
    const auto issued = chancery({"issue", "one", "ana.jwt"});
    EXPECT_EQ(issued.status, 2) << issued.out;
    EXPECT_NE(issued.err.find("is a signed text, want a JSON document"), std::string::npos)
        << issued.err;
    EXPECT_EQ(log_size(), before);
}

}  // namespace
}  // namespace chancery

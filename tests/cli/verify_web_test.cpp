// Credentials at web addresses: fetched as a stranger's bytes, judged like files.
#include <gtest/gtest.h>

#include "tests/support/fake_node.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::FakeAnswer;
using test::FakeNode;
using test::Words;

struct WebCredentials : test::SandboxTest {
    // Without the receipt in it, which then lies beside it.
    std::string bare(const std::string& name) const {
        auto document = json::parse(folder.read(name));
        EXPECT_TRUE(document);
        document->erase("proof");
        return json::canonical(*document);
    }
};

TEST_F(WebCredentials, AreFetchedWhateverTheServerCallsThem) {
    const std::string one = issue("one.json");
    const FakeNode web({{"GET /a/one.json", {200, "text/plain", folder.read(one)}},
                        {"GET /q?id=1", {200, "image/png", folder.read(one)}}});
    for (const std::string path : {"/a/one.json", "/q?id=1", "/a/one.json#place"}) {
        const auto said = chancery({"verify", web.url() + path});
        EXPECT_EQ(said.status, 0) << path << said.err;
        EXPECT_TRUE(said.out.starts_with("VALID")) << said.out;
    }
    // What stands behind # was told to nobody, and no receipt was asked for that was within.
    for (const std::string& line : web.asked()) {
        EXPECT_EQ(line.find("place"), std::string::npos) << line;
        EXPECT_EQ(line.find("tlog-proof"), std::string::npos) << line;
    }
}

TEST_F(WebCredentials, TakeReceiptAndStatusFromBesideThem) {
    const std::string one = issue("one.json");
    const FakeNode web(
        {{"GET /one.json", {200, "application/json", folder.read(one)}},
         {"GET /bare.json", {200, "application/json", folder.read(one)}},
         {"GET /one.tlog-proof", {200, "text/plain", folder.read("one.tlog-proof")}},
         {"GET /one.status.json", {200, "application/json", folder.read("one.status.json")}}});
    EXPECT_EQ(chancery({"verify", web.url() + "/one.json", "--offline"}).status, 0);
    // There is no status beside that one, and no node was to be asked.
    EXPECT_EQ(chancery({"verify", web.url() + "/bare.json", "--offline"}).status, 3);
    const FakeNode apart(
        {{"GET /one.json", {200, "application/json", bare(one)}},
         {"GET /one.tlog-proof", {200, "text/plain", folder.read("one.tlog-proof")}}});
    EXPECT_EQ(chancery({"verify", apart.url() + "/one.json"}).status, 0);
    const FakeNode without({{"GET /one.json", {200, "application/json", bare(one)}}});
    EXPECT_EQ(chancery({"verify", without.url() + "/one.json"}).status, 3);
    const FakeNode spoilt({{"GET /one.json", {200, "application/json", bare(one)}},
                           {"GET /one.tlog-proof", {200, "text/plain", "no receipt"}}});
    const auto said = chancery({"verify", spoilt.url() + "/one.json"});
    EXPECT_EQ(said.status, 2);
    EXPECT_NE(said.err.find("/one.tlog-proof: "), std::string::npos) << said.err;
}

TEST_F(WebCredentials, SayWhatIsWrongWithTheAnswer) {
    const FakeNode web([](const std::string& line, const std::string&) {
        const auto is = [&](const char* path) { return line == std::string("GET ") + path; };
        if (is("/gone")) return FakeAnswer{410, "text/plain", ""};
        if (is("/secret")) return FakeAnswer{403, "text/plain", ""};
        if (is("/busy")) return FakeAnswer{503, "text/plain", ""};
        if (is("/odd")) return FakeAnswer{418, "text/plain", ""};
        if (is("/page"))
            return FakeAnswer{200, "application/json", "\n <!DOCTYPE HTML><title>x</title>"};
        if (is("/text")) return FakeAnswer{200, "application/json", "{\"a\":1,\"a\":2}"};
        if (is("/moved"))
            return FakeAnswer{
                302,
                "",
                "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
                true};
        if (is("/large"))
            return FakeAnswer{
                200, "", "HTTP/1.1 200 OK\r\nContent-Length: 16777217\r\n\r\nx", true};
        if (is("/noise")) return FakeAnswer{200, "", "SSH-2.0-x\r\n\r\n", true};
        return FakeAnswer{404, "text/plain", ""};
    });
    struct Case {
        std::string path;
        int status = 0;
        std::string says;
    };
    for (const Case& one : std::vector<Case>{{"/none.json", 4, "/none.json: HTTP 404"},
                                             {"/gone", 4, "HTTP 410"},
                                             {"/secret", 5, "HTTP 403"},
                                             {"/busy", 6, "HTTP 503"},
                                             {"/odd", 2, "HTTP 418"},
                                             {"/page", 2, "is a web page"},
                                             {"/text", 2, "/text: "},
                                             {"/moved", 2, "it redirects, which is not followed"},
                                             {"/large", 2, "larger than 16777216 bytes"},
                                             {"/noise", 2, "/noise: "}}) {
        const auto said = chancery({"verify", web.url() + one.path});
        EXPECT_EQ(said.status, one.status) << one.path << said.err;
        EXPECT_NE(said.err.find(one.says), std::string::npos) << one.path << said.err;
    }
    for (const std::string& line : web.asked())
        EXPECT_EQ(line.find("passwd"), std::string::npos) << line;
}

TEST_F(WebCredentials, RefuseAddressesThatAreNone) {
    for (const auto& [address, says] :
         {std::pair("http://example.org/a.json", "want https:// or --plain-http"),
          std::pair("http://user:secret@127.0.0.1/a.json", "host or port is not valid"),
          std::pair("https:///a.json", "host or port is not valid"),
          std::pair("https://a b/", "blank"),
          std::pair("https://a.example:0/", "port 0")}) {
        const auto said = chancery({"verify", address});
        EXPECT_EQ(said.status, 2) << address << said.err;
        EXPECT_NE(said.err.find(says), std::string::npos) << address << said.err;
    }
    EXPECT_EQ(chancery({"verify", "http://127.0.0.1:1/a.json"}).status, 6);
    EXPECT_EQ(chancery({"verify", "https://127.0.0.1:1/a.json", "--ca", "none.pem"}).status, 4);
    // What may be a password is not repeated.
    const auto secret = chancery({"verify", "https://user:hunter2@a.example/a.json"});
    EXPECT_EQ(secret.err.find("hunter2"), std::string::npos) << secret.err;
}

TEST_F(WebCredentials, AStackIsOpenedFromItsLinkAndNotFetched) {
    const FakeNode web({});
    const auto said = chancery({"verify", web.url() + "/stack#unothing"});
    EXPECT_EQ(said.status, 2) << said.out;
    EXPECT_EQ(chancery({"verify", web.url() + "/stack#u", "--at", "2026-01-01"}).status, 2);
    EXPECT_TRUE(web.asked().empty());
}

}  // namespace
}  // namespace chancery

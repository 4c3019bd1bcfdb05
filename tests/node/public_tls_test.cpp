// A node whose public listener has a certificate, as operators and clients meet it.
#include <csignal>
#include <fstream>

#include <gtest/gtest.h>

#include "rpc/http_client.h"
#include "tests/support/one_node.h"
#include "tests/support/raw_connection.h"
#include "tests/support/test_authority.h"
#include "tests/support/vectors.h"

namespace chancery {
namespace {

using namespace std::chrono_literals;
using test::PemPair;
using Words = std::vector<std::string>;

struct PublicTls : testing::Test {
    test::ScratchFolder scratch;
    test::OneNode node{scratch / "one"};
    test::TestAuthority authority;
    std::string ca = scratch.write("ca.pem", authority.pem());
    std::string certificate = scratch / "public.pem";
    std::string key = scratch / "public.key";
    std::string url = "https" + node.url().substr(4);

    void SetUp() override {
        show(authority.issue());
        configure("certificate = \"" + certificate + "\"\nkey = \"" + key + "\"\n");
    }

    void show(const PemPair& pair, unsigned key_mode = 0600) const {
        scratch.write("public.pem", pair.certificates);
        scratch.write("public.key", pair.key, key_mode);
    }
    // Lines for [public] of node.toml.
    void configure(const std::string& lines) const {
        std::string text = test::read_file(node.config());
        text.insert(text.find("[public]\n") + 9, lines);
        std::ofstream(node.config()) << text;
    }
    test::Finished asked(Words more, const std::vector<std::string>& environment = {}) const {
        Words words = {"log", "checkpoint", "--node", url};
        words.insert(words.end(), more.begin(), more.end());
        return test::run({"chancery", words, node.home(), environment});
    }
    cli::Process running() const {
        cli::Process process = node.start_node();
        CHECK(test::eventually([&] { return asked({"--ca", ca}).status == 0 || process.ended(); }));
        CHECK(!process.ended());
        return process;
    }
    bool has_told(const std::string& words) const {
        return test::read_file(node / "err").find(words) != std::string::npos;
    }
};

TEST_F(PublicTls, ClientsComeOverHttpsAndBelieveTheAuthorityThatWasNamed) {
    cli::Process process = running();
    EXPECT_TRUE(has_told("certificate ends soon")) << "in a day";
    EXPECT_EQ(asked({}, {"CHANCERY_CA=" + ca}).status, 0);
    const auto unknown = asked({});
    EXPECT_EQ(unknown.status, 6);
    EXPECT_NE(unknown.err.find("unable to get local issuer certificate"), std::string::npos)
        << unknown.err;
    EXPECT_EQ(asked({}, {"SSL_CERT_FILE=" + ca}).status, 0) << "this machine's store";
    const auto plain = node.chancery({"log", "checkpoint", "--node", node.url()});
    EXPECT_EQ(plain.status, 2) << plain.err;
    EXPECT_NE(plain.err.find("this address speaks TLS, want https://"), std::string::npos);
    const auto missing = asked({"--ca", scratch / "none.pem"});
    EXPECT_EQ(missing.status, 4);
    EXPECT_NE(missing.err.find("none.pem: no such file"), std::string::npos) << missing.err;

    std::ofstream(node / "chancery-sandbox/client.toml", std::ios::app)
        << "ca = \"" << ca << "\"\n";
    node.write_documents("docs", 0, 2);
    Words issue = node.issue_words("docs", 2);
    issue.insert(issue.end(), {"--node", url});
    const auto issued = node.chancery(issue);
    EXPECT_EQ(issued.status, 0) << issued.err;
    const auto verified =
        node.chancery({"verify", node / "docs-issued/0.json", "--node", url, "--json"});
    EXPECT_EQ(verified.status, 0) << verified.err;
    EXPECT_EQ(node.chancery({"audit", "replay", url}).status, 0);
    EXPECT_EQ(process.stop(), 0);
}

TEST_F(PublicTls, EventsStreamUntilTheNodeStops) {
    cli::Process process = running();
    const auto tls = rpc::ClientTls::trusting(ca);
    ASSERT_TRUE(tls);
    rpc::ClientSocket socket;
    const auto deadline = std::chrono::steady_clock::now() + 30s;
    const auto port = static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
    ASSERT_TRUE(socket.connect("127.0.0.1", port, deadline));
    ASSERT_TRUE(socket.secure(**tls, "127.0.0.1", deadline));
    ASSERT_TRUE(socket.write("GET /v1/events HTTP/1.1\r\nHost: a\r\n\r\n", deadline));
    std::string received;
    while (received.find("event: checkpoint") == std::string::npos) {
        const auto read = socket.read(received, 4'096, deadline);
        ASSERT_TRUE(read && *read > 0) << received;
    }
    EXPECT_EQ(process.stop(), 0);
    for (;;) {
        const auto read = socket.read(received, 4'096, deadline);
        ASSERT_TRUE(read) << read.error().detail << ": a stream that is whole ends as TLS ends";
        if (*read == 0) break;
    }
}

TEST_F(PublicTls, ARenewedCertificateIsTakenWhenTheNodeIsTold) {
    cli::Process process = running();
    const test::TestAuthority successor("Successor");
    const std::string successor_ca = scratch.write("successor.pem", successor.pem());
    show({successor.issue().certificates, successor.issue().key});
    ASSERT_EQ(::kill(process.id(), SIGHUP), 0);
    EXPECT_TRUE(test::eventually(
        [&] { return has_told("not reloaded") && has_told("the key is another one"); }));
    EXPECT_EQ(asked({"--ca", ca}).status, 0) << "the old one is still shown";
    show(successor.issue());
    ASSERT_EQ(::kill(process.id(), SIGHUP), 0);
    EXPECT_TRUE(test::eventually([&] { return asked({"--ca", successor_ca}).status == 0; }));
    EXPECT_EQ(asked({"--ca", ca}).status, 6);
    EXPECT_EQ(process.stop(), 0);
}

TEST_F(PublicTls, WithoutOneAHangupChangesNothing) {
    const test::OneNode plain(scratch / "plain");
    cli::Process process = plain.running_node();
    ASSERT_EQ(::kill(process.id(), SIGHUP), 0);
    EXPECT_TRUE(test::eventually(
        [&] { return test::read_file(plain / "err").find("reloaded") != std::string::npos; }));
    EXPECT_TRUE(plain.answers());
    EXPECT_EQ(process.stop(), 0);
}

TEST_F(PublicTls, TheNodeDoesNotStartWithAPairThatIsWrong) {
    struct Bad {
        std::function<void()> spoil;
        int status;
        std::string why;
    };
    const std::vector<Bad> all = {
        {[&] {
             show({authority.issue().certificates, authority.issue().key});
         },
         2,
         "the key is another one than the certificate's"},
        {[&] { show(authority.issue(), 0640); }, 5, "public.key: mode is 0640, want 0600"},
        {[&] { show(authority.issue(), 0644); }, 5, "public.key: mode is 0644, want 0600"},
        {[&] { show(authority.issue({.from_days = -9, .until_days = -1})); },
         2,
         "the certificate expired on 20"},
        {[&] { show(authority.issue({.from_days = 1, .until_days = 9})); },
         2,
         "the certificate is not valid before 20"},
        {[&] {
             show({authority.issue().key, authority.issue().key});
         },
         2,
         "no certificate in it"},
        {[&] { std::filesystem::remove(certificate); }, 4, "public.pem: No such file"},
    };
    for (const Bad& bad : all) {
        std::filesystem::remove(key);
        bad.spoil();
        const auto refused = node.chanceryd({"run"});
        EXPECT_EQ(refused.status, bad.status) << refused.err;
        EXPECT_NE(refused.err.find(bad.why), std::string::npos) << refused.err;
    }
}

}  // namespace
}  // namespace chancery

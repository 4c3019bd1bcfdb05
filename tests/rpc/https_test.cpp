// A listener that speaks TLS, and clients that do, do not, or do so badly.
#include <gtest/gtest.h>

#include "rpc/http_client.h"
#include "tests/support/echo_router.h"
#include "tests/support/eventually.h"
#include "tests/support/raw_connection.h"
#include "tests/support/raw_requests.h"
#include "tests/support/running_server.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test_authority.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::EchoRouter;
using test::eventually;
using test::PemPair;
using test::RawConnection;
using test::RunningServer;
using test::TestAuthority;

std::unique_ptr<ServerTls> tls_of(const PemPair& pair) {
    const TlsPems pems{pair.certificates, pair.key};
    auto tls = ServerTls::make(pems);
    CHECK(tls);
    return *std::move(tls);
}

struct Https : testing::Test {
    EchoRouter echo;
    TestAuthority authority;
    test::ScratchFolder folder;
    std::string ca_file = folder / "ca.pem";

    void SetUp() override { folder.write("ca.pem", authority.pem()); }

    ServerOptions options() const {
        ServerOptions options = test::without_address_limit();
        options.tls = tls_of(authority.issue());
        return options;
    }
    Result<HttpClient> client(std::uint16_t port, const std::string& host = "localhost") const {
        Url url;
        url.is_https = true;
        url.host = host;
        url.port = port;
        ClientOptions wanted;
        wanted.ca_file = ca_file;
        wanted.connect_timeout = 5s;
        return HttpClient::to(url, wanted);
    }
    static bool is_empty(RunningServer& server) {
        return eventually([&] {
            const auto counts = server.server().counts();
            return counts.open == 0 && counts.handshakes == 0;
        });
    }
};

// What a handshake with these came to: the version, or "" for none.
struct TlsOffer {
    int version_min = TLS1_2_VERSION;
    int version_max = TLS1_3_VERSION;
    std::string ciphers = {};    // Of TLS 1.2.
    std::string protocols = {};  // As ALPN writes them.
};
std::string outcome_of(std::uint16_t port, const TlsOffer& offer) {
    std::signal(SIGPIPE, SIG_IGN);
    const test::TlsContext context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), offer.version_min);
    SSL_CTX_set_max_proto_version(context.get(), offer.version_max);
    if (!offer.ciphers.empty())
        CHECK(SSL_CTX_set_cipher_list(context.get(), offer.ciphers.c_str()) == 1);
    if (!offer.protocols.empty())
        CHECK(
            SSL_CTX_set_alpn_protos(context.get(),
                                    reinterpret_cast<const unsigned char*>(offer.protocols.data()),
                                    static_cast<unsigned>(offer.protocols.size())) == 0);
    const test::TlsStream stream(SSL_new(context.get()));
    const int socket = test::connect_to(port);
    CHECK(SSL_set_fd(stream.get(), socket) == 1);
    const bool is_shaken = SSL_connect(stream.get()) == 1;
    std::string outcome = is_shaken ? SSL_get_version(stream.get()) : "";
    ::close(socket);
    return outcome;
}

TEST_F(Https, AnswersLikeHttpOverBothVersions) {
    RunningServer server(echo.router, options());
    for (const char* const host : {"localhost", "127.0.0.1"}) {
        auto asked = client(server.port(), host);
        ASSERT_TRUE(asked);
        const auto first = asked->get("/");
        ASSERT_TRUE(first) << first.error().detail;
        EXPECT_EQ(first->status, 200);
        EXPECT_EQ(first->body, "ok");
        EXPECT_EQ(first->field("Strict-Transport-Security"), "max-age=31536000");
        const std::string large(5'000'000, 'x');
        const auto posted = asked->post("/large", "text/plain", large);
        ASSERT_TRUE(posted) << posted.error().detail;
        EXPECT_EQ(posted->body, std::to_string(large.size()));
    }
    EXPECT_EQ(server.server().counts().accepted, 2U) << "connections are kept";
    EXPECT_EQ(outcome_of(server.port(), {}), "TLSv1.3");
    EXPECT_EQ(outcome_of(server.port(), {.version_max = TLS1_2_VERSION}), "TLSv1.2");
    EXPECT_TRUE(is_empty(server));
}

TEST_F(Https, ALargeAnswerComesWhole) {
    RunningServer server(echo.router, options());
    ClientOptions wanted;
    wanted.ca_file = ca_file;
    wanted.body_bytes_max = 64UL * 1024 * 1024;
    auto url = parse_url("https://localhost:" + std::to_string(server.port()));
    auto asked = HttpClient::to(*url, wanted);
    ASSERT_TRUE(asked);
    const auto answer = asked->get("/big");
    ASSERT_TRUE(answer) << answer.error().detail;
    EXPECT_EQ(answer->body.size(), 32U * 1024 * 1024);
}

TEST_F(Https, SpeaksNothingThatIsOldOrWeak) {
    RunningServer server(echo.router, options());
    const std::uint16_t port = server.port();
    EXPECT_EQ(outcome_of(port, {.version_min = TLS1_VERSION, .version_max = TLS1_1_VERSION}), "");
    EXPECT_EQ(outcome_of(port, {.version_min = TLS1_VERSION, .version_max = TLS1_VERSION}), "");
    // No forward secrecy; no authenticated encryption.
    for (const char* const weak : {"AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "NULL"})
        EXPECT_EQ(outcome_of(port, {.version_max = TLS1_2_VERSION, .ciphers = weak}), "") << weak;
    const std::string old_http("\x08http/1.0", 9);
    const std::string http_2("\x02h2", 3);
    const std::string http("\x08http/1.1", 9);
    EXPECT_EQ(outcome_of(port, {.protocols = http_2}), "");
    EXPECT_EQ(outcome_of(port, {.protocols = old_http}), "");
    EXPECT_EQ(outcome_of(port, {.protocols = http_2 + http}), "TLSv1.3");
    EXPECT_TRUE(is_empty(server));
    EXPECT_EQ(server.server().counts().handshakes_failed, 7U);
}

TEST_F(Https, WhoAsksInPlainHttpIsToldSo) {
    RunningServer server(echo.router, options());
    for (const std::string& request :
         {test::get_with(""), test::post_with("Content-Length: 300000\r\n", "begun")}) {
        RawConnection plain(server.port());
        ASSERT_TRUE(plain.send(request));
        plain.hang_up();
        const std::string answer = plain.read_all();
        EXPECT_EQ(test::status_of(answer), 400);
        EXPECT_NE(answer.find("this address speaks TLS, want https://"), std::string::npos);
        EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
        EXPECT_EQ(answer.find("Strict-Transport-Security"), std::string::npos);
    }
    EXPECT_TRUE(is_empty(server));
    EXPECT_EQ(echo.smuggled_answers, 0);
}

TEST_F(Https, HandshakesThatBreakOrNeverEndLeaveNothingBehind) {
    ServerOptions impatient = options();
    impatient.handshake_deadline = 300ms;
    RunningServer server(echo.router, impatient);
    const std::uint16_t port = server.port();
    const std::string hello_begun("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
    const std::vector<std::string> beginnings = {"",
                                                 std::string("\x16", 1),
                                                 hello_begun,
                                                 std::string("\x16\x03\x01\x00\x05junk!", 10),
                                                 std::string(4'096, '\xff'),
                                                 std::string(4'096, '\0'),
                                                 "\r\n\r\n",
                                                 "get / HTTP/1.1\r\n\r\n"};
    for (const std::string& beginning : beginnings) {
        for (const bool hangs_up : {true, false}) {
            RawConnection connection(port);
            ASSERT_TRUE(connection.send(beginning));
            if (hangs_up) connection.hang_up();
            const std::string answer = connection.read_all();
            EXPECT_EQ(answer.find("HTTP"), std::string::npos);
        }
    }
    // A byte now and then is no sign of life.
    RawConnection slow(port);
    const auto begun = std::chrono::steady_clock::now();
    for (const char byte : hello_begun) {
        if (!slow.send(std::string(1, byte))) break;
        static_cast<void>(eventually([&, next = std::chrono::steady_clock::now() + 50ms] {
            return std::chrono::steady_clock::now() > next;
        }));
    }
    EXPECT_EQ(slow.read_all(), "");
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
    EXPECT_TRUE(is_empty(server));
    EXPECT_EQ(server.server().counts().handshakes_failed, 2 * beginnings.size() + 1);
    auto asked = client(port);
    EXPECT_TRUE(asked->get("/"));
}

TEST_F(Https, WhoBeginsManyHandshakesKeepsNobodyOut) {
    ServerOptions patient = options();
    patient.handshake_deadline = 60s;
    patient.handshakes_max = 8;
    RunningServer server(echo.router, patient);
    std::vector<std::unique_ptr<RawConnection>> begun;
    for (int i = 0; i < 100; ++i) {
        begun.push_back(std::make_unique<RawConnection>(server.port()));
        ASSERT_TRUE(begun.back()->send(std::string("\x16\x03\x01", 3)));
    }
    ASSERT_TRUE(eventually([&] { return server.server().counts().accepted == 100; }));
    EXPECT_TRUE(eventually([&] { return server.server().counts().open <= 8; }));
    EXPECT_LE(server.server().counts().handshakes, 8U);
    auto asked = client(server.port());
    const auto answer = asked->get("/");
    EXPECT_TRUE(answer) << answer.error().detail;
    begun.clear();
    asked = client(server.port());
    EXPECT_TRUE(is_empty(server));
}

TEST_F(Https, EachPhaseOfARequestKeepsItsDeadline) {
    ServerOptions impatient = options();
    impatient.head_deadline = impatient.body_deadline = impatient.idle_deadline = 1s;
    RunningServer server(echo.router, impatient);
    for (const std::string& request : {std::string("GET / HTTP/1.1\r\nHost: a\r\n"),
                                       test::post_with("Content-Length: 9\r\n", "1234")}) {
        auto tls = ClientTls::trusting(ca_file);
        ASSERT_TRUE(tls);
        ClientSocket socket;
        const auto deadline = std::chrono::steady_clock::now() + 10s;
        ASSERT_TRUE(socket.connect("127.0.0.1", server.port(), deadline));
        ASSERT_TRUE(socket.secure(**tls, "127.0.0.1", deadline));
        ASSERT_TRUE(socket.write(request, deadline));
        std::string answer;
        for (;;) {
            const auto read = socket.read(answer, 4'096, deadline);
            ASSERT_TRUE(read) << read.error().detail << ": it ends as TLS ends";
            if (*read == 0) break;
        }
        EXPECT_EQ(test::status_of(answer), 408);
    }
    auto asked = client(server.port());
    ASSERT_TRUE(asked->get("/"));
    EXPECT_TRUE(is_empty(server)) << "the idle one is closed";
    EXPECT_TRUE(asked->get("/")) << "and the client connects again";
}

TEST_F(Https, ARenewedCertificateIsShownFromTheNextConnectionOn) {
    RunningServer server(echo.router, options());
    auto before = client(server.port());
    ASSERT_TRUE(before->get("/"));
    const TestAuthority successor("Successor");
    server.server().set_tls(tls_of(successor.issue()));
    EXPECT_TRUE(eventually([&] { return !client(server.port())->get("/").has_value(); }))
        << "an authority that this client does not know";
    EXPECT_TRUE(before->get("/")) << "the open connection stays";
    folder.write("ca.pem", successor.pem());
    EXPECT_TRUE(client(server.port())->get("/"));
}

TEST_F(Https, AClientBelievesNobodyElse) {
    const TestAuthority stranger("Stranger");
    struct Bad {
        PemPair shown;
        std::string host;
        std::string why;
    };
    const auto issue = [&](const std::string& names, const test::Wording& wording = {}) {
        return authority.issue(test::curve_key("P-256"), {}, names, wording);
    };
    const std::string mismatch = "hostname mismatch";
    const std::vector<Bad> all = {
        {stranger.issue(), "localhost", "unable to get local issuer certificate"},
        {issue("DNS:elsewhere.example"), "localhost", mismatch},
        {issue("DNS:*"), "localhost", mismatch},
        {issue("DNS:127.0.0.1"), "127.0.0.1", "IP address mismatch"},
        {issue("IP:127.0.0.2"), "127.0.0.1", "IP address mismatch"},
        // A name that was meant for people.
        {issue("", test::with_name("127.0.0.1")), "127.0.0.1", ""},
    };
    for (const Bad& bad : all) {
        ServerOptions shown = options();
        shown.tls = tls_of(bad.shown);
        RunningServer server(echo.router, shown);
        auto asked = client(server.port(), bad.host);
        ASSERT_TRUE(asked);
        const auto answer = asked->get("/");
        ASSERT_FALSE(answer) << bad.why;
        EXPECT_EQ(answer.error().code, Errc::unavailable);
        EXPECT_NE(answer.error().detail.find(bad.why), std::string::npos) << answer.error().detail;
        EXPECT_NE(answer.error().detail.find("its certificate is not good"), std::string::npos);
    }
}

TEST_F(Https, AClientSeesThatACertificateHasExpired) {
    ServerOptions brief = options();
    brief.tls = tls_of(authority.issue({.from_days = -1, .until_days = 0, .until_seconds = 2}));
    RunningServer server(echo.router, brief);
    EXPECT_TRUE(eventually([&] {
        const auto answer = client(server.port())->get("/");
        return !answer &&
               answer.error().detail.find("certificate has expired") != std::string::npos;
    }));
}

TEST_F(Https, AClientSaysWhyThereIsNoTls) {
    {
        RunningServer plain(echo.router);
        const auto answer = client(plain.port())->get("/");
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, Errc::unavailable);
        EXPECT_NE(answer.error().detail.find("it does not speak TLS; is it http://?"),
                  std::string::npos)
            << answer.error().detail;
    }
    const test::Listening rude([](int) {});
    const auto cut = client(rude.port(), "127.0.0.1")->get("/");
    ASSERT_FALSE(cut);
    EXPECT_EQ(cut.error().code, Errc::unavailable) << cut.error().detail;
    const test::Listening mute([](int socket) {
        std::array<char, 64> bytes{};
        while (::recv(socket, bytes.data(), bytes.size(), 0) > 0) {
        }
    });
    ClientOptions impatient;
    impatient.connect_timeout = 200ms;
    const auto url = parse_url("https://127.0.0.1:" + std::to_string(mute.port()));
    const auto silent = HttpClient::to(*url, impatient)->get("/");
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().code, Errc::timeout);
}

TEST_F(Https, AClientNeedsAFileOfCertificates) {
    const auto url = parse_url("https://localhost:1");
    ClientOptions wanted;
    wanted.ca_file = folder / "none.pem";
    EXPECT_EQ(HttpClient::to(*url, wanted).error().code, Errc::not_found);
    folder.write("junk.pem", "junk");
    wanted.ca_file = folder / "junk.pem";
    EXPECT_EQ(HttpClient::to(*url, wanted).error().code, Errc::invalid);
    wanted.ca_file = "";
    EXPECT_TRUE(HttpClient::to(*url, wanted)) << "this machine's store";
}

}  // namespace
}  // namespace chancery::rpc

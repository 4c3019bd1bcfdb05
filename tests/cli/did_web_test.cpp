// Issuers that are no members: their keys fetched over TLS from their own domain, and over TLS
// fetched credentials.
#include <gtest/gtest.h>

#include "crypto/credential/data_integrity.h"
#include "crypto/json/canonical.h"
#include "crypto/keys/multikey.h"
#include "tests/support/running_server.h"
#include "tests/support/shared_sandbox.h"
#include "tests/support/test_authority.h"

namespace chancery {
namespace {

using test::Words;

struct ForeignIssuers : test::SandboxTest {
    test::TestAuthority authority;
    keys::Ed25519Key key = keys::Ed25519Key::from_seed(Hash{9});
    std::map<std::string, std::string> files;  // By path; changed before it is asked for.
    rpc::Router router;
    std::optional<test::RunningServer> server;

    void SetUp() override {
        folder.write("ca.pem", authority.pem());
        rpc::Route route;
        route.path = "/{path+}";
        route.handler = rpc::Handler([this](const rpc::Request& request) {
            const auto found = files.find("/" + std::string(request.path_parameter("path")));
            if (found == files.end()) return rpc::Response(404, "text/plain", "none");
            return rpc::Response(200, "text/plain", found->second);
        });
        router.add(std::move(route));
        const test::PemPair pair = authority.issue(test::curve_key("P-256"));
        auto tls = rpc::ServerTls::make({pair.certificates, pair.key});
        ASSERT_TRUE(tls) << tls.error().detail;
        rpc::ServerOptions options = test::without_address_limit();
        options.tls = *std::move(tls);
        server.emplace(router, std::move(options));
    }
    std::string authority_part() const { return std::to_string(server->port()); }
    std::string did() const { return "did:web:localhost%3A" + authority_part() + ":uni-x"; }

    std::string did_document() const {
        const std::string id = did() + "#key";
        return json::canonical(json::Object{
            {"id", did()},
            {"verificationMethod",
             json::Array{json::Object{{"id", id},
                                      {"type", "Multikey"},
                                      {"controller", did()},
                                      {"publicKeyMultibase", keys::multikey(key.public_key())}}}},
            {"assertionMethod", json::Array{id}}});
    }
    std::string credential() const {
        json::Value made = json::Object{{"issuer", did()}, {"name", "Data analysis"}};
        const auto proof = credential::sign_document(
            made, credential::Suite::eddsa_jcs_2022, key, {did() + "#key", "2026-01-01T00:00:00Z"});
        CHECK(proof);
        made.set("proof", *proof);
        return json::canonical(made);
    }
    // The second step's result and reason.
    std::string second_step(Words more) const {
        Words words = {"verify", "x.json"};
        words.insert(words.end(), more.begin(), more.end());
        const json::Value said = document(words);
        EXPECT_EQ(*said.find("verdict"), json::Value("cannot tell")) << json::canonical(said);
        const json::Value& step = (*said.find("steps")->as_array())[1];
        return *step.find("result")->as_string() + ": " + *step.find("reason")->as_string();
    }
};

TEST_F(ForeignIssuers, AreAskedForTheirKeysOnlyIfAPersonWantsIt) {
    folder.write("x.json", credential());
    files["/uni-x/did.json"] = did_document();
    EXPECT_TRUE(second_step({}).starts_with("could not check: "));
    const Words wanted = {"--did-web", "--private-network", "--ca", "ca.pem"};
    EXPECT_EQ(second_step(wanted),
              "pass: signed with eddsa-jcs-2022 by a key that " + did() + " serves today");
    EXPECT_EQ(chancery({"verify", "x.json", "--private-network"}).status, 2);
    // This machine is no part of the public Internet.
    const auto inside = chancery({"verify", "x.json", "--did-web", "--ca", "ca.pem"});
    EXPECT_EQ(inside.status, 3);
    EXPECT_NE(inside.err.find("has no address of the public Internet"), std::string::npos)
        << inside.err;
    // Nobody believes who shows no certificate of a trusted authority.
    const auto untrusted = chancery({"verify", "x.json", "--did-web", "--private-network"});
    EXPECT_EQ(untrusted.status, 3);
    EXPECT_NE(untrusted.err.find("certificate"), std::string::npos) << untrusted.err;
}

TEST_F(ForeignIssuers, WhoServeSomethingElseLeaveTheStepOpen) {
    folder.write("x.json", credential());
    const Words words = {"verify", "x.json", "--did-web", "--private-network", "--ca", "ca.pem"};
    json::Value of_another = *json::parse(did_document());
    of_another.set("id", "did:web:uni-y.example");
    for (const auto& [text, says] : {std::pair(std::string(), "HTTP 404"),
                                     std::pair(std::string("<html>"), "did.json: "),
                                     std::pair(json::canonical(of_another), "/id"),
                                     std::pair(std::string(70'000, ' '), "larger than 65536")}) {
        if (!text.empty()) files["/uni-x/did.json"] = text;
        const auto said = chancery(words);
        EXPECT_EQ(said.status, 3) << said.out;
        EXPECT_NE(said.err.find(says), std::string::npos) << said.err;
    }
    folder.write("x.json", "{\"issuer\":\"did:web:127.0.0.1\",\"proof\":{\"type\":\"x\"}}");
    EXPECT_NE(chancery(words).err.find("no name of the DNS"), std::string::npos);
}

TEST_F(ForeignIssuers, CredentialsAreFetchedOverTls) {
    const std::string one = issue("one.json");
    files["/one.json"] = folder.read(one);
    const std::string url = "https://localhost:" + authority_part() + "/one.json";
    // The node is asked over plain HTTP on this machine; the authority counts for https alone.
    EXPECT_EQ(chancery({"verify", url, "--ca", "ca.pem"}).status, 0);
    const auto untrusted = chancery({"verify", url});
    EXPECT_EQ(untrusted.status, 6);
    EXPECT_NE(untrusted.err.find("certificate"), std::string::npos) << untrusted.err;
}

}  // namespace
}  // namespace chancery

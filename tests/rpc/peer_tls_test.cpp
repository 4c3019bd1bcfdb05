// Which certificates let a node in, and which one it trusts when it dials.
#include "rpc/peer_tls.h"

#include <gtest/gtest.h>

#include "rpc/peer_pieces.h"
#include "tests/support/tls_stranger.h"

namespace chancery::rpc {
namespace {

using test::eventually;
using test::Identity;
using test::issued;
using test::key_of_node;
using test::Listening;
using test::PeerNode;
using test::self_signed;
using test::StrangerClient;
using test::with_extension;
using test::with_raw_extension;

struct BadIdentity {
    std::string name;
    Identity identity;
    std::string why;  // Part of the line, at a node that is knocked at.
};

// Node 1 is asked in, or dials node 2.
std::vector<BadIdentity> bad_identities() {
    std::vector<BadIdentity> all;
    const auto add = [&all](std::string name, Identity identity, std::string why) {
        BadIdentity bad{std::move(name), std::move(identity), std::move(why)};
        all.push_back(std::move(bad));
    };
    const std::string unpinned = "its key is pinned for no peer";
    add("nobody's key", self_signed(test::curve_key("P-256")), unpinned);
    add("a key of an issuer", issued(test::curve_key("P-256"), 0), unpinned);
    add("a removed member's key", self_signed(key_of_node(4)), unpinned);
    add("its own key", self_signed(key_of_node(1)), "its key is our own");
    add("expired", self_signed(key_of_node(2), {-9, -1}), "its certificate has expired");
    add("not yet valid", self_signed(key_of_node(2), {1, 9}), "its certificate is not yet valid");
    add("two certificates", issued(key_of_node(2), 1), "a chain of 2 certificates, want 1");
    add("200 certificates", issued(key_of_node(2), 199), "excessive message size");
    add("RSA-1024", self_signed(test::rsa_key(1'024)), "its key is RSA of 1024 bits, want EC on");
    add("RSA-2048", self_signed(test::rsa_key(2'048)), "its key is RSA of 2048 bits, want EC on");
    add("P-384", self_signed(test::curve_key("P-384")), "its key is EC of 384 bits, want EC on");
    add("Ed25519", self_signed(test::ed25519_key()), "its key is ED25519 of 256 bits");
    const auto worded = [&add](std::string name, const test::Wording& wording, std::string why) {
        add(std::move(name), self_signed(key_of_node(2), {}, wording), std::move(why));
    };
    const std::string one_sided = "not for servers and clients alike";
    worded("server-only", with_extension(NID_ext_key_usage, "serverAuth"), one_sided);
    worded("client-only", with_extension(NID_ext_key_usage, "clientAuth"), one_sided);
    worded("for code", with_extension(NID_ext_key_usage, "codeSigning"), one_sided);
    worded("agreement only",
           with_extension(NID_key_usage, "keyAgreement"),
           "its certificate's key is not for signatures");
    const std::string has_nul = "a name in its certificate has a NUL";
    worded("NUL in its name", test::with_name(std::string("node-2\0.example", 15)), has_nul);
    // dNSName "a", NUL, "b".
    const std::string alternative(
        "\x30\x05\x82\x03"
        "a\0b",
        7);
    worded("NUL in another name", with_raw_extension("2.5.29.17", alternative, false), has_nul);
    worded("unreadable extension",
           with_raw_extension("2.5.29.15", "\xff\xff", false),
           "extensions are unreadable");
    worded("unknown critical extension",
           with_raw_extension("1.3.6.1.4.1.99999.1", "?", true),
           "a critical extension that is not known");
    return all;
}

TEST(PeerTls, NoBadCertificateIsLetIn) {
    auto bad = bad_identities();
    bad.push_back(BadIdentity{"none", {}, "peer did not return a certificate"});
    for (const BadIdentity& one : bad) {
        SCOPED_TRACE(one.name);
        PeerNode node(1);
        node.links().set_peers({test::peer_at(2, 1), test::peer_at(3, 1)});
        StrangerClient client(node.port(), one.identity);
        EXPECT_FALSE(client.is_welcome());
        EXPECT_TRUE(eventually([&] { return node.diary().refused_count() == 1; }));
        EXPECT_TRUE(node.diary().has_refused(one.why)) << node.diary().lines().refused.front();
        EXPECT_FALSE(node.links().status().front().is_receiving);
    }
}

TEST(PeerTls, NoBadCertificateIsDialled) {
    auto bad = bad_identities();
    bad.push_back(BadIdentity{"another member's key", self_signed(key_of_node(3)), ""});
    for (const BadIdentity& one : bad) {
        SCOPED_TRACE(one.name);
        const Bytes welcome(ping_piece.begin(), ping_piece.end());
        const Listening server(test::showing(one.identity, welcome));
        PeerNode node(1);
        node.links().set_peers({test::peer_at(2, server.port()), test::peer_at(3, 1)});
        const bool is_unknown = one.why.empty() || one.why.find("no peer") != std::string::npos;
        const std::string why = is_unknown ? "its key is not the one pinned for node-2" : one.why;
        EXPECT_TRUE(eventually([&] { return node.diary().has_lost(2, why); }))
            << node.diary().lines().lost.front().second;
        EXPECT_EQ(node.diary().connected_count(2), 0);
    }
}

TEST(PeerTls, APinnedKeyIsLetInWhoeverIssuedItsCertificate) {
    PeerNode node(1);
    node.links().set_peers({test::peer_at(2, 1)});
    StrangerClient own(node.port(), self_signed(key_of_node(2)));
    EXPECT_TRUE(own.is_welcome());
    StrangerClient other(node.port(), issued(key_of_node(2), 0));
    EXPECT_TRUE(other.is_welcome());
    EXPECT_TRUE(own.is_closed()) << "the newer link replaces the older";
    EXPECT_TRUE(node.links().status().front().is_receiving);
    EXPECT_EQ(node.diary().refused_count(), 0U);
}

TEST(PeerTls, WhatACertificateSaysBesideItsKeyNeitherHelpsNorHarms) {
    const std::vector<test::Wording> harmless = {
        test::with_name("uni-c"),
        // Two bytes a character, the upper one 0: no NUL is in it.
        test::with_name(std::string("\0n\0b", 4), MBSTRING_BMP),
        with_extension(NID_subject_alt_name, "DNS:elsewhere.example,IP:192.0.2.1"),
        with_extension(NID_ext_key_usage, "serverAuth,clientAuth"),
        with_extension(NID_ext_key_usage, "anyExtendedKeyUsage"),
        with_extension(NID_key_usage, "critical,digitalSignature"),
        with_extension(NID_basic_constraints, "critical,CA:TRUE"),
        // Nobody is asked who revoked what: a key is revoked by no longer being pinned.
        with_extension(NID_crl_distribution_points, "URI:http://192.0.2.1/revoked.crl"),
    };
    PeerNode node(1);
    node.links().set_peers({test::peer_at(2, 1)});
    for (const test::Wording& wording : harmless) {
        StrangerClient client(node.port(), self_signed(key_of_node(2), {}, wording));
        EXPECT_TRUE(client.is_welcome());
    }
    EXPECT_EQ(node.diary().refused_count(), 0U);
}

TEST(PeerTls, ALinkEndsWhenItsCertificateRunsOut) {
    const test::Dates soon{.from_days = -1, .until_days = 0, .until_seconds = 2};
    {
        PeerNode node(1);
        node.links().set_peers({test::peer_at(2, 1)});
        StrangerClient client(node.port(), self_signed(key_of_node(2), soon));
        ASSERT_TRUE(client.is_welcome());
        EXPECT_TRUE(client.is_closed_while_it_pings());
        EXPECT_TRUE(eventually(
            [&] { return node.diary().has_refused("node 2: its certificate has expired"); }));
        EXPECT_FALSE(node.links().status().front().is_receiving);
    }
    const Bytes welcome(ping_piece.begin(), ping_piece.end());
    const Identity identity = self_signed(key_of_node(2), soon);
    const Listening server(test::showing(identity, welcome));
    PeerNode node(1);
    node.links().set_peers({test::peer_at(2, server.port())});
    EXPECT_TRUE(eventually([&] { return node.diary().connected_count(2) == 1; }));
    EXPECT_TRUE(eventually([&] { return node.diary().has_lost(2, "certificate has expired"); }));
    EXPECT_EQ(node.diary().connected_count(2), 1) << "and it is not dialled with success again";
}

}  // namespace
}  // namespace chancery::rpc

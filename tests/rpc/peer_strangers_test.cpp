// What happens at a node's door, and to those who behave as no peer does: rpc/peer_door.h.
#include <gtest/gtest.h>

#include "rpc/peer_frame.h"
#include "rpc/peer_links.h"
#include "rpc/peer_pieces.h"
#include "rpc/peer_refusals.h"
#include "tests/support/few_descriptors.h"
#include "tests/support/raw_connection.h"
#include "tests/support/tls_stranger.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::Identity;
using test::key_of_node;
using test::Listening;
using test::PeerNode;
using test::self_signed;
using test::StrangerClient;

TEST(PeerStrangers, ARemovedMembersOpenLinkIsCut) {
    PeerNode node(1);
    node.links().set_peers({test::peer_at(2, 1)});
    StrangerClient client(node.port(), self_signed(key_of_node(2)));
    ASSERT_TRUE(client.is_welcome());
    node.links().set_peers({test::peer_at(3, 1)});
    EXPECT_TRUE(client.is_closed());
    StrangerClient again(node.port(), self_signed(key_of_node(2)));
    EXPECT_FALSE(again.is_welcome());
    EXPECT_TRUE(eventually([&] { return node.diary().has_refused("pinned for no peer"); }));
}

TEST(PeerStrangers, OlderTlsAndPlainTextAreTurnedAway) {
    struct Junk {
        std::string bytes;
        std::string why;
    };
    const std::vector<Junk> all = {
        {"GET / HTTP/1.1\r\nHost: node\r\n\r\n", "http request"},
        {std::string(4'096, '\0'), "wrong version number"},
        {std::string(4'096, '\xff'), "wrong version number"},
        {std::string(ping_piece.begin(), ping_piece.end()), "closed by the other side"},
        {std::string("\x16\x03\x01\xff\xff\x01") + std::string(4'096, 'x'),
         "packet length too long"},
        {"", "closed by the other side"},
    };
    for (const Junk& junk : all) {
        PeerNode node(1);
        node.links().set_peers({test::peer_at(2, 1)});
        test::RawConnection connection(node.port());
        connection.send(junk.bytes);
        connection.hang_up();
        static_cast<void>(connection.read_all());
        EXPECT_TRUE(eventually([&] { return node.diary().refused_count() == 1; }));
        EXPECT_TRUE(node.diary().has_refused(junk.why)) << node.diary().lines().refused.front();
    }
    PeerNode node(1);
    node.links().set_peers({test::peer_at(2, 1)});
    StrangerClient old(node.port(), self_signed(key_of_node(2)), TLS1_2_VERSION);
    EXPECT_FALSE(old.is_welcome());
    EXPECT_TRUE(eventually([&] { return node.diary().has_refused("unsupported protocol"); }));
}

TEST(PeerStrangers, WhoIsDialledSaysNothingButPings) {
    const Identity second = self_signed(key_of_node(2));
    const Listening server(test::showing(second, Bytes(10, 'x')));
    PeerNode node(1);
    node.links().set_peers({test::peer_at(2, server.port())});
    EXPECT_TRUE(eventually([&] { return node.diary().has_lost(2, "answered with more than"); }));
    EXPECT_EQ(node.diary().connected_count(2), 0);
}

Bytes in_pieces(ByteView frame) {
    Writer out;
    for (std::size_t at = 0; at < frame.size();)
        at += write_piece(out, frame.subspan(at));
    return out.take();
}

TEST(PeerStrangers, AMemberThatSaysWhatNoMemberSaysIsCut) {
    const PeerMessage good = test::from_node(2, MemoryRequest{1});
    const auto altered = [&good](auto alter) {
        PeerMessage message = good;
        alter(message);
        return in_pieces(encode_frame(message));
    };
    Bytes next_version = encode_frame(good);
    next_version[1] = 2;
    struct Case {
        Bytes bytes;
        std::string why;
    };
    const std::vector<Case> cases = {
        {altered([](PeerMessage& message) { message.sender = 3; }),
         "node 2: peer frame: says it is from node 3, came from node 2"},
        {altered([](PeerMessage& message) { message.epoch = 1; }), "of epoch 1, want 2"},
        {altered([](PeerMessage& message) { message.network = test::filled(9); }), "of network 09"},
        {in_pieces(next_version), "version 2, want 1"},
        {in_pieces(Bytes(100, 0xff)), "does not begin with its version"},
        {Bytes{0, 0, 0, 0}, "piece of 0 bytes, want 65536"},
        {Bytes{0x80, 1, 0, 1}, "piece of 65537 bytes, want at most 65536"},
    };
    for (const Case& one : cases) {
        SCOPED_TRACE(one.why);
        PeerNode node(1);
        node.links().set_peers({test::peer_at(2, 1), test::peer_at(3, 1)});
        StrangerClient client(node.port(), self_signed(key_of_node(2)));
        ASSERT_TRUE(client.is_welcome());
        Bytes bytes = in_pieces(encode_frame(good));
        bytes.insert(bytes.end(), one.bytes.begin(), one.bytes.end());
        const Bytes after = in_pieces(encode_frame(good));
        bytes.insert(bytes.end(), after.begin(), after.end());
        ASSERT_TRUE(client.write(bytes));
        EXPECT_TRUE(client.is_closed());
        EXPECT_TRUE(eventually([&] { return node.diary().refused_count() == 1; }));
        EXPECT_TRUE(node.diary().has_refused(one.why)) << node.diary().lines().refused.front();
        EXPECT_EQ(node.diary().received_count(), 1U) << "nothing after it is heard";
    }
}

TEST(PeerStrangers, RecordedBytesPlayedAgainAreNobodys) {
    PeerNode node(1);
    std::string recorded;
    {
        const Listening wire(test::recording(node.port(), recorded));
        PeerNode second(2);
        node.links().set_peers({second.as_peer()});
        second.links().set_peers({test::peer_at(1, wire.port())});
        ASSERT_TRUE(eventually([&] { return second.diary().connected_count(1) == 1; }));
        second.send(1, MemoryRequest{1});
        ASSERT_TRUE(eventually([&] { return node.diary().received_count() == 1; }));
        second.links().stop();
    }
    ASSERT_GT(recorded.size(), 500U);
    node.links().set_peers({test::peer_at(2, 1)});
    const std::size_t before = node.diary().refused_count();
    test::RawConnection replay(node.port());
    ASSERT_TRUE(replay.send(recorded));
    static_cast<void>(replay.read_all());
    EXPECT_TRUE(eventually([&] { return node.diary().refused_count() == before + 1; }));
    EXPECT_EQ(node.diary().received_count(), 1U);
    EXPECT_FALSE(node.links().status().front().is_receiving);
}

TEST(PeerStrangers, ASilentMemberIsGivenUp) {
    auto options = PeerNode::options_of(1);
    options.silence_max = 2s;
    PeerNode node(1, options);
    node.links().set_peers({test::peer_at(2, 1)});
    StrangerClient client(node.port(), self_signed(key_of_node(2)));
    ASSERT_TRUE(client.is_welcome());
    EXPECT_TRUE(node.links().status().front().is_receiving);
    EXPECT_TRUE(client.is_closed());
    EXPECT_TRUE(eventually([&] { return !node.links().status().front().is_receiving; }));
    EXPECT_EQ(node.diary().refused_count(), 0U);
}

TEST(PeerStrangers, AHandshakeHasADeadline) {
    auto options = PeerNode::options_of(1);
    options.handshake_deadline = 200ms;
    PeerNode node(1, options);
    test::RawConnection silent(node.port());
    ASSERT_TRUE(silent.send("\x16\x03\x01"));  // The beginning of a record.
    EXPECT_EQ(silent.read_all(), "");
    EXPECT_TRUE(eventually([&] { return node.diary().has_refused("no handshake within 200 ms"); }));
}

TEST(PeerStrangers, WhoNeverAnswersIsNotDialledForever) {
    const Listening mute([](int socket) {
        std::array<char, 64> bytes{};
        while (::recv(socket, bytes.data(), bytes.size(), 0) > 0) {
        }
    });
    auto options = PeerNode::options_of(1);
    options.handshake_deadline = 200ms;
    PeerNode node(1, options);
    node.links().set_peers({test::peer_at(2, mute.port())});
    EXPECT_TRUE(eventually([&] { return node.diary().has_lost(2, "no answer within 200 ms"); }));
}

TEST(PeerStrangers, WhoKnocksOftenKeepsNoPeerOut) {
    constexpr std::size_t knocks = 40;
    auto options = PeerNode::options_of(1);
    options.handshakes_max = 4;
    options.handshake_deadline = 60s;
    PeerNode node(1, options);
    node.links().set_peers({test::peer_at(2, 1)});
    std::vector<std::unique_ptr<test::RawConnection>> knocking;
    for (std::size_t i = 0; i < knocks; ++i)
        knocking.push_back(std::make_unique<test::RawConnection>(node.port()));
    StrangerClient client(node.port(), self_signed(key_of_node(2)));
    EXPECT_TRUE(client.is_welcome());
    EXPECT_TRUE(eventually(
        [&] { return node.diary().has_refused("made way, 4 handshakes were under way"); }));
    EXPECT_LE(node.diary().refused_count(), knocks / 4) << "a line a second";
    EXPECT_EQ(knocking.front()->read_all(), "");
}

TEST(PeerStrangers, WithoutDescriptorsTheDoorWaits) {
    PeerNode node(1);
    node.links().set_peers({test::peer_at(2, 1)});
    // A client's socket first, then no descriptor for the node's side of it.
    ClientSocket late;
    std::optional<test::FewDescriptors> few(1);
    const bool is_connected =
        late.connect("127.0.0.1", node.port(), std::chrono::steady_clock::now() + 10s).has_value();
    const bool is_told =
        eventually([&] { return node.diary().has_refused("cannot accept links"); });
    const std::clock_t spent = std::clock();
    const auto until = std::chrono::steady_clock::now() + 500ms;
    static_cast<void>(eventually([&] { return std::chrono::steady_clock::now() > until; }));
    const double busy_s = static_cast<double>(std::clock() - spent) / CLOCKS_PER_SEC;
    few.reset();
    EXPECT_TRUE(is_connected);
    EXPECT_TRUE(is_told);
    EXPECT_LT(busy_s, 0.25);
    EXPECT_EQ(node.diary().refused_count(), 1U);
    late.close();
    StrangerClient client(node.port(), self_signed(key_of_node(2)));
    EXPECT_TRUE(client.is_welcome());
}

TEST(PeerRefusals, AreALineASecondForEachAddress) {
    std::vector<std::string> lines;
    PeerRefusals refusals([&lines](const std::string& address, const std::string& why) {
        lines.push_back(address + ": " + why);
    });
    const auto start = PeerRefusals::Clock::now();
    refusals.refuse("a", "first", start);
    for (int i = 0; i < 5; ++i)
        refusals.refuse("a", "again", start + 500ms);
    refusals.refuse("b", "other", start + 500ms);
    refusals.refuse("a", "later", start + 1s);
    refusals.refuse("a", "last", start + 2s);
    EXPECT_EQ(lines,
              (std::vector<std::string>{
                  "a: first", "b: other", "a: later; 5 more from there before", "a: last"}));
}

TEST(PeerRefusals, ForgetOfManyAddressesNoneAndTellOfFew) {
    std::size_t lines = 0;
    std::string last;
    PeerRefusals refusals([&](const std::string& address, const std::string& why) {
        ++lines;
        last = address + ": " + why;
    });
    const auto start = PeerRefusals::Clock::now();
    for (int i = 0; i < 1'000; ++i)
        refusals.refuse(std::to_string(i), "knocked", start);
    EXPECT_EQ(lines, 64U);
    refusals.refuse("late", "knocked", start + 2s);
    EXPECT_EQ(last, "late: knocked; 936 more from elsewhere");
}

}  // namespace
}  // namespace chancery::rpc

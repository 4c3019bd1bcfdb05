#include "rpc/peer_links.h"

#include <algorithm>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/peer_node.h"

namespace chancery::rpc {
namespace {

using namespace std::chrono_literals;
using test::eventually;
using test::link_all;
using test::PeerNode;

// Numbers of the memory requests that `node` has from `from`, in order.
std::vector<std::uint64_t> numbers_from(const PeerNode& node, raft::NodeId from) {
    std::vector<std::uint64_t> numbers;
    for (const auto& [sender, message] : node.diary().lines().received) {
        const auto* request = std::get_if<MemoryRequest>(&message.body);
        if (sender == from && request != nullptr) numbers.push_back(request->number);
    }
    return numbers;
}

TEST(PeerLinks, TwoNodesTellOneAnotherEverything) {
    PeerNode first(1);
    PeerNode second(2);
    ASSERT_TRUE(link_all({&first, &second}));
    std::vector<PeerMessage> sent;
    for (const PeerMessage& message : test::every_message()) {
        first.send(2, message.body);
        sent.push_back(test::from_node(1, message.body));
    }
    ASSERT_TRUE(eventually([&] { return second.diary().received_count() == sent.size(); }));
    const auto received = second.diary().lines().received;
    for (std::size_t i = 0; i < sent.size(); ++i) {
        EXPECT_EQ(received[i].first, 1U);
        EXPECT_EQ(received[i].second, sent[i]) << i;
    }
    EXPECT_EQ(first.diary().received_count(), 0U);
}

TEST(PeerLinks, ThreeNodesExchangeInOrder) {
    constexpr std::uint64_t count = 2'000;
    PeerNode first(1);
    PeerNode second(2);
    PeerNode third(3);
    const std::vector<PeerNode*> nodes = {&first, &second, &third};
    ASSERT_TRUE(link_all(nodes));
    for (std::uint64_t number = 1; number <= count; ++number)
        for (PeerNode* from : nodes)
            for (const PeerNode* to : nodes)
                if (to != from) from->send(to->node(), MemoryRequest{number});
    std::vector<std::uint64_t> want;
    for (std::uint64_t number = 1; number <= count; ++number)
        want.push_back(number);
    const std::vector<std::uint64_t> nothing;
    for (PeerNode* to : nodes) {
        ASSERT_TRUE(eventually([&] { return to->diary().received_count() == 2 * count; }));
        for (const PeerNode* from : nodes) {
            EXPECT_EQ(numbers_from(*to, from->node()), to == from ? nothing : want);
        }
    }
}

TEST(PeerLinks, ALargeFrameIsHeardOfWhileItComes) {
    PeerNode first(1);
    PeerNode second(2);
    ASSERT_TRUE(link_all({&first, &second}));
    const ForwardedBatch batch{1, std::make_shared<const Bytes>(4'900'000, 7)};
    first.send(2, batch);
    first.send(2, MemoryRequest{2});
    ASSERT_TRUE(eventually([&] { return second.diary().received_count() == 2; }));
    const auto lines = second.diary().lines();
    EXPECT_EQ(lines.received[0].second.body, PeerBody(batch));
    EXPECT_EQ(lines.received[1].second.body, PeerBody(MemoryRequest{2}));
    EXPECT_GT(lines.contacts.at(1), 10);
}

TEST(PeerLinks, ARestartedPeerIsDialledAgain) {
    PeerNode first(1);
    auto second = std::make_unique<PeerNode>(2);
    ASSERT_TRUE(link_all({&first, second.get()}));
    auto options = PeerNode::options_of(2);
    options.listen_port = second->port();
    second.reset();
    ASSERT_TRUE(eventually([&] { return first.diary().has_lost(2, "Connection refused"); }));
    const auto status = first.links().status();
    EXPECT_FALSE(status.front().is_sending);
    EXPECT_FALSE(status.front().is_receiving);
    first.send(2, MemoryRequest{1});  // Lost.
    second = std::make_unique<PeerNode>(2, options);
    second->links().set_peers({first.as_peer()});
    ASSERT_TRUE(eventually([&] { return first.diary().connected_count(2) == 2; }));
    first.send(2, MemoryRequest{2});
    ASSERT_TRUE(eventually([&] { return second->diary().received_count() == 1; }));
    EXPECT_EQ(numbers_from(*second, 1), std::vector<std::uint64_t>{2});
}

TEST(PeerLinks, WhyALinkIsLostIsToldOnceUntilItChanges) {
    PeerNode first(1);
    std::uint16_t nobodys = 0;
    {
        const PeerNode gone(2);
        nobodys = gone.port();
    }
    first.links().set_peers({test::peer_at(2, nobodys)});
    ASSERT_TRUE(eventually([&] { return first.diary().has_lost(2, "Connection refused"); }));
    auto options = PeerNode::options_of(2);
    options.listen_port = nobodys;
    PeerNode second(2, options);
    ASSERT_TRUE(eventually([&] { return first.diary().lines().lost.size() > 1; }));
    EXPECT_EQ(std::ranges::count(first.diary().lines().lost,
                                 std::pair<raft::NodeId, std::string>(2, "Connection refused")),
              1);
    second.links().set_peers({first.as_peer()});
    ASSERT_TRUE(eventually([&] { return first.diary().connected_count(2) == 1; }));
}

TEST(PeerLinks, WhatDoesNotFitTheQueueIsDropped) {
    auto options = PeerNode::options_of(1);
    options.queue_bytes_max = 100'000;
    PeerNode first(1, options);
    PeerNode second(2);
    ASSERT_TRUE(link_all({&first, &second}));
    first.send(2, ForwardedBatch{1, std::make_shared<const Bytes>(100'000, 7)});
    first.send(2, MemoryRequest{2});
    ASSERT_TRUE(eventually([&] { return second.diary().received_count() == 1; }));
    EXPECT_EQ(numbers_from(second, 1), std::vector<std::uint64_t>{2});
}

TEST(PeerLinks, AFrameThatIsTooLongIsToldOfAndNotSent) {
    PeerNode first(1);
    PeerNode second(2);
    ASSERT_TRUE(link_all({&first, &second}));
    first.send(2, ForwardedBatch{1, std::make_shared<const Bytes>(peer_frame_bytes_max, 7)});
    first.send(2, MemoryRequest{2});
    ASSERT_TRUE(eventually([&] { return second.diary().received_count() == 1; }));
    EXPECT_EQ(numbers_from(second, 1), std::vector<std::uint64_t>{2});
    EXPECT_TRUE(eventually(
        [&] { return first.diary().has_refused("not sent to node 2: a frame of 52429"); }));
    EXPECT_EQ(first.diary().connected_count(2), 1);
}

TEST(PeerLinks, PingsKeepAnIdleLinkAlive) {
    auto options = PeerNode::options_of(2);
    options.silence_max = 3s;
    PeerNode first(1, [] {
        auto quick = PeerNode::options_of(1);
        quick.silence_max = 3s;
        return quick;
    }());
    PeerNode second(2, options);
    ASSERT_TRUE(link_all({&first, &second}));
    const auto until = std::chrono::steady_clock::now() + 5s;
    ASSERT_TRUE(eventually([&] { return std::chrono::steady_clock::now() > until; }));
    EXPECT_EQ(first.diary().connected_count(2), 1);
    EXPECT_TRUE(second.diary().lines().lost.empty());
}

TEST(PeerLinks, ARemovedPeerIsCutAtOnceAndComesBackWhenItIsOneAgain) {
    PeerNode first(1);
    PeerNode second(2);
    ASSERT_TRUE(link_all({&first, &second}));
    first.links().set_peers({});
    ASSERT_TRUE(eventually([&] {
        return first.diary().has_refused("its key is pinned for no peer") &&
               !second.diary().lines().lost.empty();
    }));
    EXPECT_TRUE(first.links().status().empty());
    const std::size_t before = first.diary().received_count();
    second.send(1, MemoryRequest{1});
    first.links().set_peers({second.as_peer()});
    ASSERT_TRUE(eventually([&] { return second.diary().connected_count(1) >= 2; }));
    second.send(1, MemoryRequest{2});
    ASSERT_TRUE(eventually([&] { return first.diary().received_count() == before + 1; }));
    EXPECT_EQ(numbers_from(first, 2), std::vector<std::uint64_t>{2});
}

TEST(PeerLinks, APeerWithANewKeyIsLinkedAnew) {
    PeerNode first(1);
    PeerNode second(2);
    ASSERT_TRUE(link_all({&first, &second}));
    Peer changed = second.as_peer();
    changed.tls_spki_sha256 = test::tls_pin_of(9);
    first.links().set_peers({changed});
    EXPECT_TRUE(
        eventually([&] { return first.diary().has_lost(2, "is not the one pinned for node-2"); }));
    EXPECT_TRUE(eventually([&] { return first.diary().has_refused("pinned for no peer"); }));
}

// As an act that replaces a member's TLS key will have it: the member comes up with the new one.
TEST(PeerLinks, AReplacedKeysLinksEndAndTheNewKeysBegin) {
    PeerNode first(1);
    PeerNode third(3);
    auto second = std::make_unique<PeerNode>(2);
    ASSERT_TRUE(link_all({&first, second.get(), &third}));

    auto options = PeerNode::options_of(2);
    options.tls_key = test::tls_key_of(22);
    PeerNode renewed(2, options);
    renewed.links().set_peers({first.as_peer(), third.as_peer()});
    EXPECT_TRUE(eventually([&] { return first.diary().has_refused("pinned for no peer"); }));
    EXPECT_EQ(first.diary().connected_count(2), 1) << "the old key's link stands until the change";

    Peer changed = renewed.as_peer();
    changed.tls_spki_sha256 = test::tls_pin_of(22);
    for (PeerNode* node : {&first, &third}) {
        node->links().set_peers({node == &first ? third.as_peer() : first.as_peer(), changed});
        ASSERT_TRUE(eventually([&] { return node->diary().connected_count(2) == 2; }));
    }
    ASSERT_TRUE(eventually([&] { return renewed.diary().connected_count(1) == 1; }));
    ASSERT_TRUE(eventually([&] { return second->diary().lines().lost.size() >= 2; }))
        << "both cut the old key";
    second->send(1, MemoryRequest{1});  // Lost.
    renewed.send(1, MemoryRequest{2});
    first.send(2, MemoryRequest{3});
    ASSERT_TRUE(eventually([&] { return renewed.diary().received_count() == 1; }));
    ASSERT_TRUE(eventually([&] { return first.diary().received_count() == 1; }));
    EXPECT_EQ(numbers_from(first, 2), std::vector<std::uint64_t>{2});
    EXPECT_EQ(numbers_from(renewed, 1), std::vector<std::uint64_t>{3});
    EXPECT_EQ(second->diary().received_count(), 0U);
    EXPECT_EQ(first.diary().connected_count(3), 1) << "the third's links stand";
    EXPECT_EQ(third.diary().connected_count(1), 1);
}

TEST(PeerLinks, StopWhileEveryoneSends) {
    for (int round = 0; round < 8; ++round) {
        PeerNode first(1);
        PeerNode second(2);
        ASSERT_TRUE(link_all({&first, &second}));
        std::atomic<bool> is_over = false;
        std::vector<std::thread> senders;
        for (int i = 0; i < 3; ++i) {
            senders.emplace_back([&] {
                while (!is_over) {
                    first.send(2, MemoryRequest{1});
                    second.send(1, ForwardedBatch{1, std::make_shared<const Bytes>(200'000, 7)});
                    static_cast<void>(first.links().status());
                    first.links().set_peers({second.as_peer()});
                }
            });
        }
        EXPECT_TRUE(eventually([&] { return first.diary().received_count() > 3; }));
        first.links().stop();
        const std::size_t at_the_end = first.diary().received_count();
        second.links().stop();
        is_over = true;
        for (std::thread& sender : senders)
            sender.join();
        first.links().stop();
        EXPECT_EQ(first.diary().received_count(), at_the_end);
    }
}

TEST(PeerLinks, APeerIsDialledByNameAndByEitherKindOfAddress) {
    PeerNode first(1);
    PeerNode second(2);
    second.links().set_peers({first.as_peer()});
    Peer by_name = second.as_peer();
    by_name.endpoint = "localhost:" + std::to_string(second.port());
    first.links().set_peers({by_name});
    EXPECT_TRUE(eventually([&] { return first.diary().connected_count(2) == 1; }));
    auto options = PeerNode::options_of(3);
    options.listen_address = "::1";
    if (!PeerLinks::listen(options, {})) GTEST_SKIP() << "no IPv6 here";
    PeerNode third(3, options);
    third.links().set_peers({first.as_peer()});
    Peer by_address = third.as_peer();
    by_address.endpoint = "[::1]:" + std::to_string(third.port());
    first.links().set_peers({by_name, by_address});
    EXPECT_TRUE(eventually([&] { return first.diary().connected_count(3) == 1; }));
    EXPECT_EQ(first.diary().connected_count(2), 1) << "the other link stays";
}

TEST(PeerLinks, AnEndpointThatIsNoneIsSaidToBe) {
    PeerNode first(1);
    Peer nowhere = test::peer_at(2, 1);
    nowhere.endpoint = "no-such-host.invalid:7300";
    Peer portless = test::peer_at(3, 1);
    portless.endpoint = "localhost";
    first.links().set_peers({nowhere, portless});
    EXPECT_TRUE(eventually([&] { return first.diary().has_lost(3, "is not host:port"); }));
    // "Host not found", where there is a name server to say so.
    EXPECT_TRUE(eventually([&] { return first.diary().has_lost(2, ""); }));
}

TEST(PeerLinks, RefuseToListenWithoutAKeyOrAnAddress) {
    auto options = PeerNode::options_of(1);
    options.tls_key = Bytes(10, 1);
    EXPECT_EQ(PeerLinks::listen(options, {}).error().code, Errc::invalid);
    options = PeerNode::options_of(1);
    options.listen_address = "localhost";
    EXPECT_EQ(PeerLinks::listen(options, {}).error().code, Errc::invalid);
    const PeerNode taken(1);
    options = PeerNode::options_of(1);
    options.listen_port = taken.port();
    EXPECT_EQ(PeerLinks::listen(options, {}).error().code, Errc::io);
}

TEST(PeerLinks, NeverStartedEndQuietly) {
    const auto links = PeerLinks::listen(PeerNode::options_of(1), {});
    ASSERT_TRUE(links);
    (*links)->set_peers({test::peer_at(2, 1)});
    (*links)->send({2, test::from_node(1, MemoryRequest{1})});
    (*links)->stop();
}

}  // namespace
}  // namespace chancery::rpc

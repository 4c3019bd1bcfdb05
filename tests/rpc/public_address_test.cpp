#include "rpc/public_address.h"

#include <array>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include "crypto/base/check.h"
#include "rpc/client_socket.h"

namespace chancery::rpc {
namespace {

bool is_public(const char* text) {
    std::array<std::uint8_t, 16> bytes{};
    if (inet_pton(AF_INET6, text, bytes.data()) == 1) return is_public_ipv6(bytes);
    CHECK(inet_pton(AF_INET, text, bytes.data()) == 1);
    return is_public_ipv4(std::span(bytes).first<4>());
}

TEST(PublicAddress, IsNoneOfThisMachineOrOfANetworkBehindIt) {
    for (const char* text : {"0.0.0.0",
                             "10.0.0.1",
                             "10.255.255.255",
                             "100.64.0.1",
                             "100.127.255.255",
                             "127.0.0.1",
                             "127.255.255.255",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.0.0.1",
                             "192.0.2.1",
                             "192.168.1.1",
                             "198.18.0.1",
                             "198.19.255.255",
                             "198.51.100.7",
                             "203.0.113.9",
                             "224.0.0.1",
                             "239.1.2.3",
                             "240.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::127.0.0.1",
                             "::ffff:10.0.0.1",
                             "::ffff:127.0.0.1",
                             "64:ff9b::10.0.0.1",
                             "64:ff9b:1::1",
                             "100::1",
                             "2001::1",
                             "2001:1ff::1",
                             "2001:db8::1",
                             "2002:7f00:1::1",
                             "3fff:fff::1",
                             "fc00::1",
                             "fd12:3456::1",
                             "fe80::1",
                             "fec0::1",
                             "ff02::1",
                             "4000::1"})
        EXPECT_FALSE(is_public(text)) << text;
}

TEST(PublicAddress, IsAnyOther) {
    for (const char* text :
         {"1.1.1.1",        "9.255.255.255",    "11.0.0.0",       "100.63.255.255",
          "100.128.0.0",    "126.255.255.255",  "128.0.0.1",      "169.253.255.255",
          "172.15.255.255", "172.32.0.0",       "192.0.1.0",      "192.167.255.255",
          "192.169.0.0",    "198.17.255.255",   "198.20.0.0",     "223.255.255.255",
          "2001:200::1",    "2001:db7:ffff::1", "2001:db9::1",    "2606:4700::1111",
          "2a00:1450::1",   "3ffe::1",          "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"})
        EXPECT_TRUE(is_public(text)) << text;
}

TEST(PublicAddress, IsOfTheInternetsFamilies) {
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    EXPECT_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(local)));
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(0x01010101);
    EXPECT_TRUE(is_public_address(reinterpret_cast<const sockaddr&>(four)));
    sockaddr_in6 six{};
    six.sin6_family = AF_INET6;
    six.sin6_addr = in6addr_loopback;
    EXPECT_FALSE(is_public_address(reinterpret_cast<const sockaddr&>(six)));
}

TEST(ClientSocket, GoesNowhereElseIfOnlyThePublicInternetWillDo) {
    ClientSocket socket;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    for (const char* host : {"127.0.0.1", "::1", "169.254.169.254", "localhost"}) {
        const auto connected = socket.connect(host, 1, deadline, true);
        ASSERT_FALSE(connected) << host;
        EXPECT_EQ(connected.error().code, Errc::forbidden) << connected.error().detail;
    }
}

}  // namespace
}  // namespace chancery::rpc

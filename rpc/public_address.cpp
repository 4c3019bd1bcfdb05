#include "rpc/public_address.h"

#include <algorithm>
#include <array>
#include <cstring>

#include <netinet/in.h>
#include <sys/socket.h>

namespace chancery::rpc {
namespace {

struct Ipv4Block {
    std::array<std::uint8_t, 4> first{};
    unsigned bits = 0;
};

// Not globally reachable, or of another use than a web server's.
constexpr std::array<Ipv4Block, 16> reserved_blocks = {{
    {{0, 0, 0, 0}, 8},
    {{10, 0, 0, 0}, 8},
    {{100, 64, 0, 0}, 10},
    {{127, 0, 0, 0}, 8},
    {{169, 254, 0, 0}, 16},
    {{172, 16, 0, 0}, 12},
    {{192, 0, 0, 0}, 24},
    {{192, 0, 2, 0}, 24},
    {{192, 31, 196, 0}, 24},
    {{192, 52, 193, 0}, 24},
    {{192, 88, 99, 0}, 24},
    {{192, 168, 0, 0}, 16},
    {{198, 18, 0, 0}, 15},
    {{198, 51, 100, 0}, 24},
    {{203, 0, 113, 0}, 24},
    {{224, 0, 0, 0}, 3},
}};

std::uint32_t as_number(std::span<const std::uint8_t, 4> address) {
    std::uint32_t number = 0;
    for (const std::uint8_t byte : address)
        number = number << 8U | byte;
    return number;
}

bool starts_with(std::span<const std::uint8_t, 16> address,
                 std::initializer_list<std::uint8_t> bytes) {
    return std::ranges::equal(address.first(bytes.size()), bytes);
}

}  // namespace

bool is_public_ipv4(std::span<const std::uint8_t, 4> address) {
    const std::uint32_t number = as_number(address);
    return std::ranges::none_of(reserved_blocks, [number](const Ipv4Block& block) {
        return (number ^ as_number(block.first)) >> (32U - block.bits) == 0;
    });
}

bool is_public_ipv6(std::span<const std::uint8_t, 16> address) {
    const auto last_four = address.last<4>();
    // 64:ff9b::/96 leads to the IPv4 address at its end, through a translator.
    if (starts_with(address, {0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
        return is_public_ipv4(last_four);
    // ::ffff:0:0/96 is that IPv4 address.
    if (starts_with(address, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff}))
        return is_public_ipv4(last_four);
    // 2000::/3 is all that was given out as global unicast; of that, 2001::/23 is for protocols
    // (Teredo and others), 2001:db8::/32 and 3fff::/20 for documentation, 2002::/16 is 6to4.
    if ((address[0] & 0xe0U) != 0x20U) return false;
    if (starts_with(address, {0x20, 0x01}) && address[2] < 2) return false;
    if (starts_with(address, {0x20, 0x01, 0x0d, 0xb8}) || starts_with(address, {0x20, 0x02}))
        return false;
    return !(starts_with(address, {0x3f, 0xff}) && address[2] < 0x10);
}

bool is_public_address(const sockaddr& address) {
    if (address.sa_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof four);
        std::array<std::uint8_t, 4> bytes{};
        std::memcpy(bytes.data(), &four.sin_addr, bytes.size());
        return is_public_ipv4(bytes);
    }
    if (address.sa_family != AF_INET6) return false;
    sockaddr_in6 six{};
    std::memcpy(&six, &address, sizeof six);
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), &six.sin6_addr, bytes.size());
    return is_public_ipv6(bytes);
}

}  // namespace chancery::rpc

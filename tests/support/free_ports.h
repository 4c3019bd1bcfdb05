// Ports of 127.0.0.1 for programs under test, which may close and open them again.
//
// They lie below those that the system gives to connections (from 32768 on): one of these may be
// taken by anybody's connection while its node is down.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::test {

inline bool is_free(std::uint32_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    CHECK(socket >= 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool is_bound =
        ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
    ::close(socket);
    return is_bound;
}

// The first of `count` in a row, none of which this process was given before. Tests that run beside
// this one begin elsewhere.
inline std::uint32_t free_ports(std::uint32_t count) {
    constexpr std::uint32_t first = 10'000;
    constexpr std::uint32_t end = 32'000;
    static std::atomic<std::uint32_t> taken = static_cast<std::uint32_t>(::getpid()) * 331;
    for (int tries = 0; tries < 1'000; ++tries) {
        const std::uint32_t port = first + taken.fetch_add(count) % (end - first - count);
        std::uint32_t good = 0;
        while (good < count && is_free(port + good))
            ++good;
        if (good == count) return port;
    }
    CHECK(false);
    return 0;
}

inline std::string free_listen() { return "127.0.0.1:" + std::to_string(free_ports(1)); }

// For a sandbox of one.
inline std::string port_base() { return std::to_string(free_ports(3)); }

}  // namespace chancery::test

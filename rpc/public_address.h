// Whether an address is one of the public Internet: what a document of a stranger's may make this
// machine connect to, and nothing on the machine or in the networks behind it.
// Source: IANA special-purpose address registries (RFC 6890); RFC 4291 §2.5.5, RFC 6052 §2.1 for
// IPv4 addresses within IPv6 ones.
#pragma once

#include <span>

#include "crypto/base/bytes.h"

struct sockaddr;

namespace chancery::rpc {

bool is_public_ipv4(std::span<const std::uint8_t, 4> address);
bool is_public_ipv6(std::span<const std::uint8_t, 16> address);
// false for any other family.
bool is_public_address(const sockaddr& address);

}  // namespace chancery::rpc

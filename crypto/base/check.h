// CHECK(claim): what must hold unless our own code is wrong. On in every build; prints the claim
// and its place, then aborts. Never for what a client, a peer or a disk sent.
#pragma once

namespace chancery {

[[noreturn]] void check_failed(const char* claim, const char* file, int line);

}  // namespace chancery

#define CHECK(claim) \
    (static_cast<bool>(claim) ? void(0) : ::chancery::check_failed(#claim, __FILE__, __LINE__))

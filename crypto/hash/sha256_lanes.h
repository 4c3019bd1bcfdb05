// SHA-256 of equally long messages, several side by side so that the CPU never waits for one.
//
// The SHA instructions of x86 need four cycles each; four independent messages fill the gaps.
// sha256_run() chooses between the two forms below; they are apart for it and for their tests.
// Source: FIPS 180-4 §6.2; Intel SDM vol. 2 (SHA256RNDS2, SHA256MSG1, SHA256MSG2).
#pragma once

#include "crypto/base/bytes.h"

namespace chancery::sha256_lanes {

// Whether this CPU has the SHA instructions, SSSE3 and SSE4.1.
bool has_instructions();

// Both as sha256_run(). The first CHECKs has_instructions().
void run_with_instructions(ByteView messages, std::size_t message_bytes, std::span<Hash> out);
void run_with_library(ByteView messages, std::size_t message_bytes, std::span<Hash> out);

}  // namespace chancery::sha256_lanes

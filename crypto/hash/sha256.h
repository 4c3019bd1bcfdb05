// SHA-256: once, in pieces, and in runs of equally long messages.
//
// One-shot library calls cost three times the hashing itself, so all three forms go through a
// context that each thread keeps, or through the CPU's own SHA instructions where it has them.
// Source: FIPS 180-4.
#pragma once

#include <memory>

#include "crypto/base/bytes.h"

namespace chancery {

Hash sha256(ByteView message);

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    Sha256& add(ByteView part);

    // The hash of all that was added; starts afresh.
    Hash finish();

private:
    struct Context;
    std::unique_ptr<Context> context_;
};

// out[i] = SHA-256 of messages[i * message_bytes, (i + 1) * message_bytes).
// CHECKs that `messages` holds out.size() messages. The fastest form there is per hash.
void sha256_run(ByteView messages, std::size_t message_bytes, std::span<Hash> out);

}  // namespace chancery

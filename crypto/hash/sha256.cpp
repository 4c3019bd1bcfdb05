#include "crypto/hash/sha256.h"

#include <openssl/evp.h>

#include "crypto/base/check.h"
#include "crypto/hash/sha256_lanes.h"

namespace chancery {
namespace {

// Looking the algorithm up costs more than hashing a node, so it is done once per process.
const EVP_MD* algorithm() {
    static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    CHECK(fetched != nullptr);
    return fetched;
}

}  // namespace

struct Sha256::Context {
    Context() : handle(EVP_MD_CTX_new()) {
        CHECK(handle != nullptr);
        start();
    }
    ~Context() { EVP_MD_CTX_free(handle); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    void start() const { CHECK(EVP_DigestInit_ex2(handle, algorithm(), nullptr) == 1); }

    EVP_MD_CTX* handle;
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}

Sha256::~Sha256() = default;

Sha256& Sha256::add(ByteView part) {
    CHECK(EVP_DigestUpdate(context_->handle, part.data(), part.size()) == 1);
    return *this;
}

Hash Sha256::finish() {
    Hash hash;
    unsigned written = 0;
    CHECK(EVP_DigestFinal_ex(context_->handle, hash.data(), &written) == 1);
    CHECK(written == hash.size());
    context_->start();
    return hash;
}

Hash sha256(ByteView message) {
    thread_local Sha256 kept;
    return kept.add(message).finish();
}

void sha256_run(ByteView messages, std::size_t message_bytes, std::span<Hash> out) {
    if (sha256_lanes::has_instructions()) {
        sha256_lanes::run_with_instructions(messages, message_bytes, out);
    } else {
        sha256_lanes::run_with_library(messages, message_bytes, out);
    }
}

}  // namespace chancery

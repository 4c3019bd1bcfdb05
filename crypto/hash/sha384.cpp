#include "crypto/hash/sha384.h"

#include <openssl/evp.h>

#include "crypto/base/check.h"

namespace chancery {
namespace {

// Looked up once per process, and a context kept by each thread: as in sha256.cpp, and why.
class Sha384 {
public:
    Sha384() : context_(EVP_MD_CTX_new()) { CHECK(context_ != nullptr); }
    ~Sha384() { EVP_MD_CTX_free(context_); }
    Sha384(const Sha384&) = delete;
    Sha384& operator=(const Sha384&) = delete;

    Hash384 hash(ByteView message) const {
        static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA384", nullptr);
        CHECK(fetched != nullptr);
        CHECK(EVP_DigestInit_ex2(context_, fetched, nullptr) == 1);
        CHECK(EVP_DigestUpdate(context_, message.data(), message.size()) == 1);
        Hash384 hash;
        unsigned written = 0;
        CHECK(EVP_DigestFinal_ex(context_, hash.data(), &written) == 1);
        CHECK(written == hash.size());
        return hash;
    }

private:
    EVP_MD_CTX* context_;
};

}  // namespace

Hash384 sha384(ByteView message) {
    thread_local const Sha384 kept;
    return kept.hash(message);
}

}  // namespace chancery

#include "crypto/keys/secp256k1_curve.h"

#include "crypto/base/check.h"

namespace chancery::keys {

const secp256k1_context* curve() {
    static const secp256k1_context* const context = [] {
        secp256k1_context* made = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
        CHECK(made != nullptr);
        secp256k1_context_set_illegal_callback(
            made, [](const char*, void*) {}, nullptr);
        return made;
    }();
    return context;
}

}  // namespace chancery::keys

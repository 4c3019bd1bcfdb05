#include "consensus/registry/signature_memory.h"

namespace chancery::registry {

// An empty place is the signature of no message: no key is all zeros.
bool SignatureMemory::verifies(const keys::MemberPublicKey& key,
                               const Hash& message,
                               const keys::SchnorrSignature& signature) {
    const Good asked{key.x(), message, signature};
    Good& place = good_[Reader(message).u64() % places];
    if (place == asked) return true;
    if (!key.verifies(message, signature)) return false;
    place = asked;
    return true;
}

}  // namespace chancery::registry

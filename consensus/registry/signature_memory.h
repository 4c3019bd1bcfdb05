// Batch signatures that were found good lately: a batch is judged when it comes and once more with
// its block, and its signature is most of that work.
//
// Says nothing but what verifying would say, so blocks are judged alike with and without it.
#pragma once

#include <vector>

#include "crypto/keys/member_key.h"

namespace chancery::registry {

class SignatureMemory {
public:
    // As MemberPublicKey::verifies(); what was good is remembered. A newer signature takes an
    // older one's place: memory is 512 KiB for ever.
    bool verifies(const keys::MemberPublicKey& key,
                  const Hash& message,
                  const keys::SchnorrSignature& signature);

private:
    struct Good {
        Hash key{};
        Hash message{};
        keys::SchnorrSignature signature{};
        bool operator==(const Good&) const = default;
    };
    static constexpr std::size_t places = 4'096;
    std::vector<Good> good_ = std::vector<Good>(places);  // By the message's first bytes.
};

}  // namespace chancery::registry

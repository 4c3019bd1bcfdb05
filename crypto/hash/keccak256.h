// Keccak-256 as Ethereum uses it: addresses, transactions and what wallets sign.
//
// It is the function as submitted to NIST, with the padding 01, not SHA3-256 with the padding 06.
// Source: The Keccak reference, version 3.0; Ethereum yellow paper, section 3.
#pragma once

#include "crypto/base/bytes.h"

namespace chancery {

// About 3 ns a byte.
Hash keccak256(ByteView message);

}  // namespace chancery

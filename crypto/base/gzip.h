// The gzip form (RFC 1952), by zlib.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace chancery {

// The same bytes give the same form with one version of zlib; compare what is within, never it.
Bytes to_gzip(ByteView bytes);

// Errc::invalid: no whole gzip form, something after it, a checksum that does not match, or more
// than `bytes_max` within. Takes memory for what is within alone.
Result<Bytes> from_gzip(ByteView packed, std::size_t bytes_max);

}  // namespace chancery

// Reads the bytes of a message by its descriptor and builds nothing: what Protobuf's parser would
// take too generously is refused before it costs memory.
//
// Refused: a field that the descriptor does not have, or of another wire type; fields out of order
// or given twice; an integer longer than it need be; text that is not UTF-8; what runs past its
// end; and more fields than the largest message has.
// Source: Protocol Buffers, Encoding.
#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/result.h"

namespace google::protobuf {
class Descriptor;
}

namespace chancery::rpc {

// Errc::invalid with the rule broken. Recurses as deep as the type nests, which must be finite.
Result<void> walk_message(ByteView bytes,
                          const google::protobuf::Descriptor& type,
                          std::size_t fields_max);

}  // namespace chancery::rpc

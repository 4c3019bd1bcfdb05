#include "consensus/raft/types.h"

#include "crypto/hash/sha256.h"

namespace chancery::raft {

bool Entry::operator==(const Entry& other) const {
    if (id != other.id || kind != other.kind || chain != other.chain) return false;
    if (payload == other.payload) return true;
    return payload && other.payload && *payload == *other.payload;
}

Hash chain_hash(const Hash& previous, EntryId id, EntryKind kind, ByteView payload) {
    Writer out;
    out.text("chancery/journal/v1").u8(0).bytes(previous).u64(id.term).u64(id.index);
    out.u8(static_cast<std::uint8_t>(kind)).bytes(sha256(payload));
    return sha256(out.written());
}

}  // namespace chancery::raft

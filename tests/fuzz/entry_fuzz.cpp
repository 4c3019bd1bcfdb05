// Any bytes as a log entry: what is read is written back to the same bytes, whole and by its body.
#include <cstddef>

#include "crypto/ledger/entry.h"

using namespace chancery;
using namespace chancery::ledger;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const Result<Entry> entry = decode(bytes);
    if (!entry || std::holds_alternative<UnknownEntry>(*entry)) return 0;
    CHECK(equal(encode(*entry), bytes));

    const Kind kind{bytes[1]};
    constexpr std::size_t head_bytes = 14;  // Format, kind, member and time.
    const bool is_record = kind == Kind::credential || kind == Kind::status ||
                           kind == Kind::publication || kind == Kind::anchor;
    if (!is_record) return 0;
    const Bytes body = body_of(*entry);
    CHECK(equal(body, bytes.subspan(head_bytes)));
    Reader head(bytes.subspan(2));
    const MemberNumber member = head.u32();
    CHECK(record_of(kind, member, head.u64(), body).value() == *entry);
    return 0;
}

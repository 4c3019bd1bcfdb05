#include "crypto/ledger/entry.h"
#include "crypto/ledger/entry_rules.h"

namespace chancery::ledger {
namespace {

constexpr std::size_t entry_bytes_max = 65'535;

// Each takes one kind's fields off `in`; whether they were all there is asked at the end.

void take_body(Reader& in, CredentialEntry& record) { record.commitment = in.array<32>(); }

void take_body(Reader& in, StatusEntry& record) {
    record.position = in.u64();
    record.commitment = in.array<32>();
    record.previous = in.u64();
    record.status = static_cast<CredentialStatus>(in.u8());
    record.reason = static_cast<Reason>(in.u8());
    record.successor = in.u64();
}

void take_body(Reader& in, PublicationEntry& record) {
    record.type = static_cast<PublicationType>(in.u8());
    record.content_hash = in.array<32>();
    record.url = text_of(in.bytes(in.rest().size()));
}

void take_body(Reader& in, AnchorEntry& record) {
    record.size = in.u64();
    record.root = in.array<32>();
    record.chain = text_of(in.bytes(in.u8()));
    record.transaction = in.array<32>();
}

template <typename Record>
void take(Reader& in, Record& record) {
    record.member = in.u32();
    record.time = in.u64();
    take_body(in, record);
}

void take(Reader& in, BatchEntry& entry) {
    entry.member = in.u32();
    entry.key_number = in.u32();
    entry.time = in.u64();
    entry.nonce = in.array<16>();
    entry.expires = in.u64();
    entry.record_kind = static_cast<Kind>(in.u8());
    entry.count = in.u32();
    entry.records_root = in.array<32>();
    entry.signature = in.array<64>();
}

void take(Reader& in, GovernanceEntry& entry) {
    entry.time = in.u64();
    entry.signature = in.array<64>();
    const ByteView act = in.bytes(in.rest().size());
    entry.act.assign(act.begin(), act.end());
}

void take(Reader& in, StateEntry& entry) {
    entry.height = in.u64();
    entry.time = in.u64();
    entry.size = in.u64();
    entry.status_root = in.array<32>();
    entry.members_hash = in.array<32>();
}

// The entry, once all its bytes are used up and its fields are well-formed.
template <typename Known>
Result<Entry> finished(const Reader& in, Known entry, std::string_view what) {
    if (in.ran_short()) return Error{Errc::invalid, std::string(what) + " is too short"};
    if (!in.finished()) {
        return Error{Errc::invalid,
                     std::string(what) + " has " + std::to_string(in.rest().size()) +
                         " bytes too many, want none left"};
    }
    if (std::optional<std::string> fault = fault_of(entry)) {
        return Error{Errc::invalid, std::move(*fault)};
    }
    return Entry{std::move(entry)};
}

template <typename Known>
Result<Entry> read(Reader& in, std::string_view what) {
    Known entry;
    take(in, entry);
    return finished(in, std::move(entry), what);
}

template <typename Record>
Result<Entry> read_record(ByteView body, MemberNumber member, TimeMs time) {
    Reader in(body);
    Record record;
    record.member = member;
    record.time = time;
    take_body(in, record);
    return finished(in, std::move(record), "record body");
}

}  // namespace

Result<Entry> decode(ByteView bytes) {
    if (bytes.size() > entry_bytes_max) {
        return Error{Errc::invalid,
                     "entry has " + std::to_string(bytes.size()) + " bytes, want at most 65535"};
    }
    Reader in(bytes);
    const std::uint8_t format = in.u8();
    const std::uint8_t kind = in.u8();
    if (in.ran_short()) {
        return Error{Errc::invalid,
                     "entry has " + std::to_string(bytes.size()) + " bytes, want at least 2"};
    }
    if (format != entry_format) return Entry{UnknownEntry{.format = format, .kind = kind}};
    switch (static_cast<Kind>(kind)) {
        case Kind::batch:
            return read<BatchEntry>(in, "batch entry");
        case Kind::credential:
            return read<CredentialEntry>(in, "credential entry");
        case Kind::status:
            return read<StatusEntry>(in, "status entry");
        case Kind::publication:
            return read<PublicationEntry>(in, "publication entry");
        case Kind::governance:
            return read<GovernanceEntry>(in, "governance entry");
        case Kind::anchor:
            return read<AnchorEntry>(in, "anchor entry");
        case Kind::state:
            return read<StateEntry>(in, "state entry");
    }
    return Entry{UnknownEntry{.format = format, .kind = kind}};
}

Result<Entry> record_of(Kind kind, MemberNumber member, TimeMs time, ByteView body) {
    if (kind == Kind::credential) return read_record<CredentialEntry>(body, member, time);
    if (kind == Kind::status) return read_record<StatusEntry>(body, member, time);
    if (kind == Kind::publication) return read_record<PublicationEntry>(body, member, time);
    if (kind == Kind::anchor) return read_record<AnchorEntry>(body, member, time);
    return Error{Errc::invalid,
                 "kind " + std::to_string(static_cast<unsigned>(kind)) +
                     " has no records, want 2, 3, 4 or 6"};
}

}  // namespace chancery::ledger

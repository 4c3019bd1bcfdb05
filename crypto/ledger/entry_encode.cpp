#include <cstring>
#include <type_traits>

#include "crypto/base/check.h"
#include "crypto/ledger/entry.h"
#include "crypto/ledger/entry_rules.h"

namespace chancery::ledger {
namespace {

void begin(Writer& out, Kind kind) { out.u8(entry_format).u8(static_cast<std::uint8_t>(kind)); }

void put_body(Writer& out, const CredentialEntry& entry) { out.bytes(entry.commitment); }

void put_body(Writer& out, const StatusEntry& entry) {
    out.u64(entry.position).bytes(entry.commitment).u64(entry.previous);
    out.u8(static_cast<std::uint8_t>(entry.status)).u8(static_cast<std::uint8_t>(entry.reason));
    out.u64(entry.successor);
}

void put_body(Writer& out, const PublicationEntry& entry) {
    out.u8(static_cast<std::uint8_t>(entry.type)).bytes(entry.content_hash).text(entry.url);
}

void put_body(Writer& out, const AnchorEntry& entry) {
    out.u64(entry.size).bytes(entry.root);
    out.u8(static_cast<std::uint8_t>(entry.chain.size())).text(entry.chain);
    out.bytes(entry.transaction);
}

template <typename Record>
constexpr Kind kind_of() {
    if constexpr (std::is_same_v<Record, CredentialEntry>) return Kind::credential;
    if constexpr (std::is_same_v<Record, StatusEntry>) return Kind::status;
    if constexpr (std::is_same_v<Record, PublicationEntry>) return Kind::publication;
    if constexpr (std::is_same_v<Record, AnchorEntry>) return Kind::anchor;
}

template <typename Record>
void put(Writer& out, const Record& record) {
    begin(out, kind_of<Record>());
    out.u32(record.member).u64(record.time);
    put_body(out, record);
}

void put(Writer& out, const BatchEntry& entry) {
    begin(out, Kind::batch);
    out.u32(entry.member).u32(entry.key_number).u64(entry.time).bytes(entry.nonce);
    out.u64(entry.expires).u8(static_cast<std::uint8_t>(entry.record_kind)).u32(entry.count);
    out.bytes(entry.records_root).bytes(entry.signature);
}

void put(Writer& out, const GovernanceEntry& entry) {
    begin(out, Kind::governance);
    out.u64(entry.time).bytes(entry.signature).bytes(entry.act);
}

void put(Writer& out, const StateEntry& entry) {
    begin(out, Kind::state);
    out.u64(entry.height).u64(entry.time).u64(entry.size);
    out.bytes(entry.status_root).bytes(entry.members_hash);
}

struct Encoder {
    template <typename Known>
    Bytes operator()(const Known& entry) const {
        CHECK(!fault_of(entry));
        Writer out;
        put(out, entry);
        return out.take();
    }
    Bytes operator()(const UnknownEntry&) const {
        CHECK(!"an entry of an unknown kind cannot be written");
        return {};
    }
};

struct BodyEncoder {
    template <typename Other>
    Bytes operator()(const Other&) const {
        CHECK(!"only records have a body");
        return {};
    }
    Bytes operator()(const CredentialEntry& record) const { return body(record); }
    Bytes operator()(const StatusEntry& record) const { return body(record); }
    Bytes operator()(const PublicationEntry& record) const { return body(record); }
    Bytes operator()(const AnchorEntry& record) const { return body(record); }

    template <typename Record>
    static Bytes body(const Record& record) {
        CHECK(!fault_of(record));
        Writer out;
        put_body(out, record);
        return out.take();
    }
};

}  // namespace

Bytes encode(const Entry& entry) { return std::visit(Encoder{}, entry); }

Bytes body_of(const Entry& record) { return std::visit(BodyEncoder{}, record); }

void append_credential_entries(Bytes& entries,
                               MemberNumber member,
                               TimeMs time,
                               std::span<const Hash> commitments) {
    const Bytes first = encode(CredentialEntry{.member = member, .time = time, .commitment = {}});
    const std::size_t head_bytes = credential_entry_bytes - sizeof(Hash);
    const std::size_t old_bytes = entries.size();
    entries.resize(old_bytes + commitments.size() * credential_entry_bytes);
    std::uint8_t* out = entries.data() + old_bytes;
    for (const Hash& commitment : commitments) {
        std::memcpy(out, first.data(), head_bytes);
        std::memcpy(out + head_bytes, commitment.data(), sizeof(Hash));
        out += credential_entry_bytes;
    }
}

}  // namespace chancery::ledger

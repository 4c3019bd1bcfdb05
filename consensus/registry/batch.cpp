#include "consensus/registry/batch.h"

#include <cstring>

#include "crypto/merkle/node_hash.h"

namespace chancery::registry {
namespace {

constexpr std::size_t root_offset = 39;

Fault fault_at(std::uint32_t record, const std::string& what) {
    return Fault{invalid("record " + std::to_string(record) + ": " + what), record};
}

bool is_record_kind(std::uint8_t kind) {
    using ledger::Kind;
    return kind == static_cast<std::uint8_t>(Kind::credential) ||
           kind == static_cast<std::uint8_t>(Kind::status) ||
           kind == static_cast<std::uint8_t>(Kind::publication) ||
           kind == static_cast<std::uint8_t>(Kind::anchor);
}

Result<ledger::BatchEntry> read_header(Reader& in) {
    const std::uint8_t format = in.u8();
    const std::uint8_t kind = in.u8();
    ledger::BatchEntry header;
    header.member = in.u32();
    header.key_number = in.u32();
    header.nonce = in.array<16>();
    header.expires = in.u64();
    const std::uint8_t record_kind = in.u8();
    header.count = in.u32();
    header.records_root = in.array<32>();
    header.signature = in.array<64>();
    if (in.ran_short()) return invalid("bulk is shorter than its header of 135 bytes");
    if (format != ledger::entry_format || kind != static_cast<std::uint8_t>(ledger::Kind::batch)) {
        return invalid("bulk begins with format " + std::to_string(format) + ", kind " +
                       std::to_string(kind) + ", want 1, 1");
    }
    if (!is_record_kind(record_kind)) {
        return invalid("record kind " + std::to_string(record_kind) + ", want 2, 3, 4 or 6");
    }
    header.record_kind = static_cast<ledger::Kind>(record_kind);
    if (header.count == 0 || header.count > ledger::batch_records_max) {
        return invalid("batch of " + std::to_string(header.count) + " records, want 1 to 65536");
    }
    return header;
}

Result<std::vector<ByteView>> read_varied(Reader& in, std::uint32_t count) {
    if (count > in.rest().size() / varied_length_bytes) {
        return invalid(std::to_string(in.rest().size()) + " bytes of bodies, too few for " +
                       std::to_string(count) + " records");
    }
    std::vector<ByteView> bodies;
    bodies.reserve(count);
    for (std::uint32_t record = 0; record < count; ++record) {
        const std::uint16_t length = in.u16();
        bodies.push_back(in.bytes(length));
        if (in.ran_short()) return invalid("record " + std::to_string(record) + ": cut off");
    }
    if (!in.finished()) {
        return invalid(std::to_string(in.rest().size()) + " bytes after the last record");
    }
    return bodies;
}

std::uint64_t status_position(ByteView body) { return Reader(body).u64(); }

// Kinds 2 and 3 ascend; 4 and 6 stay as submitted.
std::optional<Fault> order_fault(const Batch& batch) {
    const ledger::Kind kind = batch.header.record_kind;
    if (fixed_body_bytes(kind) == 0) return std::nullopt;
    for (std::uint32_t i = 1; i < batch.count(); ++i) {
        const ByteView before = batch.body(i - 1);
        const ByteView here = batch.body(i);
        if (kind == ledger::Kind::credential) {
            if (std::memcmp(before.data(), here.data(), credential_body_bytes) < 0) continue;
            return fault_at(i, "commitment is not above the one before it");
        }
        if (status_position(before) < status_position(here)) continue;
        return fault_at(i,
                        "position " + std::to_string(status_position(here)) +
                            " is not above the one before it, " +
                            std::to_string(status_position(before)));
    }
    return std::nullopt;
}

// Any 32 bytes are a commitment; the other kinds have codes and forms of their own.
std::optional<Fault> body_fault(const Batch& batch) {
    if (batch.header.record_kind == ledger::Kind::credential) return std::nullopt;
    for (std::uint32_t i = 0; i < batch.count(); ++i) {
        const auto record =
            ledger::record_of(batch.header.record_kind, batch.header.member, 0, batch.body(i));
        if (!record) return fault_at(i, record.error().detail);
    }
    return std::nullopt;
}

}  // namespace

std::size_t fixed_body_bytes(ledger::Kind record_kind) {
    if (record_kind == ledger::Kind::credential) return credential_body_bytes;
    if (record_kind == ledger::Kind::status) return status_body_bytes;
    return 0;
}

ByteView Batch::body(std::uint32_t i) const {
    const std::size_t each = fixed_body_bytes(header.record_kind);
    return each == 0 ? varied[i] : bodies.subspan(i * each, each);
}

Result<Batch> split_bulk(ByteView bulk) {
    Reader in(bulk);
    const Result<ledger::BatchEntry> header = read_header(in);
    if (!header) return header.error();
    Batch batch;
    batch.header = *header;
    batch.bodies = in.rest();
    const std::size_t each = fixed_body_bytes(header->record_kind);
    if (each == 0) {
        Result<std::vector<ByteView>> varied = read_varied(in, header->count);
        if (!varied) return varied.error();
        batch.varied = std::move(*varied);
    } else if (batch.bodies.size() != each * header->count) {
        return invalid(std::to_string(batch.bodies.size()) + " bytes of bodies, want " +
                       std::to_string(each * header->count) + " for " +
                       std::to_string(header->count) + " records");
    }
    return batch;
}

std::optional<Fault> fault_in(const Batch& batch) {
    if (auto fault = body_fault(batch)) return fault;
    if (auto fault = order_fault(batch)) return fault;
    if (records_root(batch) != batch.header.records_root) {
        return Fault{invalid("records_root is not that of the bodies"), std::nullopt};
    }
    return std::nullopt;
}

Result<Batch> parse_bulk(ByteView bulk) {
    Result<Batch> batch = split_bulk(bulk);
    if (!batch) return batch;
    if (const auto fault = fault_in(*batch)) return fault->error;
    return batch;
}

Hash records_root(const Batch& batch) {
    std::vector<Hash> leaves(batch.count());
    const std::size_t each = fixed_body_bytes(batch.header.record_kind);
    if (each != 0) {
        merkle::leaf_hashes(batch.bodies, each, leaves);
    } else {
        std::ranges::transform(batch.varied, leaves.begin(), merkle::leaf_hash);
    }
    return merkle::root_of(leaves);
}

Hash batch_message(const Hash& network_id, const ledger::BatchEntry& header) {
    Writer out;
    out.bytes(network_id).u32(header.member).u32(header.key_number).bytes(header.nonce);
    out.u64(header.expires).u8(static_cast<std::uint8_t>(header.record_kind));
    out.u32(header.count).bytes(header.records_root);
    return keys::tagged_hash("chancery/batch/v1", out.written());
}

Result<Bytes> make_bulk(const BatchDraft& draft,
                        const std::vector<Bytes>& bodies,
                        const Hash& network_id,
                        const keys::MemberKey& issuer,
                        const Hash& auxiliary) {
    const bool has_lengths = fixed_body_bytes(draft.record_kind) == 0;
    const Hash to_come{};
    Writer out;
    out.u8(ledger::entry_format).u8(static_cast<std::uint8_t>(ledger::Kind::batch));
    out.u32(draft.member).u32(draft.key_number).bytes(draft.nonce).u64(draft.expires);
    out.u8(static_cast<std::uint8_t>(draft.record_kind));
    out.u32(static_cast<std::uint32_t>(
        std::min<std::size_t>(bodies.size(), ledger::batch_records_max + 1)));
    out.bytes(to_come).bytes(to_come).bytes(to_come);
    for (const Bytes& body : bodies) {
        if (body.size() > ledger::batch_records_max - 1) {
            return invalid("body of " + std::to_string(body.size()) + " bytes, want at most 65535");
        }
        if (has_lengths) out.u16(static_cast<std::uint16_t>(body.size()));
        out.bytes(body);
    }
    Bytes bulk = out.take();

    Result<Batch> batch = split_bulk(bulk);
    if (!batch) return batch.error();
    batch->header.records_root = records_root(*batch);
    if (const auto fault = fault_in(*batch)) return fault->error;
    const Hash message = batch_message(network_id, batch->header);
    const keys::SchnorrSignature signature = issuer.sign(message, auxiliary);
    const auto root_place = bulk.begin() + root_offset;
    std::ranges::copy(batch->header.records_root, root_place);
    std::ranges::copy(signature, root_place + sizeof(Hash));
    return bulk;
}

}  // namespace chancery::registry

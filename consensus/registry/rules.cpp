#include "consensus/registry/rules.h"

#include <cstring>

#include "crypto/base/encoding.h"

namespace chancery::registry {
namespace {

using ledger::no_position;

constexpr ledger::TimeMs lifetime_ms_max = 24ULL * 60 * 60 * 1'000;
constexpr std::uint64_t batch_entry_bytes = 143;
constexpr std::uint64_t state_entry_bytes = 90;
constexpr std::uint64_t record_head_bytes = 14;  // Format, kind, member, time.

Fault fault(Errc code, std::string detail) {
    return Fault{Error{code, std::move(detail)}, std::nullopt};
}

Fault fault_at(std::uint32_t record, Errc code, const std::string& what) {
    return Fault{Error{code, "record " + std::to_string(record) + ": " + what}, record};
}

std::string name_of_position(ledger::Position position) {
    return position == no_position ? "none" : std::to_string(position);
}

// Without lengths: what counts towards the block's limit.
std::uint64_t entry_bytes_of(const Batch& batch) {
    std::uint64_t bodies = batch.bodies.size();
    bodies -= batch.varied.size() * varied_length_bytes;
    return batch_entry_bytes + record_head_bytes * batch.count() + bodies;
}

Result<std::optional<Fault>> credentials_fault(const Batch& batch, const GrowingBlock& block) {
    std::vector<Hash> commitments(batch.count());
    std::memcpy(commitments.data(), batch.bodies.data(), batch.bodies.size());
    const auto registered = block.first_registered(batch.header.member, commitments);
    if (!registered) return registered.error();
    if (!*registered) return std::optional<Fault>();
    return std::optional(fault_at((*registered)->index,
                                  Errc::conflict,
                                  "this member registered the commitment before, at position " +
                                      std::to_string((*registered)->position)));
}

// The credential at `position`; nothing if that is no kind-2 entry of this member on the ledger.
Result<std::optional<ledger::CredentialEntry>> credential_of(ledger::MemberNumber member,
                                                             ledger::Position position,
                                                             const GrowingBlock& block) {
    std::optional<ledger::CredentialEntry> none;
    if (position >= block.next()) return none;
    const Result<Bytes> bytes = block.entry(position);
    if (!bytes) return bytes.error();
    const auto entry = ledger::decode(*bytes);
    if (!entry) {
        return Error{Errc::corrupt,
                     "entry " + std::to_string(position) + ": " + entry.error().detail};
    }
    const auto* credential = std::get_if<ledger::CredentialEntry>(&*entry);
    if (credential == nullptr || credential->member != member) return none;
    return std::optional(*credential);
}

Result<std::optional<Fault>> successor_fault(const ledger::StatusEntry& change,
                                             std::uint32_t record,
                                             const GrowingBlock& block) {
    if (change.successor == no_position) return std::optional<Fault>();
    const auto successor = credential_of(change.member, change.successor, block);
    if (!successor) return successor.error();
    if (*successor) return std::optional<Fault>();
    return std::optional(fault_at(record,
                                  Errc::invalid,
                                  "the successor, position " + std::to_string(change.successor) +
                                      ", is no earlier credential of this member"));
}

Result<std::optional<Fault>> status_fault(const ledger::StatusEntry& change,
                                          std::uint32_t record,
                                          const GrowingBlock& block) {
    const auto credential = credential_of(change.member, change.position, block);
    if (!credential) return credential.error();
    if (!*credential || (*credential)->commitment != change.commitment) {
        return std::optional(fault_at(record,
                                      Errc::invalid,
                                      "position " + std::to_string(change.position) +
                                          " does not hold this commitment of this member"));
    }
    const auto newest = block.newest_status(change.position);
    if (!newest) return newest.error();
    const ledger::Position present = newest->value_or(no_position);
    if (change.previous != present) {
        return std::optional(fault_at(record,
                                      Errc::conflict,
                                      "previous is " + name_of_position(change.previous) +
                                          ", the present status was set by " +
                                          name_of_position(present)));
    }
    const ledger::CredentialStatus from = block.status(change.position);
    if (!ledger::is_change_allowed(from, change.status)) {
        return std::optional(fault_at(record,
                                      Errc::conflict,
                                      "no change from " + std::string(name_of(from)) + " to " +
                                          std::string(name_of(change.status))));
    }
    return successor_fault(change, record, block);
}

Result<std::optional<Fault>> statuses_fault(const Batch& batch, const GrowingBlock& block) {
    for (std::uint32_t i = 0; i < batch.count(); ++i) {
        const auto record =
            ledger::record_of(ledger::Kind::status, batch.header.member, 0, batch.body(i));
        CHECK(record);
        const auto* change = std::get_if<ledger::StatusEntry>(&*record);
        CHECK(change != nullptr);
        auto found = status_fault(*change, i, block);
        if (!found || *found) return found;
    }
    return std::optional<Fault>();
}

// What a block before this one sealed at `size`; nothing if none ended there. Only blocks' last
// entries are of kind 7.
Result<std::optional<Hash>> earlier_root(std::uint64_t size, const GrowingBlock& block) {
    std::optional<Hash> none;
    if (size == 0 || size > block.first()) return none;
    const Result<Bytes> last = block.entry(size - 1);
    if (!last) return last.error();
    const auto entry = ledger::decode(*last);
    if (!entry) {
        return Error{Errc::corrupt,
                     "entry " + std::to_string(size - 1) + ": " + entry.error().detail};
    }
    if (!std::holds_alternative<ledger::StateEntry>(*entry)) return none;
    const Result<Hash> root = block.root_at(size);
    if (!root) return root.error();
    return std::optional(*root);
}

std::optional<Fault> anchor_fault(const ledger::AnchorEntry& anchor,
                                  std::uint32_t record,
                                  const std::optional<Hash>& root) {
    if (!root) {
        return fault_at(
            record,
            Errc::invalid,
            "size " + std::to_string(anchor.size) + ", want one at which an earlier block ended");
    }
    if (anchor.root == *root) return std::nullopt;
    return fault_at(record,
                    Errc::invalid,
                    "root " + to_hex(anchor.root) + " at size " + std::to_string(anchor.size) +
                        ", want " + to_hex(*root));
}

Result<std::optional<Fault>> anchors_fault(const Batch& batch, const GrowingBlock& block) {
    std::optional<Hash> root;
    std::optional<std::uint64_t> root_size;  // One head is often anchored on several chains.
    for (std::uint32_t i = 0; i < batch.count(); ++i) {
        const auto record =
            ledger::record_of(ledger::Kind::anchor, batch.header.member, 0, batch.body(i));
        CHECK(record);
        const auto* anchor = std::get_if<ledger::AnchorEntry>(&*record);
        CHECK(anchor != nullptr);
        if (anchor->size != root_size) {
            const auto found = earlier_root(anchor->size, block);
            if (!found) return found.error();
            root = *found;
            root_size = anchor->size;
        }
        if (auto fault = anchor_fault(*anchor, i, root)) return fault;
    }
    return std::optional<Fault>();
}

}  // namespace

std::optional<Fault> time_fault(const ledger::BatchEntry& header, ledger::TimeMs time) {
    if (time > header.expires) {
        return fault(Errc::invalid,
                     "batch expired " + std::to_string(time - header.expires) +
                         " ms before the block's time");
    }
    if (header.expires - time > lifetime_ms_max) {
        return fault(Errc::invalid,
                     "batch expires " + std::to_string(header.expires - time) +
                         " ms after the block's time, want at most 86400000");
    }
    return std::nullopt;
}

std::optional<Fault> signature_fault(const ledger::BatchEntry& header,
                                     const Hash& message,
                                     const GrowingBlock& block,
                                     SignatureMemory* signatures) {
    const ledger::Member* member = block.before().members->find(header.member);
    if (member == nullptr) {
        return fault(Errc::forbidden, "no member has number " + std::to_string(header.member));
    }
    const ledger::KeyRecord* key =
        ledger::find_key(*member, ledger::KeyUse::issuer, header.key_number);
    if (key == nullptr) {
        return fault(Errc::forbidden,
                     member->slug + " has no issuer key " + std::to_string(header.key_number));
    }
    if (!key->in_force.at(block.first())) {
        return fault(Errc::forbidden,
                     "issuer key " + std::to_string(header.key_number) + " of " + member->slug +
                         " is not in force at position " + std::to_string(block.first()));
    }
    const keys::MemberPublicKey& issuer = key->key.member_key();
    const bool is_good = signatures != nullptr
                             ? signatures->verifies(issuer, message, header.signature)
                             : issuer.verifies(message, header.signature);
    if (!is_good) {
        return fault(Errc::forbidden,
                     "the signature is not by issuer key " + std::to_string(header.key_number) +
                         " of " + member->slug);
    }
    return std::nullopt;
}

std::optional<Fault> size_fault(const Batch& batch, const GrowingBlock& block) {
    const std::uint64_t wanted = entry_bytes_of(batch);
    const std::uint64_t most = ledger::block_bytes_max - state_entry_bytes;
    if (wanted > most) {
        return fault(Errc::invalid,
                     "batch of " + std::to_string(wanted) + " bytes of entries, want at most " +
                         std::to_string(most));
    }
    if (wanted > most - block.entry_bytes()) {
        return fault(Errc::unavailable,
                     "the block has " + std::to_string(most - block.entry_bytes()) +
                         " bytes left, the batch needs " + std::to_string(wanted));
    }
    return std::nullopt;
}

Result<std::optional<Fault>> records_fault(const Batch& batch, const GrowingBlock& block) {
    switch (batch.header.record_kind) {
        case ledger::Kind::credential:
            return credentials_fault(batch, block);
        case ledger::Kind::status:
            return statuses_fault(batch, block);
        case ledger::Kind::publication:
            return std::optional<Fault>();
        case ledger::Kind::anchor:
            return anchors_fault(batch, block);
        case ledger::Kind::batch:
        case ledger::Kind::governance:
        case ledger::Kind::state:
            break;
    }
    CHECK(!"split_bulk() lets no other kind pass");
    return std::optional<Fault>();
}

}  // namespace chancery::registry

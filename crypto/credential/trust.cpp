#include "crypto/credential/trust.h"

#include <algorithm>
#include <set>

#include "crypto/base/encoding.h"
#include "crypto/credential/proof_fields.h"

namespace chancery::credential {
namespace {

using ledger::Cosigner;
using ledger::Members;
using ledger::Position;

Error forbidden(std::string detail) { return {Errc::forbidden, std::move(detail)}; }

void raise(Position& newest, const ledger::InForce& in_force) {
    newest = std::max({newest, in_force.from, in_force.until.value_or(0)});
}

// The last position at which the object shows a change of DIDs or keys.
Position newest_change(const Members& members) {
    Position newest = 0;
    for (const ledger::Member& member : members.members) {
        for (const ledger::DidRecord& record : member.dids)
            raise(newest, record.in_force);
        for (const ledger::KeyRecord& record : member.keys)
            raise(newest, record.in_force);
    }
    return newest;
}

Position newest_cosigner_change(const Members& members) {
    Position newest = 0;
    for (const ledger::Member& member : members.members) {
        for (const ledger::KeyRecord& record : member.keys) {
            if (record.use == ledger::KeyUse::cosigner) raise(newest, record.in_force);
        }
    }
    return newest;
}

// How many cosignatures a seal at `position` takes.
std::uint32_t quorum_at(const Members& members,
                        const std::vector<Cosigner>& cosigners,
                        Position position) {
    if (position >= newest_cosigner_change(members)) return members.quorum;
    std::set<ledger::MemberNumber> numbers;
    for (const Cosigner& cosigner : cosigners)
        numbers.insert(cosigner.member);
    const auto count = static_cast<std::uint32_t>(numbers.size());
    return std::max(ledger::quorum_min(count), std::min(members.quorum, count));
}

// nullopt: not sealed, as far as this object tells.
Result<std::optional<ledger::Seal>> seal_under(const Members& members,
                                               const note::SignedNote& note,
                                               Position position) {
    const std::vector<Cosigner> cosigners = ledger::cosigners_at(members, position);
    if (cosigners.empty()) return std::optional<ledger::Seal>();
    const Result<ledger::Seal> seal =
        ledger::seal_of(note, cosigners, quorum_at(members, cosigners, position));
    if (!seal) return seal.error();
    return seal->is_sealed() ? std::optional(*seal) : std::nullopt;
}

Result<void> want_sealed(const Members& members, const note::SignedNote& note, Position position) {
    const Result<std::optional<ledger::Seal>> seal = seal_under(members, note, position);
    if (!seal) return seal.error();
    if (!*seal) {
        return forbidden("checkpoint has too few known cosignatures, want " +
                         std::to_string(members.quorum));
    }
    return {};
}

Position last_position(std::uint64_t size) { return size == 0 ? 0 : size - 1; }

}  // namespace

void Trust::add(Members members, Position from) {
    const Hash hash = ledger::members_hash(members);
    objects_.push_back({.members = std::move(members), .hash = hash, .from = from});
}

Trust Trust::from_members(Members members) {
    Trust trust;
    trust.add(std::move(members), 0);
    return trust;
}

Result<Trust> Trust::from_file(const TrustFile& file, const Hash& pinned_network_id) {
    const Hash actual = ledger::network_id(file.genesis);
    if (actual != pinned_network_id) {
        return forbidden("network is " + to_hex(actual) + ", want " + to_hex(pinned_network_id));
    }
    const Result<void> is_signed = ledger::check_signatures(file.genesis);
    if (!is_signed) return is_signed.error();
    Trust trust = from_members(ledger::members_from(file.genesis));
    for (std::size_t i = 0; i < file.steps.size(); ++i) {
        const Result<void> accepted = trust.accept(file.steps[i]);
        if (!accepted) {
            return Error{accepted.error().code,
                         "step " + std::to_string(i) + ": " + accepted.error().detail};
        }
    }
    return trust;
}

Result<void> Trust::accept(const TrustStep& step) {
    const Result<note::SignedCheckpoint> parsed = note::parse_checkpoint(step.checkpoint);
    if (!parsed) return parsed.error();
    const merkle::TreeHead& head = parsed->checkpoint.head;
    const bool is_same_log =
        parsed->checkpoint.origin == newest().origin && step.members.origin == newest().origin &&
        step.members.network == newest().network && step.members.epoch == newest().epoch;
    if (!is_same_log) {
        return forbidden("step is of another network or epoch, want " + newest().origin);
    }
    if (head.size <= newest_size_) {
        return forbidden("step has size " + std::to_string(head.size) + ", want more than " +
                         std::to_string(newest_size_));
    }
    const Result<ledger::StateEntry> state =
        check_state({.entry = step.state_entry, .path = step.state_path}, head);
    if (!state) return forbidden(state.error().detail);
    const Hash hash = ledger::members_hash(step.members);
    if (state->members_hash != hash) {
        return forbidden("members object has hash " + to_hex(hash) + ", want " +
                         to_hex(state->members_hash));
    }
    Result<void> by_old = want_sealed(newest(), parsed->note, head.size - 1);
    if (!by_old) return by_old;
    Result<void> by_new = want_sealed(step.members, parsed->note, head.size);
    if (!by_new) return by_new;
    if (hash != objects_.back().hash) add(step.members, head.size);
    newest_size_ = head.size;
    return {};
}

const Trust::Accepted& Trust::governing(std::uint64_t size) const {
    const Accepted* governing = &objects_.front();
    for (const Accepted& object : objects_) {
        if (object.from < size) governing = &object;
    }
    return *governing;
}

Result<std::optional<ledger::Seal>> Trust::seal(const note::SignedCheckpoint& checkpoint) const {
    using MaybeSeal = std::optional<ledger::Seal>;
    if (checkpoint.checkpoint.origin != newest().origin) return MaybeSeal();
    const std::uint64_t size = checkpoint.checkpoint.head.size;
    Result<MaybeSeal> seal =
        seal_under(governing(size).members, checkpoint.note, last_position(size));
    if (!seal || !*seal) return seal;

    // A block that changed the members is sealed by those of after, too.
    const auto after =
        std::ranges::find_if(objects_, [size](const Accepted& o) { return o.from == size; });
    if (size == 0 || after == objects_.end()) return seal;
    Result<MaybeSeal> seal_after = seal_under(after->members, checkpoint.note, size);
    if (!seal_after || !*seal_after) return seal_after;
    return (*seal_after)->time_s < (*seal)->time_s ? seal_after : seal;
}

bool Trust::knows(const Hash& members_hash) const {
    return std::ranges::any_of(
        objects_, [&members_hash](const Accepted& object) { return object.hash == members_hash; });
}

ledger::Position Trust::known_size() const {
    return std::max(newest_size_, newest_change(newest()));
}

}  // namespace chancery::credential

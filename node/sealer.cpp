#include "node/sealer.h"

#include <algorithm>
#include <utility>

#include "crypto/base/check.h"

namespace chancery::node {
namespace {

// A line over the last sealed head is worth a new note if it is this much newer, or the first.
constexpr std::uint64_t note_gain_s = 10;

note::Checkpoint checkpoint_of(const Sealing& sealing) {
    return {sealing.members->origin, sealing.head};
}

// The members in force before a block are those of the size before it; a block that changes the
// cosigners also needs the new quorum, which comes with governance.
std::vector<ledger::Cosigner> cosigners_of(const ledger::Members& members, std::uint64_t size) {
    return ledger::cosigners_at(members, size == 0 ? 0 : size - 1);
}

const ledger::Cosigner* find_member(const std::vector<ledger::Cosigner>& cosigners,
                                    ledger::MemberNumber member) {
    const auto found = std::ranges::find(cosigners, member, &ledger::Cosigner::member);
    return found == cosigners.end() ? nullptr : &*found;
}

bool is_line_of(const note::SignatureLine& line, const ledger::Cosigner& cosigner) {
    return line.name == cosigner.key.name && line.id == note::key_id(cosigner.key);
}

// Its time, if the line is good over `text`.
std::optional<std::uint64_t> time_of(const std::string& text,
                                     const note::SignatureLine& line,
                                     const ledger::Cosigner& cosigner) {
    if (!is_line_of(line, cosigner)) return std::nullopt;
    const auto time_s = note::cosigned_at({text, {line}}, cosigner.key);
    return time_s ? *time_s : std::nullopt;
}

// Its first eight bytes, whether it is good or not.
std::uint64_t claimed_time_of(const note::SignatureLine& line) {
    Reader in(line.signature);
    const std::uint64_t time_s = in.u64();
    return in.ran_short() ? 0 : time_s;
}

storage::CosignedRecord record_of(const Sealing& sealing) {
    return {sealing.height,
            sealing.index,
            sealing.chain,
            sealing.members->origin,
            sealing.head.size,
            sealing.head.root};
}

}  // namespace

std::size_t seal_bytes_max(const ledger::Members& members) {
    constexpr std::size_t beside_origin = 256;  // A slug, a signature, punctuation.
    return (members.members.size() + 2) * (members.origin.size() + beside_origin);
}

Result<VerifiedSeal> verify_seal(const std::string& checkpoint, const ledger::Members& members) {
    auto parsed = note::parse_checkpoint(checkpoint);
    if (!parsed) return parsed.error();
    if (parsed->checkpoint.origin != members.origin) {
        return Error{Errc::invalid, "a seal of another log, want " + members.origin};
    }
    const auto cosigners = cosigners_of(members, parsed->checkpoint.head.size);
    const auto seal = ledger::seal_of(parsed->note, cosigners, members.quorum);
    if (!seal) return seal.error();
    if (!seal->is_sealed()) {
        return Error{Errc::forbidden,
                     std::to_string(seal->members) + " members cosigned, want " +
                         std::to_string(members.quorum)};
    }
    return VerifiedSeal{checkpoint, std::move(*parsed), *seal};
}

Sealer::Sealer(Identity identity, const Restored& restored)
    : identity_(std::move(identity)), guard_(restored.cosigned) {
    if (restored.checkpoint.empty()) return;
    const auto parsed = note::parse_checkpoint(restored.checkpoint);
    CHECK(parsed);
    const merkle::TreeHead& head = parsed->checkpoint.head;
    Current sealed;
    sealed.sealing = {restored.checkpoint_height,
                      restored.checkpoint_index,
                      restored.checkpoint_chain,
                      head,
                      restored.members};
    sealed.text = note::checkpoint_text(parsed->checkpoint);
    sealed.cosigners = cosigners_of(*restored.members, head.size);
    for (const ledger::Cosigner& cosigner : sealed.cosigners) {
        for (const note::SignatureLine& line : parsed->note.signatures) {
            if (is_line_of(line, cosigner)) sealed.lines.insert_or_assign(cosigner.member, line);
        }
        if (!sealed.lines.contains(cosigner.member)) continue;
        note_newest(cosigner.member, sealed.sealing);
        const auto time_s = note::cosigned_at(parsed->note, cosigner.key);
        if (cosigner.member == identity_.member && time_s) newest_time_s_ = time_s->value_or(0);
    }
    last_sealed_ = std::move(sealed);
    newest_note_ = {restored.checkpoint, seal_over(*last_sealed_)};
}

void Sealer::begin(const Sealing& sealing) {
    CHECK(!current_);
    CHECK(sealing.members != nullptr);
    Current current;
    current.sealing = sealing;
    current.text = note::checkpoint_text(checkpoint_of(sealing));
    current.cosigners = cosigners_of(*sealing.members, sealing.head.size);
    current_ = std::move(current);
    is_agreed_ = false;
    const auto early = std::exchange(early_, {});
    for (const auto& [member, waiting] : early) {
        if (!current_ || waiting.size > sealing.head.size) {
            early_.emplace(member, waiting);
        } else if (waiting.size == sealing.head.size) {
            count(member, waiting.line);
        }
    }
}

void Sealer::abandon() {
    if (!current_) return;
    CHECK(!is_agreed_);
    current_.reset();
}

void Sealer::pass_over_empty() {
    CHECK(current_ && current_->sealing.head.size == 0);
    current_.reset();
}

void Sealer::agreed() {
    if (!current_ || is_agreed_ || asked_) return;
    is_agreed_ = true;
    if (!guard_allows(current_->sealing)) {
        effects_.alarm = "the guard holds size " + std::to_string(guard_->size) +
                         " with another root or beyond this head of size " +
                         std::to_string(current_->sealing.head.size) +
                         ": this node's disk was rolled back or its ledger differs";
        return;
    }
    asked_ = record_of(current_->sealing);
    effects_.guard = asked_;
}

bool Sealer::guard_allows(const Sealing& sealing) const {
    if (!guard_ || guard_->origin != sealing.members->origin) return true;
    if (sealing.head.size == guard_->size) return sealing.head.root == guard_->root;
    return sealing.head.size > guard_->size;
}

Result<void> Sealer::recall_guard(const storage::CosignedRecord& cosigned) {
    const bool is_known = guard_ && guard_->origin == cosigned.origin;
    if (is_known && guard_->size == cosigned.size && guard_->root != cosigned.root) {
        return Error{Errc::corrupt,
                     "this member's key cosigned two roots of size " +
                         std::to_string(cosigned.size) + ": another node holds its keys"};
    }
    if (!is_known || guard_->size < cosigned.size) guard_ = cosigned;
    return {};
}

// A quorum of others may have sealed this head while the record was on its way.
void Sealer::guarded(std::uint64_t now_s) {
    CHECK(asked_);
    guard_ = std::exchange(asked_, std::nullopt);
    const auto is_it = [this](const std::optional<Current>& each) {
        return each && each->sealing.head == guard_->head();
    };
    if (is_it(current_)) {
        sign(*current_, now_s);
        seal_when_ready();
    } else if (is_it(last_sealed_)) {
        sign(*last_sealed_, now_s);
    }
}

void Sealer::sign(Current& current, std::uint64_t now_s) {
    const ledger::Cosigner* const own = find_member(current.cosigners, identity_.member);
    if (own == nullptr) return;  // Not a cosigner of this size.
    newest_time_s_ = std::max(newest_time_s_, now_s);
    auto line = note::cosign(current.text, own->key.name, newest_time_s_, identity_.cosigner);
    current.lines.insert_or_assign(identity_.member, line);
    current.own =
        rpc::Cosignature{current.sealing.index, current.sealing.head.size, std::move(line)};
    effects_.own_line = current.own;
}

void Sealer::cosignature(ledger::MemberNumber member,
                         std::uint64_t size,
                         const note::SignatureLine& line) {
    if (member == identity_.member) return;
    if (current_ && size == current_->sealing.head.size) return count(member, line);
    if (last_sealed_ && size == last_sealed_->sealing.head.size) {
        late_[member] = line;
        return;
    }
    const std::uint64_t known = current_       ? current_->sealing.head.size
                                : last_sealed_ ? last_sealed_->sealing.head.size
                                               : 0;
    if (size > known || (!last_sealed_ && !current_)) {
        early_[member] = {size, line};
    }
}

void Sealer::count(ledger::MemberNumber member, const note::SignatureLine& line) {
    const ledger::Cosigner* const cosigner = find_member(current_->cosigners, member);
    if (cosigner == nullptr) return;
    const auto known = current_->lines.find(member);
    if (known != current_->lines.end() && known->second == line) return;
    if (!is_over(*current_, *cosigner, line)) return;
    if (known != current_->lines.end()) return;
    note_newest(member, current_->sealing);
    current_->lines.emplace(member, line);
    seal_when_ready();
}

// Whether it is good. One that is not may be good over another root, and is handed on.
bool Sealer::is_over(const Current& current,
                     const ledger::Cosigner& cosigner,
                     const note::SignatureLine& line) {
    if (time_of(current.text, line, cosigner)) return true;
    effects_.strange.push_back({cosigner.member, current.sealing.head.size, line});
    return false;
}

void Sealer::note_newest(ledger::MemberNumber member, const Sealing& sealing) {
    newest_[member] = {
        sealing.height, sealing.index, sealing.chain, sealing.head.size, sealing.head.root};
}

bool Sealer::adopt(const VerifiedSeal& seal) {
    if (!current_ || seal.parsed.checkpoint != checkpoint_of(current_->sealing)) return false;
    for (const ledger::Cosigner& cosigner : current_->cosigners) {
        for (const note::SignatureLine& line : seal.parsed.note.signatures) {
            if (!is_line_of(line, cosigner)) continue;
            current_->lines.try_emplace(cosigner.member, line);
            note_newest(cosigner.member, current_->sealing);
        }
    }
    seal_when_ready();
    CHECK(!current_);
    return true;
}

void Sealer::seal_when_ready() {
    if (current_->lines.size() < current_->sealing.members->quorum) return;
    newest_note_ = note_of(*current_);
    effects_.sealed = newest_note_;
    last_sealed_ = std::move(current_);
    current_.reset();
    late_.clear();
}

ledger::Seal Sealer::seal_over(const Current& current) {
    std::map<ledger::MemberNumber, std::uint64_t> times;
    for (const auto& [member, line] : current.lines)
        times.emplace(member, claimed_time_of(line));
    return ledger::seal_of(times, current.sealing.members->quorum);
}

SealedNote Sealer::note_of(const Current& current) const {
    note::SignedNote sealed{current.text, {}};
    sealed.signatures.push_back(
        note::sign_note(current.text, current.sealing.members->origin, identity_.log));
    for (const auto& [member, line] : current.lines)
        sealed.signatures.push_back(line);
    return {note::to_text(sealed), seal_over(current)};
}

void Sealer::refresh(std::uint64_t now_s, std::uint64_t age_s) {
    if (current_ || !last_sealed_ || effects_.sealed) return;
    bool is_newer = false;
    for (const auto& [member, line] : std::exchange(late_, {})) {
        const ledger::Cosigner* const cosigner = find_member(last_sealed_->cosigners, member);
        if (cosigner == nullptr) continue;
        const auto held = last_sealed_->lines.find(member);
        const std::uint64_t held_s =
            held == last_sealed_->lines.end() ? 0 : claimed_time_of(held->second);
        if (claimed_time_of(line) < held_s + note_gain_s) continue;
        if (!is_over(*last_sealed_, *cosigner, line)) continue;
        last_sealed_->lines.insert_or_assign(member, line);
        is_newer = true;
    }
    const ledger::Cosigner* const own = find_member(last_sealed_->cosigners, identity_.member);
    const bool is_due = own != nullptr && !asked_ && now_s >= newest_time_s_ + age_s;
    // Who never cosigned this head asks its guard first, as for any other.
    const bool is_guarded = guard_ && guard_->head() == last_sealed_->sealing.head;
    if (is_due && is_guarded) {
        sign(*last_sealed_, now_s);
        is_newer = true;
    } else if (is_due && guard_allows(last_sealed_->sealing)) {
        asked_ = record_of(last_sealed_->sealing);
        effects_.guard = asked_;
    }
    if (!is_newer) return;
    newest_note_ = note_of(*last_sealed_);
    effects_.refreshed = newest_note_;
}

SealerEffects Sealer::take_effects() { return std::exchange(effects_, {}); }

std::vector<std::string> Sealer::notes() const {
    std::vector<std::string> notes;
    const auto add = [&notes](const Current& head, const auto& late) {
        note::SignedNote all{head.text, {}};
        for (const auto& [member, line] : head.lines)
            all.signatures.push_back(line);
        for (const auto& [member, line] : late) {
            if (!head.lines.contains(member)) all.signatures.push_back(line);
        }
        if (!all.signatures.empty()) notes.push_back(note::to_text(all));
    };
    if (current_) add(*current_, decltype(late_){});
    if (last_sealed_) add(*last_sealed_, late_);
    return notes;
}

std::optional<rpc::Cosignature> Sealer::own_line() const {
    if (current_) return current_->own;
    return last_sealed_ ? last_sealed_->own : std::nullopt;
}

std::optional<rpc::Memory::Cosigned> Sealer::newest_of(ledger::MemberNumber member) const {
    const auto found = newest_.find(member);
    return found == newest_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace chancery::node

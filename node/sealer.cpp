#include "node/sealer.h"

#include <algorithm>
#include <utility>

#include "crypto/base/check.h"

namespace chancery::node {
namespace {

note::Checkpoint checkpoint_of(const Sealing& sealing) {
    return {sealing.members->origin, sealing.head};
}

}  // namespace

Sealer::Sealer(Identity identity, const Restored& restored)
    : identity_(std::move(identity)), guard_(restored.cosigned), checkpoint_(restored.checkpoint) {
    if (checkpoint_.empty()) return;
    const auto parsed = note::parse_checkpoint(checkpoint_);
    CHECK(parsed);  // Our own note, checked when the store was opened.
    const merkle::TreeHead& head = parsed->checkpoint.head;
    Current sealed;
    sealed.sealing = {restored.checkpoint_height, 0, {}, head, restored.members};
    sealed.text = note::checkpoint_text(parsed->checkpoint);
    sealed.cosigners = ledger::cosigners_at(*restored.members, head.size);
    for (const ledger::Cosigner& cosigner : sealed.cosigners) {
        for (const note::SignatureLine& line : parsed->note.signatures) {
            const bool is_theirs =
                line.name == cosigner.key.name && line.id == note::key_id(cosigner.key);
            if (is_theirs) sealed.lines.insert_or_assign(cosigner.member, line);
        }
        const auto time_s = note::cosigned_at(parsed->note, cosigner.key);
        if (cosigner.member == identity_.member && time_s) newest_time_s_ = time_s->value_or(0);
    }
    last_sealed_ = std::move(sealed);
}

void Sealer::begin(const Sealing& sealing) {
    CHECK(!current_);
    CHECK(sealing.members != nullptr);
    Current current;
    current.sealing = sealing;
    current.text = note::checkpoint_text(checkpoint_of(sealing));
    // The members in force before the block are those of the size before it; a block that changes
    // the cosigners also needs the new quorum, which comes with governance.
    current.cosigners =
        ledger::cosigners_at(*sealing.members, sealing.head.size == 0 ? 0 : sealing.head.size - 1);
    current_ = std::move(current);
}

void Sealer::agreed() {
    if (!current_ || current_->is_guard_asked) return;
    current_->is_guard_asked = true;
    if (!guard_allows(current_->sealing)) {
        effects_.alarm = "the guard holds size " + std::to_string(guard_->size) +
                         " with another root or beyond this head of size " +
                         std::to_string(current_->sealing.head.size) +
                         ": this node's disk was rolled back or its ledger differs";
        return;
    }
    const Sealing& sealing = current_->sealing;
    effects_.guard = storage::CosignedRecord{sealing.height,
                                             sealing.index,
                                             sealing.chain,
                                             sealing.members->origin,
                                             sealing.head.size,
                                             sealing.head.root};
}

bool Sealer::guard_allows(const Sealing& sealing) const {
    if (!guard_ || guard_->origin != sealing.members->origin) return true;
    if (sealing.head.size == guard_->size) return sealing.head.root == guard_->root;
    return sealing.head.size > guard_->size;
}

void Sealer::guarded(std::uint64_t now_s) {
    CHECK(current_ && current_->is_guard_asked && !current_->is_signed);
    CHECK(guard_allows(current_->sealing));
    const Sealing& sealing = current_->sealing;
    guard_ = storage::CosignedRecord{sealing.height,
                                     sealing.index,
                                     sealing.chain,
                                     sealing.members->origin,
                                     sealing.head.size,
                                     sealing.head.root};
    current_->is_signed = true;
    const auto own =
        std::ranges::find(current_->cosigners, identity_.member, &ledger::Cosigner::member);
    if (own == current_->cosigners.end()) return;  // Not a cosigner of this size.
    newest_time_s_ = std::max(newest_time_s_, now_s);
    const auto line =
        note::cosign(current_->text, own->key.name, newest_time_s_, identity_.cosigner);
    effects_.own_line = line;
    current_->lines.insert_or_assign(identity_.member, line);
    seal_when_ready();
}

void Sealer::cosignature(const note::SignatureLine& line) {
    if (!current_) return;
    for (const ledger::Cosigner& cosigner : current_->cosigners) {
        const bool is_theirs =
            line.name == cosigner.key.name && line.id == note::key_id(cosigner.key);
        if (!is_theirs || cosigner.member == identity_.member) continue;
        const auto time_s = note::cosigned_at({current_->text, {line}}, cosigner.key);
        if (time_s && time_s->has_value()) {
            current_->lines.insert_or_assign(cosigner.member, line);
            seal_when_ready();
        }
        return;
    }
}

void Sealer::seal_when_ready() {
    if (!current_->is_signed || current_->lines.size() < current_->sealing.members->quorum) return;
    checkpoint_ = note_of(*current_);
    effects_.sealed = checkpoint_;
    last_sealed_ = std::move(current_);
    current_.reset();
}

std::string Sealer::note_of(const Current& current) const {
    note::SignedNote sealed{current.text, {}};
    sealed.signatures.push_back(
        note::sign_note(current.text, current.sealing.members->origin, identity_.log));
    for (const auto& [member, line] : current.lines)
        sealed.signatures.push_back(line);
    return note::to_text(sealed);
}

void Sealer::refresh(std::uint64_t now_s, std::uint64_t age_s) {
    if (current_ || !last_sealed_ || now_s < newest_time_s_ + age_s) return;
    const auto own =
        std::ranges::find(last_sealed_->cosigners, identity_.member, &ledger::Cosigner::member);
    if (own == last_sealed_->cosigners.end() || !guard_allows(last_sealed_->sealing)) return;
    newest_time_s_ = now_s;
    const auto line = note::cosign(last_sealed_->text, own->key.name, now_s, identity_.cosigner);
    effects_.own_line = line;
    last_sealed_->lines.insert_or_assign(identity_.member, line);
    checkpoint_ = note_of(*last_sealed_);
    effects_.refreshed = checkpoint_;
}

SealerEffects Sealer::take_effects() { return std::exchange(effects_, {}); }

}  // namespace chancery::node

#include "consensus/raft/journal.h"

#include <algorithm>
#include <string>

#include "consensus/raft/certificate.h"

namespace chancery::raft {
namespace {

std::string place(EntryId id) { return std::to_string(id.term) + "/" + std::to_string(id.index); }

Result<void> check_no_op(const Entry& entry, const EntryContext& context) {
    const Result<Certificate> certificate = decode_certificate(*entry.payload);
    if (!certificate) return certificate.error();
    const Ballot wanted{.network = context.network,
                        .epoch = context.epoch,
                        .term = entry.id.term,
                        .candidate = certificate->ballot.candidate,
                        .head = context.previous.id,
                        .chain = context.previous.chain};
    if (certificate->ballot != wanted) {
        return Error{Errc::invalid, "no-op " + place(entry.id) + ": certificate of another place"};
    }
    if (!has_quorum(*certificate, *context.configuration)) {
        return Error{Errc::invalid, "no-op " + place(entry.id) + ": votes are no quorum"};
    }
    return {};
}

}  // namespace

Journal::Journal(const Base& base, Configuration base_configuration)
    : base_(base), base_configuration_(std::move(base_configuration)) {
    derive();
}

const Entry& Journal::at(Index index) const {
    CHECK(has(index));
    return entries_[static_cast<std::size_t>(index - base_.id.index - 1)];
}

std::optional<EntryId> Journal::id_at(Index index) const {
    if (index == base_.id.index) return base_.id;
    if (!has(index)) return std::nullopt;
    return at(index).id;
}

std::optional<Hash> Journal::chain_at(Index index) const {
    if (index == base_.id.index) return base_.chain;
    if (!has(index)) return std::nullopt;
    return at(index).chain;
}

void Journal::append(Entry entry) {
    CHECK(entry.id.index == last().index + 1);
    CHECK(entry.id.term >= last().term);
    CHECK(entry.payload != nullptr);
    entries_.push_back(std::move(entry));
    const Entry& added = entries_.back();
    if (added.kind == EntryKind::block) last_block_ = added.id.index;
    if (added.kind == EntryKind::configuration) {
        Result<Configuration> configuration = decode_configuration(*added.payload);
        CHECK(configuration);
        configuration_ = std::move(*configuration);
        configuration_index_ = added.id.index;
    }
}

void Journal::truncate_after(Index index) {
    CHECK(index >= base_.id.index);
    while (last().index > index)
        entries_.pop_back();
    derive();
}

void Journal::cut(Index index) {
    if (!has(index)) return;
    while (base_.id.index < index) {
        const Entry& first = entries_.front();
        if (first.kind == EntryKind::configuration) {
            base_configuration_ = *decode_configuration(*first.payload);
        }
        base_ = Base{first.id, first.chain};
        entries_.pop_front();
    }
    derive();
}

Configuration Journal::configuration_at(Index index) const {
    if (index >= configuration_index_) return configuration_;
    for (Index i = index; has(i); --i) {
        if (at(i).kind == EntryKind::configuration) return *decode_configuration(*at(i).payload);
    }
    return base_configuration_;
}

Index Journal::block_at_or_before(Index index) const {
    for (Index i = std::min(index, last_block_); has(i); --i) {
        if (at(i).kind == EntryKind::block) return i;
    }
    return 0;
}

EntryId Journal::agreement_guess(EntryId limit) const {
    Index index = std::min(limit.index, last().index);
    while (has(index) && at(index).id.term > limit.term)
        --index;
    return id_at(index).value_or(base_.id);
}

void Journal::derive() {
    configuration_ = base_configuration_;
    configuration_index_ = base_.id.index;
    last_block_ = 0;
    for (const Entry& entry : entries_) {
        if (entry.kind == EntryKind::block) last_block_ = entry.id.index;
        if (entry.kind == EntryKind::configuration) configuration_index_ = entry.id.index;
    }
    if (has(configuration_index_)) {
        configuration_ = *decode_configuration(*at(configuration_index_).payload);
    }
}

Result<void> check_entry(const Entry& entry, const EntryContext& context) {
    const EntryId previous = context.previous.id;
    const std::string name = "entry " + place(entry.id);
    if (entry.id.index != previous.index + 1 || entry.id.term < previous.term) {
        return Error{Errc::invalid, name + " after " + place(previous)};
    }
    if (!entry.payload) return Error{Errc::invalid, name + " without a payload"};
    if (entry.payload->size() > payload_bytes_max) {
        return Error{Errc::invalid,
                     name + " of " + std::to_string(entry.payload->size()) +
                         " bytes, want at most " + std::to_string(payload_bytes_max)};
    }
    const bool opens_term = entry.id.term > previous.term;
    if (opens_term != (entry.kind == EntryKind::no_op)) {
        return Error{Errc::invalid, name + ": a term opens with a no-op, and only there is one"};
    }
    const Hash chain = chain_hash(context.previous.chain, entry.id, entry.kind, *entry.payload);
    if (entry.chain != chain) return Error{Errc::invalid, name + ": chain does not match"};
    switch (entry.kind) {
        case EntryKind::no_op:
            return check_no_op(entry, context);
        case EntryKind::configuration: {
            const Result<Configuration> next = decode_configuration(*entry.payload);
            if (!next) return next.error();
            return check_successor(*context.configuration, *next);
        }
        case EntryKind::block:
            return {};
    }
    return Error{Errc::invalid, name + " of an unknown kind"};
}

}  // namespace chancery::raft

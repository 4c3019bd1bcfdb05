// Opening a journal: reading every segment, telling torn from rot, and hardening what is left.

#include <algorithm>

#include "crypto/base/check.h"
#include "storage/checksum.h"
#include "storage/journal_state.h"

namespace chancery::storage {
namespace {

constexpr std::size_t seals_max = 8'192;

bool same(const std::shared_ptr<const Bytes>& a, const std::shared_ptr<const Bytes>& b) {
    return a && b ? *a == *b : !a && !b;
}

bool same(const JournalBase& a, const JournalBase& b) {
    return a.at == b.at && a.height == b.height && same(a.configuration, b.configuration);
}

// A segment's first turn as a value.
Result<Carried> parse_carried(const ScannedTurn& turn) {
    if (turn.records.front().type != RecordType::base) {
        return Error{Errc::corrupt, "the first turn does not begin with the base"};
    }
    const auto base = parse_base(turn.records.front().payload);
    if (!base) return base.error();
    Carried carried;
    carried.base = *base;
    for (const ScannedRecord& record : std::span(turn.records).subspan(1)) {
        if (record.type == RecordType::vote) {
            const auto vote = parse_vote(record.payload);
            if (!vote) return vote.error();
            carried.vote = *vote;
        } else if (record.type == RecordType::cosigned) {
            const auto cosigned = parse_cosigned(record.payload);
            if (!cosigned) return cosigned.error();
            carried.cosigned = *cosigned;
        } else if (record.type == RecordType::sealed) {
            const auto sealed = parse_sealed(record.payload);
            if (!sealed) return sealed.error();
            carried.sealed = *sealed;
        } else if (record.type == RecordType::expected) {
            auto expected = parse_expected(record.payload);
            if (!expected) return expected.error();
            carried.expected.push_back(std::move(*expected));
        } else {
            return Error{Errc::corrupt, "the first turn holds what does not belong there"};
        }
    }
    return carried;
}

}  // namespace

// Takes the segments in order and builds the open state and what it held.
class JournalReplay {
public:
    JournalReplay(Disk& disk,
                  const JournalIdentity& identity,
                  const Journal::Options& options,
                  const std::optional<JournalEnd>& synced)
        : disk_(disk), identity_(identity), options_(options), synced_(synced) {}

    Result<void> read_all();
    // Everything read is written again where it is not known as synced, what is cut off is
    // overwritten, and all is synced.
    Result<void> harden();

    std::unique_ptr<Journal::State> take_state() { return std::move(state_); }
    Recovered take_recovered();

private:
    Result<void> check_header(const SegmentHeader& header) const;
    Result<void> begin(const SegmentHeader& header, const ScannedTurn& first);
    Result<void> apply(const ScannedTurn& turn);
    Result<void> apply(const ScannedRecord& record);
    Result<void> apply_vote(ByteView payload);
    Result<void> apply_entry(ByteView payload);
    void note_seal(const SealedRecord& sealed);
    Result<void> check_synced(const ScannedTurn& turn) const;
    Result<void> check_rot() const;
    Result<void> read(std::uint32_t number);

    Disk& disk_;
    JournalIdentity identity_;
    Journal::Options options_;
    std::optional<JournalEnd> synced_;
    std::unique_ptr<Journal::State> state_;  // Null before the first segment's first turn.
    Recovered recovered_;
    Bytes segment_;                    // The one read last,
    std::optional<SegmentScan> scan_;  // and where its good turns end.
};

Result<void> JournalReplay::check_header(const SegmentHeader& header) const {
    const std::string path = SegmentFiles::path_of(header.number);
    const JournalIdentity& got = header.identity;
    if (got.network != identity_.network) return corrupt_at(path, "belongs to another network");
    if (got.node != identity_.node) {
        return corrupt_at(path,
                          "belongs to node " + std::to_string(got.node) + ", want node " +
                              std::to_string(identity_.node));
    }
    if (got.epoch != identity_.epoch) {
        return corrupt_at(path,
                          "is of epoch " + std::to_string(got.epoch) + ", want epoch " +
                              std::to_string(identity_.epoch));
    }
    if (!state_) return {};
    if (header.previous_end != state_->end || header.previous_chain != state_->chain) {
        return corrupt_at(SegmentFiles::path_of(segment_of(state_->end)),
                          "the turn at " + std::to_string(offset_of(state_->end)) +
                              " fails its check, and was synced before the next segment began");
    }
    return {};
}

Result<void> JournalReplay::begin(const SegmentHeader& header, const ScannedTurn& first) {
    const auto carried = parse_carried(first);
    if (!carried) return carried.error();
    if (!state_) {
        state_ = std::make_unique<Journal::State>(disk_, identity_, options_, carried->base);
        state_->vote = carried->vote;
        state_->cosigned = carried->cosigned;
        state_->sealed = carried->sealed;
        state_->expected = carried->expected;
    }
    const Carried want = state_->carried();
    if (!same(carried->base, want.base) || carried->vote != want.vote ||
        carried->cosigned != want.cosigned || carried->sealed != want.sealed ||
        carried->expected != want.expected) {
        return Error{Errc::corrupt, "does not take up where the segment before ended"};
    }
    state_->segments.push_back({header.number, header.bytes, carried->base.at.id.index});
    return {};
}

Result<void> JournalReplay::apply_vote(ByteView payload) {
    const auto vote = parse_vote(payload);
    if (!vote) return vote.error();
    if (state_->vote && vote->term < state_->vote->term) {
        return Error{Errc::corrupt, "a vote of a term that was over"};
    }
    state_->vote = *vote;
    return {};
}

Result<void> JournalReplay::apply_entry(ByteView payload) {
    auto entry = parse_entry(payload);
    if (!entry) return entry.error();
    const raft::Index index = entry->id.index;
    if (!state_->index.can_take(index)) {
        return Error{Errc::corrupt, "entry " + std::to_string(index) + " follows none before it"};
    }
    const Hash previous = state_->index.at(index - 1).at.chain;
    if (entry->chain != raft::chain_hash(previous, entry->id, entry->kind, *entry->payload)) {
        return Error{Errc::corrupt, "entry " + std::to_string(index) + " breaks the chain"};
    }
    state_->note(*entry);
    recovered_.entries.resize(
        static_cast<std::size_t>(index - state_->index.base().at.id.index - 1));
    recovered_.entries.push_back(std::move(*entry));
    return {};
}

void JournalReplay::note_seal(const SealedRecord& sealed) {
    std::vector<SealedRecord>& seals = recovered_.seals;
    if (!seals.empty() && seals.back().index >= sealed.index) seals.pop_back();
    seals.push_back(sealed);
    if (seals.size() < 2 * seals_max) return;
    seals.erase(seals.begin(), seals.end() - static_cast<std::ptrdiff_t>(seals_max));
}

Result<void> JournalReplay::apply(const ScannedRecord& record) {
    switch (record.type) {
        case RecordType::vote:
            return apply_vote(record.payload);
        case RecordType::entry:
            return apply_entry(record.payload);
        case RecordType::content: {
            const auto content = parse_content(record.payload);
            if (!content) return content.error();
            recovered_.contents.push_back(*content);
            return {};
        }
        case RecordType::cosigned: {
            const auto cosigned = parse_cosigned(record.payload);
            if (!cosigned) return cosigned.error();
            state_->note(*cosigned);
            return {};
        }
        case RecordType::sealed: {
            const auto sealed = parse_sealed(record.payload);
            if (!sealed) return sealed.error();
            state_->note(*sealed);
            note_seal(*sealed);
            return {};
        }
        case RecordType::expected: {
            auto expected = parse_expected(record.payload);
            if (!expected) return expected.error();
            state_->expected.push_back(std::move(*expected));
            return {};
        }
        case RecordType::marker:
            return {};
        case RecordType::base:
            break;
    }
    return Error{Errc::corrupt, "a base in the middle of a segment"};
}

Result<void> JournalReplay::apply(const ScannedTurn& turn) {
    for (const ScannedRecord& record : turn.records) {
        if (auto done = apply(record); !done) return done;
    }
    return {};
}

Result<void> JournalReplay::check_synced(const ScannedTurn& turn) const {
    if (!synced_ || synced_->place <= turn.begin || turn.end < synced_->place) return {};
    if (turn.end == synced_->place && turn.chain == synced_->chain) return {};
    return Error{Errc::corrupt, "holds other records than the fence saw synced"};
}

Result<void> JournalReplay::check_rot() const {
    const Place fence = synced_ ? synced_->place : 0;
    const Place evidence = std::max(fence, scan_->durable_evidence());
    if (evidence <= scan_->end()) return {};
    return corrupt_at(SegmentFiles::path_of(segment_of(scan_->end())),
                      "the turn at " + std::to_string(offset_of(scan_->end())) +
                          " fails its check, and was synced: the " +
                          (fence == evidence ? "fence says" : "records after it say") +
                          " so up to " + std::to_string(offset_of(evidence)) + " of " +
                          SegmentFiles::path_of(segment_of(evidence)));
}

Result<void> JournalReplay::read(std::uint32_t number) {
    auto loaded = SegmentFiles(disk_).load(number);
    if (!loaded) return loaded.error();
    const std::string path = SegmentFiles::path_of(number);
    if (auto done = check_header(loaded->header); !done) return done;
    segment_ = std::move(loaded->bytes);
    scan_.emplace(segment_, number);
    auto turn = scan_->next();
    if (turn && !*turn) return corrupt_at(path, "the first turn fails its check, and was synced");
    bool is_first = true;
    while (turn && *turn) {
        const ScannedTurn& scanned = **turn;
        if (auto done = check_synced(scanned); !done) return corrupt_at(path, done.error().detail);
        const auto done = is_first ? begin(loaded->header, scanned) : apply(scanned);
        if (!done) return corrupt_at(path, done.error().detail);
        state_->stated = std::max(state_->stated, is_first ? scanned.end : scanned.durable_upto);
        is_first = false;
        turn = scan_->next();
    }
    if (!turn) return corrupt_at(path, turn.error().detail);
    state_->end = scan_->end();
    state_->chain = scan_->chain();
    state_->segment_crc = scan_->segment_crc();
    return {};
}

Result<void> JournalReplay::read_all() {
    const auto numbers = SegmentFiles(disk_).list();
    if (!numbers) return numbers.error();
    if (numbers->empty()) return Error{Errc::not_found, "journal: there is none"};
    for (const std::uint32_t number : *numbers) {
        if (auto done = read(number); !done) return done;
    }
    recovered_.torn_bytes = scan_->torn_bytes();
    return check_rot();
}

Result<void> JournalReplay::harden() {
    auto file = state_->files.open(segment_of(state_->end));
    if (!file) return file.error();
    // After a failed sync the system may hold in memory what the disk lost, and call it synced.
    const auto begin = static_cast<std::size_t>(offset_of(state_->stated));
    const auto end = static_cast<std::size_t>(offset_of(state_->end));
    const ByteView unknown = ByteView(segment_).subspan(begin, end - begin);
    if (auto done = (*file)->write_at(begin, unknown); !done) return done;
    // The lost turn, written again to the byte, would be followed by those that came after it.
    const Bytes nothing(static_cast<std::size_t>(recovered_.torn_bytes));
    if (auto done = (*file)->write_at(end, nothing); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    state_->file = std::move(*file);
    state_->settle();
    return {};
}

Recovered JournalReplay::take_recovered() {
    const JournalBase& base = state_->index.base();
    recovered_.base = base.at;
    recovered_.base_height = base.height;
    recovered_.base_configuration = base.configuration;
    recovered_.vote = state_->vote.value_or(raft::Vote{});
    recovered_.cosigned = state_->cosigned;
    recovered_.sealed = state_->sealed;
    recovered_.expected = state_->expected;
    return std::move(recovered_);
}

Result<void> Journal::create(Disk& disk, const JournalIdentity& identity, const Options& options) {
    JournalBase base;
    base.at.chain = identity.network;
    return create(disk, identity, options, base);
}

Result<void> Journal::create(Disk& disk,
                             const JournalIdentity& identity,
                             const Options& options,
                             const JournalBase& base) {
    State state(disk, identity, options, base);
    const auto numbers = state.files.list();
    if (!numbers) return numbers.error();
    if (!numbers->empty()) return Error{Errc::conflict, "journal: there is one already"};
    if (auto done = state.files.make_directory(); !done) return done;
    return state.begin_segment(0);
}

Result<Journal::Opened> Journal::open(Disk& disk,
                                      const JournalIdentity& identity,
                                      const Options& options,
                                      const std::optional<JournalEnd>& synced) {
    JournalReplay replay(disk, identity, options, synced);
    if (auto done = replay.read_all(); !done) return done.error();
    if (auto done = replay.harden(); !done) return done.error();
    Recovered recovered = replay.take_recovered();
    return Opened{Journal(replay.take_state()), std::move(recovered)};
}

}  // namespace chancery::storage

#include "storage/journal.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "storage/crash_point.h"
#include "storage/journal_state.h"

namespace chancery::storage {
namespace {

constexpr std::uint64_t prepare_step_bytes = 4 * 1024 * 1024;

const raft::Vote no_vote{};

}  // namespace

void Journal::State::note(const raft::Entry& entry) {
    index.append(entry);
    segments.back().lowest = std::min(segments.back().lowest, entry.id.index);
}

void Journal::State::note(const CosignedRecord& record) {
    if (!cosigned || cosigned->height <= record.height) cosigned = record;
}

void Journal::State::note(const SealedRecord& record) {
    sealed = record;
    std::erase_if(expected, [&](const ExpectedSeal& each) { return each.size <= record.size; });
}

bool Journal::State::has_room(std::uint64_t bytes) const {
    return offset_of(end) + bytes <= segments.back().bytes;
}

TurnWriter Journal::State::writer() const { return TurnWriter({end, durable, chain, segment_crc}); }

Result<void> Journal::State::begin_segment(std::uint64_t room_bytes) {
    if (!segments.empty()) {
        if (auto done = sync(); !done) return done;
    }
    SegmentHeader header;
    header.number = segments.empty() ? 1 : segments.back().number + 1;
    header.bytes = rounded_to_blocks(options.segment_bytes);
    header.identity = identity;
    header.previous_end = end;
    header.previous_chain = chain;
    auto begun = files.begin(header, carried(), room_bytes);
    if (!begun) return begun.error();
    segments.push_back({begun->header.number, begun->header.bytes, index.last_index()});
    file = std::move(begun->file);
    segment_crc = begun->segment_crc;
    end = begun->end;
    chain = begun->chain;
    stated = end;  // A first turn that fails is rot, whatever else is known.
    settle();
    return {};
}

Result<void> Journal::State::put(TurnWriter& writer) {
    const auto turn = writer.finish();
    CHECK(has_room(turn.bytes.size()));
    if (auto done = file->write_at(offset_of(end), turn.bytes); !done) return done;
    end += turn.bytes.size();
    chain = turn.chain;
    stated = durable;
    byte_count += turn.bytes.size();
    crash_point(CrashPoint::journal_appended);
    return {};
}

Result<void> Journal::State::sync() {
    if (durable == end) return {};
    if (auto done = file->sync(); !done) return done;
    ++sync_count;
    crash_point(CrashPoint::journal_synced);
    settle();
    return {};
}

Result<void> Journal::State::write(const Turn& turn) {
    const std::uint64_t bytes = turn_bytes_max(turn);
    if (bytes > 0) {
        if (!has_room(bytes)) {
            if (auto done = begin_segment(bytes); !done) return done;
        }
        TurnWriter out = writer();
        if (turn.vote) out.add(*turn.vote);
        for (const ContentRecord& content : turn.contents)
            out.add(content);
        for (const ExpectedSeal& expected : turn.expected)
            out.add(expected);
        for (const raft::Entry& entry : turn.entries) {
            out.add(entry);
            note(entry);
        }
        if (turn.cosigned) out.add(*turn.cosigned);
        if (turn.sealed) out.add(*turn.sealed);
        if (auto done = put(out); !done) return done;
        if (turn.vote) vote = turn.vote;
        if (turn.cosigned) note(*turn.cosigned);
        expected.insert(expected.end(), turn.expected.begin(), turn.expected.end());
        if (turn.sealed) note(*turn.sealed);
    }
    if (!turn.must_sync) return {};
    return sync();
}

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<void> Journal::write(const Turn& turn) {
    if (state_->has_failed) return Error{Errc::io, "the journal failed before"};
    auto done = state_->write(turn);
    if (!done) state_->has_failed = true;
    return done;
}

Result<void> Journal::write_idle_marker() {
    if (state_->has_failed) return Error{Errc::io, "the journal failed before"};
    state_->has_failed = true;
    if (state_->stated < state_->durable && state_->has_room(block_bytes)) {
        TurnWriter out = state_->writer();
        out.add_marker();
        if (auto done = state_->put(out); !done) return done;
    }
    const std::uint64_t bytes = rounded_to_blocks(state_->options.segment_bytes);
    if (auto done = state_->files.prepare(bytes, prepare_step_bytes); !done) return done;
    state_->has_failed = false;
    return {};
}

Result<void> Journal::cut(raft::Index index, std::uint64_t height) {
    if (state_->has_failed) return Error{Errc::io, "the journal failed before"};
    State& state = *state_;
    if (index <= state.index.base().at.id.index) return {};
    CHECK(state.index.at(index).height == height);

    // The newest segment that may become the oldest: it begins at or before `index`, nothing in it
    // or after it replaced what stands before it, and the tail is kept.
    std::size_t oldest = state.segments.size();
    std::uint64_t kept_bytes = 0;
    raft::Index lowest = std::numeric_limits<raft::Index>::max();
    bool is_found = false;
    while (!is_found && oldest > 0) {
        const State::Segment& segment = state.segments[--oldest];
        kept_bytes += segment.bytes;
        lowest = std::min(lowest, segment.lowest);
        is_found = segment.base <= index && lowest > segment.base &&
                   kept_bytes >= state.options.tail_bytes;
    }
    if (!is_found || oldest == 0) return {};

    state.has_failed = true;
    for (std::size_t i = 0; i < oldest; ++i) {
        // Oldest first and each durable by itself: what is left is never with a gap.
        if (auto done = state.files.retire(state.segments[i].number); !done) return done;
        crash_point(CrashPoint::segment_retired);
        if (auto done = state.files.sync_names(); !done) return done;
    }
    state.index.rebase(state.segments[oldest].base);
    state.segments.erase(state.segments.begin(),
                         state.segments.begin() + static_cast<std::ptrdiff_t>(oldest));
    state.has_failed = false;
    return {};
}

const JournalIdentity& Journal::identity() const { return state_->identity; }
JournalEnd Journal::durable_end() const { return {state_->durable, state_->durable_chain}; }
const raft::Vote& Journal::vote() const { return state_->vote ? *state_->vote : no_vote; }
const std::optional<CosignedRecord>& Journal::cosigned() const { return state_->cosigned; }
std::uint32_t Journal::segment_number() const { return state_->segments.back().number; }
std::uint64_t Journal::sync_count() const { return state_->sync_count; }
std::uint64_t Journal::byte_count() const { return state_->byte_count; }

}  // namespace chancery::storage

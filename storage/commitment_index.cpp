#include "storage/commitment_index.h"

#include <chrono>

#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>

#include "crypto/base/check.h"
#include "storage/rocks.h"

namespace chancery::storage {

CommitmentIndex::CommitmentIndex(Place place, std::uint64_t watermark)
    : place_(std::move(place)), watermark_(watermark) {
    CHECK(place_.run_keys > 0);
}

CommitmentIndex::~CommitmentIndex() {
    if (run_.valid()) run_.wait();
}

std::shared_ptr<const CommitmentIndex::Tails> CommitmentIndex::tails() const {
    const std::lock_guard lock(mutex_);
    return tails_;
}

void CommitmentIndex::set_tails(Tails tails) {
    auto next = std::make_shared<const Tails>(std::move(tails));
    const std::lock_guard lock(mutex_);
    std::swap(tails_, next);
}

Result<void> CommitmentIndex::add(std::span<const registry::NewCommitment> commitments,
                                  std::uint64_t size) {
    if (run_.valid() && run_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
        if (auto done = finish_run(); !done) return done;
    }
    std::vector<CommitmentAt> added;
    added.reserve(commitments.size());
    for (const registry::NewCommitment& each : commitments) {
        added.push_back({keys_of::commitment(each.commitment, each.member), each.position});
    }
    Tails next = *tails();
    next.newest.add(std::move(added));
    const bool is_full = next.newest.count() >= place_.run_keys;
    set_tails(std::move(next));
    if (!is_full) return {};
    if (run_.valid()) {
        if (auto done = finish_run(); !done) return done;
    }
    begin_run(size);
    return {};
}

void CommitmentIndex::begin_run(std::uint64_t size) {
    Tails next = *tails();
    next.freezing = std::move(next.newest);
    next.newest = {};
    const CommitmentTail freezing = next.freezing;
    set_tails(std::move(next));
    freezing_upto_ = size;
    const std::string path = place_.scratch + "/run-" + std::to_string(++run_number_) + ".sst";
    run_ =
        std::async(std::launch::async, [this, freezing, path] { return ingest(freezing, path); });
}

Result<void> CommitmentIndex::finish_run() {
    if (auto done = run_.get(); !done) return done;
    watermark_ = freezing_upto_;
    Tails next = *tails();
    next.freezing = {};
    set_tails(std::move(next));
    return {};
}

Result<void> CommitmentIndex::ingest(const CommitmentTail& tail, const std::string& path) const {
    const rocksdb::Options options = place_.database->GetOptions(place_.family);
    rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options, place_.family);
    rocksdb::Status status = writer.Open(path);
    for (const CommitmentAt& each : tail.sorted()) {
        if (!status.ok()) break;
        status = writer.Put(rocks::slice_of(each.key),
                            rocks::slice_of(values_of::position(each.position)));
    }
    if (status.ok()) status = writer.Finish();
    if (!status.ok()) return rocks::error_of(status, "write a run of commitments");

    rocksdb::IngestExternalFileOptions how;
    how.move_files = true;
    how.snapshot_consistency = false;
    how.write_global_seqno = false;    // The file stays as it was checked.
    how.allow_blocking_flush = false;  // Nothing is ever in this family's memtable.
    status = place_.database->IngestExternalFile(place_.family, {path}, how);
    if (!status.ok()) return rocks::error_of(status, "ingest a run of commitments");
    return {};
}

// Writes each key's position, if a run has it, to its place in `found`.
Result<void> CommitmentIndex::find_in_runs(std::span<const keys_of::CommitmentKey> keys,
                                           std::span<const std::size_t> places,
                                           std::span<std::optional<ledger::Position>> found) const {
    std::vector<rocksdb::Slice> slices;
    slices.reserve(keys.size());
    for (const auto& key : keys)
        slices.push_back(rocks::slice_of(key));
    std::vector<rocksdb::PinnableSlice> values(keys.size());
    std::vector<rocksdb::Status> statuses(keys.size());
    place_.database->MultiGet(rocksdb::ReadOptions(),
                              place_.family,
                              keys.size(),
                              slices.data(),
                              values.data(),
                              statuses.data(),
                              true);
    for (std::size_t i = 0; i < keys.size(); ++i) {
        if (statuses[i].IsNotFound()) continue;
        if (!statuses[i].ok()) return rocks::error_of(statuses[i], "look up a commitment");
        const auto position = values_of::parse_position(rocks::view_of(values[i]));
        if (!position) return position.error();
        found[places[i]] = *position;
    }
    return {};
}

Result<std::vector<std::optional<ledger::Position>>> CommitmentIndex::find(
    ledger::MemberNumber member, std::span<const Hash> commitments, std::uint64_t size) const {
    // The tails first: what leaves them is in the runs before.
    const std::shared_ptr<const Tails> now = tails();
    std::vector<std::optional<ledger::Position>> found(commitments.size());
    std::vector<keys_of::CommitmentKey> keys;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < commitments.size(); ++i) {
        const auto key = keys_of::commitment(commitments[i], member);
        found[i] = now->newest.find(key);
        if (!found[i]) found[i] = now->freezing.find(key);
        if (found[i]) continue;
        keys.push_back(key);
        places.push_back(i);
    }
    if (!keys.empty()) {
        if (auto done = find_in_runs(keys, places, found); !done) return done.error();
    }
    for (auto& position : found) {
        if (position && *position >= size) position.reset();
    }
    return found;
}

}  // namespace chancery::storage

#include "node/audit/log_reader.h"

#include <algorithm>

namespace chancery::audit {
namespace {

merkle::TileId bundle_at(std::uint64_t index, std::uint64_t size) {
    return {.is_bundle = true,
            .level = 0,
            .index = index,
            .width = merkle::tile_width_at(0, index, size)};
}

Finding at(ledger::Position position, std::string what) {
    Finding finding;
    finding.position = position;
    finding.what = std::move(what);
    return finding;
}

}  // namespace

LogReader::LogReader(LogSource& source, const merkle::TreeHead& head)
    : source_(source), head_(head), tiles_(source, head) {}

Result<LogReader::Bundle> LogReader::read(std::uint64_t index) {
    const merkle::TileId id = bundle_at(index, head_.size);
    const ledger::Position first = index * merkle::tile_width;
    Bundle bundle;
    Result<Bytes> bytes = source_.tile(id);
    if (!bytes && bytes.error().code != Errc::not_found) return bytes.error();
    if (!bytes) {
        bundle.fault = at(first, merkle::tile_path(id));
        bundle.fault->expected = std::to_string(id.width) + " entries";
        bundle.fault->actual = bytes.error().detail;
        return bundle;
    }
    bundle.bytes = std::move(*bytes);
    bundle.entries.reserve(id.width);
    Reader in(bundle.bytes);
    for (std::uint32_t i = 0; i < id.width; ++i) {
        const std::size_t left = in.rest().size();
        const std::uint16_t length = in.u16();
        const ByteView entry = in.bytes(length);
        if (in.ran_short()) {
            bundle.fault = at(first + i, "length of the entry");
            bundle.fault->expected =
                "at most " + std::to_string(left) + " bytes with its length, to the bundle's end";
            bundle.fault->actual = left < sizeof(length) ? "no length" : std::to_string(length);
            return bundle;
        }
        bundle.entries.push_back(entry);
    }
    if (!in.finished()) {
        bundle.fault = at(first + id.width, "end of " + merkle::tile_path(id));
        bundle.fault->expected = "nothing after " + std::to_string(id.width) + " entries";
        bundle.fault->actual = std::to_string(in.rest().size()) + " bytes more";
    }
    return bundle;
}

std::vector<Hash> LogReader::leaves_of(std::span<const ByteView> entries) {
    std::vector<Hash> leaves(entries.size());
    for (std::size_t begin = 0; begin < entries.size();) {
        const std::size_t length = entries[begin].size();
        std::size_t end = begin;
        run_.clear();
        for (; end < entries.size() && entries[end].size() == length; ++end)
            run_.insert(run_.end(), entries[end].begin(), entries[end].end());
        const std::span<Hash> places = std::span(leaves).subspan(begin, end - begin);
        if (length == 0) {
            std::ranges::fill(places, merkle::leaf_hash({}));  // No run of nothing.
        } else {
            merkle::leaf_hashes(run_, length, places);
        }
        begin = end;
    }
    return leaves;
}

Checked LogReader::read_next() {
    CHECK(!at_end());
    Result<Bundle> bundle = read(roots_.size());
    if (!bundle) return bundle.error();
    bytes_ = std::move(bundle->bytes);
    entries_ = std::move(bundle->entries);
    first_ = next_;
    const std::vector<Hash> leaves = leaves_of(entries_);
    const Hash root = merkle::root_of(leaves);
    if (tiles_.is_genuine()) {
        auto checked = tiles_.check_bundle(roots_.size(), leaves, root);
        if (!checked) return checked;
        if (*checked) {
            const std::uint64_t good = *(*checked)->position - first_;
            if (good < entries_.size()) entries_.resize(good);
            return checked;
        }
    }
    if (bundle->fault) return bundle->fault;
    roots_.push_back(root);
    next_ += entries_.size();
    return all_well();
}

Result<Bytes> LogReader::entry(ledger::Position position) {
    if (position >= first_ && position - first_ < entries_.size()) {
        const ByteView entry = entries_[position - first_];
        return Bytes(entry.begin(), entry.end());
    }
    const std::uint64_t index = position / merkle::tile_width;
    const std::uint64_t place = position % merkle::tile_width;
    CHECK(index < roots_.size());
    if (again_index_ != index) {
        again_index_.reset();
        Result<Bundle> bundle = read(index);
        if (!bundle) return bundle.error();
        if (bundle->fault || merkle::root_of(leaves_of(bundle->entries)) != roots_[index]) {
            return Error{Errc::corrupt,
                         "the source shows another bundle " + std::to_string(index) +
                             " than when it was read first"};
        }
        again_ = std::move(*bundle);
        again_index_ = index;
    }
    return Bytes(again_.entries[place].begin(), again_.entries[place].end());
}

}  // namespace chancery::audit

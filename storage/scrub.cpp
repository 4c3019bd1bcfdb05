#include "storage/scrub.h"

#include <algorithm>

#include "consensus/registry/batch.h"
#include "crypto/ledger/entry_rules.h"
#include "crypto/note/checkpoint.h"

namespace chancery::storage {
namespace {

using Findings = std::vector<Finding>;

// A batch whose records are still to come.
struct OpenBatch {
    ledger::Position position = 0;
    ledger::BatchEntry header;
    std::vector<Hash> bodies;
};

// What a bundle and the tile above it hold, if both could be read and agree.
struct Leaves {
    std::vector<Bytes> entries;
    std::vector<Hash> hashes;
};

// Errors of the disk are the caller's; damage becomes a finding, and the answer is then empty.
template <typename T>
Result<std::optional<T>> or_finding(Result<T> got, ledger::Position at, Findings& findings) {
    if (got) return std::optional<T>(std::move(*got));
    if (got.error().code == Errc::io) return got.error();
    findings.push_back({at, got.error().detail});
    return std::optional<T>();
}

Result<std::optional<std::vector<Hash>>> read_tile(const LedgerStore& store,
                                                   const merkle::TileId& id,
                                                   ledger::Position at,
                                                   Findings& findings) {
    const auto bytes = or_finding(store.tile(id), at, findings);
    if (!bytes) return bytes.error();
    if (!*bytes) return std::optional<std::vector<Hash>>();
    return or_finding(merkle::parse_tile(**bytes, id.width), at, findings);
}

Result<std::optional<Leaves>> read_leaves(const LedgerStore& store,
                                          std::uint64_t index,
                                          std::uint32_t width,
                                          Findings& findings) {
    const ledger::Position first = index * merkle::tile_width;
    const auto bytes = or_finding(
        store.tile({.is_bundle = true, .index = index, .width = width}), first, findings);
    if (!bytes) return bytes.error();
    auto hashes = read_tile(store, {.index = index, .width = width}, first, findings);
    if (!hashes) return hashes.error();
    if (!*bytes || !*hashes) return std::optional<Leaves>();
    const auto entries = or_finding(merkle::parse_bundle(**bytes, width), first, findings);
    if (!entries) return entries.error();
    if (!*entries) return std::optional<Leaves>();
    Leaves leaves;
    leaves.hashes = std::move(**hashes);
    for (std::size_t i = 0; i < (*entries)->size(); ++i) {
        const ByteView entry = (**entries)[i];
        leaves.entries.emplace_back(entry.begin(), entry.end());
        if (merkle::leaf_hash(entry) != leaves.hashes[i]) {
            findings.push_back({first + i, "the entry does not hash to its leaf"});
        }
    }
    return std::optional<Leaves>(std::move(leaves));
}

// The root of a log of `size`, from the widest stored hashes: the path that proofs take.
Result<std::optional<Hash>> root_from_tiles(const LedgerStore& store,
                                            std::uint64_t size,
                                            Findings& findings) {
    if (size == 0) return std::optional<Hash>(merkle::empty_root());
    std::vector<Hash> roots;
    for (const merkle::Range& range : merkle::perfect_subtrees({0, size})) {
        const merkle::TileSlice slice = merkle::slice_of(range);
        const merkle::TileId id{
            .level = slice.level, .index = slice.index, .width = slice.first + slice.count};
        const auto tile = read_tile(store, id, range.begin, findings);
        if (!tile) return tile.error();
        if (!*tile) return std::optional<Hash>();
        roots.push_back(merkle::root_of(std::span(**tile).subspan(slice.first, slice.count)));
    }
    Hash root = roots.back();
    for (std::size_t i = roots.size() - 1; i-- > 0;)
        root = merkle::node_hash(roots[i], root);
    return std::optional<Hash>(root);
}

void check_state_entry(ByteView entry, const registry::State& state, Findings& findings) {
    const ledger::Position position = state.frontier.leaf_count() - 1;
    const auto decoded = ledger::decode(entry);
    const auto* last = decoded ? std::get_if<ledger::StateEntry>(&*decoded) : nullptr;
    if (last == nullptr) {
        findings.push_back({position, "the last entry is no state entry"});
        return;
    }
    if (last->height != state.height || last->time != state.time || last->size != position) {
        findings.push_back({position, "the last state entry is of another block than the head"});
    }
    if (last->status_root != state.status.root(position)) {
        findings.push_back({position, "the status chunks do not give the last status root"});
    }
    if (last->members_hash != ledger::members_hash(*state.members)) {
        findings.push_back({position, "the members object does not give the last members hash"});
    }
}

void check_batch(const OpenBatch& batch, const ledger::Members& members, Findings& findings) {
    const auto found = [&](const char* what) { findings.push_back({batch.position, what}); };
    if (merkle::root_of(batch.bodies) != batch.header.records_root) {
        return found("the records do not give the batch's root");
    }
    const ledger::Member* member = members.find(batch.header.member);
    const ledger::KeyRecord* record =
        member == nullptr
            ? nullptr
            : ledger::find_key(*member, ledger::KeyUse::issuer, batch.header.key_number);
    if (record == nullptr) return found("the batch names a member or key that is unknown");
    const Hash message = registry::batch_message(members.network, batch.header);
    if (!record->key.member_key().verifies(message, batch.header.signature)) {
        found("the batch's signature does not hold");
    }
}

}  // namespace

Result<std::vector<Finding>> check_right_edge(const LedgerStore& store) {
    Findings findings;
    const auto loaded = or_finding(store.load(), 0, findings);
    if (!loaded) return loaded.error();
    if (!*loaded) return findings;
    const StoredState& stored = **loaded;
    const merkle::TreeHead head = stored.state.head();
    if (!stored.checkpoint.empty()) {
        const auto checkpoint = note::parse_checkpoint(stored.checkpoint);
        if (!checkpoint) {
            findings.push_back({0, "the checkpoint: " + checkpoint.error().detail});
        } else if (checkpoint->checkpoint.head != head) {
            findings.push_back({0, "the checkpoint is of another size or root than the head"});
        }
    }
    const auto root = root_from_tiles(store, head.size, findings);
    if (!root) return root.error();
    if (*root && **root != head.root) {
        findings.push_back({0, "the tiles do not give the head's root"});
    }
    const std::uint64_t from = head.size - std::min(head.size, start_check_entries);
    for (std::uint64_t begin = from / merkle::tile_width * merkle::tile_width; begin < head.size;
         begin += merkle::tile_width) {
        const auto width =
            static_cast<std::uint32_t>(std::min(merkle::tile_width, head.size - begin));
        const auto leaves = read_leaves(store, begin / merkle::tile_width, width, findings);
        if (!leaves) return leaves.error();
        if (!*leaves || begin + width < head.size) continue;
        check_state_entry((*leaves)->entries.back(), stored.state, findings);
    }
    return findings;
}

struct Scrub::Pass {
    Pass(const LedgerStore& read, const registry::State& state)
        : store(read), head(state.head()), members(state.members) {}

    const LedgerStore& store;
    merkle::TreeHead head;
    std::shared_ptr<const ledger::Members> members;
    std::uint64_t position = 0;
    merkle::Frontier frontier;  // Of what was read, as the tiles of level 0 have it.
    bool is_whole = true;       // Every leaf so far could be read.
    std::optional<OpenBatch> batch;

    Result<void> read_bundle(Findings& findings);
    Result<void> check_parents(std::uint64_t index, const Hash& root, Findings& findings) const;
    void take_entry(ledger::Position at, ByteView bytes, Findings& findings);
};

// `root` is that of full tile `index` of level 0: it stands in the tile above, and so on up.
Result<void> Scrub::Pass::check_parents(std::uint64_t index,
                                        const Hash& root,
                                        Findings& findings) const {
    const ledger::Position first = index * merkle::tile_width;
    Hash below = root;
    for (std::uint8_t level = 1;; ++level) {
        const auto place = static_cast<std::uint32_t>(index % merkle::tile_width);
        const merkle::TileId id{
            .level = level, .index = index / merkle::tile_width, .width = place + 1};
        const auto tile = read_tile(store, id, first, findings);
        if (!tile) return tile.error();
        if (!*tile) return {};
        if ((*tile)->back() != below) {
            findings.push_back({first, merkle::tile_path(id) + " has another hash than its tile"});
            return {};
        }
        if (place + 1 < merkle::tile_width) return {};
        below = merkle::root_of(**tile);
        index /= merkle::tile_width;
    }
}

void Scrub::Pass::take_entry(ledger::Position at, ByteView bytes, Findings& findings) {
    const auto entry = ledger::decode(bytes);
    if (!entry) {
        findings.push_back({at, entry.error().detail});
        batch.reset();
        return;
    }
    if (const auto* header = std::get_if<ledger::BatchEntry>(&*entry)) {
        batch = OpenBatch{at, *header, {}};
        return;
    }
    if (!batch) return;
    if (!ledger::is_record_kind(static_cast<ledger::Kind>(bytes[1]))) {
        findings.push_back({batch->position, "the batch breaks off before its last record"});
        batch.reset();
        return;
    }
    batch->bodies.push_back(merkle::leaf_hash(ledger::body_of(*entry)));
    if (batch->bodies.size() < batch->header.count) return;
    check_batch(*batch, *members, findings);
    batch.reset();
}

Result<void> Scrub::Pass::read_bundle(Findings& findings) {
    const std::uint64_t index = position / merkle::tile_width;
    const auto width =
        static_cast<std::uint32_t>(std::min(merkle::tile_width, head.size - position));
    const auto leaves = read_leaves(store, index, width, findings);
    if (!leaves) return leaves.error();
    if (*leaves) {
        for (std::uint32_t i = 0; i < width; ++i)
            take_entry(position + i, (*leaves)->entries[i], findings);
        if (is_whole) frontier.append((*leaves)->hashes);
        if (width == merkle::tile_width) {
            const Hash root = merkle::root_of((*leaves)->hashes);
            if (auto done = check_parents(index, root, findings); !done) return done;
        }
    } else {
        is_whole = false;
        batch.reset();
    }
    position += width;
    if (position == head.size && is_whole && frontier.root() != head.root) {
        findings.push_back({0, "the leaves do not give the head's root"});
    }
    return {};
}

Scrub::Scrub(std::unique_ptr<Pass> pass) : pass_(std::move(pass)) {}
Scrub::Scrub(Scrub&&) noexcept = default;
Scrub& Scrub::operator=(Scrub&&) noexcept = default;
Scrub::~Scrub() = default;

Result<Scrub> Scrub::begin(const LedgerStore& store) {
    const auto stored = store.load();
    if (!stored) return stored.error();
    return Scrub(std::make_unique<Pass>(store, stored->state));
}

Result<std::vector<Finding>> Scrub::step(std::uint64_t entries_max) {
    Findings findings;
    const std::uint64_t end = pass_->position + std::max(entries_max, merkle::tile_width);
    while (!is_done() && pass_->position + merkle::tile_width <= end) {
        if (auto done = pass_->read_bundle(findings); !done) return done.error();
    }
    return findings;
}

bool Scrub::is_done() const { return pass_->position >= pass_->head.size; }
std::uint64_t Scrub::position() const { return pass_->position; }
std::uint64_t Scrub::size() const { return pass_->head.size; }

}  // namespace chancery::storage

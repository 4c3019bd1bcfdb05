#include "node/tile_cache.h"

#include "crypto/base/check.h"

namespace chancery::node {

using merkle::TileTree;

TileCache::TileCache(const storage::LedgerStore& store, std::size_t tiles_max)
    : store_(store), tiles_max_(tiles_max) {
    CHECK(tiles_max_ > 0);
}

Result<std::shared_ptr<const TileTree>> TileCache::tile(std::uint8_t level,
                                                        std::uint64_t index,
                                                        std::uint32_t width) {
    const Place place{.level = level, .index = index};
    if (auto known = find(place, width)) return known;
    const auto bytes = store_.tile({false, level, index, width});
    if (!bytes) return bytes.error();
    auto hashes = merkle::parse_tile(*bytes, width);
    if (!hashes) return hashes.error();
    auto tree = std::make_shared<const TileTree>(std::move(*hashes));
    keep(place, tree);
    return tree;
}

std::size_t TileCache::tile_count() const {
    const std::lock_guard lock(mutex_);
    return kept_.size();
}

// nullptr if it is not there, or too narrow.
std::shared_ptr<const TileTree> TileCache::find(const Place& place, std::uint32_t width) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(place);
    if (found == places_.end() || found->second->tree->width() < width) return nullptr;
    kept_.splice(kept_.begin(), kept_, found->second);
    return found->second->tree;
}

void TileCache::keep(const Place& place, std::shared_ptr<const TileTree> tree) {
    const std::lock_guard lock(mutex_);
    const auto found = places_.find(place);
    if (found != places_.end()) {
        // Another thread may have kept a wider one since.
        if (found->second->tree->width() < tree->width()) found->second->tree = std::move(tree);
        kept_.splice(kept_.begin(), kept_, found->second);
        return;
    }
    kept_.push_front(Kept{place, std::move(tree)});
    places_.emplace(place, kept_.begin());
    if (kept_.size() <= tiles_max_) return;
    places_.erase(kept_.back().place);
    kept_.pop_back();
}

}  // namespace chancery::node

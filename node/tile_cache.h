// The tiles that proofs were made from last, with their inner nodes, shared by all requests.
//
// Sealed hashes never change: a full tile is right for ever, and one at the log's right edge until
// more of it is wanted, when the store is read again. What was used longest ago makes room. Any
// thread.
#pragma once

#include <list>
#include <map>
#include <memory>
#include <mutex>

#include "crypto/merkle/tile_tree.h"
#include "storage/ledger_store.h"

namespace chancery::node {

class TileCache {
public:
    // 64 MiB of hashes: the tiles of a million entries.
    static constexpr std::size_t default_tiles_max = 4'096;

    // `store` must outlive it. CHECKs tiles_max > 0.
    explicit TileCache(const storage::LedgerStore& store,
                       std::size_t tiles_max = default_tiles_max);

    // Tile (level, index) with its first `width` hashes at least; the store must have them.
    // What is given stays valid for whoever holds it, in the cache or not.
    Result<std::shared_ptr<const merkle::TileTree>> tile(std::uint8_t level,
                                                         std::uint64_t index,
                                                         std::uint32_t width);

    std::size_t tile_count() const;

private:
    struct Place {
        std::uint8_t level = 0;
        std::uint64_t index = 0;
        auto operator<=>(const Place&) const = default;
    };
    struct Kept {
        Place place;
        std::shared_ptr<const merkle::TileTree> tree;  // Also the requests' that use it.
    };

    std::shared_ptr<const merkle::TileTree> find(const Place& place, std::uint32_t width);
    void keep(const Place& place, std::shared_ptr<const merkle::TileTree> tree);

    const storage::LedgerStore& store_;
    std::size_t tiles_max_;
    mutable std::mutex mutex_;  // Of what follows; not held while the store is read.
    std::list<Kept> kept_;      // Used last first.
    std::map<Place, std::list<Kept>::iterator> places_;
};

}  // namespace chancery::node

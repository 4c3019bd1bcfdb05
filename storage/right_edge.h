// The right edge of the log as tiles have it: the pieces that are not full yet, one bundle and one
// tile a level, from which the next block's pieces are made.
//
// Every append gives the pieces it changed, full ones and the new right edge; a piece that grows
// is written again under its own name. Source: C2SP tlog-tiles.
#pragma once

#include <functional>
#include <vector>

#include "consensus/registry/registry.h"
#include "crypto/merkle/tile.h"

namespace chancery::storage {

// A bundle or tile with all the items it has so far.
struct Piece {
    merkle::TileId id;
    Bytes bytes;
};

// Gives the bytes of a piece that was stored, of the id's width at least.
using ReadPiece = std::function<Result<Bytes>(const merkle::TileId&)>;

class RightEdge {
public:
    RightEdge() = default;

    // Of a log of `size` entries, from the pieces stored. Errc::corrupt if one has another length.
    static Result<RightEdge> load(std::uint64_t size, const ReadPiece& read);

    // CHECKs one leaf for each entry.
    std::vector<Piece> append(const registry::EntryRun& entries, std::span<const Hash> leaves);

    std::uint64_t size() const { return size_; }

private:
    void append_entries(const registry::EntryRun& entries, std::vector<Piece>& pieces);
    void append_hashes(std::size_t level, std::span<const Hash> hashes, std::vector<Piece>& pieces);

    std::uint64_t size_ = 0;
    Bytes bundle_;                            // Of size_ % 256 entries.
    std::vector<std::vector<Hash>> levels_;   // [level]: fewer than 256 hashes.
    std::vector<std::uint64_t> full_counts_;  // [level]: full tiles so far.
};

// Entry `place` of a stored bundle; a view into it. Errc::corrupt if it has fewer.
Result<ByteView> entry_in_bundle(ByteView stored, std::uint32_t place);

// The first `width` items of a stored piece. Errc::corrupt if it has fewer.
Result<Bytes> front_of_piece(const merkle::TileId& id, ByteView stored);

}  // namespace chancery::storage

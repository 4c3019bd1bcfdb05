// Any bytes as a tile's path, as a tile and as a bundle: what is accepted writes itself back.
#include <cstddef>

#include "crypto/base/check.h"
#include "crypto/merkle/tile.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    if (const auto tile = merkle::parse_tile_path(text_of(bytes))) {
        CHECK(merkle::tile_path(*tile) == text_of(bytes));
        CHECK(merkle::tile_width_at(tile->level, tile->index, ~std::uint64_t{0}) <= 256);
    }
    if (bytes.empty()) return 0;
    const std::uint32_t count = bytes.front() + 1U;
    const ByteView rest = bytes.subspan(1);
    if (const auto hashes = merkle::parse_tile(rest, count)) CHECK(hashes->size() == count);
    if (const auto entries = merkle::parse_bundle(rest, count)) {
        CHECK(entries->size() == count);
        Bytes written;
        for (const ByteView entry : *entries)
            merkle::append_to_bundle(written, entry);
        CHECK(equal(written, rest));
    }
    return 0;
}

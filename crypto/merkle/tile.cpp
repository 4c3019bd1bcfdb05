#include "crypto/merkle/tile.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "crypto/base/decimal.h"

namespace chancery::merkle {
namespace {

constexpr std::uint8_t level_max = 63;
constexpr std::string_view path_start = "tile/";
constexpr std::string_view bundle_level = "entries";
constexpr std::string_view partial_start = ".p/";
constexpr unsigned size_bits = std::numeric_limits<std::uint64_t>::digits;

static_assert(tile_width == std::uint64_t{1} << tile_height);

Error no_path(std::string why) { return {Errc::invalid, "tile path " + std::move(why)}; }

// Three digits a group, every group but the last behind an x.
std::string index_path(std::uint64_t index) {
    std::string digits = std::to_string(index);
    digits.insert(0, (3 - digits.size() % 3) % 3, '0');
    std::string path;
    for (std::size_t i = 0; i < digits.size(); i += 3) {
        const bool is_last = i + 3 == digits.size();
        path.append(is_last ? "" : "x").append(digits, i, 3).append(is_last ? "" : "/");
    }
    return path;
}

Result<std::uint8_t> parse_level(std::string_view text) {
    const auto level = from_decimal(text);
    if (!level) return no_path("whose level is " + level.error().detail);
    if (*level > level_max) return no_path("of level " + std::to_string(*level) + ", at most 63");
    return static_cast<std::uint8_t>(*level);
}

// The width behind ".p/".
Result<std::uint32_t> parse_width(std::string_view text) {
    const auto width = from_decimal(text);
    if (!width) return no_path("whose width is " + width.error().detail);
    if (*width == 0 || *width >= tile_width) {
        return no_path("of width " + std::to_string(*width) + ", want 1 to 255");
    }
    return static_cast<std::uint32_t>(*width);
}

// The digits of the groups, with leading zeros where the groups have them.
Result<std::uint64_t> parse_index(std::string_view groups) {
    std::string digits;
    for (const char character : groups) {
        if (character >= '0' && character <= '9') digits.push_back(character);
    }
    while (digits.size() > 1 && digits.front() == '0')
        digits.erase(0, 1);
    const auto index = from_decimal(digits);
    if (!index) return no_path("whose index is " + index.error().detail);
    if (index_path(*index) != groups) return no_path("whose index is not in groups of three");
    return *index;
}

std::uint64_t items_at(std::uint8_t level, std::uint64_t size) {
    return level < size_bits / tile_height ? size >> (tile_height * level) : 0;
}

}  // namespace

std::string tile_path(const TileId& tile) {
    CHECK(tile.level <= level_max && tile.width >= 1 && tile.width <= tile_width);
    CHECK(!tile.is_bundle || tile.level == 0);
    std::string path(path_start);
    path.append(tile.is_bundle ? std::string(bundle_level) : std::to_string(tile.level));
    path.append("/").append(index_path(tile.index));
    if (tile.width < tile_width) path.append(partial_start).append(std::to_string(tile.width));
    return path;
}

Result<TileId> parse_tile_path(std::string_view path) {
    if (!path.starts_with(path_start)) return no_path("that does not start with tile/");
    path.remove_prefix(path_start.size());
    const std::size_t level_end = path.find('/');
    if (level_end == std::string_view::npos) return no_path("without an index");
    TileId tile;
    tile.is_bundle = path.substr(0, level_end) == bundle_level;
    if (!tile.is_bundle) {
        const auto level = parse_level(path.substr(0, level_end));
        if (!level) return level.error();
        tile.level = *level;
    }
    path.remove_prefix(level_end + 1);
    const std::size_t index_end = path.find(partial_start);
    const auto index = parse_index(path.substr(0, index_end));
    if (!index) return index.error();
    tile.index = *index;
    if (index_end == std::string_view::npos) return tile;
    const auto width = parse_width(path.substr(index_end + partial_start.size()));
    if (!width) return width.error();
    tile.width = *width;
    return tile;
}

std::uint32_t tile_width_at(std::uint8_t level, std::uint64_t index, std::uint64_t size) {
    const std::uint64_t items = items_at(level, size);
    if (index > items / tile_width) return 0;
    return static_cast<std::uint32_t>(std::min(items - index * tile_width, tile_width));
}

std::vector<TileId> tiles_between(std::uint64_t older_size, std::uint64_t size) {
    std::vector<TileId> tiles;
    const auto add_level = [&](bool is_bundle, std::uint8_t level) {
        std::uint64_t index = items_at(level, older_size) / tile_width;
        for (;; ++index) {
            const std::uint32_t width = tile_width_at(level, index, size);
            if (width == 0 || width <= tile_width_at(level, index, older_size)) break;
            tiles.push_back(
                {.is_bundle = is_bundle, .level = level, .index = index, .width = width});
        }
    };
    add_level(true, 0);
    for (std::uint8_t level = 0; items_at(level, size) > 0; ++level)
        add_level(false, level);
    return tiles;
}

TileSlice slice_of(Range perfect_subtree) {
    CHECK(perfect_subtree.begin < perfect_subtree.end);
    const std::uint64_t size = perfect_subtree.end - perfect_subtree.begin;
    CHECK(std::has_single_bit(size) && perfect_subtree.begin % size == 0);
    const auto height = static_cast<unsigned>(std::countr_zero(size));
    const unsigned level = height / tile_height;
    const std::uint64_t first = perfect_subtree.begin >> (tile_height * level);
    return {.level = static_cast<std::uint8_t>(level),
            .index = first / tile_width,
            .first = static_cast<std::uint32_t>(first % tile_width),
            .count = 1U << (height % tile_height)};
}

Result<std::vector<ByteView>> parse_bundle(ByteView bytes, std::uint32_t count) {
    std::vector<ByteView> entries;
    Reader in(bytes);
    for (std::uint32_t i = 0; i < count && !in.ran_short(); ++i) {
        const std::uint16_t entry_bytes = in.u16();
        entries.push_back(in.bytes(entry_bytes));
    }
    if (in.ran_short()) {
        return Error{Errc::corrupt,
                     "bundle ends in entry " + std::to_string(entries.size()) + ", want " +
                         std::to_string(count) + " entries"};
    }
    if (!in.rest().empty()) {
        return Error{Errc::corrupt,
                     "bundle with " + std::to_string(in.rest().size()) + " bytes after its " +
                         std::to_string(count) + " entries"};
    }
    return entries;
}

void append_to_bundle(Bytes& bundle, ByteView entry) {
    CHECK(entry.size() <= entry_bytes_max);
    bundle.push_back(static_cast<std::uint8_t>(entry.size() >> 8));
    bundle.push_back(static_cast<std::uint8_t>(entry.size()));
    bundle.insert(bundle.end(), entry.begin(), entry.end());
}

Result<std::vector<Hash>> parse_tile(ByteView bytes, std::uint32_t count) {
    if (bytes.size() != count * sizeof(Hash)) {
        return Error{Errc::corrupt,
                     "tile of " + std::to_string(bytes.size()) + " bytes, want " +
                         std::to_string(count * sizeof(Hash))};
    }
    std::vector<Hash> hashes(count);
    for (Hash& hash : hashes) {
        std::copy_n(bytes.begin(), sizeof(Hash), hash.begin());
        bytes = bytes.subspan(sizeof(Hash));
    }
    return hashes;
}

}  // namespace chancery::merkle

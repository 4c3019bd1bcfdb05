#include "crypto/merkle/proof.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "crypto/base/encoding.h"

namespace chancery::merkle {
namespace {

// How many leaves the left child of a tree of `size` holds: the largest power of two below it.
std::uint64_t left_size(std::uint64_t size) { return std::bit_floor(size - 1); }

// `bits` may be all 64, which a plain shift may not.
std::uint64_t shifted_right(std::uint64_t value, unsigned bits) {
    return bits < std::numeric_limits<std::uint64_t>::digits ? value >> bits : 0;
}

// A path from a leaf has two parts: below the point where it meets the way to the last leaf it
// turns as the bits of the index say, above it every sibling is on the left.
struct PathShape {
    unsigned inner = 0;
    unsigned border = 0;
};

PathShape shape_of(std::uint64_t index, std::uint64_t size) {
    const auto inner = static_cast<unsigned>(std::bit_width(index ^ (size - 1)));
    return {.inner = inner,
            .border = static_cast<unsigned>(std::popcount(shifted_right(index, inner)))};
}

std::optional<Error> wrong_length(std::span<const Hash> path, std::size_t want) {
    if (path.size() == want) return std::nullopt;
    return Error{
        Errc::invalid,
        "path of " + std::to_string(path.size()) + " hashes, want " + std::to_string(want)};
}

std::optional<Error> wrong_root(std::string_view what, const Hash& got, const Hash& want) {
    if (got == want) return std::nullopt;
    return Error{Errc::invalid,
                 std::string(what) + " leads to root " + to_hex(got) + ", want " + to_hex(want)};
}

// Joins the siblings of the inner part, lowest first, then those of the border.
Hash join_path(Hash joined, std::uint64_t index, unsigned inner, std::span<const Hash> path) {
    for (const Hash& sibling : path.first(inner)) {
        joined = (index & 1) == 1 ? node_hash(sibling, joined) : node_hash(joined, sibling);
        index >>= 1;
    }
    for (const Hash& sibling : path.subspan(inner))
        joined = node_hash(sibling, joined);
    return joined;
}

// The same, taking only the siblings on the left: what the smaller tree had on its right edge.
Hash join_left_siblings(Hash joined,
                        std::uint64_t index,
                        unsigned inner,
                        std::span<const Hash> path) {
    for (const Hash& sibling : path.first(inner)) {
        if ((index & 1) == 1) joined = node_hash(sibling, joined);
        index >>= 1;
    }
    for (const Hash& sibling : path.subspan(inner))
        joined = node_hash(sibling, joined);
    return joined;
}

}  // namespace

std::vector<Range> inclusion_ranges(std::uint64_t index, std::uint64_t size) {
    CHECK(index < size);
    std::vector<Range> ranges;
    Range tree{.begin = 0, .end = size};
    while (tree.end - tree.begin > 1) {
        const std::uint64_t middle = tree.begin + left_size(tree.end - tree.begin);
        if (index < middle) {
            ranges.push_back({.begin = middle, .end = tree.end});
            tree.end = middle;
        } else {
            ranges.push_back({.begin = tree.begin, .end = middle});
            tree.begin = middle;
        }
    }
    std::ranges::reverse(ranges);
    return ranges;
}

std::vector<Range> consistency_ranges(std::uint64_t from, std::uint64_t to) {
    CHECK(0 < from && from <= to);
    std::vector<Range> ranges;
    Range tree{.begin = 0, .end = to};
    while (tree.end != from) {
        const std::uint64_t middle = tree.begin + left_size(tree.end - tree.begin);
        if (from <= middle) {
            ranges.push_back({.begin = middle, .end = tree.end});
            tree.end = middle;
        } else {
            ranges.push_back({.begin = tree.begin, .end = middle});
            tree.begin = middle;
        }
    }
    // Beginning at 0 it is the smaller tree itself, whose root the verifier has.
    if (tree.begin != 0) ranges.push_back(tree);
    std::ranges::reverse(ranges);
    return ranges;
}

std::vector<Range> perfect_subtrees(Range range) {
    CHECK(range.begin < range.end);
    std::vector<Range> subtrees;
    while (range.begin < range.end) {
        const std::uint64_t size = std::bit_floor(range.end - range.begin);
        CHECK(range.begin % size == 0);
        subtrees.push_back({.begin = range.begin, .end = range.begin + size});
        range.begin += size;
    }
    return subtrees;
}

Result<std::vector<Hash>> fetch_path(std::span<const Range> ranges,
                                     const SubtreeRoot& subtree_root) {
    std::vector<Hash> path;
    path.reserve(ranges.size());
    for (const Range& range : ranges) {
        // perfect_subtrees() from right to left: its sizes are the one-bits of the length.
        Range rest = range;
        std::optional<Hash> joined;
        while (rest.begin < rest.end) {
            const std::uint64_t length = rest.end - rest.begin;
            const std::uint64_t size = std::uint64_t{1} << std::countr_zero(length);
            const Result<Hash> root = subtree_root({.begin = rest.end - size, .end = rest.end});
            if (!root) return root.error();
            joined = joined ? node_hash(*root, *joined) : *root;
            rest.end -= size;
        }
        CHECK(joined);
        path.push_back(*joined);
    }
    return path;
}

Result<Hash> root_from_inclusion(const Hash& leaf,
                                 std::uint64_t index,
                                 std::uint64_t size,
                                 std::span<const Hash> path) {
    if (index >= size) {
        return Error{Errc::invalid,
                     "index " + std::to_string(index) + " in a tree of " + std::to_string(size)};
    }
    const PathShape shape = shape_of(index, size);
    if (const auto wrong = wrong_length(path, shape.inner + shape.border)) return *wrong;
    return join_path(leaf, index, shape.inner, path);
}

Result<void> verify_inclusion(const Hash& leaf,
                              std::uint64_t index,
                              const TreeHead& head,
                              std::span<const Hash> path) {
    const Result<Hash> root = root_from_inclusion(leaf, index, head.size, path);
    if (!root) return root.error();
    if (const auto wrong = wrong_root("path", *root, head.root)) return *wrong;
    return {};
}

Result<void> verify_consistency(const TreeHead& from,
                                const TreeHead& to,
                                std::span<const Hash> path) {
    if (from.size == 0 || from.size > to.size) {
        return Error{Errc::invalid,
                     "consistency from size " + std::to_string(from.size) + " to " +
                         std::to_string(to.size)};
    }
    if (from.size == to.size) {
        if (const auto wrong = wrong_length(path, 0)) return *wrong;
        if (const auto wrong = wrong_root("the same size", to.root, from.root)) return *wrong;
        return {};
    }
    // The walk starts at the largest perfect subtree that ends where the smaller tree ends. If
    // that is the smaller tree itself, its root is known; if not, the path begins with it.
    const auto start_height = static_cast<unsigned>(std::countr_zero(from.size));
    const PathShape shape = shape_of(from.size - 1, to.size);
    const unsigned inner = shape.inner - start_height;
    const bool starts_at_root = std::has_single_bit(from.size);
    const std::size_t want = inner + shape.border + (starts_at_root ? 0 : 1);
    if (const auto wrong = wrong_length(path, want)) return *wrong;
    const Hash& start = starts_at_root ? from.root : path.front();
    const auto siblings = starts_at_root ? path : path.subspan(1);
    const std::uint64_t index = (from.size - 1) >> start_height;
    const Hash smaller = join_left_siblings(start, index, inner, siblings);
    if (const auto wrong = wrong_root("path to the smaller tree", smaller, from.root)) {
        return *wrong;
    }
    const Hash larger = join_path(start, index, inner, siblings);
    if (const auto wrong = wrong_root("path to the larger tree", larger, to.root)) return *wrong;
    return {};
}

}  // namespace chancery::merkle

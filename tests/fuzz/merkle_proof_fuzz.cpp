// Proves and verifies in trees of up to 300 leaves: every proof made is accepted, every proof with
// something changed is refused, and the status tree and the frontier name the same roots.
#include <cstddef>

#include "crypto/base/check.h"
#include "crypto/hash/sha256.h"
#include "crypto/merkle/frontier.h"
#include "crypto/merkle/status_tree.h"

using namespace chancery;
using namespace chancery::merkle;

namespace {

constexpr std::size_t leaves_max = 300;

const std::vector<Hash>& all_leaves() {
    static const auto leaves = [] {
        std::vector<Hash> made;
        for (std::uint64_t i = 0; i < leaves_max; ++i)
            made.push_back(leaf_hash(Writer().u64(i).written()));
        return made;
    }();
    return leaves;
}

TreeHead head_of(std::uint64_t size) {
    static const auto roots = [] {
        Frontier frontier;
        std::vector<Hash> made = {frontier.root()};
        for (const Hash& leaf : all_leaves()) {
            frontier.append(leaf);
            made.push_back(frontier.root());
        }
        return made;
    }();
    return {.size = size, .root = roots[size]};
}

Result<Hash> subtree_root(Range range) {
    return root_of(std::span(all_leaves()).subspan(range.begin, range.end - range.begin));
}

// What the fuzzer changes in a proof; `size` and `index` are added to.
struct Mutation {
    std::uint8_t place = 0;
    std::uint8_t bits = 0;
    std::uint8_t index_added = 0;
    bool is_shorter = false;
    bool is_longer = false;

    bool changes_path(std::size_t length) const {
        return (bits != 0 && length > 0) || (is_shorter && length > 0) || is_longer;
    }
    void apply(std::vector<Hash>& path) const {
        if (!path.empty()) path[place % path.size()][place % 32] ^= bits;
        if (is_longer) path.push_back({});
        if (is_shorter && !is_longer && !path.empty()) path.pop_back();
    }
};

void check_inclusion(std::uint64_t index, std::uint64_t size, const Mutation& mutation) {
    const TreeHead head = head_of(size);
    auto path = *fetch_path(inclusion_ranges(index, size), subtree_root);
    CHECK(verify_inclusion(all_leaves()[index], index, head, path));
    const bool is_changed = mutation.changes_path(path.size()) || mutation.index_added != 0;
    mutation.apply(path);
    const std::uint64_t claimed = index + mutation.index_added;
    CHECK(is_changed != verify_inclusion(all_leaves()[index], claimed, head, path).has_value());
}

void check_consistency(std::uint64_t from, std::uint64_t to, const Mutation& mutation) {
    auto path = *fetch_path(consistency_ranges(from, to), subtree_root);
    CHECK(verify_consistency(head_of(from), head_of(to), path));
    const bool is_changed = mutation.changes_path(path.size());
    mutation.apply(path);
    CHECK(is_changed != verify_consistency(head_of(from), head_of(to), path).has_value());
}

void check_status_tree(Reader& in, std::uint64_t positions) {
    constexpr int rounds_max = 16;
    StatusTree tree;
    std::vector<Chunk> chunks(chunk_count(positions));
    for (int round = 0; round < rounds_max && !in.rest().empty(); ++round) {
        std::vector<StatusTree::Change> changes(in.u8() % 8);
        for (StatusTree::Change& change : changes) {
            change.position = in.u16() % positions;
            change.status = static_cast<std::uint8_t>(in.u8() & 3);
            set_status_in(
                chunks[change.position / positions_per_chunk], change.position, change.status);
        }
        tree.set(changes);
    }
    std::vector<Hash> leaves;
    for (const Chunk& chunk : chunks)
        leaves.push_back(chunk_leaf(chunk));
    CHECK(tree.root(positions) == root_of(leaves));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Reader in({data, size});
    const std::uint64_t tree_size = 1 + in.u16() % leaves_max;
    const std::uint64_t index = in.u16() % tree_size;
    const std::uint8_t flags = in.u8();
    const Mutation mutation{.place = in.u8(),
                            .bits = in.u8(),
                            .index_added = in.u8(),
                            .is_shorter = (flags & 1) != 0,
                            .is_longer = (flags & 2) != 0};
    if (in.ran_short()) return 0;
    check_inclusion(index, tree_size, mutation);
    check_consistency(1 + index, tree_size, mutation);
    check_status_tree(in, tree_size * positions_per_chunk / 2);
    return 0;
}

#include "crypto/merkle/status_tree.h"

#include <algorithm>
#include <bit>

namespace chancery::merkle {
namespace {

constexpr unsigned positions_per_byte = 4;
constexpr std::uint8_t status_mask = 3;
constexpr unsigned height_max = 56;  // 2^56 chunks cover every position there can be.

static_assert(chunk_bytes * positions_per_byte == positions_per_chunk);

// The lowest position of a byte is in its highest bits.
unsigned shift_of(std::uint64_t position) {
    return 6 - 2 * static_cast<unsigned>(position % positions_per_byte);
}

std::size_t byte_of(std::uint64_t position) {
    return position % positions_per_chunk / positions_per_byte;
}

bool is_zero(const Chunk& chunk) {
    return std::ranges::all_of(chunk, [](std::uint8_t byte) { return byte == 0; });
}

// Root over 2^height chunks that are all zero.
const Hash& zero_root(unsigned height) {
    static const auto roots = [] {
        std::array<Hash, height_max + 1> built{};
        built[0] = chunk_leaf(Chunk{});
        for (std::size_t i = 1; i < built.size(); ++i)
            built[i] = node_hash(built[i - 1], built[i - 1]);
        return built;
    }();
    return roots[height];
}

}  // namespace

std::uint8_t status_in(const Chunk& chunk, std::uint64_t position) {
    return chunk[byte_of(position)] >> shift_of(position) & status_mask;
}

void set_status_in(Chunk& chunk, std::uint64_t position, std::uint8_t status) {
    CHECK(status <= status_mask);
    std::uint8_t& byte = chunk[byte_of(position)];
    const unsigned others = byte & ~(unsigned{status_mask} << shift_of(position));
    byte = static_cast<std::uint8_t>(others | unsigned{status} << shift_of(position));
}

Hash chunk_leaf(const Chunk& chunk) { return leaf_hash(chunk); }

std::uint64_t chunk_count(std::uint64_t positions) {
    return positions / positions_per_chunk + (positions % positions_per_chunk == 0 ? 0 : 1);
}

// A missing child is a subtree of zeros; a node with two missing children is not kept.
struct StatusTree::Node {
    Hash hash{};
    std::shared_ptr<const Node> left;
    std::shared_ptr<const Node> right;
};

// A node of height 0.
struct StatusTree::Leaf : Node {
    Chunk chunk{};
};

// Builds the nodes on the paths to some chunks, first without hashes, and then hashes them level
// by level in runs.
class StatusTree::Update {
public:
    explicit Update(unsigned height) : created_(height + 1) {}

    // `node` of height `below` as the left half of one twice as large.
    static std::shared_ptr<const Node> raise(std::shared_ptr<const Node> node, unsigned below) {
        auto raised = std::make_shared<Node>();
        raised->hash = node_hash(node->hash, zero_root(below));
        raised->left = std::move(node);
        return raised;
    }

    // The subtree of 2^height chunks from `begin`, as `old` but for `chunks`, all of them in it.
    std::shared_ptr<const Node> apply(const std::shared_ptr<const Node>& old,
                                      unsigned height,
                                      std::uint64_t begin,
                                      std::span<const StoredChunk> chunks) {
        if (chunks.empty()) return old;
        if (height == 0) return make_leaf(chunks.front().chunk);
        const std::uint64_t middle = begin + (std::uint64_t{1} << (height - 1));
        const auto split = std::ranges::lower_bound(chunks, middle, {}, &StoredChunk::index);
        const auto left_count = static_cast<std::size_t>(split - chunks.begin());
        auto node = std::make_shared<Node>();
        node->left = apply(old ? old->left : nullptr, height - 1, begin, chunks.first(left_count));
        node->right =
            apply(old ? old->right : nullptr, height - 1, middle, chunks.subspan(left_count));
        if (!node->left && !node->right) return nullptr;
        created_[height].push_back(node.get());
        return node;
    }

    // Valid while the subtree that apply() gave is alive.
    void hash_all() {
        std::vector<Hash> hashes(created_[0].size());
        leaf_hashes(leaf_chunks_, chunk_bytes, hashes);
        assign(hashes, 0);
        for (unsigned height = 1; height < created_.size(); ++height) {
            std::vector<Hash> children;
            children.reserve(2 * created_[height].size());
            for (const Node* node : created_[height]) {
                children.push_back(node->left ? node->left->hash : zero_root(height - 1));
                children.push_back(node->right ? node->right->hash : zero_root(height - 1));
            }
            hashes.resize(created_[height].size());
            node_hashes(children, hashes);
            assign(hashes, height);
        }
    }

private:
    std::shared_ptr<const Node> make_leaf(const Chunk& chunk) {
        if (is_zero(chunk)) return nullptr;
        auto leaf = std::make_shared<Leaf>();
        leaf->chunk = chunk;
        leaf_chunks_.insert(leaf_chunks_.end(), chunk.begin(), chunk.end());
        created_[0].push_back(leaf.get());
        return leaf;
    }

    void assign(std::span<const Hash> hashes, unsigned height) {
        for (std::size_t i = 0; i < hashes.size(); ++i)
            created_[height][i]->hash = hashes[i];
    }

    std::vector<std::vector<Node*>> created_;  // By height; owned by their parents.
    Bytes leaf_chunks_;
};

StatusTree::StatusTree() = default;

void StatusTree::set(std::span<const Change> changes) {
    std::vector<Change> sorted(changes.begin(), changes.end());
    std::ranges::stable_sort(sorted, {}, &Change::position);  // Of two for one, the later counts.
    std::vector<StoredChunk> chunks;
    for (const Change& change : sorted) {
        const std::uint64_t index = change.position / positions_per_chunk;
        if (chunks.empty() || chunks.back().index != index) {
            chunks.push_back({.index = index, .chunk = chunk(index)});
        }
        set_status_in(chunks.back().chunk, change.position, change.status);
    }
    replace(chunks);
}

std::uint8_t StatusTree::status(std::uint64_t position) const {
    const Leaf* const leaf = leaf_at(position / positions_per_chunk);
    return leaf == nullptr ? std::uint8_t{0} : status_in(leaf->chunk, position);
}

Chunk StatusTree::chunk(std::uint64_t index) const {
    const Leaf* const leaf = leaf_at(index);
    return leaf == nullptr ? Chunk{} : leaf->chunk;
}

Hash StatusTree::root(std::uint64_t positions) const {
    const auto last = last_position();
    CHECK(!last || *last < positions);
    if (positions == 0) return empty_root();
    const std::vector<Range> subtrees =
        perfect_subtrees({.begin = 0, .end = chunk_count(positions)});
    Hash joined = subtree_root(subtrees.back());
    for (auto left = std::next(subtrees.rbegin()); left != subtrees.rend(); ++left) {
        joined = node_hash(subtree_root(*left), joined);
    }
    return joined;
}

std::vector<Hash> StatusTree::path(std::uint64_t index, std::uint64_t positions) const {
    CHECK(index < chunk_count(positions));
    const auto path = fetch_path(inclusion_ranges(index, chunk_count(positions)),
                                 [this](Range range) { return subtree_root(range); });
    return *path;
}

std::vector<std::uint64_t> StatusTree::nonzero_chunks() const {
    struct Place {
        const Node* node;
        unsigned height;
        std::uint64_t begin;
    };
    std::vector<std::uint64_t> indices;
    std::vector<Place> waiting;
    if (root_) waiting.push_back({root_.get(), height_, 0});
    while (!waiting.empty()) {
        const Place place = waiting.back();
        waiting.pop_back();
        if (place.height == 0) {
            indices.push_back(place.begin);
            continue;
        }
        const unsigned below = place.height - 1;
        const std::uint64_t middle = place.begin + (std::uint64_t{1} << below);
        if (place.node->right) waiting.push_back({place.node->right.get(), below, middle});
        if (place.node->left) waiting.push_back({place.node->left.get(), below, place.begin});
    }
    return indices;
}

void StatusTree::restore(std::uint64_t index, const Chunk& chunk) {
    const StoredChunk stored{.index = index, .chunk = chunk};
    replace({&stored, 1});
}

void StatusTree::restore(std::span<const StoredChunk> chunks) {
    std::vector<StoredChunk> sorted(chunks.begin(), chunks.end());
    std::ranges::sort(sorted, {}, &StoredChunk::index);
    const auto same_index = [](const StoredChunk& a, const StoredChunk& b) {
        return a.index == b.index;
    };
    CHECK(std::ranges::adjacent_find(sorted, same_index) == sorted.end());
    replace(sorted);
}

const StatusTree::Leaf* StatusTree::leaf_at(std::uint64_t index) const {
    if (index >> height_ != 0) return nullptr;
    const Node* node = root_.get();
    for (unsigned height = height_; node != nullptr && height > 0; --height) {
        const bool is_right = (index >> (height - 1) & 1) == 1;
        node = is_right ? node->right.get() : node->left.get();
    }
    return static_cast<const Leaf*>(node);
}

std::optional<std::uint64_t> StatusTree::last_position() const {
    if (!root_) return std::nullopt;
    const Node* node = root_.get();
    std::uint64_t index = 0;
    for (unsigned height = height_; height > 0; --height) {
        const bool is_right = node->right != nullptr;
        node = is_right ? node->right.get() : node->left.get();
        index = index << 1 | (is_right ? 1 : 0);
    }
    const Chunk& chunk = static_cast<const Leaf*>(node)->chunk;
    std::uint64_t last = positions_per_chunk - 1;
    while (status_in(chunk, last) == 0)
        --last;
    return index * positions_per_chunk + last;
}

Hash StatusTree::subtree_root(Range chunks) const {
    const auto height = static_cast<unsigned>(std::countr_zero(chunks.end - chunks.begin));
    if (height > height_) {
        if (chunks.begin != 0) return zero_root(height);
        Hash joined = root_ ? root_->hash : zero_root(height_);
        for (unsigned below = height_; below < height; ++below)
            joined = node_hash(joined, zero_root(below));
        return joined;
    }
    if (chunks.begin >> height_ != 0) return zero_root(height);
    const Node* node = root_.get();
    for (unsigned above = height_; node != nullptr && above > height; --above) {
        const bool is_right = (chunks.begin >> (above - 1) & 1) == 1;
        node = is_right ? node->right.get() : node->left.get();
    }
    return node == nullptr ? zero_root(height) : node->hash;
}

void StatusTree::replace(std::span<const StoredChunk> chunks) {
    if (chunks.empty()) return;
    CHECK(chunks.back().index >> height_max == 0);
    const auto height =
        std::max(height_, static_cast<unsigned>(std::bit_width(chunks.back().index)));
    std::shared_ptr<const Node> raised = root_;
    for (unsigned below = height_; raised && below < height; ++below)
        raised = Update::raise(std::move(raised), below);
    Update update(height);
    root_ = update.apply(raised, height, 0, chunks);
    height_ = height;
    update.hash_all();
}

}  // namespace chancery::merkle

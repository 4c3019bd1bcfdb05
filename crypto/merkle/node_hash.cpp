#include "crypto/merkle/node_hash.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "crypto/hash/sha256.h"

namespace chancery::merkle {
namespace {

constexpr std::uint8_t leaf_prefix = 0x00;
constexpr std::uint8_t node_prefix = 0x01;
constexpr std::size_t node_bytes = 1 + 2 * sizeof(Hash);
constexpr std::size_t nodes_per_run = 64;
constexpr std::size_t leaf_run_bytes = 16'384;  // Stays in the first cache.

// copy_n here and below: libstdc++ 12 compiles std::ranges::copy of constant bytes to a loop over
// single ones, which took a seventh of a replay's time.
void write_node(const Hash& left, const Hash& right, std::uint8_t* out) {
    *out++ = node_prefix;
    out = std::copy_n(left.data(), left.size(), out);
    std::copy_n(right.data(), right.size(), out);
}

}  // namespace

const Hash& empty_root() {
    static const Hash root = sha256({});
    return root;
}

Hash leaf_hash(ByteView entry) {
    thread_local Sha256 kept;
    return kept.add({&leaf_prefix, 1}).add(entry).finish();
}

Hash node_hash(const Hash& left, const Hash& right) {
    std::array<std::uint8_t, node_bytes> message;  // NOLINT(*-member-init): written next.
    write_node(left, right, message.data());
    Hash hash;
    sha256_run(message, node_bytes, {&hash, 1});
    return hash;
}

void leaf_hashes(ByteView entries, std::size_t entry_bytes, std::span<Hash> out) {
    CHECK(entries.size() / std::max<std::size_t>(entry_bytes, 1) >= out.size() || entry_bytes == 0);
    CHECK(entries.size() == entry_bytes * out.size());
    const std::size_t message_bytes = 1 + entry_bytes;
    const std::size_t run_max = std::max<std::size_t>(leaf_run_bytes / message_bytes, 4);
    Bytes messages(std::min(run_max, out.size()) * message_bytes, leaf_prefix);
    while (!out.empty()) {
        const std::size_t count = std::min(run_max, out.size());
        for (std::size_t i = 0; i < count; ++i) {
            std::copy_n(entries.data() + i * entry_bytes,
                        entry_bytes,
                        messages.data() + i * message_bytes + 1);
        }
        sha256_run(
            ByteView(messages).first(count * message_bytes), message_bytes, out.first(count));
        entries = entries.subspan(count * entry_bytes);
        out = out.subspan(count);
    }
}

void node_hashes(std::span<const Hash> children, std::span<Hash> out) {
    CHECK(children.size() % 2 == 0 && children.size() / 2 == out.size());
    // NOLINTNEXTLINE(*-member-init): each run is written before it is hashed.
    std::array<std::uint8_t, nodes_per_run * node_bytes> messages;
    while (!out.empty()) {
        const std::size_t count = std::min(nodes_per_run, out.size());
        for (std::size_t i = 0; i < count; ++i) {
            write_node(children[2 * i], children[2 * i + 1], messages.data() + i * node_bytes);
        }
        sha256_run(ByteView(messages).first(count * node_bytes), node_bytes, out.first(count));
        children = children.subspan(2 * count);
        out = out.subspan(count);
    }
}

Hash root_of(std::span<const Hash> leaves) {
    if (leaves.empty()) return empty_root();
    // A last node without a sibling rises unchanged: so splits the definition, at the largest
    // power of two below the size.
    std::vector<Hash> level(leaves.begin(), leaves.end());
    while (level.size() > 1) {
        const std::size_t pairs = level.size() / 2;
        std::vector<Hash> above(level.size() - pairs, level.back());
        node_hashes(std::span(level).first(2 * pairs), std::span(above).first(pairs));
        level = std::move(above);
    }
    return level.front();
}

}  // namespace chancery::merkle

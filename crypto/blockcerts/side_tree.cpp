#include "crypto/blockcerts/side_tree.h"

#include "crypto/base/check.h"
#include "crypto/hash/sha256.h"

namespace chancery::blockcerts {
namespace {

Hash join(const Hash& left, const Hash& right) { return Sha256().add(left).add(right).finish(); }

}  // namespace

SideTree::SideTree(std::vector<Hash> leaves) {
    CHECK(!leaves.empty() && leaves.size() <= leaves_max);
    levels_.push_back(std::move(leaves));
    while (levels_.back().size() > 1) {
        const std::vector<Hash>& below = levels_.back();
        std::vector<Hash> level;
        for (std::size_t i = 0; i + 1 < below.size(); i += 2)
            level.push_back(join(below[i], below[i + 1]));
        if (below.size() % 2 == 1) level.push_back(below.back());
        levels_.push_back(std::move(level));
    }
}

std::vector<PathStep> SideTree::path(std::size_t leaf) const {
    CHECK(leaf < levels_.front().size());
    std::vector<PathStep> path;
    for (const std::vector<Hash>& level : levels_) {
        const bool is_right = leaf % 2 == 1;
        const std::size_t sibling = is_right ? leaf - 1 : leaf + 1;
        if (sibling < level.size()) path.push_back({is_right, level[sibling]});
        leaf /= 2;
    }
    return path;
}

Hash root_from_path(const Hash& leaf, const std::vector<PathStep>& path) {
    Hash hash = leaf;
    for (const PathStep& step : path)
        hash = step.is_left ? join(step.sibling, hash) : join(hash, step.sibling);
    return hash;
}

}  // namespace chancery::blockcerts

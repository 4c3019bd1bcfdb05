#include "node/seal_shelf.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace chancery::node {

void SealShelf::keep(raft::Index index, std::uint64_t payload_bytes, std::string checkpoint) {
    CHECK(kept_.empty() || index > kept_.back().index);
    bytes_ += payload_bytes;
    kept_.push_back({index, payload_bytes, std::move(checkpoint)});
}

void SealShelf::renew(raft::Index index, const std::string& checkpoint) {
    if (!kept_.empty() && kept_.back().index == index) kept_.back().checkpoint = checkpoint;
}

raft::Index SealShelf::cut_to() {
    raft::Index cut = 0;
    while (kept_.size() > 1 && (bytes_ > limits_.bytes || kept_.size() > limits_.blocks)) {
        bytes_ -= kept_.front().payload_bytes;
        cut = kept_.front().index;
        kept_.pop_front();
    }
    return cut;
}

const std::string* SealShelf::find(raft::Index index) const {
    const auto found = std::ranges::lower_bound(kept_, index, {}, &Kept::index);
    return found != kept_.end() && found->index == index ? &found->checkpoint : nullptr;
}

std::vector<rpc::Seal> SealShelf::beside(const raft::Append& append) const {
    std::vector<rpc::Seal> seals;
    const raft::Index last = append.previous.index + append.entries.size();
    auto next = std::ranges::upper_bound(kept_, append.previous.index, {}, &Kept::index);
    if (next != kept_.begin()) --next;  // Of the block before.
    for (; next != kept_.end() && next->index <= last; ++next)
        seals.push_back({next->index, next->checkpoint});
    return seals;
}

void SealShelf::expect(const VerifiedSeal& seal, bool is_written) {
    const std::uint64_t size = seal.parsed.checkpoint.head.size;
    expected_.try_emplace(size, Expected{seal, is_written});
    if (expected_.size() > rpc::peer_entries_max) expected_.erase(std::prev(expected_.end()));
}

bool SealShelf::is_expected(const merkle::TreeHead& head) const {
    const VerifiedSeal* const seal = expected_of_size(head.size);
    return seal != nullptr && seal->parsed.checkpoint.head == head;
}

const VerifiedSeal* SealShelf::expected_of_size(std::uint64_t size) const {
    const auto found = expected_.find(size);
    return found == expected_.end() ? nullptr : &found->second.seal;
}

std::vector<storage::ExpectedSeal> SealShelf::take_unwritten(std::uint64_t size) {
    std::vector<storage::ExpectedSeal> unwritten;
    for (auto each = expected_.upper_bound(size); each != expected_.end(); ++each) {
        if (std::exchange(each->second.is_written, true)) continue;
        unwritten.push_back({each->first, each->second.seal.checkpoint});
    }
    return unwritten;
}

std::size_t SealShelf::expected_beyond(std::uint64_t size) const {
    return static_cast<std::size_t>(std::distance(expected_.upper_bound(size), expected_.end()));
}

std::vector<std::string> SealShelf::drop_expected_to(std::uint64_t size) {
    std::vector<std::string> passed;
    const auto end = expected_.upper_bound(size);
    for (auto each = expected_.begin(); each != end; ++each) {
        if (each->first < size) passed.push_back(std::move(each->second.seal.checkpoint));
    }
    expected_.erase(expected_.begin(), end);
    return passed;
}

}  // namespace chancery::node

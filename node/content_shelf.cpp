#include "node/content_shelf.h"

namespace chancery::node {

void ContentShelf::keep(const storage::StoredContent& content) {
    if (!kept_.emplace(content.hash, content.bytes).second) return;
    bytes_ += content.bytes->size();
    order_.push_back(content.hash);
    while (bytes_ > bytes_max) {
        const auto oldest = kept_.find(order_.front());
        order_.pop_front();
        if (oldest == kept_.end()) continue;
        bytes_ -= oldest->second->size();
        kept_.erase(oldest);
    }
    // Those taken leave their place in the order behind.
    while (!order_.empty() && !kept_.contains(order_.front()))
        order_.pop_front();
}

std::shared_ptr<const Bytes> ContentShelf::find(const Hash& hash) const {
    const auto found = kept_.find(hash);
    return found == kept_.end() ? nullptr : found->second;
}

std::vector<storage::StoredContent> ContentShelf::take(const std::vector<Hash>& named) {
    std::vector<storage::StoredContent> taken;
    for (const Hash& hash : named) {
        const auto found = kept_.find(hash);
        if (found == kept_.end()) {
            if (wanted_.size() < wanted_max) wanted_.insert(hash);
            continue;
        }
        taken.push_back({hash, found->second});
        bytes_ -= found->second->size();
        kept_.erase(found);
    }
    return taken;
}

}  // namespace chancery::node

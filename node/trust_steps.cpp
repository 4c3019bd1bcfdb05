#include "node/trust_steps.h"

#include <algorithm>
#include <string>

#include "crypto/json/canonical.h"

namespace chancery::node {
namespace {

using Step = storage::LedgerStore::MembersStep;

// What seals are judged by: origin, quorum, and whose cosigner keys are in force from `position`.
std::string sealing_of(const ledger::Members& members, ledger::Position position) {
    std::string text = members.origin + "\n" + std::to_string(members.quorum);
    for (const ledger::Cosigner& cosigner : ledger::cosigners_at(members, position))
        text += "\n" + note::to_vkey(cosigner.key);
    return text;
}

}  // namespace

std::vector<Step> steps_to_show(const ledger::Members& before,
                                std::vector<Step> all,
                                std::size_t bytes_max) {
    std::vector<bool> is_shown(all.size());
    std::string sealing = sealing_of(before, 0);
    for (std::size_t i = 0; i < all.size(); ++i) {
        std::string changed = sealing_of(all[i].members, all[i].size);
        is_shown[i] = changed != sealing || i + 1 == all.size();
        sealing = std::move(changed);
    }
    std::size_t bytes = 0;
    for (std::size_t i = all.size(); i-- > 0;) {
        if (is_shown[i]) continue;
        bytes += json::canonical(ledger::to_json(all[i].members)).size();
        if (bytes > bytes_max) break;
        is_shown[i] = true;
    }
    std::vector<Step> shown;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (is_shown[i]) shown.push_back(std::move(all[i]));
    }
    return shown;
}

}  // namespace chancery::node

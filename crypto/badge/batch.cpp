#include <algorithm>
#include <map>
#include <optional>

#include "crypto/badge/alignments.h"
#include "crypto/badge/lint.h"
#include "crypto/badge/open_badge.h"
#include "crypto/base/decimal.h"
#include "crypto/json/members.h"

namespace chancery::badge {
namespace {

struct StatusUse {
    std::uint64_t index = 0;
    std::size_t document = 0;
    std::string pointer;
};

// By list and purpose.
using StatusUses = std::map<std::pair<std::string, std::string>, std::vector<StatusUse>>;

StatusUses status_uses(std::span<const json::Value> documents) {
    StatusUses uses;
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const json::Value* const status = documents[i].find("credentialStatus");
        if (status == nullptr) continue;
        const auto entries = json::one_or_several(*status);
        for (std::size_t k = 0; k < entries.size(); ++k) {
            const auto index = from_decimal(json::text_in(entries[k], "statusListIndex"));
            if (json::text_in(entries[k], "type") != status_entry_type || !index) continue;
            const std::string place = status->as_array() == nullptr
                                          ? "/credentialStatus"
                                          : json::step("/credentialStatus", k);
            uses[{std::string(json::text_in(entries[k], "statusListCredential")),
                  std::string(json::text_in(entries[k], "statusPurpose"))}]
                .push_back({*index, i, place + "/statusListIndex"});
        }
    }
    for (auto& [list, of_list] : uses)
        std::ranges::stable_sort(of_list, {}, &StatusUse::index);
    return uses;
}

class Batch {
public:
    Batch(std::span<const json::Value> documents, const std::set<Profile>& profiles)
        : documents_(documents), profiles_(profiles) {}

    std::vector<BatchFinding> look() && {
        const StatusUses uses = status_uses(documents_);
        for (const auto& [list, of_list] : uses) {
            look_for_shared_indices(of_list);
            look_for_sequence(of_list);
        }
        look_for_lists_of_one(uses);
        look_for_shared_salts();
        if (documents_.size() == 1)
            add("privacy.batch-of-one",
                0,
                "",
                "is looked at alone: registered by itself, its time on the ledger singles its "
                "holder out; issue several at once, or with --pad");
        return std::move(found_);
    }

private:
    void add(std::string_view id, std::size_t document, std::string pointer, std::string message) {
        const Rule& broken = rule(id);
        if (profiles_.contains(broken.profile) && found_.size() < findings_max)
            found_.push_back({document, {&broken, std::move(pointer), std::move(message)}});
    }

    void look_for_shared_indices(const std::vector<StatusUse>& uses) {
        for (std::size_t i = 1; i < uses.size(); ++i)
            if (uses[i].index == uses[i - 1].index)
                add("ob3.status-shared",
                    uses[i].document,
                    uses[i].pointer,
                    "another badge has the same place in this list: what becomes of one, becomes "
                    "of both");
    }

    // Drawn at random out of 131,072 hardly any two are neighbours.
    void look_for_sequence(const std::vector<StatusUse>& uses) {
        if (uses.size() < 2) return;
        std::size_t neighbours = 0;
        for (std::size_t i = 1; i < uses.size(); ++i)
            if (uses[i].index == uses[i - 1].index + 1) ++neighbours;
        if (neighbours * 2 >= uses.size())
            add("privacy.sequential-status",
                uses.front().document,
                uses.front().pointer,
                "the batch's places in this list follow one another and tell the roster's order, "
                "want them drawn at random");
    }

    void look_for_lists_of_one(const StatusUses& uses) {
        const bool is_each_alone =
            uses.size() > 1 && documents_.size() > 1 &&
            std::ranges::all_of(uses, [](const auto& list) { return list.second.size() == 1; });
        if (!is_each_alone) return;
        const StatusUse& first = uses.begin()->second.front();
        const bool is_one_document = std::ranges::all_of(
            uses, [&](const auto& list) { return list.second.front().document == first.document; });
        if (!is_one_document)
            add("privacy.status-list-of-one",
                first.document,
                first.pointer,
                "each badge has a status list of its own: asking for it tells whom somebody "
                "checks");
    }

    void look_for_shared_salts() {
        std::map<std::string, std::size_t> seen;
        for (std::size_t i = 0; i < documents_.size(); ++i) {
            constexpr std::string_view place = "/credentialSubject/identifier";
            const json::Value* const identifier = json::at(documents_[i], place);
            if (identifier == nullptr || identifier->as_array() == nullptr) continue;
            for (std::size_t k = 0; k < identifier->as_array()->size(); ++k) {
                const std::string salt(json::text_in((*identifier->as_array())[k], "salt"));
                const auto [first, is_new] = seen.emplace(salt, i);
                if (salt.empty() || is_new || first->second == i) continue;
                add("privacy.shared-salt",
                    i,
                    json::step(place, k) + "/salt",
                    "another badge has the same salt: trying out addresses once finds both, want "
                    "it drawn anew");
            }
        }
    }

    std::span<const json::Value> documents_;
    const std::set<Profile>& profiles_;
    std::vector<BatchFinding> found_;
};

}  // namespace

std::vector<BatchFinding> lint_batch(std::span<const json::Value> documents,
                                     const std::set<Profile>& profiles) {
    return Batch(documents, profiles).look();
}

}  // namespace chancery::badge

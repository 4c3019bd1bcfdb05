#include "node/refill.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "node/audit/replay.h"

namespace chancery::node {
namespace {

Error error_of(const audit::Finding& finding) {
    std::string detail = "the export is not what it claims to be: ";
    if (finding.position) detail += "position " + std::to_string(*finding.position) + ": ";
    detail += finding.what + ": expected " + finding.expected + ", actual " + finding.actual;
    return {finding.needs_newer_version ? Errc::invalid : Errc::corrupt, detail};
}

std::optional<audit::Finding> differs(std::string what,
                                      const merkle::TreeHead& own,
                                      const merkle::TreeHead& exported) {
    if (own == exported) return std::nullopt;
    audit::Finding finding;
    finding.what = std::move(what);
    finding.expected = text_of(own) + " as in this node's journal";
    finding.actual = text_of(exported);
    return finding;
}

// Stores the export's blocks up to the journal's base and the journal's own after it.
class JointKeeper final : public audit::ReplayKeeper {
public:
    explicit JointKeeper(const RefillPlan& plan)
        : journal_(plan.records.recovered),
          source_(plan.source),
          store_(plan.store),
          last_height_(
              std::max(journal_.base_height, journal_.sealed ? journal_.sealed->height : 0)),
          next_index_(journal_.base.id.index + 1) {}

    const registry::LedgerView& view() const override { return store_; }
    bool wants_more() const override { return height_ < last_height_; }

    audit::Checked take(const registry::State& before,
                        std::shared_ptr<const registry::AppliedBlock> block) override {
        height_ = block->after.height;
        if (auto forked = check_known_heads(*block)) return forked;
        if (height_ > journal_.base_height) return take_own(before, *block);
        auto contents = fetch_contents(*block);
        if (!contents) return contents.error();
        const auto stored = store_.write(
            {block, journal_.base.id, journal_.base.chain, std::string(), std::move(*contents)});
        if (!stored) return stored.error();
        ++blocks_from_export_;
        return audit::all_well();
    }

    std::uint64_t blocks_from_export() const { return blocks_from_export_; }
    std::uint64_t contents_missing() const { return contents_missing_; }

private:
    std::string name() const { return "block " + std::to_string(height_); }

    // What this node sealed or cosigned at this height.
    std::optional<audit::Finding> check_known_heads(const registry::AppliedBlock& block) const {
        const merkle::TreeHead head = block.after.head();
        if (journal_.sealed && journal_.sealed->height == height_) {
            const merkle::TreeHead own = journal_.sealed->head();
            if (auto wrong = differs("head of the sealed " + name(), own, head)) return wrong;
        }
        if (journal_.cosigned && journal_.cosigned->height == height_) {
            const merkle::TreeHead own = journal_.cosigned->head();
            if (auto wrong = differs("head of the cosigned " + name(), own, head)) return wrong;
        }
        return std::nullopt;
    }

    // The journal's block at this height, if it leads where the export's does.
    audit::Checked take_own(const registry::State& before, const registry::AppliedBlock& exported) {
        const raft::Entry* entry = entry_at(journal_, next_index_);
        while (entry != nullptr && entry->kind != raft::EntryKind::block)
            entry = entry_at(journal_, ++next_index_);
        if (entry == nullptr) {
            return Error{Errc::corrupt, "the journal ends before " + name() + ", which is sealed"};
        }
        ++next_index_;
        auto applied = registry::apply_block(before, store_, *entry->payload);
        if (!applied) return applied.error();
        if (auto wrong =
                differs("head after " + name(), applied->after.head(), exported.after.head()))
            return wrong;
        const auto stored = store_block(std::move(*applied), *entry, journal_, store_);
        if (!stored) return stored.error();
        return audit::all_well();
    }

    Result<std::vector<storage::StoredContent>> fetch_contents(
        const registry::AppliedBlock& block) {
        std::vector<storage::StoredContent> contents;
        for (const Hash& hash : block.contents) {
            auto bytes = source_.content(hash);
            if (!bytes && bytes.error().code != Errc::not_found) return bytes.error();
            if (!bytes || sha256(*bytes) != hash) {
                ++contents_missing_;
                continue;
            }
            contents.push_back({hash, std::make_shared<const Bytes>(std::move(*bytes))});
        }
        return contents;
    }

    const storage::Recovered& journal_;
    audit::LogSource& source_;
    storage::LedgerStore& store_;
    std::uint64_t last_height_;  // The newest that this node knows as sealed.
    raft::Index next_index_;     // Of the journal.
    std::uint64_t height_ = 0;
    std::uint64_t blocks_from_export_ = 0;
    std::uint64_t contents_missing_ = 0;
};

// This node's cosignature over more than its journal knows: a journal set back, whose node would
// sign that size again, and perhaps another root.
Result<void> check_own_cosignature(const storage::OwnRecords& records,
                                   const audit::ReplayReport& report) {
    const storage::Recovered& journal = records.recovered;
    const merkle::TreeHead& head = report.checkpoint.head;
    const std::uint64_t known = journal.cosigned ? journal.cosigned->size : 0;
    if (head.size <= known) return {};
    auto own = ledger::cosigners_at(*report.state.members, head.size);
    std::erase_if(own, [&](const auto& each) { return each.member != records.identity.node; });
    const auto seal = ledger::seal_of(report.checkpoint_note, own, 1);
    if (seal && !seal->is_sealed()) return {};
    return Error{Errc::corrupt,
                 "journal: the export carries this node's cosignature over size " +
                     std::to_string(head.size) + ", the journal knows none above size " +
                     std::to_string(known) +
                     ": what this node signed is no longer known; it must be recovered as a new "
                     "node with new keys"};
}

Result<void> check_reach(const storage::Recovered& journal, const audit::ReplayReport& report) {
    const std::uint64_t height = report.state.height;
    const std::uint64_t base = journal.base_height;
    if (height < base) {
        return Error{Errc::invalid,
                     "the export is too short: expected at least block " + std::to_string(base) +
                         ", after which the journal begins, actual end at block " +
                         std::to_string(height) + ", size " +
                         std::to_string(report.state.head().size)};
    }
    const std::uint64_t sealed = journal.sealed ? journal.sealed->height : 0;
    if (sealed >= base || report.state.head() == report.checkpoint.head) return {};
    return Error{Errc::invalid,
                 "the journal's newest seal is of block " + std::to_string(sealed) +
                     ": expected an export that ends at block " + std::to_string(base) + ", size " +
                     std::to_string(report.state.head().size) + ", actual size " +
                     std::to_string(report.checkpoint.head.size)};
}

}  // namespace

Result<Refilled> refill_ledger(const RefillPlan& plan) {
    const storage::Recovered& journal = plan.records.recovered;
    JointKeeper keeper(plan);
    audit::ReplayOptions options;
    options.network_id = plan.records.identity.network;
    options.keeper = &keeper;
    options.progress = plan.progress;
    const auto report = audit::replay(plan.source, options);
    if (!report) return report.error();
    if (report->finding) return error_of(*report->finding);
    if (auto done = check_own_cosignature(plan.records, *report); !done) return done.error();
    if (auto done = check_reach(journal, *report); !done) return done.error();

    if (!journal.sealed || journal.sealed->height < journal.base_height) {
        const auto noted = plan.store.write_checkpoint(note::to_text(report->checkpoint_note));
        if (!noted) return noted.error();
    }
    auto ledger = recover_ledger(journal, plan.store);
    if (!ledger) return ledger.error();
    if (!ledger->checkpoint.empty()) {
        const auto noted = plan.store.write_checkpoint(ledger->checkpoint);
        if (!noted) return noted.error();
    }
    return Refilled{std::move(*ledger), keeper.blocks_from_export(), keeper.contents_missing()};
}

}  // namespace chancery::node

#include "node/audit/replay.h"

#include "crypto/base/encoding.h"
#include "crypto/credential/trust.h"
#include "node/audit/block_judge.h"
#include "node/audit/log_reader.h"
#include "node/audit/replay_ledger.h"

namespace chancery::audit {
namespace {

std::optional<Finding> of_papers(std::string what, std::string expected, std::string actual) {
    Finding finding;
    finding.what = std::move(what);
    finding.expected = std::move(expected);
    finding.actual = std::move(actual);
    return finding;
}

// The earlier in the log; what the reader found, if both are of one place.
std::optional<Finding> earlier(const Finding& of_reader, const std::optional<Finding>& of_block) {
    if (of_block && of_block->position < of_reader.position) return of_block;
    return of_reader;
}

class Replay {
public:
    Replay(LogSource& source, const ReplayOptions& options) : source_(source), options_(options) {}

    Result<ReplayReport> run() {
        auto checked = check_papers();
        if (checked && !*checked) checked = check_entries();
        if (checked && !*checked) checked = check_seal();
        if (checked && !*checked) checked = check_trust();
        if (!checked) return checked.error();
        report_.finding = std::move(*checked);
        return std::move(report_);
    }

private:
    Checked check_papers() {
        const Result<std::string> text = source_.genesis();
        if (!text) return text.error();
        const Result<ledger::Genesis> genesis = ledger::parse_genesis(*text);
        if (!genesis) return of_papers("genesis", "a well-formed one", genesis.error().detail);
        report_.network_id = ledger::network_id(*genesis);
        if (options_.network_id && report_.network_id != *options_.network_id) {
            return of_papers(
                "network id", to_hex(*options_.network_id), to_hex(report_.network_id));
        }
        if (const auto signed_by_all = ledger::check_signatures(*genesis); !signed_by_all) {
            return of_papers("genesis", "every member's signature", signed_by_all.error().detail);
        }
        report_.state = registry::initial_state(*genesis);
        before_last_ = report_.state;

        const Result<std::string> note = source_.checkpoint();
        if (!note) return note.error();
        Result<note::SignedCheckpoint> checkpoint = note::parse_checkpoint(*note);
        if (!checkpoint) {
            return of_papers("checkpoint", "a well-formed one", checkpoint.error().detail);
        }
        if (checkpoint->checkpoint.origin != genesis->origin) {
            return of_papers("origin", genesis->origin, checkpoint->checkpoint.origin);
        }
        report_.checkpoint = checkpoint->checkpoint;
        report_.checkpoint_note = std::move(checkpoint->note);
        return all_well();
    }

    Checked check_entries() {
        LogReader reader(source_, report_.checkpoint.head);
        if (const auto opened = reader.open(); !opened) return opened.error();
        report_.had_tiles = reader.tiles().is_present();
        ReplayLedger in_memory(reader, options_.table_key);
        if (options_.keeper == nullptr && reader.tiles().is_genuine()) {
            in_memory.reserve(report_.checkpoint.head.size);
        }
        ReplayKeeper& keeper = options_.keeper != nullptr ? *options_.keeper : in_memory;
        while (!reader.at_end()) {
            const auto read = reader.read_next();
            if (!read) return read.error();
            auto found = take(reader.entries(), keeper);
            if (!found || *found) return found;
            if (*read) {
                auto of_block = judge_rest(keeper);
                if (!of_block) return of_block;
                return earlier(**read, *of_block);
            }
            if (options_.progress) {
                options_.progress(reader.first() + reader.entries().size(),
                                  report_.checkpoint.head.size);
            }
        }
        auto rest = judge_rest(keeper);
        if (!rest || *rest) return rest;
        const Hash root = only_hashed_ ? only_hashed_->root() : report_.state.head().root;
        if (root != report_.checkpoint.head.root) {
            return of_papers(
                "root of the checkpoint", to_hex(root), to_hex(report_.checkpoint.head.root));
        }
        return reader.tiles().fault();
    }

    // Adds entries to the block that is being read; judges it when its state entry comes.
    Checked take(std::span<const ByteView> entries, ReplayKeeper& keeper) {
        for (const ByteView entry : entries) {
            if (block_.count() == 0 && !keeper.wants_more()) {
                if (!only_hashed_) only_hashed_ = report_.state.frontier;
                only_hashed_->append(merkle::leaf_hash(entry));
                continue;
            }
            block_.append(entry);
            const std::uint64_t bytes =
                block_.bytes.size() - merkle::entry_length_bytes * block_.count();
            // A block that goes on beyond its limit has something wrong with it, whatever comes.
            if (!is_state_entry(entry) && bytes <= ledger::block_bytes_max) continue;
            auto found = judge(keeper);
            if (!found || *found) return found;
            block_ = {};
        }
        return all_well();
    }

    Checked judge_rest(ReplayKeeper& keeper) {
        if (block_.count() == 0) return all_well();
        return judge(keeper);
    }

    Checked judge(ReplayKeeper& keeper) {
        Result<Judged> judged = judge_block(report_.state, keeper.view(), block_);
        if (!judged) return judged.error();
        if (judged->finding) return judged->finding;
        const auto block =
            std::make_shared<const registry::AppliedBlock>(*std::move(judged->applied));
        auto taken = keeper.take(report_.state, block);
        if (!taken || *taken) return taken;
        const registry::AppliedBlock& applied = *block;
        if (options_.watcher != nullptr) options_.watcher->saw(applied);
        report_.batches += applied.batches.size();
        report_.credentials += applied.commitments.size();
        report_.status_changes += applied.statuses.size();
        report_.publications += applied.contents.size();
        report_.anchors += applied.anchors;
        report_.acts += applied.acts.size();
        before_last_ = std::move(report_.state);
        report_.state = applied.after;
        return all_well();
    }

    // Under the members before the last block and, if that changed them, under the new ones too.
    Checked check_seal() {
        auto found = check_seal_under(before_last_);
        if (!found || *found || report_.state.members == before_last_.members) return found;
        return check_seal_under(report_.state);
    }

    Checked check_seal_under(const registry::State& state) {
        const ledger::Members& members = *state.members;
        const auto cosigners = ledger::cosigners_at(
            members, only_hashed_ ? only_hashed_->leaf_count() : state.head().size);
        const auto seal = ledger::seal_of(report_.checkpoint_note, cosigners, members.quorum);
        if (!seal) {
            return of_papers("cosignatures of the checkpoint", "good ones", seal.error().detail);
        }
        report_.cosigners = seal->members;
        if (seal->is_sealed()) return all_well();
        return of_papers("cosignatures of the checkpoint",
                         "at least " + std::to_string(members.quorum) + " members",
                         std::to_string(seal->members));
    }

    Checked check_trust() {
        const Result<std::string> text = source_.trust();
        if (!text && text.error().code == Errc::not_found) return all_well();
        if (!text) return text.error();
        auto file = credential::parse_trust_file(*text);
        if (!file) return of_papers("trust file", "a well-formed one", file.error().detail);
        // A log that grows may have changed its members since the checkpoint that is replayed.
        const std::uint64_t size = report_.state.head().size;
        std::erase_if(file->steps, [size](const credential::TrustStep& step) {
            const auto sealed = note::parse_checkpoint(step.checkpoint);
            return sealed && sealed->checkpoint.head.size > size;
        });
        const auto trust = credential::Trust::from_file(*file, report_.network_id);
        if (!trust) {
            return of_papers("trust file", "one that this genesis leads to", trust.error().detail);
        }
        const Hash newest = ledger::members_hash(trust->newest());
        const Hash of_log = ledger::members_hash(*report_.state.members);
        if (newest == of_log) return all_well();
        return of_papers("newest members object of the trust file", to_hex(of_log), to_hex(newest));
    }

    LogSource& source_;
    const ReplayOptions& options_;
    ReplayReport report_;
    registry::State before_last_;  // Whose members seal the checkpoint.
    registry::EntryRun block_;     // As far as it was read.
    // The whole log's, once the keeper wants no more.
    std::optional<merkle::Frontier> only_hashed_;
};

}  // namespace

Result<ReplayReport> replay(LogSource& source, const ReplayOptions& options) {
    return Replay(source, options).run();
}

}  // namespace chancery::audit

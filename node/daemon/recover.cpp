// `chanceryd recover`: giving a data directory a new database; journal, fence and keys stay.

#include <chrono>
#include <filesystem>
#include <memory>

#include "node/audit/folder_source.h"
#include "node/audit/node_source.h"
#include "node/daemon/commands.h"
#include "node/node.h"
#include "node/refill.h"
#include "storage/scrub.h"

namespace chancery::daemon {
namespace {

constexpr std::chrono::seconds answer_timeout{30};

// What a log is read from, with all that it needs.
struct Export {
    std::optional<node::Remote> remote;
    std::unique_ptr<audit::LogSource> source;
};

Result<std::unique_ptr<Export>> open_export(const std::string& place) {
    auto opened = std::make_unique<Export>();
    if (node::is_url(place)) {
        auto remote = node::Remote::to(place, {answer_timeout});
        if (!remote) return remote.error();
        opened->remote = *std::move(remote);
        opened->source = std::make_unique<audit::NodeSource>(*opened->remote);
        return opened;
    }
    std::error_code problem;
    if (!std::filesystem::is_directory(place, problem)) {
        return Error{Errc::not_found, place + ": is no folder"};
    }
    opened->source = std::make_unique<audit::FolderSource>(place);
    return opened;
}

Result<node::Refilled> fill(const storage::OwnRecords& records,
                            storage::LedgerStore& store,
                            const std::string& from) {
    if (from.empty()) {
        auto ledger = node::recover_ledger(records.recovered, store);
        if (!ledger) return ledger.error();
        return node::Refilled{std::move(*ledger)};
    }
    const auto opened = open_export(from);
    if (!opened) return opened.error();
    return node::refill_ledger({records, *(*opened)->source, store, {}});
}

std::string summary(const node::Refilled& filled, const std::string& set_aside) {
    const std::uint64_t height = filled.ledger.state.height;
    std::string text = std::to_string(height) + " blocks, size " +
                       std::to_string(filled.ledger.state.head().size) + ": " +
                       std::to_string(filled.blocks_from_export) + " from the export, " +
                       std::to_string(height - filled.blocks_from_export) + " from the journal";
    if (filled.contents_missing > 0) {
        text += "; " + std::to_string(filled.contents_missing) +
                " published contents are not in the export";
    }
    return set_aside.empty() ? text : text + "; the old database is in " + set_aside;
}

}  // namespace

Result<std::string> recover_data(const node::Config& config, const std::string& from) {
    const storage::DataOptions options = node::data_options(config);
    const auto records = storage::open_own_records(config.data, options);
    if (!records) return records.error();
    if (from.empty() && records->recovered.base_height > 0) {
        return Error{Errc::invalid,
                     "the journal begins after block " +
                         std::to_string(records->recovered.base_height) +
                         ": name an exported log that has the blocks up to there with --from "
                         "URL|FOLDER"};
    }
    auto rebuild = storage::DatabaseRebuild::begin(
        *records->disk, config.data, records->genesis, options.database);
    if (!rebuild) return rebuild.error();
    const auto filled = fill(*records, rebuild->ledger(), from);
    if (!filled) return filled.error();
    const auto findings = storage::check_right_edge(rebuild->ledger());
    if (!findings) return findings.error();
    if (!findings->empty()) return Error{Errc::corrupt, findings->front().what};
    const auto set_aside = rebuild->finish();
    if (!set_aside) return set_aside.error();
    return summary(*filled, *set_aside);
}

}  // namespace chancery::daemon

#include "storage/data_directory.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "storage/crash_point.h"
#include "storage/posix_disk.h"

namespace chancery::storage {
namespace {

namespace fs = std::filesystem;

const std::string node_file = "node.json";
const std::string genesis_file = "genesis.json";
const std::string ledger_directory = "ledger";
const std::string new_directory = "ledger.new";
const std::string rebuilt_directory = "ledger.rebuilt";
constexpr std::string_view node_format = "chancery-node/v1";
constexpr std::size_t file_bytes_max = 1024 * 1024;
constexpr unsigned set_aside_max = 10'000;

Result<void> write_file(Disk& disk, const std::string& path, std::string_view text) {
    auto file = disk.open(path, Disk::Open::create_new);
    if (!file) return file.error();
    if (auto done = (*file)->write_at(0, bytes_of(text)); !done) return done;
    if (auto done = (*file)->sync(); !done) return done;
    return disk.sync_directory("");
}

Result<std::string> read_file(Disk& disk, const std::string& path) {
    const auto file = disk.open(path, Disk::Open::existing);
    if (!file) return file.error();
    const auto size = (*file)->size();
    if (!size) return size.error();
    if (*size > file_bytes_max) return corrupt_at(path, "has " + std::to_string(*size) + " bytes");
    const auto bytes = (*file)->read_at(0, static_cast<std::size_t>(*size));
    if (!bytes) return bytes.error();
    return std::string(text_of(*bytes));
}

std::string node_text(const JournalIdentity& identity) {
    json::Object fields;
    fields.push_back({"format", json::Value(node_format)});
    fields.push_back({"network", json::Value(to_hex(identity.network))});
    fields.push_back({"node", json::Value(identity.node)});
    fields.push_back({"epoch", json::Value(identity.epoch)});
    return json::pretty(json::Value(std::move(fields)));
}

Result<JournalIdentity> parse_node(const std::string& text) {
    const auto value = json::parse(text);
    if (!value) return corrupt_at(node_file, value.error().detail);
    json::Fields fields(*value);
    const std::string format = fields.string("format");
    if (format != node_format && format.starts_with("chancery-node/")) {
        return corrupt_at(node_file,
                          "format " + format + ", this program knows " + std::string(node_format) +
                              " and left everything unchanged");
    }
    JournalIdentity identity;
    identity.network = fields.hash("network");
    identity.node = static_cast<raft::NodeId>(fields.integer("node"));
    identity.epoch = static_cast<std::uint32_t>(fields.integer("epoch"));
    if (const auto wrong = fields.finish()) return corrupt_at(node_file, wrong->detail);
    if (format != node_format) return corrupt_at(node_file, "is no node's file");
    return identity;
}

struct Known {
    JournalIdentity identity;
    ledger::Genesis genesis;
};

Result<Known> read_known(Disk& disk, const std::string& path) {
    const auto node = read_file(disk, node_file);
    if (!node && node.error().code == Errc::not_found) {
        return Error{Errc::not_found,
                     path + ": no " + node_file +
                         " there: a new node is made by init; a member that ran before must not "
                         "begin again with an empty directory"};
    }
    if (!node) return node.error();
    const auto identity = parse_node(*node);
    if (!identity) return identity.error();
    const auto text = read_file(disk, genesis_file);
    if (!text) return corrupt_at(genesis_file, text.error().detail);
    auto genesis = ledger::parse_genesis(*text);
    if (!genesis) return corrupt_at(genesis_file, genesis.error().detail);
    if (ledger::network_id(*genesis) != identity->network) {
        return corrupt_at(genesis_file, "is of another network than " + node_file);
    }
    // The network's id does not cover the signatures, and the trust file shows them to the world.
    if (const auto is_signed = ledger::check_signatures(*genesis); !is_signed) {
        return corrupt_at(genesis_file, is_signed.error().detail);
    }
    return Known{*identity, std::move(*genesis)};
}

// Gone though the node ran before: it may have voted, and must not vote again as if it had not.
Error amnesia(const std::string& missing, const std::string& beside) {
    return corrupt_at(
        missing,
        "is missing beside " + beside +
            ": what this node signed is no longer known; it must be recovered as a new "
            "node with new keys");
}

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::ranges::find(names, name) != names.end();
}

// A rebuilt database goes where none stands: the last step of a swap, also of one that broke off.
Result<void> finish_swap(Disk& disk) {
    const auto names = disk.list("");
    if (!names) return names.error();
    if (has(*names, ledger_directory) || !has(*names, rebuilt_directory)) return {};
    if (auto done = disk.rename(rebuilt_directory, ledger_directory); !done) return done;
    return disk.sync_directory("");
}

// Gives the database another name; empty if there is none.
Result<std::string> set_aside(Disk& disk) {
    const auto names = disk.list("");
    if (!names) return names.error();
    if (!has(*names, ledger_directory)) return std::string();
    for (unsigned number = 1; number < set_aside_max; ++number) {
        std::string name = ledger_directory + ".damaged-" + std::to_string(number);
        if (has(*names, name)) continue;
        if (auto done = disk.rename(ledger_directory, name); !done) return done.error();
        if (auto done = disk.sync_directory(""); !done) return done.error();
        return name;
    }
    return Error{Errc::conflict, "too many databases set aside"};
}

Result<void> must_be_empty(const Disk& disk, const std::string& path) {
    const auto names = disk.list("");
    if (!names) return names.error();
    if (std::ranges::find(*names, node_file) != names->end()) {
        return Error{Errc::conflict, path + ": is a node's data directory already"};
    }
    const auto other = std::ranges::find_if(
        *names, [](const std::string& name) { return name != lock_file_name && name != "keys"; });
    if (other == names->end()) return {};
    return Error{Errc::conflict, path + ": is not empty, it has " + *other};
}

}  // namespace

Result<void> init_data_directory(const std::string& path,
                                 const ledger::Genesis& genesis,
                                 const NodeName& name,
                                 const DataOptions& options) {
    std::error_code code;
    if (fs::create_directories(path, code)) {
        fs::permissions(path, fs::perms::owner_all, code);
    }
    if (code) return Error{Errc::io, path + ": " + code.message()};
    auto disk = open_posix_disk(path);
    if (!disk) return disk.error();
    if (auto done = must_be_empty(**disk, path); !done) return done;

    JournalIdentity identity;
    identity.network = ledger::network_id(genesis);
    identity.node = name.node;
    identity.epoch = name.epoch;
    const std::string genesis_text = json::pretty(ledger::to_json(genesis));
    if (auto done = write_file(**disk, genesis_file, genesis_text); !done) return done;
    if (auto done = Journal::create(**disk, identity, options.journal); !done) return done;
    const auto opened = Journal::open(**disk, identity, options.journal);
    if (!opened) return opened.error();
    const auto fence = Fence::create(**disk, fence_record(opened->journal));
    if (!fence) return fence.error();
    DatabaseOptions database = options.database;
    database.may_create = true;
    const auto ledger = open_ledger_database(path + "/" + ledger_directory, genesis, database);
    if (!ledger) return ledger.error();
    // Last: a directory without it was never finished, and does not open.
    return write_file(**disk, node_file, node_text(identity));
}

Result<OwnRecords> open_own_records(const std::string& path, const DataOptions& options) {
    auto disk = open_posix_disk(path);
    if (!disk) return disk.error();
    auto known = read_known(**disk, path);
    if (!known) return known.error();

    auto fence = Fence::open(**disk, known->identity);
    if (!fence && fence.error().code == Errc::not_found) return amnesia(fence_path, "node.json");
    if (!fence) return fence.error();
    const FenceRecord& seen = fence->record();
    auto opened = Journal::open(**disk, known->identity, options.journal, seen.end);
    if (!opened && opened.error().code == Errc::not_found) return amnesia("journal", fence_path);
    if (!opened) return opened.error();
    if (auto done = check_against_fence(opened->recovered, seen); !done) return done.error();
    return OwnRecords{std::move(*disk),
                      std::move(known->genesis),
                      known->identity,
                      std::move(*fence),
                      std::move(opened->journal),
                      std::move(opened->recovered)};
}

Result<DataDirectory> open_data_directory(const std::string& path, const DataOptions& options) {
    auto records = open_own_records(path, options);
    if (!records) return records.error();
    if (auto done = finish_swap(*records->disk); !done) return done.error();
    DatabaseOptions database = options.database;
    database.may_create = false;
    auto ledger = open_ledger_database(path + "/" + ledger_directory, records->genesis, database);
    if (!ledger && ledger.error().code == Errc::not_found) {
        return corrupt_at(path + "/" + ledger_directory,
                          "the database is missing: rebuild it with chanceryd recover");
    }
    if (!ledger) return ledger.error();
    const bool must_refill = (*ledger)->flushed_height() < records->recovered.base_height;
    return DataDirectory{std::move(*records), std::move(*ledger), must_refill};
}

Result<DatabaseRebuild> DatabaseRebuild::begin(Disk& disk,
                                               const std::string& path,
                                               const ledger::Genesis& genesis,
                                               const DatabaseOptions& options) {
    if (auto done = finish_swap(disk); !done) return done.error();
    for (const std::string& left : {new_directory, rebuilt_directory}) {
        std::error_code code;
        const fs::path folder = fs::path(path) / left;
        fs::remove_all(folder, code);
        if (code) return Error{Errc::io, folder.string() + ": " + code.message()};
    }
    DatabaseOptions database = options;
    database.may_create = true;
    auto ledger = open_ledger_database(path + "/" + new_directory, genesis, database);
    if (!ledger) return ledger.error();
    return DatabaseRebuild(disk, path, std::move(*ledger));
}

DatabaseRebuild::~DatabaseRebuild() {
    if (!ledger_) return;
    ledger_.reset();
    std::error_code ignored;  // Whoever builds next removes it.
    fs::remove_all(path_ + "/" + new_directory, ignored);
}

Result<std::string> DatabaseRebuild::finish() {
    const auto flushed = ledger_->flush();
    if (!flushed) return flushed.error();
    ledger_.reset();
    crash_point(CrashPoint::rebuild_filled);
    if (auto done = disk_->rename(new_directory, rebuilt_directory); !done) return done.error();
    if (auto done = disk_->sync_directory(""); !done) return done.error();
    crash_point(CrashPoint::rebuild_ready);
    auto aside = set_aside(*disk_);
    if (!aside) return aside.error();
    crash_point(CrashPoint::rebuild_set_aside);
    if (auto done = finish_swap(*disk_); !done) return done.error();
    return aside->empty() ? *aside : path_ + "/" + *aside;
}

}  // namespace chancery::storage

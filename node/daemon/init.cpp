// `chanceryd init` and `chanceryd recover`: making a data directory, and giving it a new database.

#include <algorithm>
#include <filesystem>

#include "node/daemon/commands.h"
#include "node/local_file.h"
#include "node/recovery.h"
#include "storage/data_directory.h"
#include "storage/scrub.h"

namespace chancery::daemon {

Result<void> init_data(const node::Config& config) {
    const auto text = node::read_file(config.genesis, ledger::genesis_bytes_max);
    if (!text) return text.error();
    const auto genesis = ledger::parse_genesis(*text);
    if (!genesis)
        return Error{genesis.error().code, config.genesis + ": " + genesis.error().detail};
    const auto is_signed = ledger::check_signatures(*genesis);
    if (!is_signed) return is_signed.error();
    const auto& members = genesis->members;
    const auto self = std::ranges::find(members, config.member, &ledger::GenesisMember::slug);
    if (self == members.end()) {
        return Error{Errc::invalid,
                     "node.member is " + config.member + ", which genesis does not name"};
    }
    const storage::NodeName name{static_cast<raft::NodeId>(self - members.begin() + 1), 1};
    return storage::init_data_directory(config.data, *genesis, name, {});
}

Result<void> recover_data(const node::Config& config) {
    const auto set_aside = storage::rebuild_database(config.data, {});
    if (!set_aside) return set_aside.error();
    auto data = storage::open_data_directory(config.data, {});
    if (!data) return data.error();
    const auto ledger = node::recover_ledger(data->recovered, *data->ledger);
    if (!ledger) return ledger.error();
    const auto flushed = data->ledger->flush();
    if (!flushed) return flushed.error();
    const auto findings = storage::check_right_edge(*data->ledger);
    if (!findings) return findings.error();
    if (!findings->empty()) return Error{Errc::corrupt, findings->front().what};
    return {};
}

}  // namespace chancery::daemon

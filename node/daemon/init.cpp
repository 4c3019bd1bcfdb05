// `chanceryd init`: making the data directory of a new member's node.

#include <algorithm>

#include "node/daemon/commands.h"
#include "node/local_file.h"
#include "node/node.h"

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
    return storage::init_data_directory(config.data, *genesis, name, node::data_options(config));
}

}  // namespace chancery::daemon

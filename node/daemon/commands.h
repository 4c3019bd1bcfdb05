// The daemon's commands: init, run, recover, config check|show, version.
//
// Exit statuses as README has them: 0 done, 2 usage or configuration, 7 exists already,
// 8 integrity alarm, 70 our bug, 74 disk failed.
#pragma once

#include "crypto/base/result.h"
#include "node/config.h"

namespace chancery::daemon {

int run_command(int argc, char** argv);

Result<void> init_data(const node::Config& config);
// Fills a new database from the journal and, if it begins above the ledger's first block, from an
// exported log: `from` is a folder or a node's URL, or empty. What was there is set aside; gives
// a line for the operator.
Result<std::string> recover_data(const node::Config& config, const std::string& from);
// Runs until a signal or a halt; the exit status.
int run_node(const node::LoadedConfig& loaded);

// 2, 5, 7, 8, 74, …
int exit_status(const Error& error);

}  // namespace chancery::daemon

// Where the node is, which keys sign and whom to trust: from flags, variables, or the sandbox.
//
//     flag > CHANCERY_… variable > ./chancery-sandbox/client.toml > default
//
// CHANCERY_SANDBOX names another folder than ./chancery-sandbox.
// Several nodes: --node again and again, CHANCERY_NODE with commas, client.toml with an array.
// client.toml knows node, ca, key, assertion_key, passphrase_file, trust, network_id and state;
// paths in it are relative to its folder, and an unknown key is an error with line and column.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "node/cli/command.h"
#include "node/remote.h"

namespace chancery::cli {

struct ClientContext {
    std::vector<std::string> nodes;  // URLs, asked in this order; empty: none was named.
    std::string ca;                  // File; empty: this machine's authorities.
    std::string key;                 // File; empty: none was named.
    std::string assertion_key;       // File; empty: none was named.
    std::string passphrase_file;     // Empty: none was named.
    std::string trust;               // File; empty: the node is asked for it.
    std::optional<Hash> network_id;  // Pinned.
    std::string state;               // Folder of what this client remembers of networks.
    std::chrono::seconds timeout{30};
    bool json = false;
    bool quiet = false;
    bool no_input = false;

    node::Reach reach() const { return {timeout, ca}; }
};

using Environment = std::map<std::string, std::string>;

// Errc::invalid with the place. `folder` is where the sandbox is looked for.
Result<ClientContext> load_context(const Invocation& call,
                                   const Environment& environment,
                                   const std::string& folder);

// This process's CHANCERY_… variables, with HOME and XDG_STATE_HOME.
Environment process_environment();

inline constexpr std::string_view sandbox_folder_name = "chancery-sandbox";
inline constexpr std::string_view client_file_name = "client.toml";

}  // namespace chancery::cli

// What every command sits down at that touches an EVM chain: the endpoint, the key that pays, the
// journal, and what the options say.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "node/cli/anchor_sender.h"
#include "node/cli/command.h"
#include "node/cli/folder_lock.h"
#include "node/cli/session.h"

namespace chancery::cli {

// The one chain that is meant. Errc::invalid if --chain is missing or no EVM chain.
Result<std::uint64_t> chain_of(const Invocation& call);

// nullptr if none was named. The URL comes from --chain-url or, for those with a secret in them,
// from a file that others cannot read.
Result<std::unique_ptr<rpc::EvmClient>> open_chain(const Session& session, const Invocation& call);

// --confirmations, --max-fee and --replace-after.
Result<AnchorOptions> anchor_options(const Invocation& call, std::uint64_t chain_id);

// --journal, else beside the key: <anchor key>.anchors
Result<std::string> journal_folder(const Invocation& call);

struct AnchorKey {
    keys::EvmKey key;
    std::string owner;  // The member's slug.
};
Result<AnchorKey> load_anchor_key(const Session& session, const Invocation& call);

// For commands that send.
struct AnchorDesk {
    std::unique_ptr<rpc::EvmClient> chain;
    AnchorKey key;
    AnchorJournal journal;
    AnchorOptions options;
    FolderLock lock;  // Of the journal's folder: one sender at a time.
};
// Errc::conflict if another process anchors with this journal; Errc::forbidden if the endpoint is
// of another chain.
Result<AnchorDesk> open_anchor_desk(const Session& session, const Invocation& call);

// The options of commands that look at a chain, and of those that send.
std::vector<Option> chain_options();
std::vector<Option> sending_options();

// How long and how often the chain is looked at.
struct Patience {
    std::chrono::milliseconds wait{0};
    std::chrono::milliseconds poll{0};
};
Patience patience_of(const Invocation& call);

// Until the anchor is confirmed: looks, waits and looks again. Errc::timeout after `patience.wait`,
// what was sent stays sent. Errors that may pass are told and looked past until then.
Result<AnchorView> wait_for_chain(Session& session,
                                  AnchorSender& sender,
                                  AnchorRecord& record,
                                  const Patience& patience);

// False if Ctrl-C came meanwhile.
bool rest(std::chrono::milliseconds time);

}  // namespace chancery::cli

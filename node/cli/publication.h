// What a member publishes: contents that every node keeps and serves, their hashes on the ledger.
#pragma once

#include <string>
#include <vector>

#include "crypto/ledger/publication.h"
#include "node/cli/issuer.h"
#include "node/cli/session.h"

namespace chancery::cli {

// The most that a publication's content may have.
inline constexpr std::size_t published_bytes_max = std::size_t{64} * 1024;

struct Publication {
    ledger::PublicationType type = ledger::PublicationType::achievement;
    std::string url;
    std::string content;
};

// One sealed batch. Gives the position of the first publication's entry; the others follow.
// Errc::invalid for a content that is too large, before anything is sent.
Result<ledger::Position> publish(Session& session,
                                 NodeClient& node,
                                 const Issuer& issuer,
                                 const std::vector<Publication>& publications);

// The newest content of a member's publication under this URL, with its position; held against
// the hash that the node names, which is not proven.
struct Published {
    ledger::Position position = 0;
    std::string content;
};
// Errc::not_found: nothing was published there.
Result<Published> fetch_published(NodeClient& node,
                                  std::string_view member,
                                  ledger::PublicationType type,
                                  std::string_view url);

}  // namespace chancery::cli

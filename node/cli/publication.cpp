#include "node/cli/publication.h"

#include "crypto/hash/sha256.h"

namespace chancery::cli {

Result<ledger::Position> publish(Session& session,
                                 NodeClient& node,
                                 const Issuer& issuer,
                                 const std::vector<Publication>& publications) {
    std::vector<Bytes> bodies;
    std::vector<std::string> contents;
    for (const Publication& one : publications) {
        if (one.content.size() > published_bytes_max)
            return Error{Errc::invalid,
                         one.url + ": " + std::to_string(one.content.size()) +
                             " bytes to publish, want at most " +
                             std::to_string(published_bytes_max)};
        ledger::PublicationEntry entry;
        entry.type = one.type;
        entry.content_hash = sha256(bytes_of(one.content));
        entry.url = one.url;
        bodies.push_back(ledger::body_of(entry));
        contents.push_back(one.content);
    }
    const auto batch =
        sign_batch(issuer, ledger::Kind::publication, bodies, session.clock.now_ms());
    if (!batch) return batch.error();
    const auto placement =
        submit_until_sealed(node, batch->bulk, session.context.timeout, contents);
    if (!placement) return placement.error();
    return placement->first + 1;
}

Result<Published> fetch_published(NodeClient& node,
                                  std::string_view member,
                                  ledger::PublicationType type,
                                  std::string_view url) {
    const auto newest = node.publication(member, type, url);
    if (!newest) return newest.error();
    auto content = node.content(newest->content_hash);
    if (!content) return content.error();
    return Published{newest->position, *std::move(content)};
}

}  // namespace chancery::cli

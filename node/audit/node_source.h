// The public log of a node, or of a web server that shows an exported folder, over HTTP.
#pragma once

#include "node/audit/log_source.h"
#include "node/remote.h"

namespace chancery::audit {

class NodeSource : public LogSource {
public:
    // `remote` must outlive it.
    explicit NodeSource(node::Remote& remote) : remote_(remote) {}

    // As a folder has it, or from a node's trust file.
    Result<std::string> genesis() override;
    Result<std::string> trust() override;
    Result<std::string> checkpoint() override;
    Result<Bytes> tile(const merkle::TileId& tile) override;
    Result<Bytes> content(const Hash& hash) override;

private:
    Result<Bytes> bytes(const std::string& target);

    node::Remote& remote_;
};

}  // namespace chancery::audit

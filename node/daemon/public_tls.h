// The certificate of the public listener, from the files that node.toml names: read at start, and
// again when the operator says so, as after a renewal.
#pragma once

#include <memory>

#include "node/config.h"
#include "node/diary.h"
#include "rpc/server_tls.h"

namespace chancery::daemon {

// Null if none is configured: the listener speaks plain HTTP. Errc::forbidden if others may read
// the key; Errc::not_found; errors of ServerTls::make. The detail names the file.
Result<std::unique_ptr<rpc::ServerTls>> read_public_tls(const node::Config& config);

// Until when it is valid; a warning if that is soon.
void tell_certificate(node::Diary& diary, const rpc::ServerTls& tls);

}  // namespace chancery::daemon

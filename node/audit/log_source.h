// Where an auditor reads a log from: a folder, a node's disk, a URL. Nothing it says is believed.
#pragma once

#include <optional>
#include <string>

#include "crypto/base/encoding.h"
#include "crypto/base/result.h"
#include "crypto/merkle/tile.h"

namespace chancery::audit {

// The most that a publication's content may have.
inline constexpr std::size_t content_bytes_max = std::size_t{64} * 1024;

// "v1/content/<hex>": where a node, or a folder that is served like one, has a content.
inline std::string content_path(const Hash& hash) { return "v1/content/" + to_hex(hash); }

// Errc::not_found where there is no such thing; io or unavailable where it cannot be told.
class LogSource {
public:
    LogSource() = default;
    LogSource(const LogSource&) = delete;
    LogSource& operator=(const LogSource&) = delete;
    virtual ~LogSource() = default;

    virtual Result<std::string> genesis() = 0;  // JSON.
    virtual Result<std::string> trust() = 0;    // JSON; not_found: it keeps none.
    virtual Result<std::string> checkpoint() = 0;

    // The bytes of a tile or bundle as they are, with whatever is wrong with them. Where only a
    // wider one is kept, its first `width` items.
    virtual Result<Bytes> tile(const merkle::TileId& tile) = 0;

    // What a publication named by its hash; not every log keeps it.
    virtual Result<Bytes> content(const Hash& /*hash*/) {
        return Error{Errc::not_found, "it keeps no published content"};
    }
};

}  // namespace chancery::audit

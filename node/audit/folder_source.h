// A log as exported into a folder:
//
//     <folder>/genesis.json  trust.json  checkpoint  tile/…       (C2SP tlog-tiles)
//              v1/content/<hex of SHA-256>                        (of publications)
//
// trust.json and contents may be missing; tiles of hashes too, but for the bundles of entries.
#pragma once

#include <filesystem>

#include "node/audit/log_source.h"

namespace chancery::audit {

class FolderSource : public LogSource {
public:
    explicit FolderSource(std::filesystem::path folder) : folder_(std::move(folder)) {}

    Result<std::string> genesis() override;
    Result<std::string> trust() override;
    Result<std::string> checkpoint() override;
    Result<Bytes> tile(const merkle::TileId& tile) override;
    Result<Bytes> content(const Hash& hash) override;

private:
    // Errc::invalid for a file of more than `bytes_max`, of which no such thing is ever made.
    Result<std::string> read(const std::string& name, std::size_t bytes_max) const;

    std::filesystem::path folder_;
};

}  // namespace chancery::audit

// The log of a stopped node, read from its data directory.
//
// Opening takes the directory's lock and brings the database up to what the journal holds as
// sealed, as a start of the node would.
#pragma once

#include <memory>
#include <string>

#include "node/audit/log_source.h"
#include "storage/data_directory.h"

namespace chancery::audit {

class DataSource final : public LogSource {
public:
    // Errc::conflict: the node is running. Errc::corrupt, with the file's name.
    static Result<std::unique_ptr<DataSource>> open(const std::string& path);

    Result<std::string> genesis() override;
    Result<std::string> trust() override;
    Result<std::string> checkpoint() override;
    Result<Bytes> tile(const merkle::TileId& tile) override;
    Result<Bytes> content(const Hash& hash) override;

private:
    DataSource(storage::DataDirectory data, std::string checkpoint)
        : data_(std::move(data)), checkpoint_(std::move(checkpoint)) {}

    storage::DataDirectory data_;
    std::string checkpoint_;
};

// Whether `path` looks like a node's data directory.
bool is_data_directory(const std::string& path);

}  // namespace chancery::audit

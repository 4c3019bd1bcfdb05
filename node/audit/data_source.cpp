#include "node/audit/data_source.h"

#include <filesystem>

#include "crypto/json/canonical.h"
#include "node/recovery.h"

namespace chancery::audit {

Result<std::unique_ptr<DataSource>> DataSource::open(const std::string& path) {
    auto data = storage::open_data_directory(path, {});
    if (!data) return data.error();
    auto ledger = node::recover_ledger(data->recovered, *data->ledger);
    if (!ledger) return ledger.error();
    if (ledger->checkpoint.empty()) {
        return Error{Errc::unavailable, path + ": nothing is sealed yet"};
    }
    return std::unique_ptr<DataSource>(
        new DataSource(std::move(*data), std::move(ledger->checkpoint)));
}

Result<std::string> DataSource::genesis() {
    return json::canonical(ledger::to_json(data_.genesis));
}

Result<std::string> DataSource::trust() {
    return Error{Errc::not_found, "a data directory keeps no trust file"};
}

Result<std::string> DataSource::checkpoint() { return checkpoint_; }

Result<Bytes> DataSource::tile(const merkle::TileId& tile) { return data_.ledger->tile(tile); }

Result<Bytes> DataSource::content(const Hash& hash) {
    auto content = data_.ledger->content(hash);
    if (!content) return content.error();
    if (!*content) return Error{Errc::not_found, "no content with that hash"};
    return std::move(**content);
}

bool is_data_directory(const std::string& path) {
    std::error_code error;
    return std::filesystem::is_regular_file(std::filesystem::path(path) / "node.json", error);
}

}  // namespace chancery::audit

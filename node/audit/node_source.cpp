#include "node/audit/node_source.h"

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"

namespace chancery::audit {
namespace {

constexpr json::Limits trust_limits{.bytes_max = node::answer_bytes_max, .elements_max = 4'000'000};
constexpr std::string_view any_json = "application/json";

}  // namespace

Result<std::string> NodeSource::genesis() {
    const auto text = remote_.get("/v1/trust", any_json);
    if (!text && text.error().code == Errc::not_found) {
        return remote_.get("/genesis.json", any_json);
    }
    if (!text) return text.error();
    const auto file = json::parse(*text, trust_limits);
    const json::Value* genesis = file ? file->find("genesis") : nullptr;
    if (genesis == nullptr) return Error{Errc::corrupt, "the node's trust file holds no genesis"};
    return json::pretty(*genesis);
}

Result<std::string> NodeSource::trust() {
    auto text = remote_.get("/v1/trust", any_json);
    if (!text && text.error().code == Errc::not_found) text = remote_.get("/trust.json", any_json);
    return text;
}

Result<std::string> NodeSource::checkpoint() { return remote_.get("/checkpoint", "text/plain"); }

Result<Bytes> NodeSource::bytes(const std::string& target) {
    const auto body = remote_.get(target, "application/octet-stream");
    if (!body) return body.error();
    const ByteView view = bytes_of(*body);
    return Bytes(view.begin(), view.end());
}

Result<Bytes> NodeSource::tile(const merkle::TileId& tile) {
    return bytes("/" + merkle::tile_path(tile));
}

Result<Bytes> NodeSource::content(const Hash& hash) { return bytes("/" + content_path(hash)); }

}  // namespace chancery::audit

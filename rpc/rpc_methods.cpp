#include "rpc/rpc_methods.h"

namespace chancery::rpc {
namespace {

constexpr std::array<RpcMethod, 30> methods_by_name = {{
    {"batches.get", Method::get, "/v1/batches/{id}"},
    {"batches.submit", Method::post, "/v1/batches", true},
    {"content.get", Method::get, "/v1/content/{hash}"},
    {"credentials.get", Method::get, "/v1/credentials/{member}/{commitment}"},
    {"credentials.proofs", Method::post, "/v1/proofs"},
    {"credentials.receipt", Method::get, "/v1/credentials/{member}/{commitment}/receipt"},
    {"credentials.status", Method::get, "/v1/credentials/{member}/{commitment}/status"},
    {"governance.acts", Method::get, "/v1/governance/{member}"},
    {"governance.get", Method::get, "/v1/governance/{member}/{sequence}"},
    {"governance.submit", Method::post, "/v1/governance", true},
    {"log.checkpoint", Method::get, "/checkpoint"},
    {"log.consistency", Method::get, "/v1/log/consistency"},
    {"log.entries", Method::get, "/v1/log/entries"},
    {"log.inclusion", Method::get, "/v1/log/inclusion"},
    {"log.status", Method::get, "/v1/log/status"},
    {"log.tile", Method::get, "/tile/{path+}"},
    {"network.describe", Method::get, "/.well-known/chancery.json"},
    {"network.did", Method::get, "/v1/members/{member}/did.json"},
    {"network.members", Method::get, "/v1/members"},
    {"network.policy", Method::get, "/v1/policy"},
    {"network.trust", Method::get, "/v1/trust"},
    {"node.alive", Method::get, "/livez"},
    {"node.did", Method::get, "/.well-known/did.json"},
    {"node.did_at_root", Method::get, "/did.json"},
    {"node.openapi", Method::get, "/openapi.json"},
    {"node.ready", Method::get, "/readyz"},
    {"node.status", Method::get, "/v1/status"},
    {"publications.get", Method::get, "/v1/publications/{member}"},
    {"publications.list", Method::get, "/v1/publications"},
    {"publications.status_list", Method::get, "/v1/status-lists/{member}/{list}"},
}};

}  // namespace

std::span<const RpcMethod> rpc_methods() { return methods_by_name; }

}  // namespace chancery::rpc

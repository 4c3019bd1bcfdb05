// The public log as static resources, and proofs about it for those who want no tiles.
// Source: C2SP tlog-tiles; RFC 9162 §2.1.3, §2.1.4.

#include "crypto/merkle/tile.h"
#include "rpc/documents.h"
#include "rpc/problem.h"
#include "rpc/routes.h"
#include "rpc/url.h"

namespace chancery::rpc {
namespace {

Response answer_checkpoint(const Service& service) {
    Result<std::string> checkpoint = service.checkpoint();
    if (!checkpoint) return problem_of(checkpoint.error(), Fault::request);
    Response response(200, "text/plain; charset=utf-8", std::move(*checkpoint));
    set_caching(response, Caching::never);
    return response;
}

Response answer_tile(const Service& service, const Request& request) {
    const std::string path = "tile/" + std::string(request.path_parameter("path"));
    const Result<merkle::TileId> id = merkle::parse_tile_path(path);
    if (!id) return problem("not_found", "not the path of a tile");
    const Result<Bytes> tile = service.tile(*id);
    if (!tile) return problem_of(tile.error(), Fault::request);
    Response response(200, "application/octet-stream", std::string(text_of(*tile)));
    set_caching(response, Caching::for_ever);
    return response;
}

Response answer_path(const Result<std::vector<Hash>>& path, json::Value document) {
    if (!path) return problem_of(path.error(), Fault::request);
    document.set("path", hashes_to_json(*path));
    Response response = json_response(200, document);
    set_caching(response, Caching::revalidate);
    return response;
}

Response answer_inclusion(const Service& service, const Request& request) {
    const Result<std::uint64_t> index = number_parameter(request, "index");
    if (!index) return problem_of(index.error(), Fault::request);
    const Result<std::uint64_t> size = number_parameter(request, "size");
    if (!size) return problem_of(size.error(), Fault::request);
    if (*index >= *size) return problem("malformed", "index is not below size");
    json::Value document = json::Object{};
    document.set("index", *index);
    document.set("size", *size);
    return answer_path(service.inclusion(*index, *size), std::move(document));
}

Response answer_consistency(const Service& service, const Request& request) {
    const Result<std::uint64_t> from = number_parameter(request, "from");
    if (!from) return problem_of(from.error(), Fault::request);
    const Result<std::uint64_t> to = number_parameter(request, "to");
    if (!to) return problem_of(to.error(), Fault::request);
    if (*from == 0 || *from > *to) return problem("malformed", "want 0 < from <= to");
    json::Value document = json::Object{};
    document.set("from", *from);
    document.set("to", *to);
    return answer_path(service.consistency(*from, *to), std::move(document));
}

// The cursor is the last position seen, but callers need not know: they follow Link.
Response answer_entries(const Service& service, const Request& request) {
    const Result<Page> page = page_of(request);
    if (!page) return problem_of(page.error(), Fault::request);
    const Result<EntriesAnswer> entries = service.entries(page->first, page->limit);
    if (!entries) return problem_of(entries.error(), Fault::request);
    const json::Value document = to_json(*entries);
    Response response = json_response(200, document);
    link_next(response, document, "/v1/log/entries?limit=" + std::to_string(page->limit));
    return response;
}

}  // namespace

void add_log_routes(Router& router, const Service& service) {
    add_get(router, "/checkpoint", [&](const Request&) { return answer_checkpoint(service); });
    add_get(router, "/tile/{path+}", [&](const Request& request) {
        return answer_tile(service, request);
    });
    add_get(router,
            "/v1/log/inclusion",
            [&](const Request& request) { return answer_inclusion(service, request); },
            {"index", "size"});
    add_get(router,
            "/v1/log/consistency",
            [&](const Request& request) { return answer_consistency(service, request); },
            {"from", "to"});
    add_get(router,
            "/v1/log/entries",
            [&](const Request& request) { return answer_entries(service, request); },
            {"after", "limit"});
}

}  // namespace chancery::rpc

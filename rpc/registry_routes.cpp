// The status of a whole range of positions, and what members published.

#include "crypto/base/encoding.h"
#include "crypto/base/gzip.h"
#include "crypto/ledger/publication.h"
#include "rpc/documents.h"
#include "rpc/negotiation.h"
#include "rpc/problem.h"
#include "rpc/routes.h"

namespace chancery::rpc {
namespace {

constexpr std::uint64_t status_chunks_max = 16'384;  // 1 MiB, four million positions.
constexpr std::size_t compressed_bytes_min = 1'024;

Response answer_status_range(const Service& service, const Request& request) {
    const Result<std::uint64_t> from = number_parameter(request, "from");
    if (!from) return problem_of(from.error(), Fault::request);
    const Result<std::uint64_t> to = number_parameter(request, "to");
    if (!to) return problem_of(to.error(), Fault::request);
    if (*from >= *to || *to - *from > status_chunks_max) {
        return problem("malformed",
                       "want 1 to " + std::to_string(status_chunks_max) + " chunks, from < to");
    }
    const Result<StatusRangeAnswer> range = service.status_range(*from, *to);
    if (!range) return problem_of(range.error(), Fault::request);
    Response response = json_response(200, to_json(*range));
    response.set_field("Vary", "Accept-Encoding");
    if (response.body().size() >= compressed_bytes_min &&
        accepts_gzip(request.field("Accept-Encoding"))) {
        response.set_body(std::string(text_of(to_gzip(bytes_of(response.body())))));
        response.set_field("Content-Encoding", "gzip");
    }
    return response;
}

Response answer_content(const Service& service, const Request& request) {
    const Result<Hash> hash = hash_from_hex(request.path_parameter("hash"));
    if (!hash) return problem("malformed", "not a hash, want 64 lower-case hex digits");
    const Result<Bytes> content = service.content(*hash);
    if (!content) return problem_of(content.error(), Fault::request);
    // Members wrote it, whoever they are: bytes to check and keep, never a page of ours.
    Response response(200, "application/octet-stream", std::string(text_of(*content)));
    response.set_field("Content-Disposition", "attachment");
    set_caching(response, Caching::for_ever);
    return response;
}

// The issuer made and signed it; any node serves it, whether or not the issuer is there.
Response answer_status_list(const Service& service, const Request& request) {
    const auto member = member_of(service, request.path_parameter("member"));
    if (!member) return problem_of(member.error(), Fault::request);
    const std::string_view list = request.path_parameter("list");
    if (!ledger::is_list_name(list)) return problem("malformed", "not a name of a status list");
    const auto publication =
        service.publication(*member, ledger::PublicationType::status_list, list);
    if (!publication) return problem_of(publication.error(), Fault::request);
    const Result<Bytes> content = service.content(publication->entry.content_hash);
    if (!content) return problem_of(content.error(), Fault::request);
    Response response(200, "application/vc", std::string(text_of(*content)));
    set_caching(response, Caching::revalidate);
    return response;
}

Result<ledger::PublicationType> publication_type_of(const Request& request) {
    const auto type = ledger::publication_type_named(request.query_parameter("type").value_or(""));
    if (type) return *type;
    return Error{Errc::invalid, "type: want achievement, pathway, issuer_profile or status_list"};
}

// Empty for a member that this node has not heard of.
std::string slug_of(const Service& service, ledger::MemberNumber number) {
    const auto members = service.members();
    const ledger::Member* const member = members ? members->find(number) : nullptr;
    return member == nullptr ? "" : member->slug;
}

Response answer_publication(const Service& service, const Request& request) {
    const auto number = member_of(service, request.path_parameter("member"));
    if (!number) return problem_of(number.error(), Fault::request);
    const auto type = publication_type_of(request);
    if (!type) return problem_of(type.error(), Fault::request);
    const std::string_view url = request.query_parameter("url").value_or("");
    if (url.empty() || url.size() > ledger::url_bytes_max)
        return problem("malformed",
                       "url: want 1 to " + std::to_string(ledger::url_bytes_max) + " bytes");
    const auto answer = service.publication(*number, *type, ledger::publication_name(*type, url));
    if (!answer) return problem_of(answer.error(), Fault::request);
    Response response = json_response(200, to_json(*answer, slug_of(service, *number)));
    set_caching(response, Caching::revalidate);
    return response;
}

// The cursor is the position of the last one seen.
Response answer_publications(const Service& service, const Request& request) {
    const auto number = member_of(service, request.query_parameter("member").value_or(""));
    if (!number) return problem_of(number.error(), Fault::request);
    const auto type = publication_type_of(request);
    if (!type) return problem_of(type.error(), Fault::request);
    const Result<Page> page = page_of(request);
    if (!page) return problem_of(page.error(), Fault::request);
    const auto answer = service.publications(
        {.member = *number, .type = *type, .first = page->first, .limit = page->limit});
    if (!answer) return problem_of(answer.error(), Fault::request);
    const json::Value document = to_json(*answer, slug_of(service, *number));
    Response response = json_response(200, document);
    set_caching(response, Caching::revalidate);
    link_next(response,
              document,
              "/v1/publications?member=" + std::to_string(*number) + "&type=" +
                  std::string(ledger::name_of(*type)) + "&limit=" + std::to_string(page->limit));
    return response;
}

}  // namespace

void add_registry_routes(Router& router, const Service& service) {
    add_get(router,
            "/v1/log/status",
            [&](const Request& request) { return answer_status_range(service, request); },
            {"from", "to"});
    add_get(router, "/v1/content/{hash}", [&](const Request& request) {
        return answer_content(service, request);
    });
    add_get(router, "/v1/status-lists/{member}/{list}", [&](const Request& request) {
        return answer_status_list(service, request);
    });
    add_get(router,
            "/v1/publications",
            [&](const Request& request) { return answer_publications(service, request); },
            {"member", "type", "after", "limit"});
    add_get(router,
            "/v1/publications/{member}",
            [&](const Request& request) { return answer_publication(service, request); },
            {"type", "url"});
}

}  // namespace chancery::rpc

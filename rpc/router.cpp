#include "rpc/router.h"

#include <algorithm>

#include "rpc/ascii.h"
#include "rpc/cross_origin.h"
#include "rpc/problem.h"
#include "rpc/url.h"

namespace chancery::rpc {
namespace {

bool is_parameter(std::string_view segment) { return segment.starts_with('{'); }

std::string_view parameter_name(std::string_view segment) {
    segment = segment.substr(1, segment.size() - 2);
    if (segment.ends_with('+')) segment.remove_suffix(1);
    return segment;
}

// RFC 9110 §13.1.2: "*" or a list of tags; weak ones compare equal to strong ones here.
bool has_tag(std::string_view if_none_match, std::string_view tag) {
    bool found = if_none_match == "*";
    for_each_part(if_none_match, ',', [&](std::string_view candidate) {
        if (candidate.starts_with("W/")) candidate.remove_prefix(2);
        found = found || candidate == tag;
    });
    return found;
}

void answer_not_modified(const Request& request, Response& response) {
    if (response.status() != 200 || response.field("ETag").empty()) return;
    const std::string_view condition = request.field("If-None-Match");
    if (condition.empty() || !has_tag(condition, response.field("ETag"))) return;
    response.set_status(304);
    response.set_body({});
}

// After the handler: what holds for every answer of this route.
void finish(const Request& request, const Router::Match& match, Response& response) {
    if (request.method == Method::get || request.method == Method::head) {
        answer_not_modified(request, response);
    }
    if (match.is_cross_origin) share(response);
}

std::optional<Response> read_query(Request& request, const Route& route) {
    if (request.query.empty()) return std::nullopt;
    Result<std::vector<QueryParameter>> parameters = parse_query(request.query);
    if (!parameters) return problem_of(parameters.error(), Fault::request);
    for (const QueryParameter& parameter : *parameters) {
        if (std::ranges::find(route.query, parameter.name) != route.query.end()) continue;
        std::string known;
        for (const std::string& name : route.query)
            known += (known.empty() ? "" : ", ") + name;
        return problem("malformed",
                       "a query parameter that is not known here, want " +
                           (known.empty() ? std::string("none") : known));
    }
    request.query_parameters = std::move(*parameters);
    return std::nullopt;
}

}  // namespace

// 0 if it is no path, or of more than path_segments_max segments.
std::size_t Router::split(std::string_view path, Segments& segments) {
    if (!path.starts_with('/')) return 0;
    std::string_view rest = path.substr(1);
    for (std::size_t count = 0; count < path_segments_max;) {
        const std::size_t slash = rest.find('/');
        segments[count++] = rest.substr(0, slash);
        if (slash == std::string_view::npos) return count;
        rest.remove_prefix(slash + 1);
    }
    return 0;
}

std::vector<PathParameter> Router::parameters_of(const Template& wanted,
                                                 const Segments& segments,
                                                 std::string_view path) {
    std::vector<PathParameter> parameters;
    for (std::size_t i = 0; i < wanted.segments.size(); ++i) {
        if (!is_parameter(wanted.segments[i])) continue;
        const bool is_rest = wanted.takes_rest && i + 1 == wanted.segments.size();
        const char* const begin = segments[i].data();
        const char* const end = is_rest ? path.data() + path.size() : begin + segments[i].size();
        parameters.push_back(PathParameter{.name = parameter_name(wanted.segments[i]),
                                           .value = std::string_view(begin, end)});
    }
    return parameters;
}

Router::Template Router::template_of(std::string_view path) {
    CHECK(path.starts_with('/'));
    Template made;
    std::string_view rest = path.substr(1);
    for (bool is_last = false; !is_last;) {
        CHECK(!made.takes_rest);
        const std::size_t slash = rest.find('/');
        is_last = slash == std::string_view::npos;
        const std::string_view segment = rest.substr(0, slash);
        CHECK(!is_parameter(segment) || segment.ends_with('}'));
        made.takes_rest = segment.ends_with("+}");
        made.segments.emplace_back(segment);
        if (!is_last) rest.remove_prefix(slash + 1);
    }
    CHECK(made.segments.size() <= path_segments_max);
    return made;
}

void Router::add(Route route) {
    const bool is_new = std::ranges::none_of(routes_, [&](const Route& other) {
        return other.method == route.method && other.path == route.path;
    });
    CHECK(is_new);
    templates_.push_back(template_of(route.path));
    routes_.push_back(std::move(route));
}

bool Router::fits(const Template& wanted, const Segments& segments, std::size_t count) {
    const std::size_t want = wanted.segments.size();
    if (wanted.takes_rest ? count < want : count != want) return false;
    for (std::size_t i = 0; i < want; ++i) {
        const bool agrees = is_parameter(wanted.segments[i]) ? !segments[i].empty()
                                                             : wanted.segments[i] == segments[i];
        if (!agrees) return false;
    }
    return true;
}

Router::Match Router::match(Method method, std::string_view path) const {
    Match match;
    Segments segments;
    const std::size_t count = split(path, segments);
    match.is_cross_origin = shares_unrouted_;
    if (count == 0) return match;
    const Method sought = method == Method::head ? Method::get : method;
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (routes_[i].method != sought || !fits(templates_[i], segments, count)) continue;
        match.route = &routes_[i];
        match.is_cross_origin = match.route->is_cross_origin;
        match.parameters = parameters_of(templates_[i], segments, path);
        return match;
    }
    // No handler: say what the path does have.
    for (std::size_t i = 0; i < routes_.size(); ++i) {
        if (!fits(templates_[i], segments, count)) continue;
        if (match.allow.empty()) match.is_cross_origin = false;
        match.allow += name_of(routes_[i].method);
        match.allow += routes_[i].method == Method::get ? ", HEAD, " : ", ";
        match.is_cross_origin = match.is_cross_origin || routes_[i].is_cross_origin;
    }
    if (!match.allow.empty()) match.allow += "OPTIONS";
    return match;
}

std::optional<Response> Router::answer_without_handler(Request& request, const Match& match) const {
    if (request.method == Method::options && request.path == "*") {
        return answer_options("GET, HEAD, POST, OPTIONS", false);
    }
    if (match.route != nullptr) return read_query(request, *match.route);
    if (match.allow.empty()) return problem("no_such_path", "no resource has this path");
    if (request.method == Method::options)
        return answer_options(match.allow, match.is_cross_origin);
    Response response = problem("method_not_allowed", "want one of " + match.allow);
    response.set_field("Allow", match.allow);
    return response;
}

Response Router::answer(Request& request, const Match& match) const {
    CHECK(!match.waits());
    request.path_parameters = match.parameters;
    std::optional<Response> early = answer_without_handler(request, match);
    Response response =
        early ? std::move(*early) : std::get<Handler>(match.route->handler)(request);
    finish(request, match, response);
    return response;
}

boost::asio::awaitable<Response> Router::answer_waiting(Request& request,
                                                        const Match& match) const {
    if (!match.waits()) co_return answer(request, match);
    request.path_parameters = match.parameters;
    std::optional<Response> early = answer_without_handler(request, match);
    if (early) {
        finish(request, match, *early);
        co_return std::move(*early);
    }
    Response response = co_await std::get<WaitingHandler>(match.route->handler)(request);
    finish(request, match, response);
    co_return response;
}

}  // namespace chancery::rpc

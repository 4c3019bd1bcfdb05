// Which handler answers which method and path, and what is said when none does.
//
//     "/v1/batches/{id}"      one segment, kept as it came
//     "/tile/{path+}"         the rest of the path, one segment or more
//
// Nothing in a path is decoded: no path of ours needs it, so an escaped one is another path.
// HEAD is answered as GET, OPTIONS by the router itself.
#pragma once

#include <functional>
#include <variant>

#include <boost/asio/awaitable.hpp>

#include "rpc/http.h"

namespace chancery::rpc {

inline constexpr std::size_t body_bytes_max = std::size_t{256} * 1024;
inline constexpr std::size_t path_segments_max = 16;

using Handler = std::function<Response(const Request&)>;
// The request outlives the coroutine.
using WaitingHandler = std::function<boost::asio::awaitable<Response>(const Request&)>;

struct Route {
    Method method = Method::get;
    std::string path;
    std::vector<std::string> query;  // The parameters that it takes; others are refused.
    std::variant<Handler, WaitingHandler> handler;
    std::size_t body_bytes_max = rpc::body_bytes_max;
    bool is_cross_origin = false;  // Scripts of other web sites may read the answer.
    bool is_write = false;         // May change the registry; has limits of its own.
};

class Router {
public:
    // CHECKs that the path is a template and that no other route has method and path.
    void add(Route route);
    const std::vector<Route>& routes() const { return routes_; }

    // What no route answers, unknown paths and broken requests, may be read by other web sites too.
    void share_unrouted() { shares_unrouted_ = true; }
    bool shares_unrouted() const { return shares_unrouted_; }

    struct Match {
        const Route* route = nullptr;  // Null: none; valid as long as the router.
        std::vector<PathParameter> parameters;
        std::string allow;             // Without a route: the methods that the path does have.
        bool is_cross_origin = false;  // The route is, or without one some other of the path.

        bool waits() const {
            return route != nullptr && std::holds_alternative<WaitingHandler>(route->handler);
        }
    };
    Match match(Method method, std::string_view path) const;

    // CHECKs !match.waits(). Fills in the request's parameters.
    Response answer(Request& request, const Match& match) const;
    // For any match.
    boost::asio::awaitable<Response> answer_waiting(Request& request, const Match& match) const;

private:
    struct Template {
        std::vector<std::string> segments;
        bool takes_rest = false;
    };
    using Segments = std::array<std::string_view, path_segments_max>;

    std::optional<Response> answer_without_handler(Request& request, const Match& match) const;
    static std::size_t split(std::string_view path, Segments& segments);
    static std::vector<PathParameter> parameters_of(const Template& wanted,
                                                    const Segments& segments,
                                                    std::string_view path);
    static bool fits(const Template& wanted, const Segments& segments, std::size_t count);
    static Template template_of(std::string_view path);

    std::vector<Route> routes_;
    std::vector<Template> templates_;  // Of each route.
    bool shares_unrouted_ = false;
};

}  // namespace chancery::rpc

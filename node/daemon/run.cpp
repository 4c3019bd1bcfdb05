// `chanceryd run`: opens the node, listens, and stops in order on a signal or a halt.

#include <cstdio>
#include <cstdlib>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include "node/clock.h"
#include "node/daemon/commands.h"
#include "node/daemon/public_tls.h"
#include "node/diary.h"
#include "node/node.h"
#include "rpc/api.h"
#include "rpc/http_server.h"

namespace chancery::daemon {
namespace {

namespace asio = boost::asio;

bool logs_as_json(const node::Config& config) {
    if (config.log_format != "auto") return config.log_format == "json";
    return isatty(STDERR_FILENO) == 0;
}

node::Level level_of(const node::Config& config) {
    if (config.log_level == "debug") return node::Level::debug;
    if (config.log_level == "warning") return node::Level::warning;
    if (config.log_level == "error") return node::Level::error;
    return node::Level::info;
}

// Of what the public listener leaves to disk, peers and the admin listener, and that to the others.
constexpr std::size_t public_leaves_descriptors = 64;
constexpr std::size_t admin_leaves_descriptors = 32;

// What a caller is given a Request-Id for. One line a second at most: who asks for what is damaged
// must not fill the disk.
std::function<void(const rpc::Exchange&)> note_failures(node::Diary& diary) {
    using Clock = std::chrono::steady_clock;
    return [&diary, next = Clock::time_point{}](const rpc::Exchange& exchange) mutable {
        if (exchange.cause == nullptr || Clock::now() < next) return;
        next = Clock::now() + std::chrono::seconds{1};
        diary.error("request failed",
                    {{"request_id", rpc::request_id_text(exchange.id)},
                     {"route", std::string(exchange.route)},
                     {"why", exchange.cause->detail}});
    };
}

rpc::ServerOptions server_options(const node::Listen& listen,
                                  const node::Config& config,
                                  node::Diary& diary) {
    rpc::ServerOptions options;
    options.address = listen.host;
    options.port = listen.port;
    options.connections_max = config.connections_max;
    options.connections_per_address_max = config.connections_per_address_max;
    options.descriptors_reserved = admin_leaves_descriptors;
    const std::string name = listen.text();
    options.on_exhausted = [&diary, name](const Error& error) {
        diary.warning("listener full", {{"listen", name}, {"why", error.detail}});
    };
    options.on_exchange = note_failures(diary);
    return options;
}

// Strangers come here, so each address has its limits.
rpc::ServerOptions public_options(const node::Config& config, node::Diary& diary) {
    rpc::ServerOptions options = server_options(config.public_listen, config, diary);
    options.descriptors_reserved = public_leaves_descriptors;
    options.rate_limits.reads = {config.requests_per_second, config.requests_burst};
    options.rate_limits.writes = {config.writes_per_second, config.writes_burst};
    options.rate_limits.write_bytes = {config.write_bytes_per_second, config.write_bytes_burst};
    options.exempts_loopback = config.exempt_loopback;
    return options;
}

// Everything that lives while the node runs; what is later depends on what is earlier.
struct House {
    asio::io_context context{1};
    node::Diary& diary;
    std::unique_ptr<node::Node> node;
    rpc::Router public_router;
    rpc::Router admin_router;
    std::unique_ptr<rpc::HttpServer> public_server;
    std::unique_ptr<rpc::HttpServer> admin_server;
    int exit_status = EXIT_SUCCESS;
    bool is_stopping = false;

    explicit House(node::Diary& lent) : diary(lent) {}
};

Result<void> build(House& house, const node::Config& config) {
    auto tls = read_public_tls(config);
    if (!tls) return tls.error();
    if (*tls) tell_certificate(house.diary, **tls);
    auto keys = node::load_keys(config);
    if (!keys) return keys.error();
    auto node = node::Node::open(config,
                                 std::move(*keys),
                                 {node::system_clock(), house.diary, house.context.get_executor()});
    if (!node) return node.error();
    house.node = std::move(*node);
    rpc::ServerOptions options = public_options(config, house.diary);
    options.tls = *std::move(tls);
    house.public_router = rpc::public_router(*house.node);
    house.admin_router = rpc::admin_router(*house.node);
    auto public_server =
        rpc::HttpServer::listen(house.context, house.public_router, std::move(options));
    if (!public_server) return public_server.error();
    house.public_server = std::move(*public_server);
    auto admin_server =
        rpc::HttpServer::listen(house.context,
                                house.admin_router,
                                server_options(config.admin_listen, config, house.diary));
    if (!admin_server) return admin_server.error();
    house.admin_server = std::move(*admin_server);
    return {};
}

asio::awaitable<void> stop_listening(House& house) {
    co_await house.public_server->stop();
    co_await house.admin_server->stop();
    house.context.stop();
}

void stop(House& house) {
    if (std::exchange(house.is_stopping, true)) return;
    house.diary.info("stopping");
    asio::co_spawn(house.context, stop_listening(house), asio::detached);
}

// A renewed certificate is shown from the next connection on. What is wrong with it changes
// nothing.
void reload(House& house, const node::Config& config) {
    auto tls = read_public_tls(config);
    if (!tls) {
        house.diary.error("not reloaded", {{"why", tls.error().detail}});
        return;
    }
    house.diary.info("reloaded");
    if (!*tls) return;
    tell_certificate(house.diary, **tls);
    house.public_server->set_tls(*std::move(tls));
}

void reload_when_told(House& house, const node::Config& config, asio::signal_set& hangups) {
    hangups.async_wait([&](const boost::system::error_code& cancelled, int) {
        if (cancelled || house.is_stopping) return;
        reload(house, config);
        reload_when_told(house, config, hangups);
    });
}

bool is_loopback(const std::string& address) {
    return address.starts_with("127.") || address == "::1";
}

void announce(const House& house, const node::LoadedConfig& loaded) {
    const rpc::NodeStatus status = house.node->status();
    house.diary.info(
        "started",
        {{"version", status.version},
         {"member", status.slug},
         {"origin", status.origin},
         {"size", std::to_string(status.size)},
         {"data", loaded.config.data},
         {"public",
          loaded.config.public_listen.host + ":" + std::to_string(house.public_server->port())},
         {"admin",
          loaded.config.admin_listen.host + ":" + std::to_string(house.admin_server->port())}});
    if (loaded.config.public_certificate.empty() && !is_loopback(loaded.config.public_listen.host))
        house.diary.warning("public listener without TLS",
                            {{"listen", loaded.config.public_listen.text()},
                             {"want", "a proxy before it that has it, or public.certificate"}});
}

}  // namespace

int run_node(const node::LoadedConfig& loaded) {
    node::Diary diary(logs_as_json(loaded.config), level_of(loaded.config));
    House house(diary);
    const auto built = build(house, loaded.config);
    if (!built) {
        diary.error(
            "refused",
            {{"code", std::string(name_of(built.error().code))}, {"why", built.error().detail}});
        return exit_status(built.error());
    }
    asio::signal_set hangups(house.context, SIGHUP);
    reload_when_told(house, loaded.config, hangups);
    asio::signal_set signals(house.context, SIGINT, SIGTERM);
    signals.async_wait([&](const boost::system::error_code& cancelled, int) {
        if (!cancelled) stop(house);
    });
    house.node->start([&](const Error& error) {
        house.exit_status = exit_status(error);
        stop(house);
    });
    house.public_server->start();
    house.admin_server->start();
    announce(house, loaded);
    house.context.run();
    house.node->stop();
    diary.info("stopped", {{"status", std::to_string(house.exit_status)}});
    return house.exit_status;
}

}  // namespace chancery::daemon

// A server with its threads, for the length of a test.
#pragma once

#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include "rpc/http_server.h"

namespace chancery::test {

// Every client of a test has the same address.
inline rpc::ServerOptions without_address_limit() {
    rpc::ServerOptions options;
    options.connections_per_address_max = 0;
    return options;
}

class RunningServer {
public:
    explicit RunningServer(const rpc::Router& router,
                           rpc::ServerOptions options = {},
                           int threads = 2)
        : guard_(boost::asio::make_work_guard(context_)) {
        auto listening = rpc::HttpServer::listen(context_, router, std::move(options));
        CHECK(listening.has_value());
        server_ = std::move(*listening);
        server_->start();
        for (int i = 0; i < threads; ++i)
            threads_.emplace_back([this] { context_.run(); });
    }
    RunningServer(const RunningServer&) = delete;
    RunningServer& operator=(const RunningServer&) = delete;

    ~RunningServer() {
        stop();
        server_.reset();
        guard_.reset();
        for (std::thread& thread : threads_)
            thread.join();
    }

    void stop() { boost::asio::co_spawn(context_, server_->stop(), boost::asio::use_future).get(); }

    std::uint16_t port() const { return server_->port(); }
    rpc::HttpServer& server() { return *server_; }

private:
    boost::asio::io_context context_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::unique_ptr<rpc::HttpServer> server_;
    std::vector<std::thread> threads_;
};

}  // namespace chancery::test

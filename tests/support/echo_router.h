// Routes that show what a server passes on: GET /, /big, /throw, /bad-field; POST /length, /large;
// POST /write, which is one; GET /smuggled, which counts.
#pragma once

#include <atomic>
#include <stdexcept>
#include <string>

#include "rpc/router.h"

namespace chancery::test {

struct EchoRouter {
    EchoRouter() {
        add(rpc::Method::get, "/", [](const rpc::Request&) { return text(200, "ok"); });
        add(rpc::Method::get, "/big", [](const rpc::Request&) {
            return text(200, std::string(32 * 1024 * 1024, 'x'));
        });
        add(rpc::Method::get, "/throw", [](const rpc::Request&) -> rpc::Response {
            throw std::runtime_error("secret");
        });
        add(rpc::Method::get, "/bad-field", [](const rpc::Request&) {
            rpc::Response response = text(200, "ok");
            response.set_field("Location", "/x\r\nSet-Cookie: a=b");
            return response;
        });
        add(rpc::Method::get, "/smuggled", [this](const rpc::Request&) {
            ++smuggled_answers;
            return text(200, "smuggled");
        });
        add(rpc::Method::post, "/length", length_of_body);
        rpc::Route large;
        large.method = rpc::Method::post;
        large.path = "/large";
        large.body_bytes_max = 8 * 1024 * 1024;
        large.handler = rpc::Handler(length_of_body);
        router.add(std::move(large));
        rpc::Route write;
        write.method = rpc::Method::post;
        write.path = "/write";
        write.is_write = true;
        write.handler = rpc::Handler(length_of_body);
        router.add(std::move(write));
    }

    static rpc::Response text(int status, std::string body) {
        return rpc::Response(status, "text/plain", std::move(body));
    }
    static rpc::Response length_of_body(const rpc::Request& request) {
        return text(200, std::to_string(request.body.size()));
    }

    rpc::Router router;
    std::atomic<int> smuggled_answers = 0;

private:
    void add(rpc::Method method, const std::string& path, rpc::Handler handler) {
        rpc::Route route;
        route.method = method;
        route.path = path;
        route.handler = std::move(handler);
        router.add(std::move(route));
    }
};

}  // namespace chancery::test

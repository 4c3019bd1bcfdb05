// Asks a router without a network, as the server would.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "rpc/router.h"

namespace chancery::test {

struct Question {
    rpc::Method method = rpc::Method::get;
    std::string target = "/";
    std::vector<rpc::Field> fields = {};
    std::string body = {};
    const rpc::Caller* caller = nullptr;
};

inline rpc::Response ask(const rpc::Router& router, const Question& question) {
    rpc::Request request;
    request.method = question.method;
    const std::string_view target = question.target;
    const std::size_t mark = target.find('?');
    request.path = target.substr(0, mark);
    if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
    request.fields = question.fields;
    request.body = question.body;
    request.caller = question.caller;
    const rpc::Router::Match match = router.match(request.method, request.path);
    // Outlives what it answers: a stream of events holds a timer of it.
    static thread_local boost::asio::io_context context;
    context.restart();
    std::optional<rpc::Response> response;
    boost::asio::co_spawn(context,
                          router.answer_waiting(request, match),
                          [&](const std::exception_ptr& thrown, rpc::Response answer) {
                              if (thrown) std::rethrow_exception(thrown);
                              response = std::move(answer);
                          });
    context.run();
    CHECK(response.has_value());
    return std::move(*response);
}

inline rpc::Response get(const rpc::Router& router, const std::string& target) {
    return ask(router, Question{.target = target});
}

inline rpc::Response post(const rpc::Router& router,
                          const std::string& target,
                          const std::string& type,
                          const std::string& body) {
    Question question;
    question.method = rpc::Method::post;
    question.target = target;
    question.fields = {rpc::Field{.name = "Content-Type", .value = type}};
    question.body = body;
    return ask(router, question);
}

// A credential's address, and the media types of bodies.
inline const std::string commitment(64, 'a');
inline const std::string record = "/v1/credentials/uni-a/" + commitment;
inline const std::string octets = "application/octet-stream";
inline const std::string json_type = "application/json";

}  // namespace chancery::test

// What our handlers see of HTTP: a checked request, and the answer to it. No library, no socket.
//
// A request is views into the connection's buffers; an answer owns its bytes.
// Source: RFC 9110.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::rpc {

class Caller;
class EventStream;

enum class Method : std::uint8_t { get, head, post, put, patch, remove, options };

// "GET", …; remove is "DELETE".
std::string_view name_of(Method method);
// Case-sensitive, as RFC 9110 §9.1 wants. nullopt: not one that any of our routes could have.
std::optional<Method> method_named(std::string_view name);

// "Not Found"; empty for a status that we never send.
std::string_view reason_phrase(int status);

struct Field {  // Of a request: the value without the blanks around it.
    std::string_view name;
    std::string_view value;
};

struct PathParameter {
    std::string_view name;
    std::string_view value;
};

struct QueryParameter {
    std::string name;
    std::string value;
};

// Valid until the handler has given its answer.
struct Request {
    Method method = Method::get;
    std::string_view path;   // Begins with "/"; nothing decoded.
    std::string_view query;  // After "?"; nothing decoded.
    std::span<const Field> fields;
    std::string_view body;
    std::vector<PathParameter> path_parameters;    // Filled in by the router.
    std::vector<QueryParameter> query_parameters;  // Decoded, each at most once.
    const Caller* caller = nullptr;                // Null: nobody who is limited.

    // The first field of that name, whatever its case; empty if there is none.
    std::string_view field(std::string_view name) const;
    bool has_field(std::string_view name) const;
    // CHECKs that the route's template has this parameter.
    std::string_view path_parameter(std::string_view name) const;
    std::optional<std::string_view> query_parameter(std::string_view name) const;
};

struct ResponseField {
    std::string name;
    std::string value;
};

class Response {
public:
    Response() = default;
    Response(int status, std::string_view content_type, std::string body);

    int status() const { return status_; }
    void set_status(int status) { status_ = status; }

    // Adds or replaces a field. CHECKs that the name is a token. A value with a control character
    // would let its author write fields of his own, so the whole answer becomes an empty 500.
    void set_field(std::string_view name, std::string value);
    std::string_view field(std::string_view name) const;
    const std::vector<ResponseField>& fields() const { return fields_; }

    const std::string& body() const { return body_; }
    void set_body(std::string body) { body_ = std::move(body); }

    // What follows the head for as long as both sides like, instead of a body. Shared with whoever
    // ends it; null for most answers.
    const std::shared_ptr<EventStream>& stream() const { return stream_; }
    void set_stream(std::shared_ptr<EventStream> stream) { stream_ = std::move(stream); }

    // Why this is a 5xx: for the node's own diary, never sent.
    const std::optional<Error>& cause() const { return cause_; }
    void set_cause(Error cause) { cause_ = std::move(cause); }

private:
    int status_ = 200;
    std::vector<ResponseField> fields_;
    std::string body_;
    std::optional<Error> cause_;
    std::shared_ptr<EventStream> stream_;
    bool is_refused_ = false;
};

}  // namespace chancery::rpc

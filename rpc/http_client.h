// Asks a node, waits, and hands back what it said: for programs that do one thing at a time.
//
// One connection, kept for the next request while both sides like. Redirections are answers like
// any other; what is larger, later or stranger than allowed is an error.
// Source: RFC 9110, RFC 9112.
#pragma once

#include <memory>

#include "rpc/client_socket.h"
#include "rpc/http.h"
#include "rpc/url.h"

namespace chancery::rpc {

struct ClientOptions {
    std::chrono::milliseconds connect_timeout{5'000};
    std::chrono::milliseconds answer_timeout{30'000};  // From the first byte sent to the last read.
    std::size_t body_bytes_max = std::size_t{16} * 1024 * 1024;
    std::string user_agent = "chancery";
    std::string ca_file;  // Authorities for https; empty: this machine's.
    // Whether hosts on this machine and in private networks are out of reach, Errc::forbidden: for
    // addresses that nobody here typed.
    bool only_public = false;
};

struct ClientRequest {
    Method method = Method::get;
    std::string target = "/";  // Path and query, already encoded.
    std::vector<ResponseField> fields;
    std::string body;
};

struct ClientAnswer {
    int status = 0;
    std::vector<ResponseField> fields;
    std::string body;

    // The first field of that name, whatever its case; empty if there is none.
    std::string_view field(std::string_view name) const;
};

struct AnswerHead;

class HttpClient {  // One thread at a time.
public:
    // Errc::invalid for a base URL with a path: a node is named by scheme, host and port. For https
    // errors of ClientTls.
    static Result<HttpClient> to(const Url& node, ClientOptions options = {});

    // Any status is an answer. Errc::unavailable: nobody there, or another one; Errc::timeout: it
    // may have happened, or not; Errc::io: the connection broke; Errc::invalid: the request cannot
    // be written, or the answer is not HTTP, or it is too large. A GET or HEAD that a kept
    // connection swallowed is sent once more.
    Result<ClientAnswer> send(const ClientRequest& request);

    Result<ClientAnswer> get(std::string_view target, std::string_view accept = "*/*");
    Result<ClientAnswer> post(std::string_view target,
                              std::string_view content_type,
                              std::string body);

private:
    HttpClient(Url node, ClientOptions options, std::shared_ptr<const ClientTls> tls);

    Result<void> connect();
    Result<std::string> head_of(const ClientRequest& request) const;
    Result<ClientAnswer> exchange(const ClientRequest& request, std::string_view head);
    Result<ClientAnswer> read_answer(Method method);
    Result<AnswerHead> read_head();
    Result<ClientAnswer> read_rest(Method method, AnswerHead head);
    Result<void> read_body(std::uint64_t bytes_left, ClientAnswer& answer);
    Result<void> read_to_end(ClientAnswer& answer);

    Url node_;
    ClientOptions options_;
    std::shared_ptr<const ClientTls> tls_;  // Null for http; shared with none that changes it.
    std::unique_ptr<ClientSocket> socket_;
    ClientSocket::Deadline deadline_;
    std::string received_;       // Read, and not yet part of an answer.
    bool was_answered_ = false;  // At least one byte of this answer has come.
};

}  // namespace chancery::rpc

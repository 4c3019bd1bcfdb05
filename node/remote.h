// A node asked over HTTP: its answers as results, its problem documents as errors.
//
// Nothing that a node says is believed here: proofs and checkpoints are checked by who asked.
// Errc::unavailable: nobody there, or no such service; Errc::timeout: it may have happened, or not.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "rpc/http_client.h"

namespace chancery::node {

inline constexpr std::size_t answer_bytes_max = std::size_t{64} * 1024 * 1024;

class Remote {
public:
    // Errc::invalid for a URL that names no node.
    static Result<Remote> to(const std::string& url, std::chrono::seconds timeout);

    const std::string& url() const { return url_; }
    rpc::HttpClient& http() { return http_; }

    // The body of a 200 answer; a problem's code and detail otherwise.
    Result<std::string> get(const std::string& target, std::string_view accept);

    // Our own words for what the connection did: a broken one is no broken disk, and an answer
    // that is no HTTP comes from something else than a node.
    Error unreachable(const Error& error) const;
    Error unreadable(const Error& error) const;
    // What a problem document says, as far as there is one.
    Error problem_of(const rpc::ClientAnswer& answer) const;

private:
    Remote(std::string url, rpc::HttpClient http) : url_(std::move(url)), http_(std::move(http)) {}

    std::string url_;
    rpc::HttpClient http_;
};

// Whether a place that a person named is a node's address, and not a folder's path.
bool is_url(std::string_view place);

// Of the codes that a node sends.
std::optional<Errc> errc_named(std::string_view name);

}  // namespace chancery::node

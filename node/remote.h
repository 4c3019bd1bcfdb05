// The nodes of a network asked over HTTP: their answers as results, their problem documents as
// errors.
//
// One node is asked at a time. If several were named, the next one is turned to when this one does
// not answer, or says that it cannot now; and each must first say that it is of the one network.
// Nothing else that a node says is believed here: proofs and checkpoints are checked by who asked.
// Errc::unavailable: nobody there, or no such service; Errc::timeout: it may have happened, or not.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "crypto/base/bytes.h"
#include "rpc/http_client.h"

namespace chancery::node {

inline constexpr std::size_t answer_bytes_max = std::size_t{64} * 1024 * 1024;

struct Reach {
    std::chrono::milliseconds timeout{30'000};  // For all nodes together.
    std::string ca_file = {};  // PEM of those to believe over https; empty: this machine's store.
};

class Remote {
public:
    // Errc::invalid for a URL that names no node; Errc::not_found, too, for the file.
    static Result<Remote> to(const std::string& url, const Reach& reach);
    // `network` is whichever the first one is of if empty. CHECKs that there is one.
    static Result<Remote> to(const std::vector<std::string>& urls,
                             const Reach& reach,
                             std::optional<Hash> network);

    const std::string& url() const { return places_[now_].url; }  // Of the node asked now.
    std::size_t node_count() const { return places_.size(); }
    // How long one node is waited for.
    std::chrono::milliseconds patience() const { return patience_; }

    // For what may be asked twice: each node is asked in turn until one answers for good.
    // Errc::forbidden: one of them is of another network.
    Result<rpc::ClientAnswer> ask(const rpc::ClientRequest& request);
    // Asks the present node, once. Errors as HttpClient's, and Errc::forbidden.
    Result<rpc::ClientAnswer> ask_once(const rpc::ClientRequest& request);
    void turn_to_next() { now_ = (now_ + 1) % places_.size(); }

    // The body of a 200 answer; a problem's code and detail otherwise.
    Result<std::string> get(const std::string& target, std::string_view accept);

    // Our own words for what the connection did: a broken one is no broken disk, and an answer
    // that is no HTTP comes from something else than a node.
    Error unreachable(const Error& error) const;
    Error unreadable(const Error& error) const;
    // What a problem document says, as far as there is one.
    Error problem_of(const rpc::ClientAnswer& answer) const;

private:
    struct Place {
        std::string url;
        rpc::HttpClient http;
        bool is_of_network = false;  // It said so.
    };

    Remote() = default;
    Result<void> check_network(Place& place);

    std::vector<Place> places_;  // Never empty.
    std::size_t now_ = 0;
    std::chrono::milliseconds patience_{0};
    std::optional<Hash> network_;
};

// Whether what went wrong may go right at another node, or later.
bool may_pass(const Error& error);

// Whether a place that a person named is a node's address, and not a folder's path.
bool is_url(std::string_view place);

// Of the codes that a node sends.
std::optional<Errc> errc_named(std::string_view name);

}  // namespace chancery::node

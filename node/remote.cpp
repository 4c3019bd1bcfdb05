#include "node/remote.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::node {
namespace {

Errc code_of_status(int status) {
    if (status == 404) return Errc::not_found;
    if (status == 409) return Errc::conflict;
    if (status == 408 || status == 504) return Errc::timeout;
    if (status >= 400 && status < 500 && status != 429) return Errc::invalid;
    return Errc::unavailable;
}

constexpr std::chrono::milliseconds connect_patience{5'000};
constexpr std::chrono::milliseconds patience_min{1'000};

}  // namespace

bool may_pass(const Error& error) {
    return error.code == Errc::unavailable || error.code == Errc::timeout;
}

bool is_url(std::string_view place) {
    return place.starts_with("http://") || place.starts_with("https://");
}

std::optional<Errc> errc_named(std::string_view name) {
    for (const Errc code : {Errc::invalid,
                            Errc::forbidden,
                            Errc::not_found,
                            Errc::conflict,
                            Errc::unavailable,
                            Errc::timeout})
        if (name_of(code) == name) return code;
    return std::nullopt;
}

Result<Remote> Remote::to(const std::string& url, const Reach& reach) {
    return to(std::vector{url}, reach, std::nullopt);
}

Result<Remote> Remote::to(const std::vector<std::string>& urls,
                          const Reach& reach,
                          std::optional<Hash> network) {
    CHECK(!urls.empty());
    Remote remote;
    remote.network_ = network;
    remote.patience_ = std::max(std::min(reach.timeout, patience_min),
                                reach.timeout / static_cast<int>(urls.size()));
    rpc::ClientOptions options;
    options.answer_timeout = remote.patience_;
    options.connect_timeout = std::min(connect_patience, remote.patience_);
    options.body_bytes_max = answer_bytes_max;
    options.ca_file = reach.ca_file;
    for (const std::string& url : urls) {
        const auto parsed = rpc::parse_url(url);
        if (!parsed) return Error{Errc::invalid, "node " + url + ": " + parsed.error().detail};
        auto http = rpc::HttpClient::to(*parsed, options);
        if (!http) return Error{http.error().code, "node " + url + ": " + http.error().detail};
        remote.places_.push_back(Place{url, *std::move(http)});
    }
    return remote;
}

// Before a node is told or asked anything: another network's would say of every credential that it
// knows none.
Result<void> Remote::check_network(Place& place) {
    const auto answer = place.http.get("/.well-known/chancery.json", "application/json");
    if (!answer) return answer.error();
    if (answer->status != 200) return problem_of(*answer);
    const auto document = json::parse(answer->body);
    const std::string* named = document ? json::string_in(*document, "network_id") : nullptr;
    const auto shown = hash_from_hex(named == nullptr ? "" : *named);
    if (!shown) return Error{Errc::unavailable, "this is no answer of a node"};
    if (network_ && *shown != *network_)
        return Error{
            Errc::forbidden,
            "the node is one of network " + to_hex(*shown) + ", want " + to_hex(*network_)};
    network_ = *shown;
    place.is_of_network = true;
    return {};
}

Result<rpc::ClientAnswer> Remote::ask_once(const rpc::ClientRequest& request) {
    Place& place = places_[now_];
    if (places_.size() > 1 && !place.is_of_network)
        if (const auto checked = check_network(place); !checked) return checked.error();
    return place.http.send(request);
}

Result<rpc::ClientAnswer> Remote::ask(const rpc::ClientRequest& request) {
    std::optional<rpc::ClientAnswer> refused;
    std::size_t refused_by = 0;
    std::string tried;
    bool is_timeout = true;
    for (std::size_t i = 0; i < places_.size(); ++i, turn_to_next()) {
        auto answer = ask_once(request);
        if (answer && (answer->status < 400 || !may_pass(problem_of(*answer)))) return answer;
        if (!answer && (places_.size() == 1 || answer.error().code == Errc::forbidden))
            return unreachable(answer.error());
        if (answer) {
            refused = *std::move(answer);
            refused_by = now_;
            continue;
        }
        is_timeout = is_timeout && answer.error().code == Errc::timeout;
        tried += (tried.empty() ? "" : "; ") + unreachable(answer.error()).detail;
    }
    // What a node says of why it cannot is worth more than that another one is gone.
    if (refused) {
        now_ = refused_by;
        return *std::move(refused);
    }
    return Error{is_timeout ? Errc::timeout : Errc::unavailable, "no node answers: " + tried};
}

Result<std::string> Remote::get(const std::string& target, std::string_view accept) {
    rpc::ClientRequest request;
    request.target = target;
    request.fields = {rpc::ResponseField{"Accept", std::string(accept)}};
    auto answer = ask(request);
    if (!answer) return answer.error();
    if (answer->status != 200) return problem_of(*answer);
    return std::move(answer->body);
}

Error Remote::unreachable(const Error& error) const {
    const bool is_known = may_pass(error) || error.code == Errc::forbidden;
    return {is_known ? error.code : Errc::unavailable, url() + ": " + error.detail};
}

Error Remote::unreadable(const Error& error) const {
    return {Errc::unavailable, url() + ": this is no answer of a node: " + error.detail};
}

Error Remote::problem_of(const rpc::ClientAnswer& answer) const {
    Error error{code_of_status(answer.status), url() + ": HTTP " + std::to_string(answer.status)};
    const auto document = json::parse(answer.body);
    if (!document) return error;
    if (const std::string* name = json::string_in(*document, "code")) {
        error.code = errc_named(*name).value_or(error.code);
    }
    const std::string detail(json::text_in(*document, "detail"));
    if (!detail.empty()) error.detail = url() + ": " + detail;
    return error;
}

}  // namespace chancery::node

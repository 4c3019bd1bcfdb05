#include "node/cli/web_fetch.h"

#include <algorithm>
#include <utility>

#include "crypto/base/ascii.h"
#include "node/cli/verdict_text.h"
#include "rpc/http_client.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::milliseconds connect_timeout_max{5'000};
constexpr std::size_t address_characters_max = 200;

bool begins_with(std::string_view word, std::string_view scheme) {
    const auto lower = [](char c) { return is_upper(c) ? static_cast<char>(c + ('a' - 'A')) : c; };
    return word.size() >= scheme.size() &&
           std::ranges::equal(word.substr(0, scheme.size()), scheme, {}, lower);
}

bool is_on_this_machine(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

Error at_address(const std::string& address, Errc code, const std::string& what) {
    return {code, address + ": " + what};
}

Errc code_of_answer(int status) {
    if (status == 404 || status == 410) return Errc::not_found;
    if (status == 401 || status == 403) return Errc::forbidden;
    return status == 429 || status >= 500 ? Errc::unavailable : Errc::invalid;
}

Error refusal_of(const std::string& address, const rpc::ClientAnswer& answer) {
    const std::string status = "HTTP " + std::to_string(answer.status);
    if (answer.status < 300 || answer.status >= 400)
        return at_address(address, code_of_answer(answer.status), status);
    const std::string to = printable(answer.field("Location").substr(0, address_characters_max));
    return at_address(address,
                      Errc::invalid,
                      status + ": it redirects, which is not followed" +
                          (to.empty() ? std::string() : "; it names " + to));
}

Error failure_of(const std::string& address, const Error& error) {
    // A broken connection is no broken disk.
    const Errc code = error.code == Errc::io ? Errc::unavailable : error.code;
    return at_address(address, code, error.detail);
}

}  // namespace

bool begins_as_web_address(std::string_view word) {
    return begins_with(word, "http://") || begins_with(word, "https://");
}

Result<std::string> fetch_web(const std::string& address, const WebReach& reach) {
    auto url = rpc::parse_url(address.substr(0, address.find('#')));
    if (!url) return Error{Errc::invalid, "web address: " + url.error().detail};
    const std::string target = std::exchange(url->target, "/");
    const std::string shown = (url->is_https ? "https://" : "http://") + url->authority() +
                              target.substr(0, target.find('?'));
    if (!url->is_https && !reach.allows_http && !is_on_this_machine(url->host))
        return at_address(
            shown,
            Errc::invalid,
            "http lets everybody on the way change what comes, want https:// or --plain-http");
    rpc::ClientOptions options;
    options.answer_timeout = reach.timeout;
    options.connect_timeout = std::min(connect_timeout_max, reach.timeout);
    options.body_bytes_max = reach.bytes_max;
    options.ca_file = reach.ca_file;
    options.only_public = reach.only_public;
    auto client = rpc::HttpClient::to(*url, options);
    if (!client) return client.error();
    auto answer = client->get(target);
    if (!answer) return failure_of(shown, answer.error());
    if (answer->status != 200) return refusal_of(shown, *answer);
    return std::move(answer->body);
}

}  // namespace chancery::cli

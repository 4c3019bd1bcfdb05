// What stands at a web address, fetched as a stranger's bytes.
//
// Over https, with certificates that lead to a trusted authority; over http only on this machine,
// or where a person said so. No redirect is followed: who answers with one names another address,
// which is for a person to look at. A fragment is never sent.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "crypto/base/result.h"

namespace chancery::cli {

struct WebReach {
    std::chrono::milliseconds timeout{30'000};  // For all of it but the name's resolution.
    std::string ca_file = {};                   // As --ca.
    std::size_t bytes_max = 0;
    bool allows_http = false;  // Everywhere, and not only on this machine.
    // For addresses that no person typed: only hosts of the public Internet.
    bool only_public = false;
};

// Whether a word on a command line is to be fetched, whatever the case of its scheme; what is wrong
// with it fetch_web() tells.
bool begins_as_web_address(std::string_view word);

// The body of a 200 answer. Errc::invalid: no address, http where it is not allowed, a redirect,
// more than bytes_max, no HTTP; Errc::not_found: 404 or 410; Errc::forbidden: 401, 403, or a host
// out of reach; Errc::unavailable: nobody there, no good certificate, 429 or 5xx; Errc::timeout.
Result<std::string> fetch_web(const std::string& address, const WebReach& reach);

}  // namespace chancery::cli

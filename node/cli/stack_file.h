// A skill stack: a holder's chosen credentials under one signature, with the status of each as it
// was when the stack was made.
//
//     {"format":"chancery-stack/v1","presentation":{…},"status":[<status proof or null>,…]
//      [,"receipts":[<receipt or null>,…]]}
//
// A document carries its receipt among its proofs; a JWT or SD-JWT has no room for one, and its
// receipt stands beside it.
//
// As a link, the file is the fragment, which no browser sends to any server:
//
//     https://verify.example/stack#u<base64url of the gzip form of its JCS>
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/credential/receipt.h"
#include "crypto/credential/status_proof.h"
#include "crypto/json/value.h"

namespace chancery::cli {

inline constexpr std::size_t stack_bytes_max = std::size_t{4} * 1024 * 1024;
// Beyond it browsers and messengers cut a link off.
inline constexpr std::size_t stack_link_characters_max = 64'000;

struct Stack {
    json::Value presentation;
    std::vector<std::optional<credential::StatusProof>> status;  // One a credential.
    std::vector<std::optional<credential::Receipt>> receipts;  // The same; or empty: none has one.
};

std::string stack_text(const Stack& stack);  // JCS.
// Errc::invalid with what is wrong. Nothing within is verified.
Result<Stack> parse_stack(std::string_view text);
// The same of what may be something else: nullopt unless it is JSON of this format, whatever its
// version.
Result<std::optional<Stack>> parse_if_stack(std::string_view text);

// Errc::invalid if it is too long for a link; then a file is left.
Result<std::string> stack_link(const Stack& stack, std::string_view page);
// Whether a word on a command line is a link and no file.
bool is_stack_link(std::string_view word);
Result<Stack> parse_stack_link(std::string_view link);

}  // namespace chancery::cli

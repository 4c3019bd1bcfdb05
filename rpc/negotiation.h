// What a request says of the forms it sends and wants: Accept, Content-Type, Prefer.
// Source: RFC 9110 §12.5.1, §8.3; RFC 7240.
#pragma once

#include "rpc/http.h"

namespace chancery::rpc {

// Which of the offered types (best first, without parameters) the client likes best. nullopt: none.
std::optional<std::size_t> preferred_type(std::string_view accept,
                                          std::span<const std::string_view> offered);

// The client takes answers compressed with gzip.
bool accepts_gzip(std::string_view accept_encoding);

// The content type, parameters apart, is `type`.
bool is_type(std::string_view content_type, std::string_view type);

// N of "wait=N", at most 60. nullopt if there is none that can be read: preferences may be ignored.
std::optional<std::chrono::seconds> preferred_wait(std::string_view prefer);

}  // namespace chancery::rpc

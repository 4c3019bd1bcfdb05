// How this floor's coroutines wait: I/O completes as a value, never as an exception.
//
//     auto [error, bytes] = co_await socket.async_read_some(buffer, as_value);
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace chancery::rpc {

inline constexpr auto as_value = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace chancery::rpc

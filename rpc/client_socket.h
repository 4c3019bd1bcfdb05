// A TCP connection, with TLS or without, that a program waits for: every call ends by its deadline.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "rpc/client_tls.h"

struct addrinfo;

namespace chancery::rpc {

class ClientSocket {
public:
    using Deadline = std::chrono::steady_clock::time_point;

    ClientSocket() = default;
    ClientSocket(const ClientSocket&) = delete;
    ClientSocket& operator=(const ClientSocket&) = delete;
    ~ClientSocket() { close(); }

    // Tries each of the host's addresses; with `only_public` those of the public Internet alone,
    // Errc::forbidden if it has others only. Errc::unavailable: nobody answers there;
    // Errc::timeout. The detail names address, errno and the likely cause. Name resolution has the
    // system's own deadline.
    Result<void> connect(const std::string& host,
                         std::uint16_t port,
                         Deadline deadline,
                         bool only_public = false);

    // Speaks TLS from now on, with whom `tls` says is `host`. Errc::unavailable: it is not, or
    // speaks none; Errc::timeout. CHECKs that it is open.
    Result<void> secure(const ClientTls& tls, const std::string& host, Deadline deadline);

    // Errc::timeout, or Errc::io if the connection broke.
    Result<void> write(std::string_view bytes, Deadline deadline);
    // At most `bytes_max` bytes, appended; 0 at the end of the stream.
    Result<std::size_t> read(std::string& into, std::size_t bytes_max, Deadline deadline);

    // Tells the other side that no more will come; reading goes on.
    void finish_writing() const;

    // Nothing was closed or sent to us since the last answer.
    bool is_quiet() const;
    bool is_open() const { return descriptor_ >= 0; }
    void close();

private:
    // Errc::unavailable: another address may do.
    Result<void> connect_to(const addrinfo& address, Deadline deadline);
    Result<void> wait(short events, Deadline deadline) const;
    // Tries again until it is done; 0 at the end of the stream.
    Result<std::size_t> carry_through(const std::function<TlsStep()>& act, Deadline deadline) const;

    int descriptor_ = -1;
    std::unique_ptr<ClientTlsStream> tls_;  // Null: plain.
    std::string peer_;                      // "192.0.2.1 port 8443", for messages.
};

}  // namespace chancery::rpc

#include "rpc/client_socket.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc/public_address.h"

namespace chancery::rpc {
namespace {

std::string_view likely_cause(int error) {
    switch (error) {
        case ECONNREFUSED:
            return "; nothing listens there: is the node running, and on this port?";
        case EHOSTUNREACH:
        case ENETUNREACH:
            return "; no way leads there: is the network up, and the address right?";
        case ECONNRESET:
        case EPIPE:
            return "; the other side cut the connection: was the node stopped, or is it TLS?";
        case EMFILE:
        case ENFILE:
            return "; this machine has no file descriptors left";
        default:
            return "";
    }
}

Error failure(Errc code, const std::string& what, int error) {
    return Error{code,
                 what + ": " + std::generic_category().message(error) + " (errno " +
                     std::to_string(error) + ")" + std::string(likely_cause(error))};
}

std::string text_of_address(const addrinfo& address) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    if (getnameinfo(address.ai_addr,
                    address.ai_addrlen,
                    host.data(),
                    host.size(),
                    port.data(),
                    port.size(),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        return "an address that cannot be written";
    }
    return std::string(host.data()) + " port " + port.data();
}

}  // namespace

Result<void> ClientSocket::connect(const std::string& host,
                                   std::uint16_t port,
                                   Deadline deadline,
                                   bool only_public) {
    close();
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int unresolved = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (unresolved != 0) {
        return Error{Errc::unavailable,
                     "no address for host " + host + ": " + gai_strerror(unresolved)};
    }
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, &freeaddrinfo);
    Error last{Errc::unavailable, "host " + host + " has no address"};
    for (const addrinfo* address = found; address != nullptr; address = address->ai_next) {
        if (only_public && !is_public_address(*address->ai_addr)) {
            last = {Errc::forbidden, "host " + host + " has no address of the public Internet"};
            continue;
        }
        const Result<void> connected = connect_to(*address, deadline);
        if (connected) return {};
        close();
        // The deadline covers all addresses, and without sockets there is none for the next.
        if (connected.error().code != Errc::unavailable) return connected;
        last = connected.error();
    }
    return last;
}

Result<void> ClientSocket::connect_to(const addrinfo& address, Deadline deadline) {
    peer_ = text_of_address(address);
    descriptor_ =
        ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
    if (descriptor_ < 0) return failure(Errc::io, "no socket for " + peer_, errno);
    const int begun = ::connect(descriptor_, address.ai_addr, address.ai_addrlen);
    int error = begun == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        if (const Result<void> ready = wait(POLLOUT, deadline); !ready) return ready;
        socklen_t size = sizeof error;
        getsockopt(descriptor_, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0) return failure(Errc::unavailable, "no connection to " + peer_, error);
    const int on = 1;
    setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return {};
}

Result<void> ClientSocket::wait(short events, Deadline deadline) const {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return Error{Errc::timeout, peer_ + " did not answer in time"};
        }
        pollfd waiting{.fd = descriptor_, .events = events, .revents = 0};
        const int ready =
            poll(&waiting, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
        if (ready > 0) return {};
        if (ready < 0 && errno != EINTR) return failure(Errc::io, "waiting for " + peer_, errno);
    }
}

Result<void> ClientSocket::secure(const ClientTls& tls,
                                  const std::string& host,
                                  Deadline deadline) {
    CHECK(is_open());
    tls_ = tls.stream(descriptor_, host);
    const auto shaken = carry_through([this] { return tls_->shake_hands(); }, deadline);
    if (shaken) return {};
    const Error& error = shaken.error();
    if (error.code == Errc::timeout) return error;
    return Error{Errc::unavailable, error.detail};
}

Result<std::size_t> ClientSocket::carry_through(const std::function<TlsStep()>& act,
                                                Deadline deadline) const {
    using Outcome = TlsStep::Outcome;
    for (;;) {
        const TlsStep step = act();
        if (step.outcome == Outcome::done) return step.bytes;
        if (step.outcome == Outcome::ended) return std::size_t{0};
        if (step.outcome == Outcome::failed) return Error{Errc::io, peer_ + ": " + step.why};
        const short events = step.outcome == Outcome::wants_input ? POLLIN : POLLOUT;
        if (const Result<void> ready = wait(events, deadline); !ready) return ready.error();
    }
}

Result<void> ClientSocket::write(std::string_view bytes, Deadline deadline) {
    while (tls_ && !bytes.empty()) {
        const auto written = carry_through([&] { return tls_->write(bytes); }, deadline);
        if (!written) return written.error();
        if (*written == 0) return Error{Errc::io, peer_ + " ended the connection"};
        bytes.remove_prefix(*written);
    }
    while (!bytes.empty()) {
        const ssize_t sent = send(descriptor_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
            continue;
        }
        if (errno == EINTR) continue;
        if (errno != EAGAIN) return failure(Errc::io, "sending to " + peer_, errno);
        const Result<void> ready = wait(POLLOUT, deadline);
        if (!ready) return ready;
    }
    return {};
}

Result<std::size_t> ClientSocket::read(std::string& into,
                                       std::size_t bytes_max,
                                       Deadline deadline) {
    const std::size_t before = into.size();
    into.resize(before + bytes_max);
    if (tls_) {
        auto received =
            carry_through([&] { return tls_->read(into.data() + before, bytes_max); }, deadline);
        into.resize(before + (received ? *received : 0));
        return received;
    }
    for (;;) {
        const ssize_t received = recv(descriptor_, into.data() + before, bytes_max, 0);
        if (received >= 0) {
            into.resize(before + static_cast<std::size_t>(received));
            return static_cast<std::size_t>(received);
        }
        const int error = errno;
        if (error == EINTR) continue;
        Result<void> ready = failure(Errc::io, "reading from " + peer_, error);
        if (error == EAGAIN) ready = wait(POLLIN, deadline);
        if (!ready) {
            into.resize(before);
            return ready.error();
        }
    }
}

void ClientSocket::finish_writing() const {
    if (descriptor_ >= 0) shutdown(descriptor_, SHUT_WR);
}

bool ClientSocket::is_quiet() const {
    if (descriptor_ < 0) return false;
    pollfd waiting{.fd = descriptor_, .events = POLLIN, .revents = 0};
    return poll(&waiting, 1, 0) == 0;
}

void ClientSocket::close() {
    tls_.reset();
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace chancery::rpc

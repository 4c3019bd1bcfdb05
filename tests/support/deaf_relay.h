// A node whose answers to submissions are lost: it hands every request on to a real one, and what
// that one answers to a POST never comes back. So a client cannot tell whether it was heard.
#pragma once

#include <array>
#include <atomic>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::test {

class DeafRelay {
public:
    // To the node at this port of 127.0.0.1.
    explicit DeafRelay(std::uint16_t port) : upstream_(port) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof(address);
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        CHECK(::bind(listener_, plain, length) == 0 && ::listen(listener_, 16) == 0);
        CHECK(::getsockname(listener_, plain, &length) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    DeafRelay(const DeafRelay&) = delete;
    DeafRelay& operator=(const DeafRelay&) = delete;
    ~DeafRelay() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    int answers_lost() const { return answers_lost_; }

private:
    static sockaddr_in loopback(std::uint16_t port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        return address;
    }

    void serve() {
        while (true) {
            const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (client < 0) return;
            relay(client);
            ::close(client);
        }
    }

    // One request, then the connection ends.
    void relay(int client) {
        const std::string request = read_request(client);
        const int node = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(upstream_);
        if (::connect(node, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
            ::send(node, request.data(), request.size(), MSG_NOSIGNAL);
            const std::string answer = read_to_end(node);
            if (request.starts_with("POST /v1/batches "))
                ++answers_lost_;
            else
                ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
        ::close(node);
    }

    // Head and body, with the connection asked to end.
    static std::string read_request(int client) {
        std::string text;
        std::array<char, 4096> piece{};
        std::size_t wanted = 0;
        while (wanted == 0 || text.size() < wanted) {
            const ssize_t got = ::recv(client, piece.data(), piece.size(), 0);
            if (got <= 0) return {};
            text.append(piece.data(), static_cast<std::size_t>(got));
            const std::size_t end = text.find("\r\n\r\n");
            if (end == std::string::npos || wanted != 0) continue;
            const std::size_t length = text.find("Content-Length: ");
            wanted = end + 4 + (length < end ? std::stoul(text.substr(length + 16)) : 0);
        }
        const std::size_t line_end = text.find("\r\n");
        return text.insert(line_end + 2, "Connection: close\r\n");
    }

    static std::string read_to_end(int node) {
        std::string text;
        std::array<char, 4096> piece{};
        while (true) {
            const ssize_t got = ::recv(node, piece.data(), piece.size(), 0);
            if (got <= 0) return text;
            text.append(piece.data(), static_cast<std::size_t>(got));
        }
    }

    std::uint16_t upstream_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    std::atomic<int> answers_lost_{0};
    std::thread thread_;
};

}  // namespace chancery::test

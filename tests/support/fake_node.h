// A tiny HTTP server on loopback that says what it was told to say: for clients' tests.
#pragma once

#include <array>
#include <concepts>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::test {

struct FakeAnswer {
    int status = 200;
    std::string type = "application/json";
    std::string body;
    bool is_raw = false;  // The body is all that is sent, HTTP or not.
};

class FakeNode {
public:
    // What it says to "POST /path" with a body.
    using Say = std::function<FakeAnswer(const std::string& line, const std::string& body)>;

    // By "GET /path"; what is not there is a 404 problem.
    explicit FakeNode(std::map<std::string, FakeAnswer> answers)
        : FakeNode([answers = std::move(answers)](const std::string& line, const std::string&) {
              const auto found = answers.find(line);
              if (found != answers.end()) return found->second;
              return FakeAnswer{404, "application/problem+json", "{\"code\":\"not_found\"}"};
          }) {}
    template <std::invocable<const std::string&, const std::string&> Saying>
    explicit FakeNode(Saying say) : say_(std::move(say)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof(address);
        auto* const plain = reinterpret_cast<sockaddr*>(&address);
        CHECK(::bind(listener_, plain, length) == 0 && ::listen(listener_, 16) == 0);
        CHECK(::getsockname(listener_, plain, &length) == 0);
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    FakeNode(const FakeNode&) = delete;
    FakeNode& operator=(const FakeNode&) = delete;
    ~FakeNode() {
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        ::close(listener_);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::vector<std::string> asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }

private:
    void serve() {
        while (true) {
            const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (connection < 0) return;
            answer(connection);
            ::close(connection);
        }
    }

    void answer(int connection) {
        std::string request;
        std::array<char, 4096> piece{};
        while (request.find("\r\n\r\n") == std::string::npos) {
            const ssize_t got = ::recv(connection, piece.data(), piece.size(), 0);
            if (got <= 0) return;
            request.append(piece.data(), static_cast<std::size_t>(got));
        }
        const std::string line = request.substr(0, request.find(" HTTP/"));
        {
            const std::lock_guard lock(mutex_);
            asked_.push_back(line);
        }
        const std::size_t end = request.find("\r\n\r\n") + 4;
        const std::size_t length = request.find("Content-Length: ");
        const std::size_t bytes =
            length < end ? std::strtoul(request.c_str() + length + 16, nullptr, 10) : 0;
        while (request.size() < end + bytes) {
            const ssize_t got = ::recv(connection, piece.data(), piece.size(), 0);
            if (got <= 0) return;
            request.append(piece.data(), static_cast<std::size_t>(got));
        }
        const FakeAnswer said = say_(line, request.substr(end));
        const std::string text =
            said.is_raw ? said.body
                        : "HTTP/1.1 " + std::to_string(said.status) +
                              " Said\r\nContent-Type: " + said.type +
                              "\r\nContent-Length: " + std::to_string(said.body.size()) +
                              "\r\nConnection: close\r\n\r\n" + said.body;
        ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
        ::shutdown(connection, SHUT_WR);
        while (::recv(connection, piece.data(), piece.size(), 0) > 0) {
        }
    }

    Say say_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;
    std::thread thread_;
};

}  // namespace chancery::test

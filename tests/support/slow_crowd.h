// Two thousand clients in one thread, each as slow as it can be: half of them send their requests a
// byte at a time, half hardly read what they asked for.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "crypto/base/check.h"

namespace chancery::test {

class SlowCrowd {
public:
    struct Plan {
        std::uint16_t port = 0;
        std::size_t count = 2'000;
        // By turns: sent whole, and then a byte of what comes is read now and then.
        std::vector<std::string> asked = {};
        // By turns: sent to here, and then a byte now and then, without end.
        std::vector<std::string> begun = {};
        std::chrono::milliseconds pause{100};  // Between two bytes of one client.
    };

    explicit SlowCrowd(Plan plan) : plan_(std::move(plan)) {
        for (std::size_t i = 0; i < plan_.count; ++i)
            clients_.push_back(client(i));
        thread_ = std::thread([this] { dawdle(); });
    }
    SlowCrowd(const SlowCrowd&) = delete;
    SlowCrowd& operator=(const SlowCrowd&) = delete;
    ~SlowCrowd() {
        is_over_ = true;
        thread_.join();
        for (const Client& one : clients_)
            if (one.socket >= 0) ::close(one.socket);
    }

    // So many are not cut off yet.
    std::size_t present() const { return present_; }
    // So many of those that were were answered with this status.
    std::size_t told(int status) const {
        const std::scoped_lock lock(mutex_);
        const auto found = told_.find(status);
        return found == told_.end() ? 0 : found->second;
    }

private:
    struct Client {
        int socket = -1;
        bool is_sender = false;
        std::string received;  // The beginning.
    };

    Client client(std::size_t number) {
        Client one;
        one.is_sender = number % 2 == 0;
        one.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        CHECK(one.socket >= 0);
        const int small = 4'096;  // What waits for a reader waits at the node.
        CHECK(::setsockopt(one.socket, SOL_SOCKET, SO_RCVBUF, &small, sizeof small) == 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(plan_.port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        CHECK(::connect(one.socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
              0);
        CHECK(::fcntl(one.socket, F_SETFL, O_NONBLOCK) == 0);
        const std::vector<std::string>& all = one.is_sender ? plan_.begun : plan_.asked;
        const std::string& words = all[number / 2 % all.size()];
        CHECK(::send(one.socket, words.data(), words.size(), MSG_NOSIGNAL) ==
              static_cast<ssize_t>(words.size()));
        ++present_;
        return one;
    }

    void dawdle() {
        while (!is_over_ && present_ > 0) {
            const auto next = std::chrono::steady_clock::now() + plan_.pause;
            for (Client& one : clients_)
                if (one.socket >= 0 && !is_served(one)) leave(one);
            std::this_thread::sleep_until(next);
        }
    }

    // A byte each way, at most; false once the node has cut it off.
    static bool is_served(Client& one) {
        // Reset: not told in what is still to be read.
        pollfd state{.fd = one.socket, .events = 0, .revents = 0};
        if (::poll(&state, 1, 0) > 0 && (state.revents & POLLERR) != 0) return false;
        constexpr std::size_t kept_max = 64;
        std::array<char, 1> byte{'x'};
        if (one.is_sender && ::send(one.socket, byte.data(), 1, MSG_NOSIGNAL) < 0 &&
            errno != EAGAIN)
            return false;
        // A sender hears at once what it is told.
        for (int i = 0; i < (one.is_sender ? 64 : 1); ++i) {
            const ssize_t got = ::recv(one.socket, byte.data(), 1, 0);
            if (got < 0) return errno == EAGAIN;
            if (got == 0) return false;
            if (one.received.size() < kept_max) one.received += byte[0];
        }
        return true;
    }

    void leave(Client& one) {
        if (one.received.starts_with("HTTP/1.1 ") && one.received.size() > 12) {
            const std::scoped_lock lock(mutex_);
            ++told_[std::stoi(one.received.substr(9, 3))];
        }
        ::close(one.socket);
        one.socket = -1;
        --present_;
    }

    Plan plan_;
    std::vector<Client> clients_;
    std::atomic<std::size_t> present_ = 0;
    mutable std::mutex mutex_;
    std::map<int, std::size_t> told_;
    std::atomic<bool> is_over_ = false;
    std::thread thread_;
};

}  // namespace chancery::test

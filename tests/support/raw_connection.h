// A client that sends exactly the bytes it is told, to a server on this machine.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "rpc/client_socket.h"

namespace chancery::test {

inline constexpr std::chrono::seconds raw_timeout{10};

class RawConnection {
public:
    explicit RawConnection(std::uint16_t port) {
        is_connected_ = socket_.connect("127.0.0.1", port, soon()).has_value();
    }

    bool is_connected() const { return is_connected_; }

    // false once the other side has cut the connection.
    bool send(std::string_view bytes) { return socket_.write(bytes, soon()).has_value(); }
    void hang_up() { socket_.finish_writing(); }

    // What comes until the end of the stream.
    std::string read_all() {
        std::string all;
        for (;;) {
            const auto read = socket_.read(all, 4'096, soon());
            if (!read || *read == 0) return all;
        }
    }

    // Up to and with the first `mark`, or all there is.
    std::string read_until(std::string_view mark) {
        std::string all;
        while (all.find(mark) == std::string::npos) {
            const auto read = socket_.read(all, 1, soon());
            if (!read || *read == 0) return all;
        }
        return all;
    }

    // One answer with a Content-Length.
    std::string read_answer() {
        std::string answer = read_until("\r\n\r\n");
        const std::size_t at = answer.find("Content-Length: ");
        if (at == std::string::npos) return answer;
        const std::size_t want = answer.size() + std::stoul(answer.substr(at + 16));
        while (answer.size() < want) {
            const auto read = socket_.read(answer, want - answer.size(), soon());
            if (!read || *read == 0) return answer;
        }
        return answer;
    }

private:
    static rpc::ClientSocket::Deadline soon() {
        return std::chrono::steady_clock::now() + raw_timeout;
    }

    rpc::ClientSocket socket_;
    bool is_connected_ = false;
};

// Of an answer's first line; 0 if it is none.
inline int status_of(std::string_view answer) {
    if (!answer.starts_with("HTTP/1.1 ") || answer.size() < 12) return 0;
    return std::stoi(std::string(answer.substr(9, 3)));
}

inline int count_of(std::string_view text, std::string_view part) {
    int count = 0;
    for (std::size_t at = text.find(part); at != std::string_view::npos;
         at = text.find(part, at + 1))
        ++count;
    return count;
}

}  // namespace chancery::test

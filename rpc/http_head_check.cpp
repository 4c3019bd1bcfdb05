#include "rpc/http_head_check.h"

#include <algorithm>
#include <limits>

#include "rpc/ascii.h"

namespace chancery::rpc {
namespace {

using std::string_view;

constexpr std::size_t host_bytes_max = 255;
constexpr std::size_t content_length_digits_max = 20;

struct Extent {
    enum class State : std::uint8_t { incomplete, complete, refused } state = State::incomplete;
    std::size_t bytes = 0;    // Complete: of the whole head.
    string_view detail = {};  // Refused: why.
};

// Finds the empty line. Stops at the first byte that no head can have, so that a head with bare
// line feeds is refused at once and not at its deadline.
Extent find_extent(string_view bytes) {
    using enum Extent::State;
    std::size_t line_begin = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (bytes[i] == '\n') return Extent{refused, 0, "a line feed without a carriage return"};
        if (bytes[i] != '\r') {
            if (is_control(bytes[i])) return Extent{refused, 0, "a control character in the head"};
            continue;
        }
        if (i + 1 == bytes.size()) return Extent{};
        if (bytes[i + 1] != '\n') {
            return Extent{refused, 0, "a carriage return without a line feed"};
        }
        if (i == 0) return Extent{refused, 0, "an empty line before the request"};
        if (i == line_begin) return Extent{complete, i + 2, {}};
        ++i;
        line_begin = i + 1;
    }
    return Extent{};
}

class HeadReader {
public:
    HeadReader(string_view head, const HeadLimits& limits) : rest_(head), limits_(limits) {}

    HeadCheck read() {
        if (!read_request_line() || !read_fields() || !check_host() || !check_length() ||
            !check_connection()) {
            return refusal_;
        }
        return std::move(head_);
    }

    void set_head_bytes(std::size_t bytes) { head_.head_bytes = bytes; }

private:
    bool refuse(int status, string_view detail) {
        refusal_ = HeadRefusal{.status = status, .detail = detail};
        return false;
    }

    string_view take_line() {
        const std::size_t end = rest_.find("\r\n");
        CHECK(end != string_view::npos);
        const string_view line = rest_.substr(0, end);
        rest_.remove_prefix(end + 2);
        return line;
    }

    bool read_request_line() {
        const string_view line = take_line();
        const std::size_t first = line.find(' ');
        const std::size_t last = line.rfind(' ');
        if (first == string_view::npos || first == last) {
            return refuse(400, "the request line is not method, target and version");
        }
        const string_view method = line.substr(0, first);
        const string_view target = line.substr(first + 1, last - first - 1);
        if (!is_token(method) || target.empty()) {
            return refuse(400, "the request line is not method, target and version");
        }
        if (target.size() > limits_.target_bytes_max) {
            return refuse(414, "the target is longer than 2048 bytes");
        }
        if (!std::ranges::all_of(target, [](char c) { return c >= '!' && c <= '~' && c != '#'; })) {
            return refuse(400, "the target has a character that no target may have");
        }
        return read_version(line.substr(last + 1)) && read_method(method) && read_target(target);
    }

    bool read_version(string_view version) {
        if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5]) ||
            version[6] != '.' || !is_digit(version[7])) {
            return refuse(400, "the request line does not end in an HTTP version");
        }
        head_.is_http_1_0 = version == "HTTP/1.0";
        if (!head_.is_http_1_0 && version != "HTTP/1.1") {
            return refuse(505, "this version of HTTP is not spoken here, want 1.1");
        }
        return true;
    }

    bool read_method(string_view name) {
        const std::optional<Method> method = method_named(name);
        if (!method) return refuse(501, "no resource here has this method");
        head_.method = *method;
        return true;
    }

    bool read_target(string_view target) {
        if (target == "*") {
            head_.path = target;
            if (head_.method == Method::options) return true;
            return refuse(400, "the target * is for OPTIONS alone");
        }
        if (target.front() != '/') {
            const std::size_t scheme_end = target.find("://");
            const string_view scheme = target.substr(0, scheme_end);
            if (scheme_end == string_view::npos ||
                (!equals_ignoring_case(scheme, "http") && !equals_ignoring_case(scheme, "https"))) {
                return refuse(400, "the target is neither a path nor an http URL");
            }
            target.remove_prefix(scheme_end + 3);
            authority_ = target.substr(0, target.find_first_of("/?"));
            target.remove_prefix(authority_.size());
            if (!is_valid_host(authority_)) return refuse(400, "the target names no valid host");
        }
        const std::size_t question = target.find('?');
        head_.path = target.substr(0, question);
        if (head_.path.empty()) head_.path = "/";
        if (question != string_view::npos) head_.query = target.substr(question + 1);
        return true;
    }

    bool read_fields() {
        for (string_view line = take_line(); !line.empty(); line = take_line()) {
            if (head_.fields.size() == limits_.fields_max) {
                return refuse(431, "more than 64 header fields");
            }
            if (line.front() == ' ' || line.front() == '\t') {
                return refuse(400, "a header field folded over two lines");
            }
            const std::size_t colon = line.find(':');
            if (colon == string_view::npos || !is_token(line.substr(0, colon))) {
                return refuse(400, "a header line that is not a name, a colon and a value");
            }
            head_.fields.push_back(Field{.name = line.substr(0, colon),
                                         .value = without_blanks(line.substr(colon + 1))});
        }
        return true;
    }

    // How many fields have that name; `value` becomes the last one's.
    std::size_t count(string_view name, string_view& value) const {
        std::size_t found = 0;
        for (const Field& field : head_.fields) {
            if (!equals_ignoring_case(field.name, name)) continue;
            value = field.value;
            ++found;
        }
        return found;
    }

    bool check_host() {
        string_view host;
        const std::size_t hosts = count("Host", host);
        if (hosts > 1) return refuse(400, "more than one Host field");
        // HTTP/1.0 knew no Host, and load balancers still ask so for a sign of life.
        if (hosts == 0) {
            return head_.is_http_1_0 || refuse(400, "no Host field");
        }
        if (!is_valid_host(host)) return refuse(400, "the Host field names no valid host");
        if (!authority_.empty() && !equals_ignoring_case(authority_, host)) {
            return refuse(400, "the target and the Host field name different hosts");
        }
        return true;
    }

    bool check_length() {
        string_view length;
        const std::size_t lengths = count("Content-Length", length);
        if (lengths > 1) return refuse(400, "more than one Content-Length field");
        if (lengths == 1 && !read_length(length)) {
            return refuse(400, "the Content-Length is not one decimal number");
        }
        string_view coding;
        const std::size_t codings = count("Transfer-Encoding", coding);
        if (codings == 1 && equals_ignoring_case(coding, "chunked")) {
            return refuse(411, "bodies are sent with a Content-Length here, not in chunks");
        }
        if (codings > 0) return refuse(501, "no Transfer-Encoding is understood here");
        return true;
    }

    bool read_length(string_view digits) {
        if (digits.empty() || digits.size() > content_length_digits_max ||
            !std::ranges::all_of(digits, is_digit) || (digits.size() > 1 && digits[0] == '0')) {
            return false;
        }
        constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
        std::uint64_t length = 0;
        for (const char digit : digits) {
            const auto value = static_cast<std::uint64_t>(digit - '0');
            length = length > (max - value) / 10 ? max : length * 10 + value;
        }
        head_.content_length = length;
        return true;
    }

    bool check_connection() {
        bool has_close = false;
        bool has_keep_alive = false;
        for (const Field& field : head_.fields) {
            if (!equals_ignoring_case(field.name, "Connection")) continue;
            for_each_part(field.value, ',', [&](string_view option) {
                has_close = has_close || equals_ignoring_case(option, "close");
                has_keep_alive = has_keep_alive || equals_ignoring_case(option, "keep-alive");
            });
        }
        head_.keeps_alive = !has_close && (!head_.is_http_1_0 || has_keep_alive);
        string_view expectation;
        const std::size_t expectations = count("Expect", expectation);
        if (expectations == 0 || head_.is_http_1_0) return true;
        if (expectations > 1 || !equals_ignoring_case(expectation, "100-continue")) {
            return refuse(417, "the only expectation met here is 100-continue");
        }
        head_.expects_continue = true;
        return true;
    }

    string_view rest_;
    const HeadLimits& limits_;
    string_view authority_;
    RequestHead head_;
    HeadRefusal refusal_;
};

// Says which limit a head broke that does not end within bytes_max.
HeadRefusal too_large(string_view bytes, const HeadLimits& limits) {
    const string_view line = bytes.substr(0, bytes.find("\r\n"));
    const std::size_t space = std::min(line.find(' '), line.size() - 1);
    const string_view after_method = line.substr(space + 1);
    if (after_method.substr(0, after_method.find(' ')).size() > limits.target_bytes_max) {
        return HeadRefusal{.status = 414, .detail = "the target is longer than 2048 bytes"};
    }
    return HeadRefusal{.status = 431, .detail = "the head is longer than 8192 bytes"};
}

bool is_ipv6_literal(string_view text) {
    return text.size() > 2 && text.front() == '[' && text.back() == ']' &&
           std::ranges::count(text, ':') >= 2 &&
           std::ranges::all_of(text.substr(1, text.size() - 2),
                               [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; });
}

bool is_dns_name(string_view text) {
    if (text.empty() || text.front() == '.' || text.front() == '-') return false;
    if (text.find("..") != string_view::npos) return false;
    return std::ranges::all_of(text, [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_';
    });
}

}  // namespace

bool is_valid_host(string_view host) {
    if (host.size() > host_bytes_max) return false;
    const std::size_t name_end = host.find(']') == string_view::npos ? 0 : host.find(']');
    const std::size_t colon = host.find(':', name_end);
    if (colon != string_view::npos) {
        const string_view port = host.substr(colon + 1);
        unsigned number = 0;
        if (port.empty() || port.size() > 5 || !std::ranges::all_of(port, is_digit)) return false;
        for (const char digit : port)
            number = number * 10 + static_cast<unsigned>(digit - '0');
        if (number > 65'535) return false;
    }
    const string_view name = host.substr(0, colon);
    return is_dns_name(name) || is_ipv6_literal(name);
}

HeadCheck check_head(string_view bytes, const HeadLimits& limits) {
    const string_view visible = bytes.substr(0, limits.bytes_max);
    const Extent extent = find_extent(visible);
    if (extent.state == Extent::State::refused) {
        return HeadRefusal{.status = 400, .detail = extent.detail};
    }
    if (extent.state == Extent::State::incomplete) {
        if (visible.size() == limits.bytes_max) return too_large(visible, limits);
        return HeadIncomplete{};
    }
    HeadReader reader(visible.substr(0, extent.bytes), limits);
    reader.set_head_bytes(extent.bytes);
    return reader.read();
}

}  // namespace chancery::rpc

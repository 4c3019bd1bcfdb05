#include "rpc/http_answer_head.h"

#include <algorithm>

#include "rpc/ascii.h"
#include "rpc/url.h"

namespace chancery::rpc {
namespace {

Result<void> read_status_line(std::string_view line, AnswerHead& head) {
    const bool is_status_line =
        line.size() >= 12 && line.starts_with("HTTP/1.") && is_digit(line[7]) && line[8] == ' ' &&
        std::ranges::all_of(line.substr(9, 3), is_digit) && (line.size() == 12 || line[12] == ' ');
    if (!is_status_line) return invalid("the answer does not begin with an HTTP/1 status line");
    head.status = (line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0');
    if (head.status < 100 || head.status > 599) {
        return invalid("the answer has status " + std::to_string(head.status));
    }
    head.keeps_alive = line[7] != '0';
    return {};
}

Result<void> read_field(std::string_view line, AnswerHead& head) {
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !is_token(line.substr(0, colon))) {
        return invalid("the answer has a header line that is not a name, a colon and a value");
    }
    if (head.fields.size() == answer_fields_max) return invalid("the answer has too many fields");
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = without_blanks(line.substr(colon + 1));
    if (equals_ignoring_case(name, "Transfer-Encoding")) {
        return invalid("the answer comes in a Transfer-Encoding, want a Content-Length");
    }
    if (equals_ignoring_case(name, "Content-Length")) {
        const Result<std::uint64_t> length = parse_decimal(value);
        if (!length || head.content_length) {
            return invalid("the answer's Content-Length is not one decimal number");
        }
        head.content_length = *length;
    }
    if (equals_ignoring_case(name, "Connection")) {
        for_each_part(value, ',', [&](std::string_view option) {
            if (equals_ignoring_case(option, "close")) head.keeps_alive = false;
        });
    }
    head.fields.push_back(ResponseField{.name = std::string(name), .value = std::string(value)});
    return {};
}

// No control character but CR LF. A bare CR, which RFC 9112 §2.2 lets a reader refuse, must not be
// a line's end to one reader and a part of the line to another. A CR at the end waits for its LF.
bool ends_lines_in_pairs(std::string_view lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!is_control(lines[i])) continue;
        if (lines[i] != '\r') return false;
        if (i + 1 == lines.size()) return true;
        if (lines[i + 1] != '\n') return false;
        ++i;
    }
    return true;
}

}  // namespace

Result<std::optional<AnswerHead>> parse_answer_head(std::string_view bytes) {
    const std::string_view visible = bytes.substr(0, answer_head_bytes_max);
    constexpr std::string_view start = "HTTP/1.";
    if (!start.starts_with(visible.substr(0, start.size()))) {
        return invalid("the answer is not HTTP/1");
    }
    const std::size_t end = visible.find("\r\n\r\n");
    // With the CR LF of the last line: only the end of what has arrived may split a pair.
    const std::size_t lines_end = end == std::string_view::npos ? visible.size() : end + 2;
    if (!ends_lines_in_pairs(visible.substr(0, lines_end))) {
        return invalid("the answer's head has a control character");
    }
    if (end == std::string_view::npos) {
        if (visible.size() < answer_head_bytes_max) return std::optional<AnswerHead>();
        return invalid("the answer's head is longer than 16384 bytes");
    }
    AnswerHead head;
    head.head_bytes = end + 4;
    std::string_view rest = visible.substr(0, end + 2);
    bool is_status_line = true;
    while (!rest.empty()) {
        const std::size_t line_end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, line_end);
        rest.remove_prefix(line_end + 2);
        const Result<void> read =
            is_status_line ? read_status_line(line, head) : read_field(line, head);
        if (!read) return read.error();
        is_status_line = false;
    }
    return std::optional<AnswerHead>(std::move(head));
}

}  // namespace chancery::rpc

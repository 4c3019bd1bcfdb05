#include "node/cli/output.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include <unistd.h>

#include "crypto/json/canonical.h"

namespace chancery::cli {
namespace {

constexpr std::chrono::milliseconds progress_interval{100};

void write_text(std::FILE* stream, std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stream);
    std::fflush(stream);
}

void write_line(std::FILE* stream, std::string_view text) {
    write_text(stream, std::string(text) + "\n");
}

bool is_set(const char* variable) {
    // Read before any thread is started.
    const char* value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
    return value != nullptr && *value != '\0';
}

bool is_dumb_terminal() {
    const char* terminal = std::getenv("TERM");  // NOLINT(concurrency-mt-unsafe)
    return terminal == nullptr || std::string_view(terminal) == "dumb";
}

std::string_view hint_for(Errc code) {
    switch (code) {
        case Errc::unavailable:
            return "check that the node runs and the address is right: chancery doctor";
        case Errc::timeout:
            return "it may have happened or not: look before doing it again";
        case Errc::corrupt:
            return "keep the files as they are and tell the other members' operators";
        case Errc::invalid:
        case Errc::forbidden:
        case Errc::not_found:
        case Errc::conflict:
        case Errc::io:
            return {};
    }
    CHECK(false);
    return {};
}

std::string rate_text(double per_second) {
    std::array<char, 32> text{};
    if (per_second >= 1'000)
        std::snprintf(text.data(), text.size(), "%.1fk/s", per_second / 1'000);
    else
        std::snprintf(text.data(), text.size(), per_second >= 10 ? "%.0f/s" : "%.1f/s", per_second);
    return text.data();
}

std::string wait_text(double seconds) {
    const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
    if (whole < 60) return std::to_string(whole) + "s";
    if (whole < 3'600) return std::to_string(whole / 60) + "m" + std::to_string(whole % 60) + "s";
    return std::to_string(whole / 3'600) + "h" + std::to_string(whole / 60 % 60) + "m";
}

}  // namespace

std::string grouped(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t place = text.size(); place > 3; place -= 3)
        text.insert(place - 3, " ");
    return text;
}

std::string counted(std::uint64_t number, std::string_view noun) {
    return grouped(number) + " " + std::string(noun) + (number == 1 ? "" : "s");
}

std::string progress_text(std::uint64_t done, std::uint64_t total, double seconds) {
    std::string text = "[" + grouped(done) + "/" + grouped(total) + "]";
    if (done == 0 || seconds <= 0) return text;
    const double rate = static_cast<double>(done) / seconds;
    const std::uint64_t left = total > done ? total - done : 0;
    return text + " " + rate_text(rate) + " ETA " + wait_text(static_cast<double>(left) / rate);
}

Output::Style Output::style_of_terminal(bool json, bool quiet) {
    const bool is_plain = is_set("NO_COLOR") || is_set("CI") || is_dumb_terminal();
    return {
        .json = json,
        .quiet = quiet,
        .colour = !json && !is_plain && ::isatty(STDOUT_FILENO) == 1,
        .progress = !quiet && !is_set("CI") && !is_dumb_terminal() && ::isatty(STDERR_FILENO) == 1};
}

void Output::line(std::string_view text) {
    end_progress();
    if (!style_.json) write_line(stdout, text);
}

void Output::stream(const json::Value& document) {
    end_progress();
    has_streamed_ = true;
    write_line(stdout, json::canonical(document));
}

void Output::note(std::string_view text) {
    end_progress();
    if (!style_.quiet) write_line(stderr, text);
}

void Output::warning(std::string_view text) {
    end_progress();
    write_line(stderr, "warning: " + std::string(text));
}

void Output::document(json::Value value) {
    CHECK(value.as_object() != nullptr && !document_);
    document_ = std::move(value);
}

std::string Output::paint(Colour colour, std::string_view text) const {
    static constexpr std::array codes = {"", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[2m"};
    if (!style_.colour || colour == Colour::plain) return std::string(text);
    return codes.at(static_cast<std::size_t>(colour)) + std::string(text) + "\x1b[0m";
}

void Output::progress(std::uint64_t done, std::uint64_t total) {
    if (!style_.progress) return;
    const Moment now = std::chrono::steady_clock::now();
    if (!progress_begin_) progress_begin_ = now;
    if (is_bar_shown_ && done < total && now - progress_shown_ < progress_interval) return;
    progress_shown_ = now;
    is_bar_shown_ = true;
    const std::chrono::duration<double> spent = now - *progress_begin_;
    const std::string text = "\r\x1b[K" + progress_text(done, total, spent.count());
    write_text(stderr, text);
}

void Output::end_progress() {
    if (!is_bar_shown_) return;
    is_bar_shown_ = false;
    write_text(stderr, "\r\x1b[K");
}

Exit Output::fail(const Error& error) {
    const std::string_view hint = hint_.empty() ? hint_for(error.code) : std::string_view(hint_);
    const Exit status = exit_of(error.code);
    write_line(stderr, "chancery: " + error.detail);
    if (!hint.empty()) write_line(stderr, "  " + std::string(hint));
    if (style_.json) {
        json::Object about{{"code", name_of(error.code)}, {"detail", error.detail}};
        if (!hint.empty()) about.push_back({"hint", hint});
        about.push_back({"exit", static_cast<int>(status)});
        write_text(stdout, json::pretty(json::Object{{"v", 1}, {"error", std::move(about)}}));
    }
    return status;
}

Exit Output::finish(const Result<Exit>& outcome) {
    end_progress();
    if (!outcome) return fail(outcome.error());
    if (!style_.json || has_streamed_) return *outcome;
    json::Object whole{{"v", 1}};
    if (document_)
        for (json::Member& member : *document_->as_object())
            whole.push_back(std::move(member));
    write_text(stdout, json::pretty(std::move(whole)));
    return *outcome;
}

}  // namespace chancery::cli

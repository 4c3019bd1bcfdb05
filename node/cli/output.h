// What a command says: data on stdout, everything else on stderr, and with --json exactly one
// document on stdout, whatever happens.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.h"
#include "crypto/json/value.h"
#include "node/cli/exit_status.h"

namespace chancery::cli {

enum class Colour : std::uint8_t { plain, good, bad, doubtful, dim };

class Output {
public:
    struct Style {
        bool json = false;
        bool quiet = false;
        bool colour = false;    // stdout is a terminal that wants it.
        bool progress = false;  // stderr is a terminal, nobody asked for silence.
    };
    explicit Output(Style style) : style_(style) {}
    // Reads NO_COLOR, CI, TERM and what the two streams are.
    static Style style_of_terminal(bool json, bool quiet);

    bool is_json() const { return style_.json; }

    // A line of the result, for people and pipes. Silent with --json.
    void line(std::string_view text);
    // A line as it is even with --json: streams of documents, one a line.
    void stream(const json::Value& document);
    // A line on the way, to stderr. Silent with --quiet.
    void note(std::string_view text);
    // What must be read, --quiet or not.
    void warning(std::string_view text);

    // The command's one document; written by finish(), with "v": 1 in front.
    void document(json::Value value);
    // What to do about the error that the command is about to return.
    void hint(std::string_view text) { hint_ = text; }

    std::string paint(Colour colour, std::string_view text) const;

    // "[1 240/10 000] 1.2k/s ETA 7s", at most ten times a second, only on a terminal.
    void progress(std::uint64_t done, std::uint64_t total);
    void end_progress();

    // Writes the document or the error. Gives the status that the program ends with.
    Exit finish(const Result<Exit>& outcome);

private:
    using Moment = std::chrono::steady_clock::time_point;

    Exit fail(const Error& error);

    Style style_;
    std::optional<json::Value> document_;
    bool has_streamed_ = false;
    std::string hint_;
    std::optional<Moment> progress_begin_;
    Moment progress_shown_;
    bool is_bar_shown_ = false;
};

// "10 000": thousands apart, as people read them.
std::string grouped(std::uint64_t number);

// "1 member", "3 members"
std::string counted(std::uint64_t number, std::string_view noun);

// "[1 240/10 000] 1.2k/s ETA 7s"
std::string progress_text(std::uint64_t done, std::uint64_t total, double seconds);

}  // namespace chancery::cli

// What a program says of itself: one explaining line per event, on stderr.
//
//     18:04:11.201 info  sealed height=12 size=4031 batches=3 took_ms=1     on a terminal
//     {"at":"2026-…Z","level":"info","event":"sealed","height":"12",…}      elsewhere
//
// Never input verbatim, a secret, or anything about a person. Safe on any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::node {

enum class Level : std::uint8_t { debug, info, warning, error };

class Diary {
public:
    using Facts = std::vector<std::pair<std::string_view, std::string>>;

    // `as_json`: for machines; `quietest` and above are written.
    Diary(bool as_json, Level quietest);
    ~Diary();
    Diary(const Diary&) = delete;
    Diary& operator=(const Diary&) = delete;

    void write(Level level, std::string_view event, const Facts& facts = {});
    void info(std::string_view event, const Facts& facts = {}) { write(Level::info, event, facts); }
    void warning(std::string_view event, const Facts& facts = {}) {
        write(Level::warning, event, facts);
    }
    void error(std::string_view event, const Facts& facts = {}) {
        write(Level::error, event, facts);
    }

private:
    struct Sink;
    std::unique_ptr<Sink> sink_;
};

// One line as the diary writes it, without time: for tests, and exact about escaping.
std::string diary_line(bool as_json,
                       Level level,
                       std::string_view event,
                       const Diary::Facts& facts);

}  // namespace chancery::node

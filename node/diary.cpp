#include "node/diary.h"

#include <array>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "crypto/json/canonical.h"
#include "crypto/json/value.h"

namespace chancery::node {
namespace {

constexpr std::array<std::string_view, 4> level_names = {"debug", "info", "warning", "error"};

spdlog::level::level_enum spdlog_level(Level level) {
    constexpr std::array<spdlog::level::level_enum, 4> levels = {
        spdlog::level::debug, spdlog::level::info, spdlog::level::warn, spdlog::level::err};
    return levels[static_cast<std::size_t>(level)];
}

// A value that would break the line's grammar is quoted, and its control characters escaped.
std::string plain_value(const std::string& value) {
    const bool is_plain =
        !value.empty() && value.find_first_of(" \"=\\") == std::string::npos &&
        value.find_first_not_of(
            "!#$%&'()*+,-./"
            "0123456789:;<>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz"
            "{|}~") == std::string::npos;
    return is_plain ? value : json::canonical(json::Value(value));
}

}  // namespace

std::string diary_line(bool as_json,
                       Level level,
                       std::string_view event,
                       const Diary::Facts& facts) {
    const std::string_view level_name = level_names[static_cast<std::size_t>(level)];
    if (!as_json) {
        std::string line = std::string(level_name) + " " + std::string(event);
        for (const auto& [name, value] : facts) {
            line += " " + std::string(name) + "=" + plain_value(value);
        }
        return line;
    }
    // Members in a reader's order, so not the canonical one.
    std::string line = R"("level":")" + std::string(level_name) + R"(","event":)" +
                       json::canonical(json::Value(event));
    for (const auto& [name, value] : facts) {
        line +=
            "," + json::canonical(json::Value(name)) + ":" + json::canonical(json::Value(value));
    }
    return line;
}

struct Diary::Sink {
    bool as_json;
    spdlog::logger logger;
};

Diary::Diary(bool as_json, Level quietest)
    : sink_(new Sink{as_json,
                     spdlog::logger("diary", std::make_shared<spdlog::sinks::stderr_sink_mt>())}) {
    sink_->logger.set_level(spdlog_level(quietest));
    const auto zone = as_json ? spdlog::pattern_time_type::utc : spdlog::pattern_time_type::local;
    sink_->logger.set_pattern(as_json ? R"({"at":"%Y-%m-%dT%H:%M:%S.%eZ",%v})" : "%H:%M:%S.%e %v",
                              zone);
    sink_->logger.flush_on(spdlog::level::debug);
}

Diary::~Diary() = default;

void Diary::write(Level level, std::string_view event, const Facts& facts) {
    if (!sink_->logger.should_log(spdlog_level(level))) return;
    const std::string line = diary_line(sink_->as_json, level, event, facts);
    sink_->logger.log(spdlog_level(level), spdlog::string_view_t(line.data(), line.size()));
}

}  // namespace chancery::node

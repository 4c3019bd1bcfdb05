// The tree of commands: names, options and examples as data, from which the parser, the help and
// the shells' completions are made, so that none can tell another story.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"
#include "node/cli/exit_status.h"

namespace chancery::cli {

class Session;

enum class ValueKind : std::uint8_t {
    flag,  // Takes no value.
    text,
    path,
    number,    // 0 … 2^53 - 1.
    duration,  // 90s, 15m, 24h, 7d.
    time,      // 2026-05-01T12:00:00Z, or a day.
    choice,
};

struct Option {
    std::string name;  // Without "--".
    ValueKind kind = ValueKind::flag;
    std::string value_name;  // "FILE"; empty for flags.
    std::string help;
    std::vector<std::string> choices = {};
    // Several values: said again, or but for paths joined by commas.
    bool is_repeated = false;
};

struct Argument {
    std::string name;  // "FILE"
    std::string help;
    bool is_required = true;
    bool is_repeated = false;  // Only the last one.
    std::vector<std::string> choices = {};
};

struct Example {
    std::string line;  // "chancery verify badge.json"
    std::string meaning;
};

// The words of one call, checked against the command's options: kinds, choices and counts hold.
class Invocation {
public:
    bool has(std::string_view option) const { return options_.contains(option); }
    // Empty if it was not given; the first of several.
    std::string text(std::string_view option) const;
    // All, in the order given.
    const std::vector<std::string>& texts(std::string_view option) const;
    std::uint64_t number(std::string_view option, std::uint64_t otherwise) const;
    std::uint64_t seconds(std::string_view option, std::uint64_t otherwise) const;

    // Empty if it was not given.
    std::string argument(std::size_t index) const;
    const std::vector<std::string>& arguments() const { return arguments_; }

    // At least one value; of a flag an empty one.
    void set(std::string option, std::vector<std::string> values);
    void add_argument(std::string value) { arguments_.push_back(std::move(value)); }

private:
    std::map<std::string, std::vector<std::string>, std::less<>> options_;
    std::vector<std::string> arguments_;
};

using Run = Result<Exit> (*)(Session& session, const Invocation& call);

// Either a group, with children, or a command that runs.
struct Command {
    std::string name;
    std::string summary;  // One line, without a full stop.
    std::vector<Example> examples = {};
    std::vector<Argument> arguments = {};
    std::vector<Option> options = {};
    std::vector<Command> children = {};
    Run run = nullptr;

    const Command* child(std::string_view child_name) const;
};

// The whole program.
const Command& command_tree();

// Options that every command understands; each has a CHANCERY_… variable of the same name.
const std::vector<Option>& global_options();

// The seconds of "90s", "15m", "24h" or "7d"; nullopt for anything else.
std::optional<std::uint64_t> parse_duration(std::string_view text);

// Seconds since 1970 of "2026-05-01" or "2026-05-01T12:00:00Z"; nullopt for anything else.
std::optional<std::uint64_t> parse_time(std::string_view text);
// "2026-05-01T12:00:00Z"
std::string time_text(std::uint64_t unix_s);

// "a,b" → {"a", "b"}; what is empty is left out.
std::vector<std::string> split_at_commas(std::string_view text);

// nullopt unless it is the decimal of 0 … 2^53 - 1.
std::optional<std::uint64_t> parse_number(std::string_view text);

}  // namespace chancery::cli

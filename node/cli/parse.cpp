#include "node/cli/parse.h"

#include <algorithm>
#include <iterator>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "node/cli/output.h"
#include "node/config.h"

namespace chancery::cli {
namespace {

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : std::string(between)) + word;
    return text;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
    const std::string near = node::nearest(word, known);
    return near.empty() ? std::string() : ", did you mean \"" + near + "\"?";
}

bool takes_next_word(const Command& command, std::string_view word) {
    const auto is_it = [word](const Option& option) {
        return option.kind != ValueKind::flag && word == "--" + option.name;
    };
    return std::ranges::any_of(command.options, is_it) ||
           std::ranges::any_of(global_options(), is_it);
}

// Walks down the tree along the words that are no options; those that named commands are taken out
// of `words`.
Result<Parsed> resolve(const Command& root, std::vector<std::string>& words) {
    Parsed parsed;
    parsed.command = &root;
    parsed.path.push_back(root.name);
    for (std::size_t i = 0; i < words.size() && !parsed.command->children.empty();) {
        const std::string& word = words[i];
        if (word.starts_with("-")) {
            i += takes_next_word(*parsed.command, word) ? 2U : 1U;
            continue;
        }
        const Command* child = parsed.command->child(word);
        if (child == nullptr && !parsed.command->arguments.empty()) break;
        if (child == nullptr)
            return Error{Errc::invalid, unknown_command(*parsed.command, parsed.path, word)};
        parsed.command = child;
        parsed.path.push_back(word);
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
    }
    return parsed;
}

std::string want_of(const Option& option) {
    switch (option.kind) {
        case ValueKind::flag:
        case ValueKind::text:
        case ValueKind::path:
            return "a value";
        case ValueKind::number:
            return "a number";
        case ValueKind::duration:
            return "a duration such as 90s, 15m, 24h or 7d";
        case ValueKind::time:
            return "a time such as 2026-05-01T12:00:00Z or 2026-05-01";
        case ValueKind::choice:
            return "one of " + joined(option.choices, ", ");
    }
    CHECK(false);
    return {};
}

bool is_good(const Option& option, const std::string& value) {
    switch (option.kind) {
        case ValueKind::flag:
            return true;
        case ValueKind::text:
        case ValueKind::path:
            return !value.empty();
        case ValueKind::number:
            return parse_number(value).has_value();
        case ValueKind::duration:
            return parse_duration(value).has_value();
        case ValueKind::time:
            return parse_time(value).has_value();
        case ValueKind::choice:
            return std::ranges::find(option.choices, value) != option.choices.end();
    }
    CHECK(false);
    return false;
}

std::vector<Option> options_of(const Command& command) {
    std::vector<Option> options = command.options;
    options.insert(options.end(), global_options().begin(), global_options().end());
    return options;
}

// The library's part of the work: which word is an option, which its value, which stands alone.
class Scanner {
public:
    explicit Scanner(const std::vector<Option>& options) {
        app_.set_help_flag();
        app_.allow_extras();
        app_.add_flag("-h,--help", wants_help_);
        // The library keeps references, so the values must not move.
        one_.resize(options.size());
        several_.resize(options.size());
        for (std::size_t i = 0; i < options.size(); ++i) {
            const std::string name = "--" + options[i].name;
            if (options[i].kind == ValueKind::flag)
                app_.add_flag(name)->disable_flag_override();
            else if (options[i].is_repeated)
                app_.add_option(name, several_[i])->allow_extra_args(false);
            else
                app_.add_option(name, one_[i])->allow_extra_args(false);
        }
    }

    std::optional<std::string> scan(std::vector<std::string> words) {
        std::ranges::reverse(words);  // As the library wants them.
        try {
            app_.parse(words);
        } catch (const CLI::ParseError& wrong) {
            return wrong.what();
        }
        return std::nullopt;
    }

    bool wants_help() const { return wants_help_; }
    bool has(const Option& option) const { return app_.count("--" + option.name) > 0; }
    std::vector<std::string> values(std::size_t i) const {
        return several_[i].empty() ? std::vector{one_[i]} : several_[i];
    }
    std::vector<std::string> rest() const { return app_.remaining(); }

private:
    CLI::App app_;
    bool wants_help_ = false;
    std::vector<std::string> one_;
    std::vector<std::vector<std::string>> several_;  // Of those that may be said again.
};

// What was joined is taken apart; a path may hold commas itself. What is empty stays, to be
// refused.
std::vector<std::string> apart(const Option& option, std::vector<std::string> given) {
    if (!option.is_repeated || option.kind == ValueKind::path) return given;
    std::vector<std::string> values;
    for (std::string& one : given) {
        std::vector<std::string> parts = split_at_commas(one);
        if (parts.empty()) parts.push_back(std::move(one));
        std::ranges::move(parts, std::back_inserter(values));
    }
    return values;
}

std::optional<Error> take_options(const std::vector<Option>& options,
                                  const Scanner& scanner,
                                  Invocation& call) {
    for (std::size_t i = 0; i < options.size(); ++i) {
        if (!scanner.has(options[i])) continue;
        std::vector<std::string> values = apart(options[i], scanner.values(i));
        for (const std::string& value : values)
            if (!is_good(options[i], value))
                return Error{Errc::invalid,
                             "--" + options[i].name + ": want " + want_of(options[i])};
        call.set(options[i].name, std::move(values));
    }
    return std::nullopt;
}

std::optional<Error> take_arguments(const Command& command,
                                    const std::vector<std::string>& words,
                                    const std::vector<Option>& options,
                                    Invocation& call) {
    std::vector<std::string> known;
    known.reserve(options.size());
    for (const Option& option : options)
        known.push_back("--" + option.name);
    bool only_arguments = false;
    for (const std::string& word : words) {
        if (word == "--" && !only_arguments) {
            only_arguments = true;
            continue;
        }
        if (!only_arguments && word.starts_with("-") && word != "-")
            return Error{Errc::invalid, "no option \"" + word + "\"" + did_you_mean(word, known)};
        call.add_argument(word);
    }
    std::size_t required = 0;
    for (const Argument& argument : command.arguments)
        required += argument.is_required ? 1 : 0;
    const std::size_t given = call.arguments().size();
    if (given < required)
        return Error{
            Errc::invalid,
            command.arguments[given].name + " is missing: " + command.arguments[given].help};
    const bool is_open = !command.arguments.empty() && command.arguments.back().is_repeated;
    if (given > command.arguments.size() && !is_open)
        return Error{Errc::invalid,
                     "got " + counted(given, "argument") + ", want " +
                         (command.arguments.empty()
                              ? "none"
                              : "at most " + std::to_string(command.arguments.size()))};
    for (std::size_t i = 0; i < command.arguments.size() && i < given; ++i) {
        const std::vector<std::string>& choices = command.arguments[i].choices;
        if (!choices.empty() && std::ranges::find(choices, call.arguments()[i]) == choices.end())
            return Error{Errc::invalid,
                         command.arguments[i].name + ": want one of " + joined(choices, ", ")};
    }
    return std::nullopt;
}

}  // namespace

std::string unknown_command(const Command& group,
                            const std::vector<std::string>& path,
                            std::string_view word) {
    std::vector<std::string> names;
    for (const Command& known : group.children)
        names.push_back(known.name);
    return "no command \"" + std::string(word) + "\" in \"" + joined(path, " ") + "\"" +
           did_you_mean(word, names);
}

Result<Parsed> parse_words(const Command& root, const std::vector<std::string>& words) {
    std::vector<std::string> rest = words;
    if (!rest.empty() && rest.front() == "--version") rest.front() = "version";
    Result<Parsed> resolved = resolve(root, rest);
    if (!resolved) return resolved.error();
    Parsed parsed = *std::move(resolved);
    const std::vector<Option> options = options_of(*parsed.command);
    Scanner scanner(options);
    if (const auto wrong = scanner.scan(rest)) return Error{Errc::invalid, *wrong};
    parsed.wants_help = scanner.wants_help() || parsed.command->run == nullptr;
    if (scanner.wants_help()) return parsed;
    if (auto wrong = take_options(options, scanner, parsed.call)) return *wrong;
    if (auto wrong = take_arguments(*parsed.command, scanner.rest(), options, parsed.call))
        return *wrong;
    return parsed;
}

}  // namespace chancery::cli

#include "node/cli/help.h"

#include <algorithm>

namespace chancery::cli {
namespace {

struct Line {
    std::string left;
    std::string right;
};

std::string table(const std::string& title, const std::vector<Line>& rows) {
    if (rows.empty()) return {};
    static constexpr std::size_t left_max = 34;
    std::size_t width = 0;
    for (const Line& row : rows)
        if (row.left.size() <= left_max) width = std::max(width, row.left.size());
    std::string text = title + "\n";
    for (const Line& row : rows) {
        text += "  " + row.left;
        // A long line has its meaning below it.
        if (row.left.size() > width)
            text += "\n" + std::string(width + 4, ' ');
        else
            text += std::string(width + 2 - row.left.size(), ' ');
        text += row.right + "\n";
    }
    return text + "\n";
}

std::vector<Line> option_rows(const std::vector<Option>& options) {
    std::vector<Line> rows;
    for (const Option& option : options) {
        std::string left = "--" + option.name;
        if (option.kind != ValueKind::flag) left += " " + option.value_name;
        std::string right = option.help;
        for (std::size_t i = 0; i < option.choices.size(); ++i)
            right += (i == 0 ? ": " : ", ") + option.choices[i];
        rows.push_back(Line{left, right});
    }
    return rows;
}

std::string usage_line(const Command& command, const std::vector<std::string>& path) {
    std::string text = "Usage: ";
    for (const std::string& word : path)
        text += word + " ";
    for (const Argument& argument : command.arguments) {
        const std::string name = argument.name + (argument.is_repeated ? "…" : "");
        text += argument.is_required ? name + " " : "[" + name + "] ";
    }
    if (!command.children.empty()) text += command.run == nullptr ? "COMMAND " : "[COMMAND] ";
    return text + "[options]\n\n";
}

}  // namespace

std::string help_text(const Command& command, const std::vector<std::string>& path) {
    std::string text;
    for (const std::string& word : path)
        text += word + " ";
    text += "— " + command.summary + "\n\n";
    std::vector<Line> examples;
    for (const Example& example : command.examples)
        examples.push_back(Line{example.line, example.meaning});
    text += table("Examples:", examples);
    text += usage_line(command, path);
    std::vector<Line> children;
    for (const Command& child : command.children)
        children.push_back(Line{child.name, child.summary});
    text += table("Commands:", children);
    std::vector<Line> arguments;
    for (const Argument& argument : command.arguments)
        arguments.push_back(Line{argument.name, argument.help});
    text += table("Arguments:", arguments);
    text += table("Options:", option_rows(command.options));
    text += table("Everywhere:", option_rows(global_options()));
    text.pop_back();
    return text;
}

}  // namespace chancery::cli

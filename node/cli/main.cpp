// The program `chancery`: everything that a person types.
#include <cstdio>
#include <exception>

#include "node/cli/completion.h"
#include "node/cli/help.h"
#include "node/cli/parse.h"
#include "node/cli/session.h"

namespace chancery::cli {
namespace {

// Before the flags are understood: does the call want JSON?
bool asks_for_json(const std::vector<std::string>& words) {
    return std::ranges::find(words, "--json") != words.end();
}

Exit refuse(const std::vector<std::string>& words, const Error& error) {
    Output out(Output::style_of_terminal(asks_for_json(words), false));
    out.hint("chancery help shows what there is");
    return out.finish(error);
}

Exit show_help(const std::vector<std::string>& words, const Parsed& parsed) {
    Output out(Output::style_of_terminal(asks_for_json(words), false));
    std::string text = help_text(*parsed.command, parsed.path);
    text.pop_back();
    out.line(text);
    out.document(json::Object{{"help", text}});
    return out.finish(Exit::done);
}

Exit run(const std::vector<std::string>& words) {
    const Command& tree = command_tree();
    if (!words.empty() && words.front() == complete_word) {
        for (const std::string& offer :
             completions(tree, std::vector<std::string>(words.begin() + 1, words.end())))
            std::puts(offer.c_str());
        return Exit::done;
    }
    const Result<Parsed> parsed = parse_words(tree, words);
    if (!parsed) return refuse(words, parsed.error());
    if (parsed->wants_help) return show_help(words, *parsed);
    Result<ClientContext> context = load_context(parsed->call, process_environment(), ".");
    if (!context) return refuse(words, context.error());
    const Output::Style style = Output::style_of_terminal(context->json, context->quiet);
    Session session(*std::move(context), style);
    return session.out.finish(parsed->command->run(session, parsed->call));
}

}  // namespace
}  // namespace chancery::cli

int main(int argc, char** argv) {
    try {
        return static_cast<int>(
            chancery::cli::run(std::vector<std::string>(argv + std::min(argc, 1), argv + argc)));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "chancery: this is our bug, please report it: %s\n", error.what());
        return static_cast<int>(chancery::cli::Exit::bug);
    }
}

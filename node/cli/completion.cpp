#include "node/cli/completion.h"

#include "node/cli/session.h"

namespace chancery::cli {
namespace {

constexpr std::string_view bash_script = R"(_chancery() {
    local word="${COMP_WORDS[COMP_CWORD]}"
    mapfile -t COMPREPLY < <(chancery __complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    if [ "${#COMPREPLY[@]}" -eq 0 ]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _chancery chancery
)";

constexpr std::string_view zsh_script = R"(#compdef chancery
_chancery() {
    local -a offers
    offers=("${(@f)$(chancery __complete "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    offers=(${offers:#})
    if (( ${#offers} )); then
        compadd -- $offers
    else
        _files
    fi
}
if [ "$funcstack[1]" = _chancery ]; then _chancery "$@"; else compdef _chancery chancery; fi
)";

constexpr std::string_view fish_script = R"(function __chancery_offers
    set -l words (commandline -opc) (commandline -ct)
    set -l offers (chancery __complete $words[2..-1] 2>/dev/null)
    if test (count $offers) -gt 0
        printf '%s\n' $offers
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c chancery -f -a '(__chancery_offers)'
)";

const Option* option_named(const Command& command, std::string_view word) {
    for (const std::vector<Option>* options : {&command.options, &global_options()})
        for (const Option& option : *options)
            if (word == "--" + option.name) return &option;
    return nullptr;
}

void offer(std::vector<std::string>& offers, std::string_view typed, const std::string& word) {
    if (word.starts_with(typed)) offers.push_back(word);
}

Result<Exit> run_completion(Session& session, const Invocation& call) {
    const std::string shell = call.argument(0);
    const std::string_view script = shell == "bash"  ? bash_script
                                    : shell == "zsh" ? zsh_script
                                                     : fish_script;
    session.out.document(json::Object{{"shell", shell}, {"script", script}});
    session.out.line(script.substr(0, script.size() - 1));
    return Exit::done;
}

}  // namespace

std::vector<std::string> completions(const Command& root, const std::vector<std::string>& words) {
    std::vector<std::string> offers;
    if (words.empty()) return offers;
    const Command* command = &root;
    const Option* awaiting = nullptr;  // Its value comes next.
    std::size_t arguments = 0;
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        if (awaiting != nullptr) {
            awaiting = nullptr;
        } else if (words[i].starts_with("-")) {
            awaiting = option_named(*command, words[i]);
            if (awaiting != nullptr && awaiting->kind == ValueKind::flag) awaiting = nullptr;
        } else if (const Command* child = command->child(words[i])) {
            command = child;
        } else {
            ++arguments;
        }
    }
    const std::string& typed = words.back();
    if (awaiting != nullptr) {
        for (const std::string& choice : awaiting->choices)
            offer(offers, typed, choice);
        return offers;
    }
    if (typed.starts_with("-")) {
        for (const std::vector<Option>* options : {&command->options, &global_options()})
            for (const Option& option : *options)
                offer(offers, typed, "--" + option.name);
        offer(offers, typed, "--help");
        return offers;
    }
    for (const Command& child : command->children)
        offer(offers, typed, child.name);
    if (arguments < command->arguments.size())
        for (const std::string& choice : command->arguments[arguments].choices)
            offer(offers, typed, choice);
    return offers;
}

Command completion_command() {
    return {.name = "completion",
            .summary = "print a script that completes commands in a shell",
            .examples = {{"chancery completion bash > ~/.local/share/bash-completion/completions/"
                          "chancery",
                          "for bash"},
                         {"chancery completion zsh > ~/.zfunc/_chancery", "for zsh"},
                         {"chancery completion fish > ~/.config/fish/completions/chancery.fish",
                          "for fish"}},
            .arguments = {{.name = "SHELL",
                           .help = "bash, zsh or fish",
                           .choices = {"bash", "zsh", "fish"}}},
            .run = run_completion};
}

}  // namespace chancery::cli

#include "node/cli/command.h"
#include "node/cli/commands.h"
#include "node/cli/completion.h"
#include "node/cli/help.h"
#include "node/cli/parse.h"
#include "node/cli/session.h"

namespace chancery::cli {
namespace {

Result<Exit> run_help(Session& session, const Invocation& call) {
    const Command* command = &command_tree();
    std::vector<std::string> path = {command->name};
    for (const std::string& word : call.arguments()) {
        const Command* child = command->child(word);
        if (child == nullptr) return Error{Errc::invalid, unknown_command(*command, path, word)};
        command = child;
        path.push_back(word);
    }
    std::string text = help_text(*command, path);
    text.pop_back();
    session.out.line(text);
    session.out.document(json::Object{{"help", text}});
    return Exit::done;
}

Result<Exit> run_version(Session& session, const Invocation& /*call*/) {
    session.out.line("chancery " CHANCERY_VERSION);
    session.out.document(json::Object{{"version", CHANCERY_VERSION}});
    return Exit::done;
}

}  // namespace

Command help_command() {
    return {.name = "help",
            .summary = "show the help page of a command",
            .examples = {{"chancery help issue batch", "all about issuing many"}},
            .arguments = {{.name = "COMMAND",
                           .help = "the command's words",
                           .is_required = false,
                           .is_repeated = true}},
            .run = run_help};
}

Command version_command() {
    return {.name = "version", .summary = "print the version", .run = run_version};
}

const std::vector<Option>& global_options() {
    static const std::vector<Option> options = {
        {.name = "node",
         .kind = ValueKind::text,
         .value_name = "URL",
         .help = "the node to ask, as in http://127.0.0.1:8443; again for one to ask if it is down",
         .is_repeated = true},
        {"ca",
         ValueKind::path,
         "FILE",
         "whom to believe over https, PEM; else this machine's store"},
        {"key", ValueKind::path, "FILE", "the key that signs"},
        {"assertion-key",
         ValueKind::path,
         "FILE",
         "what signs documents; assertion.key beside --key if not said"},
        {"passphrase-file", ValueKind::path, "FILE", "what opens the keys, mode 0600"},
        {"trust", ValueKind::path, "FILE", "the network's trust file"},
        {"network-id", ValueKind::text, "HEX", "the network that is trusted, as it publishes it"},
        {"json", ValueKind::flag, "", "print one JSON document, also for errors"},
        {"quiet", ValueKind::flag, "", "print results and errors only"},
        {"no-input", ValueKind::flag, "", "never ask"},
        {"timeout", ValueKind::duration, "TIME", "give up on the node after this, 30s if not said"},
    };
    return options;
}

const Command& command_tree() {
    static const Command tree = {
        .name = "chancery",
        .summary = "issue, revoke and verify credentials, and look after their registry",
        .examples = {{"chancery sandbox", "begin here"},
                     {"chancery verify ana.badge.json", "is this credential good?"}},
        .children = {
            sandbox_command(),     verify_command(),     lint_command(),      issue_command(),
            revoke_command(),      suspend_command(),    reinstate_command(), renew_command(),
            status_list_command(), handout_command(),    stack_command(),     present_command(),
            proof_command(),       pathway_command(),    badge_command(),     log_command(),
            audit_command(),       anchor_command(),     key_command(),       network_command(),
            doctor_command(),      completion_command(), help_command(),      version_command()}};
    return tree;
}

}  // namespace chancery::cli

#include "node/daemon/commands.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include <CLI/CLI.hpp>
#include <unistd.h>

#include "node/node.h"
#include "storage/crash_point.h"

namespace chancery::daemon {
namespace {

constexpr int exit_usage = 2;

struct Arguments {
    std::string config = "node.toml";
    std::map<std::string, std::string> flags;  // Dotted key → text.
    bool with_origin = false;
    std::string from;  // Of recover.
};

std::map<std::string, std::string> environment() {
    constexpr std::string_view prefix = "CHANCERY_";
    std::map<std::string, std::string> found;
    for (char** variable = environ; *variable != nullptr; ++variable) {
        const std::string_view text(*variable);
        const std::size_t equals = text.find('=');
        if (!text.starts_with(prefix) || equals == std::string_view::npos) continue;
        if (storage::has_crash_points && text.starts_with(storage::crash_variable)) continue;
        found.emplace(text.substr(0, equals), text.substr(equals + 1));
    }
    return found;
}

void say(const std::string& line) { std::fprintf(stderr, "chanceryd: %s\n", line.c_str()); }

int fail(const Error& error) {
    say(error.detail);
    return exit_status(error);
}

Result<node::LoadedConfig> load(const Arguments& arguments) {
    auto loaded = node::load_config({arguments.config, environment(), arguments.flags});
    if (loaded) {
        for (const std::string& name : loaded->warnings) {
            say("the variable " + name + " is not known and has no effect");
        }
    }
    return loaded;
}

void add_settings(CLI::App& command, Arguments& arguments) {
    command.add_option("--config", arguments.config, "The node's TOML file")->capture_default_str();
    const auto flag = [&](const char* name, const char* key, const char* help) {
        command.add_option_function<std::string>(
            name,
            [&arguments, key](const std::string& text) { arguments.flags[key] = text; },
            help);
    };
    flag("--data", "node.data", "Data directory, instead of node.data");
    flag("--public-listen", "public.listen", "address:port, instead of public.listen");
    flag("--admin-listen", "admin.listen", "address:port, instead of admin.listen");
    flag("--peer-listen", "peer.listen", "address:port, instead of peer.listen");
    flag("--log-level", "log.level", "debug, info, warning or error");
    flag("--log-format", "log.format", "auto, text or json");
}

int show_config(const Arguments& arguments) {
    const auto loaded = load(arguments);
    if (!loaded) return fail(loaded.error());
    for (const auto& [key, setting] : loaded->settings) {
        std::printf("%s = %s", key.c_str(), setting.value.c_str());
        if (arguments.with_origin) std::printf("    # %s", setting.origin.c_str());
        std::printf("\n");
    }
    return EXIT_SUCCESS;
}

int check_config(const Arguments& arguments) {
    const auto loaded = load(arguments);
    if (!loaded) return fail(loaded.error());
    std::printf("%s: good\n", arguments.config.c_str());
    return EXIT_SUCCESS;
}

template <typename Act>
int with_config(const Arguments& arguments, Act act) {
    const auto loaded = load(arguments);
    if (!loaded) return fail(loaded.error());
    return act(*loaded);
}

int init(const node::LoadedConfig& loaded) {
    const auto done = init_data(loaded.config);
    if (!done) return fail(done.error());
    say("made " + loaded.config.data + " for member " + loaded.config.member);
    return EXIT_SUCCESS;
}

int recover(const node::LoadedConfig& loaded, const std::string& from) {
    const auto done = recover_data(loaded.config, from);
    if (!done) return fail(done.error());
    say(*done);
    say("the database is rebuilt; start the node with: chanceryd run");
    return EXIT_SUCCESS;
}

}  // namespace

int exit_status(const Error& error) {
    switch (error.code) {
        case Errc::invalid:
            return exit_usage;
        case Errc::forbidden:
            return 5;
        case Errc::not_found:
            return 4;
        case Errc::conflict:
            return 7;
        case Errc::unavailable:
            return 6;
        case Errc::timeout:
            return 9;
        case Errc::corrupt:
            return 8;
        case Errc::io:
            return 74;
    }
    return 70;
}

int run_command(int argc, char** argv) {
    CLI::App app("chanceryd: one node of a consortium's credential registry");
    app.require_subcommand(1);
    Arguments arguments;

    CLI::App* const run_app = app.add_subcommand("run", "Run the node in the foreground");
    CLI::App* const init_app =
        app.add_subcommand("init", "Make the data directory of a new member's node");
    CLI::App* const recover_app = app.add_subcommand(
        "recover", "Build a new database from the journal and an exported log; same keys");
    recover_app->add_option("--from",
                            arguments.from,
                            "Exported folder or node's URL, for what the journal no longer holds");
    for (CLI::App* const command : {run_app, init_app, recover_app}) {
        add_settings(*command, arguments);
    }
    CLI::App* const config_app = app.add_subcommand("config", "Look at the configuration");
    config_app->require_subcommand(1);
    CLI::App* const check_app = config_app->add_subcommand("check", "Check it and say so");
    CLI::App* const show_app = config_app->add_subcommand("show", "Print every setting");
    show_app->add_flag("--origin", arguments.with_origin, "Say where each value comes from");
    for (CLI::App* const command : {check_app, show_app})
        add_settings(*command, arguments);
    CLI::App* const version_app = app.add_subcommand("version", "Print the version");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        // 0 for --help; CLI11's own numbers otherwise, which mean nothing to our callers.
        return app.exit(wrong) == 0 ? EXIT_SUCCESS : exit_usage;
    }
    if (version_app->parsed()) {
        std::printf("chanceryd %s\n", std::string(node::version).c_str());
        return EXIT_SUCCESS;
    }
    if (check_app->parsed()) return check_config(arguments);
    if (show_app->parsed()) return show_config(arguments);
    return with_config(arguments, [&](const node::LoadedConfig& loaded) {
        if (init_app->parsed()) return init(loaded);
        if (recover_app->parsed()) return recover(loaded, arguments.from);
        return run_node(loaded);
    });
}

}  // namespace chancery::daemon

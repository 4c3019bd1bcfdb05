#include "node/cli/client_context.h"

#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include "crypto/base/encoding.h"
#include "node/cli/toml_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

struct Setting {
    std::vector<std::string> values;  // One, but of "node".
    std::string origin;               // "--node", "CHANCERY_NODE", "client.toml:1:1"
};
using Settings = std::map<std::string, Setting, std::less<>>;

bool is_path(std::string_view name) {
    return name == "ca" || name == "key" || name == "assertion-key" || name == "passphrase-file" ||
           name == "trust" || name == "state";
}

std::string file_name_of(std::string option) {
    for (char& letter : option)
        if (letter == '-') letter = '_';
    return option;
}

std::string variable_of(const std::string& option) {
    std::string name = "CHANCERY_";
    for (const char letter : file_name_of(option))
        name += static_cast<char>(letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter);
    return name;
}

const std::vector<std::string>& file_options() {
    static const std::vector<std::string> names = {
        "node", "ca", "key", "assertion-key", "passphrase-file", "trust", "network-id", "state"};
    return names;
}

Result<Settings> read_client_file(const std::string& path) {
    const auto file = TomlFile::read(path);
    if (!file) return file.error();
    const TomlTable table = file->root();
    Settings settings;
    for (const std::string& option : file_options()) {
        const std::string name = file_name_of(option);
        if (!table.has(name)) continue;
        auto values = option == "node" ? table.texts(name) : std::vector{table.text(name)};
        if (is_path(option))
            values.front() =
                (fs::path(path).parent_path() / values.front()).lexically_normal().string();
        settings.insert_or_assign(option, Setting{std::move(values), table.place_of(name)});
    }
    if (auto wrong = table.finish()) return *wrong;
    return settings;
}

// What each global option came to, by its name.
Result<Settings> gather(const Invocation& call,
                        const Environment& environment,
                        const std::string& folder) {
    Settings settings;
    const auto named = environment.find("CHANCERY_SANDBOX");
    const fs::path sandbox = named == environment.end() ? fs::path(folder) / sandbox_folder_name
                                                        : fs::path(named->second);
    const fs::path file = sandbox / client_file_name;
    std::error_code absent;
    if (fs::exists(file, absent)) {
        Result<Settings> read = read_client_file(file.lexically_normal().string());
        if (!read) return read.error();
        settings = *std::move(read);
    }
    for (const Option& option : global_options()) {
        const auto variable = environment.find(variable_of(option.name));
        if (variable != environment.end() && !variable->second.empty())
            settings.insert_or_assign(option.name,
                                      Setting{option.is_repeated ? split_at_commas(variable->second)
                                                                 : std::vector{variable->second},
                                              variable->first});
        if (call.has(option.name))
            settings.insert_or_assign(option.name,
                                      Setting{call.texts(option.name), "--" + option.name});
    }
    return settings;
}

std::vector<std::string> take_all(const Settings& settings, std::string_view name) {
    const auto found = settings.find(name);
    return found == settings.end() ? std::vector<std::string>() : found->second.values;
}

std::string take(const Settings& settings, std::string_view name) {
    const std::vector<std::string> values = take_all(settings, name);
    return values.empty() ? std::string() : values.front();
}

Result<bool> take_switch(const Settings& settings, std::string_view name) {
    const auto found = settings.find(name);
    if (found == settings.end()) return false;
    const std::string value = take(settings, name);
    if (value.empty() || value == "1" || value == "true") return true;
    if (value == "0" || value == "false") return false;
    return Error{Errc::invalid, found->second.origin + ": want true, false, 1 or 0"};
}

std::string state_folder(const Environment& environment) {
    const auto state = environment.find("XDG_STATE_HOME");
    if (state != environment.end() && !state->second.empty()) return state->second + "/chancery";
    const auto home = environment.find("HOME");
    if (home != environment.end()) return home->second + "/.local/state/chancery";
    return ".chancery";
}

Result<void> read_switches(const Settings& settings, ClientContext& context) {
    const Result<bool> json = take_switch(settings, "json");
    if (!json) return json.error();
    const Result<bool> quiet = take_switch(settings, "quiet");
    if (!quiet) return quiet.error();
    const Result<bool> no_input = take_switch(settings, "no-input");
    if (!no_input) return no_input.error();
    context.json = *json;
    context.quiet = *quiet;
    context.no_input = *no_input;
    return {};
}

}  // namespace

Result<ClientContext> load_context(const Invocation& call,
                                   const Environment& environment,
                                   const std::string& folder) {
    const Result<Settings> settings = gather(call, environment, folder);
    if (!settings) return settings.error();
    ClientContext context;
    context.nodes = take_all(*settings, "node");
    context.ca = take(*settings, "ca");
    context.key = take(*settings, "key");
    context.assertion_key = take(*settings, "assertion-key");
    context.passphrase_file = take(*settings, "passphrase-file");
    context.trust = take(*settings, "trust");
    context.state = take(*settings, "state");
    if (context.state.empty()) context.state = state_folder(environment);
    if (const auto pin = settings->find("network-id"); pin != settings->end()) {
        const Result<Hash> hash = hash_from_hex(take(*settings, "network-id"));
        if (!hash)
            return Error{Errc::invalid, pin->second.origin + ": want 64 lower-case hex digits"};
        context.network_id = *hash;
    }
    if (const auto timeout = settings->find("timeout"); timeout != settings->end()) {
        const auto seconds = parse_duration(take(*settings, "timeout"));
        if (!seconds || *seconds == 0)
            return Error{Errc::invalid, timeout->second.origin + ": want a duration such as 30s"};
        context.timeout = std::chrono::seconds(static_cast<std::int64_t>(*seconds));
    }
    if (const auto read = read_switches(*settings, context); !read) return read.error();
    return context;
}

Environment process_environment() {
    Environment environment;
    for (char** variable = ::environ; *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const std::size_t equals = text.find('=');
        const std::string_view name = text.substr(0, equals);
        if (equals == std::string_view::npos) continue;
        if (name.starts_with("CHANCERY_") || name == "HOME" || name == "XDG_STATE_HOME")
            environment.emplace(name, text.substr(equals + 1));
    }
    return environment;
}

}  // namespace chancery::cli

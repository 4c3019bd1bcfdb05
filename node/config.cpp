#include "node/config.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <numeric>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <toml++/toml.h>

#include "crypto/ledger/genesis.h"
#include "node/local_file.h"

namespace chancery::node {
namespace {

constexpr std::uint64_t integer_setting_max = 1ULL << 50;

// One setting: how its text becomes a value. Every source goes through the same text.
struct Spec {
    std::string_view key;
    bool is_path = false;
    enum class Type : std::uint8_t { text, integer, boolean };
    Type type = Type::text;  // In the file; elsewhere there are only texts.
    std::function<std::string(Config&, const std::string&)> read;  // What is wrong; empty: nothing.
    std::function<std::string(const Config&)> show;
};

Spec text_setting(std::string_view key, std::string Config::*field, bool is_path = false) {
    return {key,
            is_path,
            Spec::Type::text,
            [field](Config& config, const std::string& text) -> std::string {
                if (text.empty()) return "is empty";
                config.*field = text;
                return {};
            },
            [field](const Config& config) { return config.*field; }};
}

Spec slug_setting(std::string_view key, std::string Config::*field) {
    return {key,
            false,
            Spec::Type::text,
            [field](Config& config, const std::string& text) -> std::string {
                if (!ledger::is_slug(text)) return "want a member's slug, as in uni-a";
                config.*field = text;
                return {};
            },
            [field](const Config& config) { return config.*field; }};
}

Spec choice_setting(std::string_view key,
                    std::string Config::*field,
                    const std::vector<std::string>& choices) {
    return {key,
            false,
            Spec::Type::text,
            [field, choices](Config& config, const std::string& text) -> std::string {
                if (std::ranges::find(choices, text) != choices.end()) {
                    config.*field = text;
                    return {};
                }
                std::string want = "want one of";
                for (const std::string& choice : choices)
                    want += " " + choice;
                return want;
            },
            [field](const Config& config) { return config.*field; }};
}

Spec listen_setting(std::string_view key, Listen Config::*field) {
    return {key,
            false,
            Spec::Type::text,
            [field](Config& config, const std::string& text) -> std::string {
                const auto listen = parse_listen(text);
                if (!listen) return listen.error().detail;
                config.*field = *listen;
                return {};
            },
            [field](const Config& config) { return (config.*field).text(); }};
}

struct Bounds {
    std::uint64_t least = 0;
    std::uint64_t most = integer_setting_max;
};

template <typename Integer>
Spec integer_setting(std::string_view key, Integer Config::*field, Bounds bounds) {
    return {key,
            false,
            Spec::Type::integer,
            [field, bounds](Config& config, const std::string& text) -> std::string {
                std::uint64_t value = 0;
                const char* const end = text.data() + text.size();
                const auto [stop, problem] = std::from_chars(text.data(), end, value);
                if (problem == std::errc() && stop == end && value >= bounds.least &&
                    value <= bounds.most) {
                    config.*field = static_cast<Integer>(value);
                    return {};
                }
                return "want an integer from " + std::to_string(bounds.least) + " to " +
                       std::to_string(bounds.most);
            },
            [field](const Config& config) { return std::to_string(config.*field); }};
}

Spec boolean_setting(std::string_view key, bool Config::*field) {
    return {key,
            false,
            Spec::Type::boolean,
            [field](Config& config, const std::string& text) -> std::string {
                if (text != "true" && text != "false") return "want true or false";
                config.*field = text == "true";
                return {};
            },
            [field](const Config& config) { return config.*field ? "true" : "false"; }};
}

const std::vector<Spec>& specs() {
    static const std::vector<Spec> all = {
        slug_setting("node.member", &Config::member),
        text_setting("node.genesis", &Config::genesis, true),
        text_setting("node.data", &Config::data, true),
        text_setting("keys.cosigner", &Config::cosigner_key, true),
        text_setting("keys.node", &Config::node_key, true),
        text_setting("keys.log", &Config::log_key, true),
        text_setting("keys.tls", &Config::tls_key, true),
        text_setting("keys.passphrase_file", &Config::passphrase_file, true),
        listen_setting("public.listen", &Config::public_listen),
        listen_setting("admin.listen", &Config::admin_listen),
        listen_setting("peer.listen", &Config::peer_listen),
        text_setting("public.certificate", &Config::public_certificate, true),
        text_setting("public.key", &Config::public_key, true),
        integer_setting("public.requests_per_second", &Config::requests_per_second, {}),
        integer_setting("public.requests_burst", &Config::requests_burst, {.least = 1}),
        integer_setting("public.writes_per_second", &Config::writes_per_second, {}),
        integer_setting("public.writes_burst", &Config::writes_burst, {.least = 1}),
        integer_setting("public.write_bytes_per_second", &Config::write_bytes_per_second, {}),
        integer_setting("public.write_bytes_burst", &Config::write_bytes_burst, {.least = 1}),
        boolean_setting("public.exempt_loopback", &Config::exempt_loopback),
        choice_setting("log.format", &Config::log_format, {"auto", "text", "json"}),
        choice_setting("log.level", &Config::log_level, {"debug", "info", "warning", "error"}),
        integer_setting("limits.pool_bytes", &Config::pool_bytes_max, {.least = 8 * 1024 * 1024}),
        integer_setting("limits.disk_free_bytes", &Config::disk_free_min, {}),
        integer_setting(
            "limits.connections", &Config::connections_max, {.least = 1, .most = 60'000}),
        integer_setting("limits.connections_per_address",
                        &Config::connections_per_address_max,
                        {.most = 60'000}),
        integer_setting("limits.event_listeners", &Config::event_listeners_max, {.most = 60'000}),
        integer_setting(
            "limits.scrub_entries_per_second", &Config::scrub_entries_per_second, {.least = 1}),
        integer_setting("storage.journal_segment_bytes",
                        &Config::journal_segment_bytes,
                        {.least = 64 * 1024, .most = 1024 * 1024 * 1024}),
        integer_setting("storage.journal_tail_bytes", &Config::journal_tail_bytes, {}),
        integer_setting(
            "storage.flush_seconds", &Config::flush_seconds, {.least = 1, .most = 3'600}),
    };
    return all;
}

const Spec* find_spec(std::string_view key) {
    const auto found = std::ranges::find(specs(), key, &Spec::key);
    return found == specs().end() ? nullptr : &*found;
}

std::vector<std::string> known_keys() {
    std::vector<std::string> keys;
    for (const Spec& spec : specs())
        keys.emplace_back(spec.key);
    return keys;
}

// "public.listen" → "CHANCERY_PUBLIC_LISTEN".
std::string variable_name(std::string_view key) {
    std::string name = "CHANCERY_";
    for (const char c : key) {
        const bool is_lower = c >= 'a' && c <= 'z';
        name.push_back(c == '.' ? '_' : (is_lower ? static_cast<char>(c - 'a' + 'A') : c));
    }
    return name;
}

std::string unknown_key(std::string_view key) {
    const std::string near = nearest(key, known_keys());
    return "unknown key " + std::string(key) +
           (near.empty() ? std::string() : "; did you mean " + near + "?");
}

struct Place {
    std::string text;       // "node.toml:3:1"
    std::string directory;  // That relative paths start from; empty: as they are.
};

std::optional<Error> apply(LoadedConfig& loaded,
                           const Spec& spec,
                           const std::string& text,
                           const Place& place) {
    const std::string key(spec.key);
    std::string value = text;
    if (spec.is_path && !text.empty() && !place.directory.empty()) {
        value = (std::filesystem::path(place.directory) / text).lexically_normal().string();
    }
    const std::string wrong = spec.read(loaded.config, value);
    if (!wrong.empty()) return Error{Errc::invalid, place.text + ": " + key + ": " + wrong};
    loaded.settings[key] = {spec.show(loaded.config), place.text};
    return std::nullopt;
}

std::string position(const std::string& path, const toml::source_region& source) {
    return path + ":" + std::to_string(source.begin.line) + ":" +
           std::to_string(source.begin.column);
}

std::string name_of(Spec::Type type) {
    if (type == Spec::Type::integer) return "an integer";
    return type == Spec::Type::boolean ? "true or false" : "a text in quotation marks";
}

std::optional<Error> apply_value(LoadedConfig& loaded,
                                 const std::string& key,
                                 const toml::node& value,
                                 const Place& place) {
    const Spec* const spec = find_spec(key);
    if (spec == nullptr) return Error{Errc::invalid, place.text + ": " + unknown_key(key)};
    const auto text = value.value_exact<std::string>();
    if (text && spec->type == Spec::Type::text) return apply(loaded, *spec, *text, place);
    const auto integer = value.value_exact<std::int64_t>();
    if (integer && spec->type == Spec::Type::integer) {
        return apply(loaded, *spec, std::to_string(*integer), place);
    }
    const auto boolean = value.value_exact<bool>();
    if (boolean && spec->type == Spec::Type::boolean) {
        return apply(loaded, *spec, *boolean ? "true" : "false", place);
    }
    return Error{Errc::invalid, place.text + ": " + key + ": want " + name_of(spec->type)};
}

std::optional<Error> apply_table(LoadedConfig& loaded,
                                 const toml::table& root,
                                 const std::string& path) {
    const std::string directory = std::filesystem::path(path).parent_path().string();
    for (const auto& [section, content] : root) {
        const std::string section_name(section.str());
        const toml::table* const table = content.as_table();
        if (table == nullptr) {
            return Error{Errc::invalid,
                         position(path, content.source()) + ": " + unknown_key(section_name)};
        }
        for (const auto& [name, value] : *table) {
            const Place place{position(path, value.source()), directory};
            const std::string key = section_name + "." + std::string(name.str());
            if (auto wrong = apply_value(loaded, key, value, place)) return wrong;
        }
    }
    return std::nullopt;
}

std::optional<Error> apply_text(LoadedConfig& loaded,
                                const std::string& text,
                                const std::string& path) {
    try {
        return apply_table(loaded, toml::parse(text, path), path);
    } catch (const toml::parse_error& wrong) {
        return Error{Errc::invalid,
                     position(path, wrong.source()) + ": " + std::string(wrong.description())};
    }
}

std::optional<Error> apply_environment(LoadedConfig& loaded,
                                       const std::map<std::string, std::string>& environment) {
    for (const Spec& spec : specs()) {
        const std::string name = variable_name(spec.key);
        const auto found = environment.find(name);
        if (found == environment.end()) continue;
        if (auto wrong = apply(loaded, spec, found->second, {name, ""})) return wrong;
    }
    return std::nullopt;
}

std::optional<Error> check_complete(const Config& config, const std::string& path) {
    for (const Spec& spec : specs()) {
        const bool is_required = spec.key.starts_with("node.") || spec.key.starts_with("keys.");
        if (is_required && spec.show(config).empty()) {
            return Error{Errc::invalid,
                         path + ": " + std::string(spec.key) + " is not set and has no default"};
        }
    }
    if (config.public_certificate.empty() == config.public_key.empty()) return std::nullopt;
    const bool has_key = config.public_certificate.empty();
    return Error{Errc::invalid,
                 path + ": public." + (has_key ? "key" : "certificate") +
                     " is set without public." + (has_key ? "certificate" : "key")};
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t best_distance = word.size() / 4 + 2;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

std::string Listen::text() const {
    const bool is_v6 = host.find(':') != std::string::npos;
    return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Result<Listen> parse_listen(std::string_view text) {
    const Error wrong{Errc::invalid, "want address:port, as in 127.0.0.1:8443 or [::1]:8443"};
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos || colon == 0) return wrong;
    std::string host(text.substr(0, colon));
    const bool is_v6 = host.starts_with('[') && host.ends_with(']');
    if (is_v6) host = host.substr(1, host.size() - 2);
    in6_addr address{};
    if (::inet_pton(is_v6 ? AF_INET6 : AF_INET, host.c_str(), &address) != 1) return wrong;
    const std::string_view port_text = text.substr(colon + 1);
    std::uint32_t port = 0;
    const char* const end = port_text.data() + port_text.size();
    const auto [stop, problem] = std::from_chars(port_text.data(), end, port);
    const bool is_port = problem == std::errc() && stop == end && port <= 65'535 &&
                         port_text == std::to_string(port);
    if (!is_port) return wrong;
    return Listen{std::move(host), static_cast<std::uint16_t>(port)};
}

Result<LoadedConfig> load_config(const ConfigSources& sources) {
    const auto text = read_file(sources.path, config_bytes_max);
    if (!text && text.error().code == Errc::not_found)
        return Error{Errc::io, sources.path + ": no such file"};
    if (!text) return text.error();
    return parse_config(*text, sources);
}

Result<LoadedConfig> parse_config(const std::string& text, const ConfigSources& sources) {
    LoadedConfig loaded;
    for (const Spec& spec : specs()) {
        loaded.settings[std::string(spec.key)] = {spec.show(loaded.config), "default"};
    }
    if (auto wrong = apply_text(loaded, text, sources.path)) return *wrong;
    if (auto wrong = apply_environment(loaded, sources.environment)) return *wrong;
    for (const auto& [key, value] : sources.flags) {
        const Spec* const spec = find_spec(key);
        CHECK(spec != nullptr);
        if (auto wrong = apply(loaded, *spec, value, {"--" + key, ""})) return *wrong;
    }
    if (auto wrong = check_complete(loaded.config, sources.path)) return *wrong;
    for (const auto& variable : sources.environment) {
        const std::string& name = variable.first;
        const auto is_it = [&](const Spec& spec) { return variable_name(spec.key) == name; };
        if (std::ranges::none_of(specs(), is_it)) loaded.warnings.push_back(name);
    }
    return loaded;
}

}  // namespace chancery::node

// A node's configuration: one TOML file, with environment and flags above it.
//
//     flag > CHANCERY_… variable > file > default
//
// An unknown key is an error with line, column and the nearest known key. Paths in the file are
// relative to the file's folder.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::node {

struct Listen {
    std::string host;  // An address, not a name.
    std::uint16_t port = 0;
    std::string text() const;
};

inline constexpr std::size_t config_bytes_max = 64UL * 1024;

// "127.0.0.1:8443", "[::1]:8443". Errc::invalid otherwise.
Result<Listen> parse_listen(std::string_view text);

struct Config {
    std::string member;   // Slug.
    std::string genesis;  // File.
    std::string data;     // Directory.
    std::string cosigner_key;
    std::string node_key;
    std::string log_key;
    std::string tls_key;
    std::string passphrase_file;
    Listen public_listen{"127.0.0.1", 8443};
    std::string public_certificate;  // PEM; empty: plain HTTP, for this machine or behind a proxy.
    std::string public_key;          // PEM; set with public_certificate.
    Listen admin_listen{"127.0.0.1", 9464};
    Listen peer_listen{"127.0.0.1", 7443};
    std::string log_format = "auto";                      // auto, text, json
    std::string log_level = "info";                       // debug, info, warning, error
    std::uint64_t pool_bytes_max = 64ULL * 1024 * 1024;   // Submissions waiting for a block.
    std::uint64_t disk_free_min = 1024ULL * 1024 * 1024;  // Below it, writes are refused.
    std::uint32_t connections_max = 2'000;
    std::uint32_t connections_per_address_max = 64;  // 0: no limit, behind a proxy.
    std::uint64_t requests_per_second = 5'000;       // Of an address, reads; 0: no limit.
    std::uint64_t requests_burst = 20'000;           // At once, after a rest.
    std::uint64_t writes_per_second = 4'000;         // Of an address; 0: no limit.
    std::uint64_t writes_burst = 8'000;
    std::uint64_t write_bytes_per_second = 16ULL * 1024 * 1024;  // Of writes; 0: no limit.
    std::uint64_t write_bytes_burst = 64ULL * 1024 * 1024;
    std::uint32_t event_listeners_max = 256;  // Of /v1/events, all together.
    bool exempt_loopback = true;  // Callers on this machine have no limits of an address.
    std::uint64_t scrub_entries_per_second = 20'000;
    std::uint64_t journal_segment_bytes = 64ULL * 1024 * 1024;
    std::uint64_t journal_tail_bytes = 512ULL * 1024 * 1024;  // Kept though the database has it.
    std::uint32_t flush_seconds = 60;                         // Between flushes of the database.
};

// Where each value came from, for `config show --origin`: key → "default", "file.toml:3:1",
// "CHANCERY_PUBLIC_LISTEN", "--data".
struct LoadedConfig {
    Config config;
    struct Setting {
        std::string value;
        std::string origin;
    };
    std::map<std::string, Setting> settings;  // By dotted key: "public.listen".
    std::vector<std::string> warnings;        // Unknown CHANCERY_… variables.
};

struct ConfigSources {
    std::string path;                                // Of the TOML file.
    std::map<std::string, std::string> environment;  // CHANCERY_… variables only.
    std::map<std::string, std::string> flags;        // Dotted key → text.
};

// Errc::invalid with file, line, column and expectation; Errc::io if the file cannot be read.
Result<LoadedConfig> load_config(const ConfigSources& sources);

// The same of a text that was read already; `sources.path` is its name, and where relative paths
// start.
Result<LoadedConfig> parse_config(const std::string& text, const ConfigSources& sources);

// The nearest of `known` to `word` by edits, if any is near; for "did you mean".
std::string nearest(std::string_view word, const std::vector<std::string>& known);

}  // namespace chancery::node

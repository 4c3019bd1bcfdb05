// Any text as a node's configuration, a client's and a network's template: it is refused with its
// name in front, or what it says is within the bounds that the rest of the house relies on.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/ledger/genesis.h"
#include "node/cli/network_folder.h"
#include "node/cli/toml_file.h"
#include "node/config.h"

using namespace chancery;

namespace {

constexpr const char* name = "fuzz.toml";

void check_error(const Error& error) {
    CHECK(error.code == Errc::invalid && !error.detail.empty());
}

void read_config(const std::string& text) {
    const auto loaded = node::parse_config(text, {.path = name, .environment = {}, .flags = {}});
    if (!loaded) return check_error(loaded.error());
    CHECK(ledger::is_slug(loaded->config.member));
    CHECK(loaded->config.connections_max >= 1 && loaded->config.connections_max <= 60'000);
    for (const node::Listen& listen : {loaded->config.public_listen, loaded->config.admin_listen}) {
        const auto again = node::parse_listen(listen.text());
        CHECK(again && again->port == listen.port);
    }
}

void read_plan(const std::string& text) {
    const auto plan = cli::parse_network_plan(text, name);
    if (!plan) return check_error(plan.error());
    CHECK(!plan->nodes.empty() && plan->nodes.size() <= ledger::members_max);
    for (const cli::NodePlan& node : plan->nodes)
        CHECK(ledger::is_slug(node.member.slug) && ledger::is_name(node.member.name));
}

void read_table(const std::string& text) {
    const auto file = cli::TomlFile::parse(text, name);
    if (!file) return check_error(file.error());
    const cli::TomlTable root = file->root();
    for (const char* key : {"node", "key", "trust"})
        if (root.has(key)) static_cast<void>(root.text(key));
    if (const auto wrong = root.finish()) check_error(*wrong);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > node::config_bytes_max) return 0;
    const std::string text(text_of({data, size}));
    read_config(text);
    read_plan(text);
    read_table(text);
    return 0;
}

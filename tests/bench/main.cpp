// chancery-bench: how fast the parts are, and what a live node takes.
//
//     chancery-bench micro [--benchmark_filter=…]
//     chancery-bench load   --sandbox chancery-sandbox --batch 1000 --clients 4 --seconds 10
//     chancery-bench proofs --sandbox chancery-sandbox --credentials 100000 --rounds 3
//     chancery-bench growth --sandbox chancery-sandbox --sizes 10000 1000000 10000000
//     chancery-bench etcd   --endpoints 127.0.0.1:2379 --clients 16 (tests/bench/beside-etcd)

#include <cstdio>
#include <cstring>

#include <CLI/CLI.hpp>
#include <toml++/toml.h>

#include "crypto/base/encoding.h"
#include "node/keystore.h"
#include "tests/bench/bench.h"

namespace chancery::bench {
namespace {

std::vector<std::string> node_urls(const toml::node_view<const toml::node>& named) {
    if (!named.is_array()) return {named.value_or(std::string())};
    std::vector<std::string> urls;
    for (const toml::node& each : *named.as_array())
        urls.push_back(each.value_or(std::string()));
    return urls;
}

// The issuer of a sandbox, from its client.toml.
Result<Issuer> sandbox_issuer(const std::string& folder) {
    try {
        const toml::table file = toml::parse_file(folder + "/client.toml");
        const auto text = [&](const char* name) { return file[name].value_or(std::string()); };
        const auto network_id = hash_from_hex(text("network_id"));
        if (!network_id) return network_id.error();
        auto key = keystore::load_member_key(
            {folder + "/" + text("key"), folder + "/" + text("passphrase_file")},
            keystore::Use::issuer);
        if (!key) return key.error();
        auto urls = node_urls(file["node"]);
        std::vector<std::string> metrics;
        for (std::size_t i = 0; i < urls.size(); ++i) {
            const std::string member = std::string("/uni-") + static_cast<char>('a' + i);
            const toml::table node = toml::parse_file(folder + member + "/node.toml");
            metrics.push_back("http://" + node["admin"]["listen"].value_or(std::string()));
        }
        return Issuer{std::move(urls), std::move(metrics), *network_id, 1, 1, std::move(*key)};
    } catch (const toml::parse_error& wrong) {
        return Error{Errc::io, folder + "/client.toml: " + std::string(wrong.description())};
    }
}

int run(int argc, char** argv) {
    CLI::App app("chancery-bench: how fast the parts are, and what a live node takes");
    app.require_subcommand(1);
    std::string sandbox = "chancery-sandbox";
    LoadOptions load;
    ProofOptions proofs;
    CLI::App* const load_app = app.add_subcommand("load", "Submit batches to a running sandbox");
    load_app->add_option("--batch", load.batch_size)->check(CLI::Range(1, 65'536));
    load_app->add_option("--clients", load.clients)->check(CLI::Range(1, 1'024));
    load_app->add_option("--seconds", load.seconds);
    load_app->add_option("--node", load.node, "The member whose node is asked; 0: all, in turn");
    CLI::App* const proofs_app = app.add_subcommand("proofs", "Ask a running sandbox for proofs");
    proofs_app->add_option("--credentials", proofs.credentials)->check(CLI::Range(1, 10'000'000));
    proofs_app->add_option("--clients", proofs.clients)->check(CLI::Range(1, 512));
    proofs_app->add_option("--what", proofs.what)
        ->check(CLI::IsMember({"all", "receipt", "status", "bulk"}));
    proofs_app->add_option("--per-request", proofs.per_request)->check(CLI::Range(1, 1'000));
    proofs_app->add_option("--seconds", proofs.seconds, "Of each measurement");
    proofs_app->add_option("--rounds", proofs.rounds)->check(CLI::Range(1, 100));
    GrowthOptions growth;
    CLI::App* const growth_app = app.add_subcommand("growth", "What costs more in a longer log");
    growth_app->add_option("--sizes", growth.sizes, "Entries, ascending");
    growth_app->add_option("--samples", growth.samples)->check(CLI::Range(10, 100'000));
#ifdef CHANCERY_BENCH_ETCD
    EtcdOptions etcd;
    CLI::App* const etcd_app = app.add_subcommand("etcd", "Put keys into a running etcd");
    etcd_app->add_option("--endpoints", etcd.endpoints, "address:port of each member")->required();
    etcd_app->add_option("--clients", etcd.clients)->check(CLI::Range(1, 1'024));
    etcd_app->add_option("--bytes", etcd.bytes)->check(CLI::Range(1, 1'000'000));
    etcd_app->add_option("--seconds", etcd.seconds);
#endif
    for (CLI::App* const command : {load_app, proofs_app, growth_app}) {
        command->add_option("--sandbox", sandbox, "Folder of the running sandbox");
    }
    CLI11_PARSE(app, argc, argv);
#ifdef CHANCERY_BENCH_ETCD
    if (etcd_app->parsed()) return run_etcd(etcd);
#endif
    const auto issuer = sandbox_issuer(sandbox);
    if (!issuer) {
        std::fprintf(stderr, "chancery-bench: %s\n", issuer.error().detail.c_str());
        return 2;
    }
    if (growth_app->parsed()) {
        growth.data_directory = sandbox + "/uni-a/data";
        return run_growth(*issuer, growth);
    }
    return load_app->parsed() ? run_load(*issuer, load) : run_proofs(*issuer, proofs);
}

}  // namespace
}  // namespace chancery::bench

int main(int argc, char** argv) {
    if (argc > 1 && std::strcmp(argv[1], "micro") == 0) {
        return chancery::bench::run_micro(argc - 1, argv + 1);
    }
    return chancery::bench::run(argc, argv);
}

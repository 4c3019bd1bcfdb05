#include <algorithm>
#include <array>
#include <cstdio>

#include "crypto/base/encoding.h"
#include "tests/bench/bench.h"
#include "tests/bench/tally.h"

namespace chancery::bench {
namespace {

struct What {
    const char* name;
    const char* last_segment;  // Of the credential's path; empty: many by POST /v1/proofs.
};
constexpr std::array<What, 3> kinds = {
    {{"receipt", "/receipt"}, {"status", "/status"}, {"bulk", ""}}};

std::vector<Hash> register_some(const Issuer& issuer, std::uint32_t count) {
    std::vector<Hash> registered;
    auto client = connect(issuer.node_urls.front());
    if (!client) return registered;
    Random random(static_cast<std::uint64_t>(Steady::now().time_since_epoch().count()));
    while (registered.size() < count) {
        const Bytes bulk = random_bulk(issuer, std::min(count, 1'000U), random, &registered);
        const auto answer =
            client->post("/v1/batches", "application/octet-stream", std::string(text_of(bulk)));
        if (!answer || answer->status != 201) {
            std::fprintf(stderr, "not sealed: %s\n", answer ? answer->body.c_str() : "no answer");
            return {};
        }
    }
    return registered;
}

std::string proofs_body(const Issuer& issuer,
                        const std::vector<Hash>& registered,
                        const ProofOptions& options,
                        Random& random) {
    std::string body = R"({"credentials":[)";
    for (std::uint32_t i = 0; i < options.per_request; ++i) {
        if (i > 0) body += ",";
        const Hash& commitment = registered[random.next() % registered.size()];
        body += R"({"member":)" + std::to_string(issuer.member) + R"(,"commitment":")" +
                to_hex(commitment) + "\"}";
    }
    return body + "]}";
}

// What every thread of a measurement shares.
struct Asked {
    const Issuer& issuer;
    const ProofOptions& options;
    const std::vector<Hash>& registered;
    const What& what;
};

void ask_until(const Asked& asked, const Client& which) {
    Tally& tally = which.tally;
    auto client = connect(asked.issuer.node_urls.front());
    if (!client) return tally.fail(client.error());
    Random random(which.seed);
    const std::string prefix = "/v1/credentials/" + std::to_string(asked.issuer.member) + "/";
    const std::string last_segment = asked.what.last_segment;
    const bool is_bulk = last_segment.empty();
    while (Steady::now() < which.end) {
        const auto begin = Steady::now();
        const Hash& commitment = asked.registered[random.next() % asked.registered.size()];
        const auto answer =
            is_bulk
                ? client->post("/v1/proofs",
                               "application/json",
                               proofs_body(asked.issuer, asked.registered, asked.options, random))
                : client->get(prefix + to_hex(commitment) + last_segment);
        if (!answer || answer->status != 200) {
            tally.fail(answer);
            continue;
        }
        tally.done += is_bulk ? asked.options.per_request : 1;
        tally.latencies_ms.push_back(ms_since(begin));
    }
}

// Proofs a second; nullopt if one failed.
std::optional<double> measure(const Issuer& issuer,
                              const std::vector<Hash>& registered,
                              const ProofOptions& options,
                              const What& what) {
    const Asked asked{issuer, options, registered, what};
    const ClientsRun run = run_clients(
        options.clients, options.seconds, [&](const Client& client) { ask_until(asked, client); });
    std::string setting = "clients " + std::to_string(options.clients);
    if (what.last_segment[0] == '\0') {
        setting = std::to_string(options.per_request) + " a request, " + setting;
    }
    if (report(what.name, setting, run.total, run.spent) != 0) return std::nullopt;
    return static_cast<double>(run.total.done) / run.spent.seconds;
}

}  // namespace

int run_proofs(const Issuer& issuer, const ProofOptions& options) {
    const std::vector<Hash> registered = register_some(issuer, options.credentials);
    if (registered.empty()) return 1;
    std::array<std::vector<double>, kinds.size()> rates;
    for (std::uint32_t round = 0; round < options.rounds; ++round) {
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            if (options.what != "all" && options.what != kinds[i].name) continue;
            const auto rate = measure(issuer, registered, options, kinds[i]);
            if (!rate) return 1;
            rates[i].push_back(*rate);
        }
    }
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (rates[i].empty()) continue;
        std::printf("%-16s median of %u: %.0f /s\n",
                    kinds[i].name,
                    options.rounds,
                    percentile(rates[i], 0.5));
    }
    return 0;
}

}  // namespace chancery::bench

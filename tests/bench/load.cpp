#include <algorithm>
#include <cstdio>
#include <mutex>
#include <thread>

#include "consensus/registry/batch.h"
#include "crypto/base/encoding.h"
#include "rpc/http_client.h"
#include "tests/bench/bench.h"

namespace chancery::bench {
namespace {

struct Tally {
    std::uint64_t sealed = 0;
    std::uint64_t batches = 0;
    std::uint64_t failures = 0;
    std::vector<double> latencies_ms;
    std::string first_failure;
};

double ms_since(Steady::time_point begin) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

Result<rpc::HttpClient> connect(const Issuer& issuer) {
    const auto url = rpc::parse_url(issuer.node_url);
    if (!url) return url.error();
    return rpc::HttpClient::to(*url);
}

void submit_until(const Issuer& issuer,
                  const LoadOptions& options,
                  std::uint64_t seed,
                  Steady::time_point end,
                  Tally& tally) {
    auto client = connect(issuer);
    if (!client) {
        tally.first_failure = client.error().detail;
        ++tally.failures;
        return;
    }
    Random random(seed);
    while (Steady::now() < end) {
        const Bytes bulk = random_bulk(issuer, options.batch_size, random, nullptr);
        const auto begin = Steady::now();
        const auto answer =
            client->post("/v1/batches", "application/octet-stream", std::string(text_of(bulk)));
        if (answer && answer->status == 201) {
            tally.sealed += options.batch_size;
            ++tally.batches;
            tally.latencies_ms.push_back(ms_since(begin));
            continue;
        }
        ++tally.failures;
        if (tally.first_failure.empty()) {
            tally.first_failure = answer ? answer->body : answer.error().detail;
        }
    }
}

std::vector<Hash> register_some(const Issuer& issuer, std::uint32_t count) {
    std::vector<Hash> registered;
    auto client = connect(issuer);
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

void ask_until(const Issuer& issuer,
               const std::vector<Hash>& registered,
               const ProofOptions& options,
               Steady::time_point end,
               Tally& tally) {
    auto client = connect(issuer);
    if (!client) return;
    Random random(static_cast<std::uint64_t>(Steady::now().time_since_epoch().count()));
    const std::string prefix = "/v1/credentials/" + std::to_string(issuer.member) + "/";
    while (Steady::now() < end) {
        const auto begin = Steady::now();
        const Hash& commitment = registered[random.next() % registered.size()];
        const auto answer = options.per_request == 1
                                ? client->get(prefix + to_hex(commitment) + "/status")
                                : client->post("/v1/proofs",
                                               "application/json",
                                               proofs_body(issuer, registered, options, random));
        if (!answer || answer->status != 200) {
            ++tally.failures;
            if (tally.first_failure.empty()) {
                tally.first_failure = answer ? answer->body : answer.error().detail;
            }
            continue;
        }
        tally.sealed += options.per_request;
        tally.latencies_ms.push_back(ms_since(begin));
    }
}

Tally sum(const std::vector<Tally>& tallies) {
    Tally total;
    for (const Tally& tally : tallies) {
        total.sealed += tally.sealed;
        total.batches += tally.batches;
        total.failures += tally.failures;
        total.latencies_ms.insert(
            total.latencies_ms.end(), tally.latencies_ms.begin(), tally.latencies_ms.end());
        if (total.first_failure.empty()) total.first_failure = tally.first_failure;
    }
    return total;
}

int report(const char* what, const std::string& setting, Tally total, double seconds) {
    std::printf("%-16s %-28s %10.0f /s   p50 %.2f ms   p99 %.2f ms   failures %llu\n",
                what,
                setting.c_str(),
                static_cast<double>(total.sealed) / seconds,
                percentile(total.latencies_ms, 0.5),
                percentile(total.latencies_ms, 0.99),
                static_cast<unsigned long long>(total.failures));
    if (!total.first_failure.empty()) {
        std::fprintf(stderr, "first failure: %s\n", total.first_failure.c_str());
    }
    return total.failures == 0 && total.sealed > 0 ? 0 : 1;
}

}  // namespace

std::uint64_t Random::next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return state_;
}

Hash Random::hash() {
    Hash value{};
    for (std::size_t i = 0; i < value.size(); i += 8) {
        const std::uint64_t word = next();
        for (std::size_t byte = 0; byte < 8; ++byte) {
            value[i + byte] = static_cast<std::uint8_t>(word >> (8 * byte));
        }
    }
    return value;
}

Bytes random_bulk(const Issuer& issuer,
                  std::uint32_t count,
                  Random& random,
                  std::vector<Hash>* kept) {
    std::vector<Bytes> bodies(count);
    std::vector<Hash> commitments(count);
    for (Hash& commitment : commitments)
        commitment = random.hash();
    std::ranges::sort(commitments);
    for (std::uint32_t i = 0; i < count; ++i) {
        bodies[i].assign(commitments[i].begin(), commitments[i].end());
    }
    if (kept != nullptr) kept->insert(kept->end(), commitments.begin(), commitments.end());
    registry::BatchDraft draft;
    draft.member = issuer.member;
    draft.key_number = issuer.key_number;
    const Hash nonce = random.hash();
    std::copy_n(nonce.begin(), draft.nonce.size(), draft.nonce.begin());
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    draft.expires = static_cast<std::uint64_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count() + 3'600'000);
    auto bulk = registry::make_bulk(draft, bodies, issuer.network_id, issuer.key, random.hash());
    CHECK(bulk);
    return std::move(*bulk);
}

double percentile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

int run_load(const Issuer& issuer, const LoadOptions& options) {
    const auto begin = Steady::now();
    const auto end = begin + std::chrono::duration_cast<Steady::duration>(
                                 std::chrono::duration<double>(options.seconds));
    std::vector<Tally> tallies(options.clients);
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < options.clients; ++i) {
        const auto seed = static_cast<std::uint64_t>(begin.time_since_epoch().count()) + i * 7919;
        threads.emplace_back([&issuer, &options, &tallies, i, seed, end] {
            submit_until(issuer, options, seed, end, tallies[i]);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const double seconds = ms_since(begin) / 1'000;
    return report("sealed",
                  "batch " + std::to_string(options.batch_size) + ", clients " +
                      std::to_string(options.clients),
                  sum(tallies),
                  seconds);
}

int run_proofs(const Issuer& issuer, const ProofOptions& options) {
    const std::vector<Hash> registered = register_some(issuer, options.credentials);
    if (registered.empty()) return 1;
    const auto begin = Steady::now();
    const auto end = begin + std::chrono::duration_cast<Steady::duration>(
                                 std::chrono::duration<double>(options.seconds));
    std::vector<Tally> tallies(options.clients);
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < options.clients; ++i) {
        threads.emplace_back([&issuer, &registered, &options, &tallies, i, end] {
            ask_until(issuer, registered, options, end, tallies[i]);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const double seconds = ms_since(begin) / 1'000;
    return report("status proofs",
                  std::to_string(options.per_request) + " a request, clients " +
                      std::to_string(options.clients),
                  sum(tallies),
                  seconds);
}

}  // namespace chancery::bench

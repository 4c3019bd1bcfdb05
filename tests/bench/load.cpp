#include <algorithm>
#include <thread>

#include "consensus/registry/batch.h"
#include "tests/bench/bench.h"
#include "tests/bench/meters.h"
#include "tests/bench/tally.h"

namespace chancery::bench {
namespace {

struct Client {
    std::string url;
    std::uint64_t seed = 0;
};

void submit_until(const Issuer& issuer,
                  const LoadOptions& options,
                  const Client& which,
                  Steady::time_point end,
                  Tally& tally) {
    auto client = connect(which.url);
    if (!client) return tally.fail(client.error());
    Random random(which.seed);
    while (Steady::now() < end) {
        const Bytes bulk = random_bulk(issuer, options.batch_size, random, nullptr);
        const auto begin = Steady::now();
        const auto answer =
            client->post("/v1/batches", "application/octet-stream", std::string(text_of(bulk)));
        if (answer && answer->status == 201) {
            tally.done += options.batch_size;
            tally.latencies_ms.push_back(ms_since(begin));
            continue;
        }
        tally.fail(answer);
    }
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

int run_load(const Issuer& issuer, const LoadOptions& options) {
    if (options.node > issuer.node_urls.size()) return complain("there is no such node");
    auto meters = Meters::connect(issuer.metrics_urls, chancery_meters());
    if (!meters) return complain(meters.error().detail);
    const auto before = meters->read();
    if (!before) return complain(before.error().detail);
    const auto begin = Steady::now();
    const double cpu_before = cpu_seconds_now();
    const auto end = begin + std::chrono::duration_cast<Steady::duration>(
                                 std::chrono::duration<double>(options.seconds));
    std::vector<Tally> tallies(options.clients);
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < options.clients; ++i) {
        const std::size_t node = options.node > 0 ? options.node - 1 : i % issuer.node_urls.size();
        const Client client{
            issuer.node_urls[node],
            static_cast<std::uint64_t>(begin.time_since_epoch().count()) + i * 7919};
        threads.emplace_back([&issuer, &options, &tallies, i, client, end] {
            submit_until(issuer, options, client, end, tallies[i]);
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    const Spent spent{ms_since(begin) / 1'000, cpu_seconds_now() - cpu_before};
    const Tally total = sum(tallies);
    const int status = report("sealed",
                              "batch " + std::to_string(options.batch_size) + ", clients " +
                                  std::to_string(options.clients),
                              total,
                              spent);
    const auto after = meters->read();
    if (!after) return complain(after.error().detail);
    report_spent(*before, *after, total.done, spent.seconds);
    return status;
}

}  // namespace chancery::bench

#include <algorithm>

#include "consensus/registry/batch.h"
#include "tests/bench/bench.h"
#include "tests/bench/meters.h"

namespace chancery::bench {
namespace {

void submit_until(const Issuer& issuer, const LoadOptions& options, const Client& client) {
    const std::size_t node =
        options.node > 0 ? options.node - 1 : client.number % issuer.node_urls.size();
    Tally& tally = client.tally;
    auto http = connect(issuer.node_urls[node]);
    if (!http) return tally.fail(http.error());
    Random random(client.seed);
    while (Steady::now() < client.end) {
        const Bytes bulk = random_bulk(issuer, options.batch_size, random, nullptr);
        const auto begin = Steady::now();
        const auto answer =
            http->post("/v1/batches", "application/octet-stream", std::string(text_of(bulk)));
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
    const NetworkLoad load{"sealed",
                           "batch " + std::to_string(options.batch_size),
                           options.clients,
                           options.seconds,
                           issuer.metrics_urls,
                           chancery_meters()};
    return run_on_network(load,
                          [&](const Client& client) { submit_until(issuer, options, client); });
}

}  // namespace chancery::bench

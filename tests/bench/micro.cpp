#include <algorithm>

#include <benchmark/benchmark.h>

#include "consensus/registry/registry.h"
#include "crypto/hash/sha256.h"
#include "crypto/keys/ed25519.h"
#include "crypto/merkle/frontier.h"
#include "crypto/merkle/status_tree.h"
#include "tests/bench/bench.h"
#include "tests/support/memory_ledger_view.h"
#include "tests/support/test_network.h"

namespace chancery::bench {
namespace {

void per_item(benchmark::State& state, std::int64_t items) {
    state.SetItemsProcessed(state.iterations() * items);
}

void sha256_of_runs(benchmark::State& state) {
    const auto bytes = static_cast<std::size_t>(state.range(0));
    const Bytes messages(bytes * 256, 7);
    std::vector<Hash> out(256);
    for (auto _ : state) {
        sha256_run(messages, bytes, out);
        benchmark::DoNotOptimize(out.data());
    }
    per_item(state, 256);
}
BENCHMARK(sha256_of_runs)->Arg(33)->Arg(47)->Arg(65);

void frontier_of_runs(benchmark::State& state) {
    const std::vector<Hash> leaves(1'000, test::commitment_of(1));
    merkle::Frontier frontier;
    for (auto _ : state)
        frontier.append(leaves);
    benchmark::DoNotOptimize(frontier.root());
    per_item(state, 1'000);
}
BENCHMARK(frontier_of_runs);

void inclusion_verified(benchmark::State& state) {
    const std::vector<Hash> path(27, test::commitment_of(1));
    const Hash leaf = test::commitment_of(2);
    for (auto _ : state) {
        benchmark::DoNotOptimize(merkle::root_from_inclusion(leaf, 5, 1ULL << 27, path));
    }
    per_item(state, 1);
}
BENCHMARK(inclusion_verified);

void member_signature_verified(benchmark::State& state) {
    const keys::MemberKey key = test::member_key("uni-a", "issuer");
    const Hash message = test::commitment_of(3);
    const auto signature = key.sign(message, Hash{});
    for (auto _ : state)
        benchmark::DoNotOptimize(key.public_key().verifies(message, signature));
    per_item(state, 1);
}
BENCHMARK(member_signature_verified);

void ed25519_verified(benchmark::State& state) {
    const keys::Ed25519Key key = test::ed25519_key("uni-a", "cosigner");
    const Bytes message(200, 1);
    const auto signature = key.sign(message);
    for (auto _ : state)
        benchmark::DoNotOptimize(key.public_key().verifies(message, signature));
    per_item(state, 1);
}
BENCHMARK(ed25519_verified);

void status_changes(benchmark::State& state) {
    merkle::StatusTree tree;
    Random random(1);
    std::vector<merkle::StatusTree::Change> changes(1'000);
    for (auto _ : state) {
        for (auto& change : changes)
            change = {random.next() % 100'000'000, 2};
        tree.set(changes);
    }
    per_item(state, 1'000);
}
BENCHMARK(status_changes);

// A batch judged and applied, its signature included, look-ups in a small map.
void batch_applied(benchmark::State& state) {
    const ledger::Genesis genesis = test::test_genesis(1);
    const registry::State before = registry::initial_state(genesis);
    const test::MemoryLedgerView view;
    Random random(1);
    const Issuer issuer{
        {}, {}, ledger::network_id(genesis), 1, 1, test::member_key("uni-a", "issuer")};
    const auto count = static_cast<std::uint32_t>(state.range(0));
    const Bytes bulk = random_bulk(issuer, count, random, nullptr);
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto now_ms = static_cast<ledger::TimeMs>(
        std::chrono::duration_cast<std::chrono::milliseconds>(now).count());
    for (auto _ : state) {
        registry::BlockBuilder builder(before, view, now_ms);
        const auto outcome = builder.add_batch(bulk);
        CHECK(outcome && outcome->record);
        benchmark::DoNotOptimize(builder.finish());
    }
    per_item(state, count);
}
BENCHMARK(batch_applied)->Arg(1)->Arg(100)->Arg(1'000)->Arg(10'000);

}  // namespace

int run_micro(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

}  // namespace chancery::bench

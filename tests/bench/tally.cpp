#include "tests/bench/tally.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <thread>

namespace chancery::bench {
namespace {

// Of this whole program, all threads, so far.
double cpu_seconds_now() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

void Tally::fail(const Result<rpc::ClientAnswer>& answer) {
    ++failures;
    if (first_failure.empty()) first_failure = answer ? answer->body : answer.error().detail;
}

Tally sum(const std::vector<Tally>& tallies) {
    Tally total;
    for (const Tally& tally : tallies) {
        total.done += tally.done;
        total.failures += tally.failures;
        total.latencies_ms.insert(
            total.latencies_ms.end(), tally.latencies_ms.begin(), tally.latencies_ms.end());
        if (total.first_failure.empty()) total.first_failure = tally.first_failure;
    }
    return total;
}

double ms_since(Steady::time_point begin) {
    return std::chrono::duration<double, std::milli>(Steady::now() - begin).count();
}

Result<rpc::HttpClient> connect(const std::string& node_url) {
    const auto url = rpc::parse_url(node_url);
    if (!url) return url.error();
    return rpc::HttpClient::to(*url);
}

int report(const char* what, const std::string& setting, Tally total, const Spent& spent) {
    std::printf(
        "%-16s %-28s %10.0f /s   p50 %.2f ms   p99 %.2f ms   failures %llu   own cores %.2f\n",
        what,
        setting.c_str(),
        static_cast<double>(total.done) / spent.seconds,
        percentile(total.latencies_ms, 0.5),
        percentile(total.latencies_ms, 0.99),
        static_cast<unsigned long long>(total.failures),
        spent.cpu_seconds / spent.seconds);
    std::fflush(stdout);
    if (!total.first_failure.empty()) {
        std::fprintf(stderr, "first failure: %s\n", total.first_failure.c_str());
    }
    return total.failures == 0 && total.done > 0 ? 0 : 1;
}

int complain(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
}

ClientsRun run_clients(std::uint32_t count,
                       double seconds,
                       const std::function<void(const Client&)>& work) {
    const auto begin = Steady::now();
    const double cpu_before = cpu_seconds_now();
    const auto end = begin + std::chrono::duration_cast<Steady::duration>(
                                 std::chrono::duration<double>(seconds));
    std::vector<Tally> tallies(count);
    std::vector<std::thread> threads;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto seed = static_cast<std::uint64_t>(begin.time_since_epoch().count()) + i * 7919;
        threads.emplace_back([&work, &tallies, i, seed, end] {
            work(Client{i, seed, end, tallies[i]});
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    return {sum(tallies), {ms_since(begin) / 1'000, cpu_seconds_now() - cpu_before}};
}

double percentile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

}  // namespace chancery::bench

#include "tests/bench/tally.h"

#include <algorithm>
#include <cstdio>

#include <sys/resource.h>

namespace chancery::bench {

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

double cpu_seconds_now() {
    rusage used{};
    CHECK(::getrusage(RUSAGE_SELF, &used) == 0);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double percentile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[static_cast<std::size_t>(static_cast<double>(values.size() - 1) * share)];
}

}  // namespace chancery::bench

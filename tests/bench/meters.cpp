#include "tests/bench/meters.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include <boost/asio/ip/tcp.hpp>

#include "rpc/url.h"

namespace chancery::bench {
namespace {

// In HTTP/1.0, in which no program answers in chunks, as etcd does.
Result<std::string> metrics_of(const rpc::Url& url) {
    boost::asio::ip::tcp::iostream stream(url.host, std::to_string(url.port));
    stream << "GET /metrics HTTP/1.0\r\nHost: " << url.host << "\r\n\r\n" << std::flush;
    std::string answer{std::istreambuf_iterator<char>(stream), {}};
    if (answer.find(" 200 OK\r\n") == std::string::npos) {
        return Error{Errc::io, "no metrics from port " + std::to_string(url.port)};
    }
    return answer;
}

double gauge(const std::string& metrics, const std::string& name) {
    const std::size_t at = metrics.find("\n" + name + " ");
    return at == std::string::npos ? 0
                                   : std::strtod(metrics.c_str() + at + name.size() + 2, nullptr);
}

void report_spent(const std::vector<Meter>& before,
                  const std::vector<Meter>& after,
                  std::uint64_t done,
                  double seconds) {
    double rounds = 0;
    double syncs = 0;
    double cpu_s = 0;
    double resident = 0;
    for (std::size_t i = 0; i < after.size(); ++i) {
        rounds = std::max(rounds, after[i].rounds - before[i].rounds);
        syncs = std::max(syncs, after[i].syncs - before[i].syncs);
        cpu_s += after[i].cpu_s - before[i].cpu_s;
        resident = std::max(resident, after[i].resident_bytes);
    }
    const auto count = static_cast<double>(std::max<std::uint64_t>(done, 1));
    rounds = std::max(rounds, 1.0);
    std::printf(
        "  %zu nodes: %.0f rounds/s, %.1f in each, %.2f syncs a round, %.1f us of CPU for each, "
        "%.2f cores, at most %.0f MiB\n",
        after.size(),
        rounds / seconds,
        count / rounds,
        syncs / rounds,
        cpu_s * 1e6 / count,
        cpu_s / seconds,
        resident / (1 << 20));
    std::fflush(stdout);
}

}  // namespace

MeterNames chancery_meters() {
    return {"chancery_ledger_entries", "chancery_ledger_height", "chancery_journal_syncs"};
}

Result<Meters> Meters::of(const std::vector<std::string>& urls, MeterNames names) {
    std::vector<rpc::Url> nodes;
    for (const std::string& text : urls) {
        auto url = rpc::parse_url(text);
        if (!url) return url.error();
        nodes.push_back(std::move(*url));
    }
    return Meters(std::move(nodes), std::move(names));
}

Result<std::vector<Meter>> Meters::read() const {
    std::vector<Meter> meters;
    for (const rpc::Url& node : nodes_) {
        const auto text = metrics_of(node);
        if (!text) return text.error();
        meters.push_back({gauge(*text, names_.entries),
                          gauge(*text, names_.rounds),
                          gauge(*text, names_.syncs),
                          gauge(*text, "process_cpu_seconds_total"),
                          gauge(*text, "process_resident_memory_bytes")});
    }
    return meters;
}

int run_on_network(const NetworkLoad& load, const std::function<void(const Client&)>& work) {
    const auto meters = Meters::of(load.metrics_urls, load.names);
    if (!meters) return complain(meters.error().detail);
    const auto before = meters->read();
    if (!before) return complain(before.error().detail);
    const ClientsRun run = run_clients(load.clients, load.seconds, work);
    const int status = report(load.what,
                              load.setting + ", clients " + std::to_string(load.clients),
                              run.total,
                              run.spent);
    const auto after = meters->read();
    if (!after) return complain(after.error().detail);
    report_spent(*before, *after, run.total.done, run.spent.seconds);
    return status;
}

}  // namespace chancery::bench

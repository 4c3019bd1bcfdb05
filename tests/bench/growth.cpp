#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <sys/stat.h>

#include "crypto/base/encoding.h"
#include "tests/bench/bench.h"
#include "tests/bench/tally.h"

namespace chancery::bench {
namespace {

constexpr std::uint32_t filling_batch = 10'000;
constexpr std::uint32_t measured_batch = 1'000;
constexpr std::uint32_t measured_batches = 50;
constexpr std::size_t kept_of_each_batch = 100;

// What the node says of itself on /metrics.
struct Gauges {
    double entries = 0;
    double blocks = 0;
    double syncs = 0;
    double resident_bytes = 0;
};

double gauge(const std::string& metrics, const std::string& name) {
    const std::size_t at = metrics.find("\n" + name + " ");
    return at == std::string::npos ? 0
                                   : std::strtod(metrics.c_str() + at + name.size() + 2, nullptr);
}

// What the file system holds for a folder, as `du` counts.
double allocated_bytes(const std::string& folder) {
    double bytes = 0;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
        struct stat status {};
        if (::stat(file.path().c_str(), &status) == 0) {
            bytes += static_cast<double>(status.st_blocks) * 512;
        }
    }
    return bytes;
}

class Growth {
public:
    Growth(const Issuer& issuer,
           const GrowthOptions& options,
           rpc::HttpClient client,
           rpc::HttpClient metrics)
        : issuer_(issuer),
          options_(options),
          client_(std::move(client)),
          metrics_(std::move(metrics)),
          random_(static_cast<std::uint64_t>(Steady::now().time_since_epoch().count())) {}

    int run() {
        std::printf("%10s %9s %9s %9s %9s %9s %9s %9s %9s %9s %9s\n",
                    "entries",
                    "sealed/s",
                    "one p50",
                    "one p99",
                    "receipt",
                    "p99",
                    "status",
                    "p99",
                    "bytes",
                    "syncs",
                    "memory");
        for (const std::uint64_t size : options_.sizes)
            if (!fill(size) || !measure()) return 1;
        std::printf(
            "sealed/s: %u batches of %u by one client; latencies in ms, one client; bytes "
            "on disk for each entry; journal syncs for each block; memory in MiB\n",
            measured_batches,
            measured_batch);
        return 0;
    }

private:
    bool failed(const char* what, const Result<rpc::ClientAnswer>& answer) {
        std::fprintf(stderr,
                     "%s: %s\n",
                     what,
                     answer ? answer->body.c_str() : answer.error().detail.c_str());
        return false;
    }

    bool submit(std::uint32_t count) {
        std::vector<Hash> commitments;
        const Bytes bulk = random_bulk(issuer_, count, random_, &commitments);
        const auto begin = Steady::now();
        const auto answer =
            client_.post("/v1/batches", "application/octet-stream", std::string(text_of(bulk)));
        took_ms_ = ms_since(begin);
        if (!answer || answer->status != 201) return failed("not sealed", answer);
        commitments.resize(std::min(commitments.size(), kept_of_each_batch));
        registered_.insert(registered_.end(), commitments.begin(), commitments.end());
        return true;
    }

    bool read_gauges(Gauges& gauges) {
        const auto answer = metrics_.get("/metrics");
        if (!answer || answer->status != 200) return failed("no metrics", answer);
        gauges = {gauge(answer->body, "chancery_ledger_entries"),
                  gauge(answer->body, "chancery_ledger_height"),
                  gauge(answer->body, "chancery_journal_syncs"),
                  gauge(answer->body, "process_resident_memory_bytes")};
        return true;
    }

    bool fill(std::uint64_t size) {
        Gauges gauges;
        if (!read_gauges(gauges)) return false;
        while (gauges.entries < static_cast<double>(size)) {
            const double missing = static_cast<double>(size) - gauges.entries;
            if (!submit(static_cast<std::uint32_t>(
                    std::min(missing, static_cast<double>(filling_batch))))) {
                return false;
            }
            if (!read_gauges(gauges)) return false;
        }
        return true;
    }

    bool measure() {
        Gauges before;
        if (!read_gauges(before)) return false;
        const double bytes = allocated_bytes(options_.data_directory) / before.entries;
        double batches_ms = 0;
        for (std::uint32_t i = 0; i < measured_batches; ++i) {
            if (!submit(measured_batch)) return false;
            batches_ms += took_ms_;
        }
        std::vector<double> single;
        for (std::uint32_t i = 0; i < options_.samples; ++i) {
            if (!submit(1)) return false;
            single.push_back(took_ms_);
        }
        Gauges after;
        std::vector<double> receipt;
        std::vector<double> status;
        if (!ask("/receipt", receipt) || !ask("/status", status) || !read_gauges(after)) {
            return false;
        }
        std::printf("%10.0f %9.0f %9.2f %9.2f %9.3f %9.3f %9.3f %9.3f %9.1f %9.2f %9.0f\n",
                    before.entries,
                    measured_batches * measured_batch / (batches_ms / 1'000),
                    percentile(single, 0.5),
                    percentile(single, 0.99),
                    percentile(receipt, 0.5),
                    percentile(receipt, 0.99),
                    percentile(status, 0.5),
                    percentile(status, 0.99),
                    bytes,
                    (after.syncs - before.syncs) / (after.blocks - before.blocks),
                    after.resident_bytes / (1 << 20));
        std::fflush(stdout);
        return true;
    }

    // Of credentials out of every part of the log.
    bool ask(const char* last_segment, std::vector<double>& latencies_ms) {
        const std::string prefix = "/v1/credentials/" + std::to_string(issuer_.member) + "/";
        for (std::uint32_t i = 0; i < options_.samples; ++i) {
            const Hash& commitment = registered_[random_.next() % registered_.size()];
            const auto begin = Steady::now();
            const auto answer = client_.get(prefix + to_hex(commitment) + last_segment);
            if (!answer || answer->status != 200) return failed("no proof", answer);
            latencies_ms.push_back(ms_since(begin));
        }
        return true;
    }

    const Issuer& issuer_;
    const GrowthOptions& options_;
    rpc::HttpClient client_;
    rpc::HttpClient metrics_;
    Random random_;
    std::vector<Hash> registered_;  // Some of each batch.
    double took_ms_ = 0;            // The last submission.
};

}  // namespace

int run_growth(const Issuer& issuer, const GrowthOptions& options) {
    auto client = connect(issuer.node_url);
    auto metrics = connect(options.metrics_url);
    if (!client || !metrics) {
        const Error& error = client ? metrics.error() : client.error();
        std::fprintf(stderr, "%s\n", error.detail.c_str());
        return 1;
    }
    return Growth(issuer, options, std::move(*client), std::move(*metrics)).run();
}

}  // namespace chancery::bench

#include <cstdio>
#include <filesystem>

#include <sys/stat.h>

#include "crypto/base/encoding.h"
#include "tests/bench/bench.h"
#include "tests/bench/meters.h"
#include "tests/bench/tally.h"

namespace chancery::bench {
namespace {

constexpr std::uint32_t filling_batch = 10'000;
constexpr std::uint32_t measured_batch = 1'000;
constexpr std::uint32_t measured_batches = 50;
constexpr std::size_t kept_of_each_batch = 100;

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
           Meters meters)
        : issuer_(issuer),
          options_(options),
          client_(std::move(client)),
          meters_(std::move(meters)),
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

    bool read(Meter& meter) {
        const auto meters = meters_.read();
        if (!meters) return failed("no metrics", meters.error());
        meter = meters->front();
        return true;
    }

    bool fill(std::uint64_t size) {
        Meter meter;
        if (!read(meter)) return false;
        while (meter.entries < static_cast<double>(size)) {
            const double missing = static_cast<double>(size) - meter.entries;
            if (!submit(static_cast<std::uint32_t>(
                    std::min(missing, static_cast<double>(filling_batch))))) {
                return false;
            }
            if (!read(meter)) return false;
        }
        return true;
    }

    bool measure() {
        Meter before;
        if (!read(before)) return false;
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
        Meter after;
        std::vector<double> receipt;
        std::vector<double> status;
        if (!ask("/receipt", receipt) || !ask("/status", status) || !read(after)) {
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
                    (after.syncs - before.syncs) / (after.rounds - before.rounds),
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
    Meters meters_;
    Random random_;
    std::vector<Hash> registered_;  // Some of each batch.
    double took_ms_ = 0;            // The last submission.
};

}  // namespace

int run_growth(const Issuer& issuer, const GrowthOptions& options) {
    auto client = connect(issuer.node_urls.front());
    const auto meters = Meters::of({issuer.metrics_urls.front()}, chancery_meters());
    if (!client || !meters) return complain((client ? meters.error() : client.error()).detail);
    return Growth(issuer, options, std::move(*client), std::move(*meters)).run();
}

}  // namespace chancery::bench

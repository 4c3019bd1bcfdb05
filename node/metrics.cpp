#include "node/metrics.h"

#include <algorithm>
#include <ctime>
#include <fstream>
#include <mutex>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <unistd.h>

namespace chancery::node {
namespace {

const prometheus::Histogram::BucketBoundaries latency_s = {
    0.0005, 0.001, 0.002, 0.003, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};

// proc(5): the second number of statm, in pages.
double resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    double all = 0;
    double resident = 0;
    statm >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

}  // namespace

struct Metrics::Families {
    prometheus::Registry registry;

    prometheus::Gauge& gauge(const char* name, const char* help) {
        return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
    }
    prometheus::Counter& counter(const char* name, const char* help) {
        return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
    }
    prometheus::Histogram& histogram(const char* name, const char* help) {
        return prometheus::BuildHistogram().Name(name).Help(help).Register(registry).Add({},
                                                                                         latency_s);
    }

    prometheus::Gauge& height = gauge("chancery_ledger_height", "Blocks sealed.");
    prometheus::Gauge& size = gauge("chancery_ledger_entries", "Entries sealed.");
    prometheus::Gauge& sealed_s =
        gauge("chancery_checkpoint_timestamp_seconds", "Time of the newest checkpoint's quorum.");
    prometheus::Gauge& cosigners =
        gauge("chancery_checkpoint_cosignatures", "Members that cosigned the newest checkpoint.");
    prometheus::Histogram& seal_s = histogram("chancery_seal_duration_seconds",
                                              "From proposed to published, per block of a leader.");
    prometheus::Family<prometheus::Counter>& batches = prometheus::BuildCounter()
                                                           .Name("chancery_batches_total")
                                                           .Help("Batches answered, by outcome.")
                                                           .Register(registry);
    prometheus::Histogram& turn_s =
        histogram("chancery_journal_turn_duration_seconds", "Journal writes with their sync.");
    prometheus::Gauge& syncs =
        gauge("chancery_journal_syncs", "Journal syncs since the node was started.");
    prometheus::Gauge& term_now = gauge("chancery_raft_term", "Raft's term.");
    prometheus::Gauge& leader = gauge("chancery_raft_is_leader", "1 while this node leads.");
    prometheus::Counter& scrubbed_entries =
        counter("chancery_scrub_entries_total", "Entries hashed again by the scrub.");
    prometheus::Gauge& findings = gauge("chancery_scrub_findings", "Damage found; 0 is good.");
    prometheus::Gauge& evidence =
        gauge("chancery_evidence_files", "Files of words that cannot both be true; 0 is good.");
    prometheus::Gauge& disk =
        gauge("chancery_disk_free_bytes", "Free on the data directory's file system.");
    std::mutex cpu_mutex;
    prometheus::Counter& cpu =
        counter("process_cpu_seconds_total", "Processor time of the node, in user and system.");
    prometheus::Gauge& memory =
        gauge("process_resident_memory_bytes", "Memory of the node that is not swapped out.");
    prometheus::Gauge& build(const std::string& version) {
        return prometheus::BuildGauge()
            .Name("chancery_build_info")
            .Help("1, labelled with the version.")
            .Register(registry)
            .Add({{"version", version}});
    }
};

Metrics::Metrics(const std::string& version) : families_(std::make_unique<Families>()) {
    families_->build(version).Set(1);
    // A rate over a series that appears with its first event misses that event.
    for (const char* outcome : {"sealed", "repeated", "refused", "unavailable"})
        families_->batches.Add({{"outcome", outcome}});
}

Metrics::~Metrics() = default;

void Metrics::published(const Ledger& ledger) {
    families_->height.Set(static_cast<double>(ledger.height));
    families_->size.Set(static_cast<double>(ledger.size));
    families_->sealed_s.Set(static_cast<double>(ledger.sealed_s));
    families_->cosigners.Set(ledger.cosigners);
}

void Metrics::block_sealed(double seconds) { families_->seal_s.Observe(seconds); }

void Metrics::batch_answered(std::string_view outcome) {
    families_->batches.Add({{"outcome", std::string(outcome)}}).Increment();
}

void Metrics::journal_turn(double seconds, std::uint64_t syncs_total) {
    families_->turn_s.Observe(seconds);
    families_->syncs.Set(static_cast<double>(syncs_total));
}

void Metrics::term(std::uint64_t term, bool is_leader) {
    families_->term_now.Set(static_cast<double>(term));
    families_->leader.Set(is_leader ? 1 : 0);
}

void Metrics::scrubbed(std::uint64_t entries, std::uint64_t findings) {
    families_->scrubbed_entries.Increment(static_cast<double>(entries));
    families_->findings.Set(static_cast<double>(findings));
}

void Metrics::disk_free(std::uint64_t bytes) { families_->disk.Set(static_cast<double>(bytes)); }

void Metrics::evidence(std::size_t files) { families_->evidence.Set(static_cast<double>(files)); }

std::string Metrics::text() const {
    families_->memory.Set(resident_bytes());
    {
        const std::scoped_lock lock(families_->cpu_mutex);
        families_->cpu.Increment(std::max(0.0, cpu_seconds() - families_->cpu.Value()));
    }
    return prometheus::TextSerializer().Serialize(families_->registry.Collect());
}

}  // namespace chancery::node

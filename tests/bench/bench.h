// The benchmark program's parts: micro-benchmarks of what is computed, and loads on a live node.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "crypto/keys/member_key.h"
#include "crypto/ledger/entry.h"

namespace chancery::bench {

using Steady = std::chrono::steady_clock;

// Whom a load acts for, and on which network.
struct Issuer {
    std::vector<std::string> node_urls;     // By member.
    std::vector<std::string> metrics_urls;  // 〃
    Hash network_id{};
    ledger::MemberNumber member = 1;
    std::uint32_t key_number = 1;
    keys::MemberKey key;
};

struct LoadOptions {
    std::uint32_t batch_size = 1'000;
    std::uint32_t clients = 4;
    double seconds = 10;
    std::uint32_t node = 0;  // The member whose node is asked; 0: clients spread over all.
};

// Random numbers that nobody has to trust: xorshift from a seed.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed * 2 + 1) {}
    std::uint64_t next();
    Hash hash();

private:
    std::uint64_t state_;
};

// Commitments of random credentials, ascending, as a signed bulk submission.
Bytes random_bulk(const Issuer& issuer,
                  std::uint32_t count,
                  Random& random,
                  std::vector<Hash>* kept);

// Milliseconds; sorts. 0 for none.
double percentile(std::vector<double>& values, double share);

// Submits until the time is over; prints sealed/s and p50/p99 of submit → sealed, and what the
// nodes spent. 0 on success.
int run_load(const Issuer& issuer, const LoadOptions& options);

// Registers `credentials`, then asks for proofs of random ones over one connection a client:
// receipts, status proofs, and both for many at once, each measured by itself, in turns.
struct ProofOptions {
    std::uint32_t credentials = 10'000;
    std::uint32_t clients = 4;
    std::string what = "all";         // "receipt", "status" or "bulk" alone.
    std::uint32_t per_request = 100;  // Of POST /v1/proofs.
    double seconds = 5;               // Each.
    std::uint32_t rounds = 3;
};
int run_proofs(const Issuer& issuer, const ProofOptions& options);

// Fills the log to each size in turn and measures there what must not grow with it, and what the
// data directory holds for each credential. One table row a size. 0 on success.
struct GrowthOptions {
    std::vector<std::uint64_t> sizes = {10'000, 1'000'000, 10'000'000};
    std::uint32_t samples = 1'000;  // Single submissions, receipts and status proofs, each.
    std::string data_directory;     // Of the first node.
};
int run_growth(const Issuer& issuer, const GrowthOptions& options);

// Puts random keys into etcd, one gRPC connection a client; prints what run_load prints. Only where
// gRPC is installed. 0 on success.
struct EtcdOptions {
    std::vector<std::string> endpoints;  // "127.0.0.1:2379", by member; clients spread over all.
    std::uint32_t clients = 4;
    std::uint32_t bytes = 256;  // Of a value.
    double seconds = 10;
};
int run_etcd(const EtcdOptions& options);

int run_micro(int argc, char** argv);

}  // namespace chancery::bench

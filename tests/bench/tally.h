// What a load on a live node came to, counted by one thread and summed over all.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rpc/http_client.h"
#include "tests/bench/bench.h"

namespace chancery::bench {

struct Tally {
    std::uint64_t done = 0;  // Credentials sealed, or proofs answered.
    std::uint64_t failures = 0;
    std::vector<double> latencies_ms;
    std::string first_failure;

    // A failed answer, or none.
    void fail(const Result<rpc::ClientAnswer>& answer);
};

Tally sum(const std::vector<Tally>& tallies);

double ms_since(Steady::time_point begin);

Result<rpc::HttpClient> connect(const std::string& node_url);

// One line: how many a second, latencies, failures, and how many cores this program took of
// `seconds`, `cpu_seconds` being what it used. 0 if nothing failed and something was done.
struct Spent {
    double seconds = 0;
    double cpu_seconds = 0;
};
int report(const char* what, const std::string& setting, Tally total, const Spent& spent);

// One of several that ask at once, each on a thread of its own.
struct Client {
    std::uint32_t number = 0;
    std::uint64_t seed = 0;  // Another one for each, and in each run.
    Steady::time_point end;
    Tally& tally;
};
struct ClientsRun {
    Tally total;
    Spent spent;
};
ClientsRun run_clients(std::uint32_t count,
                       double seconds,
                       const std::function<void(const Client&)>& work);

// Says on stderr why nothing was measured; 1.
int complain(const std::string& why);

}  // namespace chancery::bench

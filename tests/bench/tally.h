// What a load on a live node came to, counted by one thread and summed over all.
#pragma once

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

// Says on stderr why nothing was measured; 1.
int complain(const std::string& why);

// Of this whole program, all threads, so far.
double cpu_seconds_now();

}  // namespace chancery::bench

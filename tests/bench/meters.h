// What the nodes of a network under load say of themselves on /metrics, before and after.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "rpc/url.h"
#include "tests/bench/tally.h"

namespace chancery::bench {

// How a program calls what is asked of it; a name that it does not serve counts as 0.
struct MeterNames {
    std::string entries;
    std::string rounds;  // Blocks, or whatever is agreed upon at once.
    std::string syncs;   // Of journals, waited for.
};
MeterNames chancery_meters();

struct Meter {
    double entries = 0;
    double rounds = 0;
    double syncs = 0;
    double cpu_s = 0;
    double resident_bytes = 0;
};

class Meters {
public:
    // URLs of the nodes' metrics, without path.
    static Result<Meters> of(const std::vector<std::string>& urls, MeterNames names);
    // One a node.
    Result<std::vector<Meter>> read() const;

private:
    Meters(std::vector<rpc::Url> nodes, MeterNames names)
        : nodes_(std::move(nodes)), names_(std::move(names)) {}

    std::vector<rpc::Url> nodes_;
    MeterNames names_;
};

// Clients ask a network until the time is over: reported, with one more line: rounds a second, what
// each agreed upon, syncs of the node that synced most for each, and the processor time of all
// nodes for each thing done. 0 on success.
struct NetworkLoad {
    const char* what = "";
    std::string setting;
    std::uint32_t clients = 0;
    double seconds = 0;
    std::vector<std::string> metrics_urls;
    MeterNames names;
};
int run_on_network(const NetworkLoad& load, const std::function<void(const Client&)>& work);

}  // namespace chancery::bench

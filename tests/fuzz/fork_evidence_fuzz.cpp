// Any text as fork evidence: what is read is written back to the same value, and checking it
// never aborts.
#include <cstddef>

#include "crypto/credential/fork_evidence.h"
#include "crypto/json/canonical.h"
#include "tests/support/small_network.h"

using namespace chancery;
using namespace chancery::credential;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const ledger::Members members = test::SmallNetwork(4).members;
    const Result<ForkEvidence> evidence = parse_fork_evidence(text_of({data, size}));
    if (!evidence) return 0;
    CHECK(parse_fork_evidence(json::canonical(to_json(*evidence))).value() == *evidence);
    (void)check_fork_evidence(*evidence, members);
    return 0;
}

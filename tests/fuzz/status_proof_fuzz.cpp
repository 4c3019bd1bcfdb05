// Any text as a status proof: what is read is written back to the same value, and checking it
// never aborts.
#include <cstddef>

#include "crypto/credential/status_proof.h"
#include "crypto/json/canonical.h"

using namespace chancery;
using namespace chancery::credential;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<StatusProof> proof = parse_status_proof(text_of({data, size}));
    if (!proof) return 0;
    CHECK(parse_status_proof(json::canonical(to_json(*proof))).value() == *proof);
    (void)check_status_proof(*proof);
    return 0;
}

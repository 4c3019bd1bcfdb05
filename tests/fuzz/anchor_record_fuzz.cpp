// Any bytes as a file of an anchoring's journal: what is accepted writes itself in one form.
#include <cstddef>

#include "crypto/base/check.h"
#include "node/cli/anchor_record.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto record = cli::parse_anchor_record(text_of({data, size}));
    if (!record) return 0;
    const auto again = cli::parse_anchor_record(cli::to_text(*record));
    CHECK(again && *again == *record);
    CHECK(!record->attempts.empty() && record->attempts.size() <= cli::anchor_attempts_max);
    return 0;
}

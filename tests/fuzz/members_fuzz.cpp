// Any text as a members object: what is read is written back to the same value and can be used.
#include <cstddef>

#include "crypto/json/parse.h"
#include "crypto/ledger/members.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<json::Value> value = json::parse(text_of({data, size}));
    if (!value) return 0;
    const Result<ledger::Members> members = ledger::parse_members(*value);
    if (!members) return 0;
    CHECK(ledger::parse_members(ledger::to_json(*members)).value() == *members);
    for (const ledger::Position position : {ledger::Position{0}, ledger::no_position})
        (void)ledger::cosigners_at(*members, position);
    (void)ledger::policy_of(*members, 0);
    return 0;
}

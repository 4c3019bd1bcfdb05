// Any text as a genesis: what is read is written back to the same value, with the same id.
#include <cstddef>

#include "crypto/json/canonical.h"
#include "crypto/ledger/members.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Result<ledger::Genesis> genesis = ledger::parse_genesis(text_of({data, size}));
    if (!genesis) return 0;
    const auto again = ledger::parse_genesis(json::canonical(ledger::to_json(*genesis)));
    CHECK(again && *again == *genesis);
    CHECK(ledger::network_id(*again) == ledger::network_id(*genesis));
    (void)ledger::check_signatures(*genesis);
    const ledger::Members members = ledger::members_from(*genesis);
    CHECK(ledger::parse_members(ledger::to_json(members)).value() == members);
    return 0;
}

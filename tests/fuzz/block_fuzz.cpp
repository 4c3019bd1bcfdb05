// Any bytes as a committed block: exactly one outcome, the same each time, and never an abort.
#include <cstddef>
#include <cstdint>

#include "tests/support/memory_ledger_view.h"
#include "tests/support/test_network.h"

using namespace chancery;

namespace {

struct World {
    registry::State state = registry::initial_state(test::test_genesis(1));
    test::MemoryLedgerView ledger;
};

const World& world() {
    static const World value;
    return value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bytes(data, size);
    const auto once = registry::apply_block(world().state, world().ledger, bytes);
    const auto again = registry::apply_block(world().state, world().ledger, bytes);
    CHECK(once && again);
    CHECK(once->entries.bytes == again->entries.bytes);
    CHECK(once->leaves == again->leaves && once->leaves.size() == once->entries.count());
    CHECK(once->entries.count() == once->after.head().size);
    CHECK(once->after.height == 1);
    return 0;
}

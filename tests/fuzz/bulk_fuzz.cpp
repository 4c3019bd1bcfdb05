// A bulk submission from a stranger: parsed or refused, and what is parsed can be written again.
#include <cstddef>
#include <cstdint>

#include "consensus/registry/batch.h"
#include "crypto/base/check.h"

using namespace chancery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const ByteView bulk(data, size);
    const auto batch = registry::split_bulk(bulk);
    if (!batch) {
        CHECK(batch.error().code == Errc::invalid);
        return 0;
    }
    CHECK(batch->count() >= 1);
    std::size_t bodies = 0;
    for (std::uint32_t i = 0; i < batch->count(); ++i)
        bodies += batch->body(i).size();
    CHECK(bodies + 2 * batch->varied.size() == batch->bodies.size());
    const auto fault = registry::fault_in(*batch);
    if (fault && fault->record) CHECK(*fault->record < batch->count());
    CHECK(registry::parse_bulk(bulk).has_value() == !fault);
    return 0;
}

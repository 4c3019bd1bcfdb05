// Committed bytes as section 10 of PROTOCOL.md takes them: a block's items, or an empty block.
#include "tests/support/form_vectors.h"
#include "tests/support/memory_ledger_view.h"
#include "tests/support/test_network.h"

namespace chancery {
namespace {

TEST(FormVectors, BlocksParseAsTheProtocolSays) {
    for (const json::Value& form : test::form_cases("block")) {
        SCOPED_TRACE(test::name_of(form));
        const Bytes bytes = test::form_bytes(form, "bytes");
        const auto parsed = registry::parse_block(bytes);
        const registry::Block* block = test::read_as_told(form, parsed);
        if (block == nullptr) continue;
        EXPECT_EQ(block->time, test::number_at(form, "time"));
        const json::Array& items = test::array_at(form, "items");
        ASSERT_EQ(block->items.size(), items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            EXPECT_EQ(static_cast<unsigned>(block->items[i].type),
                      test::number_at<unsigned>(items[i], "type"));
            EXPECT_TRUE(equal(block->items[i].bytes, test::form_bytes(items[i], "bytes")));
        }
    }
}

// No item of the cases is a batch that could be applied: what differs is the time alone.
TEST(FormVectors, CommittedBytesThatDoNotParseAreAnEmptyBlockOfTheTimeBefore) {
    constexpr ledger::TimeMs time_before = 1'000;
    registry::State before = registry::initial_state(test::test_genesis(4));
    before.time = time_before;
    const test::MemoryLedgerView view;
    for (const json::Value& form : test::form_cases("block")) {
        SCOPED_TRACE(test::name_of(form));
        const auto applied = registry::apply_block(before, view, test::form_bytes(form, "bytes"));
        ASSERT_TRUE(applied) << applied.error().detail;
        ASSERT_EQ(applied->entries.count(), 1U);
        const auto state =
            std::get<ledger::StateEntry>(ledger::decode(applied->entries.entry(0)).value());
        EXPECT_EQ(state.height, 1U);
        EXPECT_EQ(state.time, test::is_refused(form) ? time_before : test::number_at(form, "time"));
    }
}

}  // namespace
}  // namespace chancery

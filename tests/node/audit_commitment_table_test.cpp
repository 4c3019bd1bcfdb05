#include <map>
#include <random>

#include <gtest/gtest.h>

#include "node/audit/commitment_table.h"

namespace chancery::audit {
namespace {

using Oracle = std::map<std::uint64_t, std::vector<ledger::Position>>;

// Some mixes come twice, and many share the low bits that choose their place.
Oracle fill_table(CommitmentTable& table, std::uint64_t count) {
    std::mt19937_64 random(count);
    Oracle oracle;
    for (ledger::Position position = 0; position < count; ++position) {
        const std::uint64_t mixed =
            position % 7 == 0 ? (random() % 16) << 32 : random() & ~std::uint64_t{0xf0};
        table.insert(mixed, position);
        oracle[mixed].push_back(position);
    }
    return oracle;
}

void expect_equal(const CommitmentTable& table, const Oracle& oracle) {
    for (const auto& [mixed, places] : oracle) {
        table.prefetch(mixed);
        std::vector<ledger::Position> found = table.places_of(mixed);
        std::ranges::sort(found);
        ASSERT_EQ(found, places) << mixed;
    }
    EXPECT_TRUE(table.places_of(0xf1).empty());
}

TEST(CommitmentTable, FindsAllThatStandUnderAMix) {
    for (const std::uint64_t count : {1U, 2U, 682U, 683U, 20'000U}) {
        CommitmentTable table({});
        const Oracle oracle = fill_table(table, count);
        EXPECT_EQ(table.size(), count);
        expect_equal(table, oracle);
    }
}

TEST(CommitmentTable, HasTheSameWhetherRoomWasMadeBefore) {
    CommitmentTable table({});
    table.reserve(5'000);
    Oracle oracle = fill_table(table, 3'000);
    table.reserve(0);
    table.reserve(9'000);
    EXPECT_EQ(table.size(), 3'000U);
    expect_equal(table, oracle);
}

TEST(CommitmentTable, OfNothingHasNothing) {
    const CommitmentTable table({});
    table.prefetch(3);
    EXPECT_TRUE(table.places_of(3).empty());
}

}  // namespace
}  // namespace chancery::audit

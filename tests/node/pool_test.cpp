#include "node/pool.h"

#include <gtest/gtest.h>

namespace chancery::node {
namespace {

Pool::Kept batch(Ticket ticket, ledger::TimeMs since_ms, raft::NodeId origin = 0) {
    Pool::Kept kept;
    kept.batch = {ticket, std::make_shared<const Bytes>(Bytes{1}), {}, origin};
    kept.key.name.fill(static_cast<std::uint8_t>(ticket));
    kept.since_ms = since_ms;
    return kept;
}

TEST(Pool, TellsAllMembersOfWhatWaitsAgainAndAgain) {
    Pool pool(1'000);
    ASSERT_TRUE(pool.add(batch(1, 10)));
    ASSERT_TRUE(pool.add(batch(2, 11, 3)));  // Of a peer, which tells others itself.
    ASSERT_TRUE(pool.add(batch(3, 12)));
    constexpr ledger::TimeMs age_ms = 100;
    const auto next = [&](ledger::TimeMs now_ms) -> Ticket {
        const Pool::Kept* const kept = pool.next_to_spread(now_ms - age_ms, now_ms);
        return kept == nullptr ? 0 : kept->batch.ticket;
    };
    EXPECT_EQ(next(110), 0U);  // Not old enough.
    EXPECT_EQ(next(112), 1U);
    EXPECT_EQ(next(112), 0U);
    EXPECT_EQ(next(120), 3U);
    EXPECT_EQ(next(212), 0U);
    EXPECT_EQ(next(213), 1U);  // Whoever had no room may have it now.
    EXPECT_EQ(next(221), 3U);
}

}  // namespace
}  // namespace chancery::node

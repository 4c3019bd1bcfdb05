// A trust file stays readable whatever a member does to its keys, and leads to today all the same.
#include "node/trust_steps.h"

#include <gtest/gtest.h>

#include "tests/support/act_drafts.h"
#include "tests/support/memory_ledger_view.h"

namespace chancery::node {
namespace {

using Step = storage::LedgerStore::MembersStep;

class TrustSteps : public testing::Test {
protected:
    TrustSteps() : before_(ledger::members_from(test::test_genesis(4))) {
        registry::State state = registry::initial_state(test::test_genesis(4));
        test::MemoryLedgerView ledger;
        for (std::uint32_t number = 1; number <= 20; ++number) {
            registry::BlockBuilder builder(state, ledger, test::start);
            const auto key = test::ed25519_key("new", std::to_string(number));
            const auto added = test::new_ed25519_key(before_.network, 1, key, number);
            const auto outcome =
                builder.add(test::signed_act(test::act_of(1, number, added), before_.network));
            CHECK(outcome && outcome->act);
            const registry::AppliedBlock block = builder.finish();
            ledger.add(block);
            state = block.after;
            all_.push_back({"checkpoint", state.frontier.leaf_count(), *state.members});
        }
    }

    std::vector<std::uint64_t> shown(std::size_t bytes_max) const {
        std::vector<std::uint64_t> sizes;
        for (const Step& step : steps_to_show(before_, all_, bytes_max))
            sizes.push_back(step.size);
        return sizes;
    }

    ledger::Members before_;
    std::vector<Step> all_;
};

TEST_F(TrustSteps, AllOfThemWhereThereIsRoom) { EXPECT_EQ(shown(1'000'000).size(), 20U); }

TEST_F(TrustSteps, TheNewestAlwaysAndOfTheOthersAsManyAsFit) {
    EXPECT_EQ(shown(0), std::vector<std::uint64_t>{all_.back().size});
    const std::vector<std::uint64_t> some = shown(20'000);
    ASSERT_GT(some.size(), 2U);
    ASSERT_LT(some.size(), 20U);
    EXPECT_EQ(some.back(), all_.back().size);
    EXPECT_EQ(some.front(), all_[20 - some.size()].size);
}

TEST_F(TrustSteps, WhatChangedWhoSealsIsNeverLeftOut) {
    for (std::size_t i = 7; i < all_.size(); ++i)
        all_[i].members.quorum = 4;
    EXPECT_EQ(shown(0), (std::vector<std::uint64_t>{all_[7].size, all_.back().size}));
    for (std::size_t i = 3; i < all_.size(); ++i) {
        for (ledger::KeyRecord& key : all_[i].members.members[1].keys) {
            if (key.use == ledger::KeyUse::cosigner) key.in_force.until = all_[3].size;
        }
    }
    EXPECT_EQ(shown(0), (std::vector<std::uint64_t>{all_[3].size, all_[7].size, all_.back().size}));
}

TEST_F(TrustSteps, NoneWhereNothingChanged) {
    EXPECT_TRUE(steps_to_show(before_, {}, 1'000).empty());
}

}  // namespace
}  // namespace chancery::node

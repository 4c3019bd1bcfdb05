#include "storage/commitment_tail.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace chancery::storage {
namespace {

using keys_of::CommitmentKey;

// Keys whose first bytes are few, so that many share them: submitters choose them.
CommitmentKey key_of(std::uint64_t first, std::uint32_t rest) {
    constexpr std::uint64_t spread = 0x9e3779b97f4a7c15;
    const Bytes bytes =
        Writer().u64(first * spread).u64(rest * spread).bytes(Bytes(16)).u32(rest).take();
    CommitmentKey key{};
    std::ranges::copy(bytes, key.begin());
    return key;
}

void expect_agreement(const CommitmentTail& tail,
                      const std::map<CommitmentKey, ledger::Position>& wanted,
                      std::uint64_t firsts) {
    for (std::uint64_t first = 0; first < firsts; ++first) {
        for (std::uint32_t rest = 0; rest < 300; ++rest) {
            const auto found = tail.find(key_of(first, rest));
            const auto want = wanted.find(key_of(first, rest));
            ASSERT_EQ(found.has_value(), want != wanted.end()) << first << " " << rest;
            if (found) {
                ASSERT_EQ(*found, want->second);
            }
        }
    }
}

TEST(CommitmentTail, FindsWhatWasAddedAndNothingElse) {
    for (const std::uint64_t firsts : {1U, 3U, 200U}) {
        std::mt19937_64 random(firsts);
        CommitmentTail tail;
        std::map<CommitmentKey, ledger::Position> wanted;
        expect_agreement(tail, wanted, 1);
        ledger::Position position = 0;
        for (const std::size_t count : {1U, 1U, 63U, 64U, 65U, 10U, 300U, 2U, 128U}) {
            std::vector<CommitmentAt> added;
            for (std::size_t i = 0; i < count; ++i) {
                const auto key =
                    key_of(random() % firsts, static_cast<std::uint32_t>(random() % 300));
                if (wanted.emplace(key, position).second) added.push_back({key, position++});
            }
            tail.add(added);
            expect_agreement(tail, wanted, firsts);
            if (HasFatalFailure()) return;
        }
        EXPECT_EQ(tail.count(), wanted.size());
        EXPECT_EQ(tail.sorted().size(), wanted.size());
    }
}

TEST(CommitmentTail, OfACopyDoesNotGrowWithTheOther) {
    CommitmentTail tail;
    tail.add({{key_of(1, 1), 5}});
    const CommitmentTail copy = tail;
    tail.add({{key_of(1, 2), 6}});
    EXPECT_EQ(tail.find(key_of(1, 2)), 6U);
    EXPECT_EQ(copy.find(key_of(1, 2)), std::nullopt);
    EXPECT_EQ(copy.find(key_of(1, 1)), 5U);
}

}  // namespace
}  // namespace chancery::storage

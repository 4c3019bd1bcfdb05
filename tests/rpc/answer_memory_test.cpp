#include "rpc/answer_memory.h"

#include <gtest/gtest.h>

namespace chancery::rpc {
namespace {

TEST(AnswerMemory, CutsTheOldestUntilTheRestFit) {
    AnswerMemory memory(100);
    std::vector<int> cut;
    const auto hold = [&](std::size_t bytes, int name) {
        return memory.hold(bytes, [&cut, name] { cut.push_back(name); });
    };
    const auto first = hold(40, 1);
    const auto second = hold(40, 2);
    EXPECT_EQ(memory.bytes(), 80U);
    hold(20, 3);
    EXPECT_TRUE(cut.empty());
    hold(50, 4);
    EXPECT_EQ(cut, (std::vector<int>{1, 2}));
    EXPECT_EQ(memory.bytes(), 70U);
    memory.release(first);
    memory.release(second);
    EXPECT_EQ(memory.bytes(), 70U) << "of those that were cut there is nothing to release";
    EXPECT_EQ(memory.cut_count(), 2U);
}

TEST(AnswerMemory, WhoReadsMakesRoom) {
    AnswerMemory memory(100);
    bool is_cut = false;
    for (int i = 0; i < 1'000; ++i)
        memory.release(memory.hold(100, [&] { is_cut = true; }));
    EXPECT_FALSE(is_cut);
    EXPECT_EQ(memory.bytes(), 0U);
}

TEST(AnswerMemory, AnAnswerLargerThanAllIsSentAlone) {
    AnswerMemory memory(100);
    int cut = 0;
    memory.hold(60, [&] { ++cut; });
    const auto large = memory.hold(1'000, [&] { ++cut; });
    EXPECT_EQ(cut, 1);
    EXPECT_EQ(memory.bytes(), 1'000U);
    memory.release(large);
    EXPECT_EQ(memory.bytes(), 0U);
}

}  // namespace
}  // namespace chancery::rpc

#include "node/submission.h"

#include <gtest/gtest.h>

namespace chancery::node {
namespace {

Bytes governance_entry(std::string_view act) {
    ledger::GovernanceEntry entry;
    entry.signature.fill(7);
    entry.act.assign(act.begin(), act.end());
    return ledger::encode(ledger::Entry{entry});
}

registry::ActRecord third_act() {
    registry::ActRecord record;
    record.sequence = 3;
    record.position = 40;
    return record;
}

TEST(ListedAct, SaysTheActAndItsSignature) {
    const auto listed = listed_act(third_act(), governance_entry(R"({"act":"end_key"})"));
    ASSERT_TRUE(listed) << listed.error().detail;
    EXPECT_EQ(*listed->act.find("act")->as_string(), "end_key");
    EXPECT_EQ(listed->signature[0], 7);
    EXPECT_EQ(listed->record, third_act());
}

TEST(ListedAct, IsNeverLeftOutForDamageButSaidToBeCorrupt) {
    ledger::AnchorEntry anchor;
    anchor.chain = "eip155:1";
    const std::vector<Bytes> damaged = {{},
                                        {0, 0, 0},
                                        ledger::encode(ledger::Entry{anchor}),
                                        governance_entry("{"),
                                        governance_entry("[]]")};
    for (const Bytes& entry : damaged) {
        const auto listed = listed_act(third_act(), entry);
        ASSERT_FALSE(listed);
        EXPECT_EQ(listed.error().code, Errc::corrupt);
        EXPECT_TRUE(listed.error().detail.starts_with("act 3 at position 40: "))
            << listed.error().detail;
    }
}

}  // namespace
}  // namespace chancery::node

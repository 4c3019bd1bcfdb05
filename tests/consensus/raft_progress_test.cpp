#include <gtest/gtest.h>

#include "consensus/raft/progress.h"

namespace chancery::raft {
namespace {

constexpr Window narrow{.messages = 2, .bytes = 100};

TEST(Progress, ProbesWithOneAppendAtATime) {
    Progress progress(5);
    EXPECT_TRUE(progress.may_send(narrow));
    progress.sent(6, 10, 0);
    EXPECT_FALSE(progress.may_send(narrow));
    progress.acknowledged(6);
    EXPECT_FALSE(progress.is_probing());
    EXPECT_EQ(progress.match(), 6U);
    EXPECT_EQ(progress.next(), 7U);
}

// etcd e419ba5: bytes on their way are the sum of what is on its way, whatever happens to it.
TEST(Progress, FillsAndFreesItsWindowInMessagesAndBytes) {
    Progress progress(1);
    progress.sent(1, 10, 0);
    progress.acknowledged(1);
    progress.sent(2, 10, 0);
    EXPECT_TRUE(progress.may_send(narrow));
    progress.sent(3, 10, 0);
    EXPECT_FALSE(progress.may_send(narrow));
    EXPECT_EQ(progress.bytes_in_flight(), 20U);
    progress.acknowledged(2);
    EXPECT_EQ(progress.bytes_in_flight(), 10U);
    progress.sent(4, 500, 0);
    progress.acknowledged(3);
    EXPECT_FALSE(progress.may_send(narrow));  // By bytes.
    progress.restart(0);
    EXPECT_EQ(progress.bytes_in_flight(), 0U);
    EXPECT_EQ(progress.next(), 4U);
    EXPECT_TRUE(progress.may_send(narrow));  // However large.
}

// CCF #5674, and an acknowledgement of an old request.
TEST(Progress, MatchNeverFalls) {
    Progress progress(1);
    progress.sent(9, 10, 0);
    progress.acknowledged(9);
    EXPECT_FALSE(progress.refused(3, 0));
    EXPECT_FALSE(progress.refused(12, 3));
    progress.acknowledged(4);
    progress.restart(0);
    EXPECT_EQ(progress.match(), 9U);
    EXPECT_EQ(progress.next(), 10U);
    progress.sent(12, 10, 0);
    EXPECT_TRUE(progress.refused(9, 2));
    EXPECT_EQ(progress.match(), 9U);
    EXPECT_EQ(progress.next(), 3U);
}

// Its disk was put back to an older one, and whoever it asked did not know of its last
// acknowledgement.
TEST(Progress, SendsAgainWhatAPeerLost) {
    Progress progress(1);
    progress.sent(100, 1, 1);
    progress.acknowledged(100);
    progress.sent(101, 1, 2);
    EXPECT_TRUE(progress.refused(100, 40));
    EXPECT_EQ(progress.match(), 100U);
    EXPECT_EQ(progress.next(), 41U);
    progress.sent(60, 1, 3);
    progress.acknowledged(60);
    EXPECT_EQ(progress.messages_in_flight(), 0U);
    EXPECT_EQ(progress.match(), 100U);
    progress.sent(110, 1, 4);
    progress.acknowledged(110);
    EXPECT_EQ(progress.match(), 110U);
    EXPECT_EQ(progress.next(), 111U);
}

TEST(Progress, OffersTheLastAgainToWhoTookLessThanItAcknowledged) {
    Progress progress(1);
    progress.sent(9, 1, 1);
    progress.acknowledged(9);
    progress.heard(9, 2);
    EXPECT_EQ(progress.next(), 10U);
    progress.heard(0, 3);
    EXPECT_EQ(progress.next(), 9U);
    progress.sent(9, 1, 3);
    progress.heard(0, 4);  // It is on its way still.
    EXPECT_EQ(progress.next(), 10U);
    progress.acknowledged(9);
    progress.heard(9, 5);
    EXPECT_EQ(progress.next(), 10U);
    EXPECT_EQ(progress.messages_in_flight(), 0U);
}

TEST(Progress, CountsOnlyAnswersOfThisLinkAndOfLate) {
    Progress progress(1);
    EXPECT_FALSE(progress.answers(1));
    progress.heard(0, 1);
    EXPECT_TRUE(progress.answers(1));
    EXPECT_TRUE(progress.answers(11));
    EXPECT_FALSE(progress.answers(12));
    progress.restart(12);
    progress.heard(0, 12);  // On its way while the link was made anew.
    EXPECT_FALSE(progress.answers(12));
    progress.acknowledged(5);
    EXPECT_FALSE(progress.answers(13));
    progress.heard(0, 13);
    EXPECT_TRUE(progress.answers(13));
}

TEST(Progress, GoesBackToTheGuessOfARefusal) {
    Progress progress(20);
    progress.sent(20, 10, 0);
    EXPECT_TRUE(progress.refused(19, 7));
    EXPECT_EQ(progress.next(), 8U);
    EXPECT_TRUE(progress.is_probing());
    EXPECT_TRUE(progress.may_send(narrow));
}

TEST(Progress, SendsAgainWhatTwoLaterHeartbeatsDoNotShow) {
    Progress progress(1);
    progress.sent(3, 10, 5);
    progress.heard(0, 5);
    progress.heard(0, 6);
    EXPECT_EQ(progress.next(), 4U);
    progress.heard(3, 7);  // Taken, only not durable yet.
    EXPECT_EQ(progress.next(), 4U);
    progress.heard(0, 7);
    EXPECT_EQ(progress.next(), 1U);
}

TEST(Progress, APausedOneWaitsForAHeartbeatOrAnAcknowledgement) {
    Progress progress(3);
    progress.pause();
    EXPECT_FALSE(progress.may_send(narrow));
    progress.heard(0, 1);
    EXPECT_TRUE(progress.may_send(narrow));
    progress.pause();
    progress.acknowledged(2);
    EXPECT_TRUE(progress.may_send(narrow));
}

}  // namespace
}  // namespace chancery::raft

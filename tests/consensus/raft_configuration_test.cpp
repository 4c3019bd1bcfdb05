#include <gtest/gtest.h>

#include "consensus/raft/configuration.h"

namespace chancery::raft {
namespace {

Configuration joint() {
    Configuration configuration = simple_configuration({1, 2, 3, 4});
    configuration.voters_outgoing = {1, 2, 3};
    configuration.quorum_outgoing = 2;
    configuration.learners = {7};
    return configuration;
}

TEST(Configuration, ComesBackFromItsBytes) {
    EXPECT_EQ(*decode_configuration(encode_configuration(joint())), joint());
    const Configuration simple = simple_configuration({3, 1, 2});
    EXPECT_EQ(*decode_configuration(encode_configuration(simple)), simple);
    EXPECT_EQ(simple.members(), (std::vector<NodeId>{1, 2, 3}));
    EXPECT_EQ(joint().members(), (std::vector<NodeId>{1, 2, 3, 4, 7}));
}

TEST(Configuration, RefusesEveryShorterAndLongerForm) {
    Bytes bytes = encode_configuration(joint());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(decode_configuration(ByteView(bytes).first(length))) << length;
    }
    bytes.push_back(0);
    EXPECT_FALSE(decode_configuration(bytes));
}

TEST(Configuration, RefusesWhatCannotDecide) {
    Configuration unsorted = joint();
    unsorted.voters = {2, 1, 3, 4};
    EXPECT_FALSE(check_configuration(unsorted));
    Configuration repeated = joint();
    repeated.voters = {1, 1, 3, 4};
    EXPECT_FALSE(check_configuration(repeated));
    Configuration low = joint();
    low.quorum = 2;
    EXPECT_FALSE(check_configuration(low));
    Configuration high = joint();
    high.quorum = 5;
    EXPECT_FALSE(check_configuration(high));
    Configuration outgoing = joint();
    outgoing.quorum_outgoing = 0;
    EXPECT_FALSE(check_configuration(outgoing));
    Configuration learner = joint();
    learner.learners = {4};
    EXPECT_FALSE(check_configuration(learner));
    EXPECT_FALSE(check_configuration(Configuration{}));
    Configuration many = simple_configuration({1});
    for (NodeId node = 2; node < nodes_max + 3; ++node)
        many.learners.push_back(node);
    EXPECT_FALSE(check_configuration(many));
}

TEST(Configuration, ChangesVotersOnlyThroughAJointOne) {
    const Configuration before = simple_configuration({1, 2, 3});
    const Configuration after = simple_configuration({1, 2, 3, 4});
    Configuration learning = before;
    learning.learners = {4};
    Configuration other_outgoing = joint();
    other_outgoing.voters_outgoing = {1, 2, 4};

    EXPECT_TRUE(check_successor(before, learning));
    EXPECT_TRUE(check_successor(before, joint()));
    EXPECT_TRUE(check_successor(joint(), after));
    EXPECT_FALSE(check_successor(before, after));
    EXPECT_FALSE(check_successor(joint(), before));
    EXPECT_FALSE(check_successor(joint(), joint()));
    EXPECT_FALSE(check_successor(before, other_outgoing));
}

}  // namespace
}  // namespace chancery::raft

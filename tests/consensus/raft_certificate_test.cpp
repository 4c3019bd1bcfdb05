#include <gtest/gtest.h>

#include "consensus/raft/certificate.h"
#include "consensus/raft/message.h"
#include "crypto/base/encoding.h"

namespace chancery::raft {
namespace {

keys::Ed25519Key node_key(NodeId node) {
    Hash seed{};
    seed.fill(static_cast<std::uint8_t>(node));
    return keys::Ed25519Key::from_seed(seed);
}

Ballot ballot() {
    Ballot ballot{
        .network = {}, .epoch = 1, .term = 5, .candidate = 2, .head = {4, 9}, .chain = {}};
    ballot.network.fill(0xaa);
    ballot.chain.fill(0xbb);
    return ballot;
}

SignedVote vote_of(NodeId voter) {
    return {ballot(), voter, node_key(voter).sign(vote_message(ballot()))};
}

Certificate certificate() {
    Certificate certificate{.ballot = ballot(), .votes = {}};
    for (const NodeId voter : {1U, 2U, 4U}) {
        certificate.votes[voter] = vote_of(voter).signature;
    }
    return certificate;
}

NodeKeys all_keys() {
    NodeKeys keys;
    for (const NodeId node : {1U, 2U, 3U, 4U})
        keys.emplace(node, node_key(node).public_key());
    return keys;
}

TEST(Certificate, VotesAreSignedOverTheBytesOfTheProtocol) {
    const std::string network(64, 'a');
    const std::string chain(64, 'b');
    const std::string want = to_hex(bytes_of("chancery/peer/v1")) + "00" + network +
                             to_hex(bytes_of("vote")) + "00" + "00000001" + "0000000000000005" +
                             "00000002" + "0000000000000004" + "0000000000000009" + chain;
    EXPECT_EQ(to_hex(vote_message(ballot())), want);
    EXPECT_EQ(vote_message(ballot()).size(), 118U);
}

TEST(Certificate, ComesBackFromItsBytes) {
    const Bytes bytes = encode_certificate(certificate());
    EXPECT_EQ(bytes.size(), 1U + 96 + 2 + 3 * 68);
    EXPECT_EQ(*decode_certificate(bytes), certificate());
}

TEST(Certificate, RefusesEveryOtherLengthFormatCountAndOrder) {
    const Bytes bytes = encode_certificate(certificate());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        EXPECT_FALSE(decode_certificate(ByteView(bytes).first(length))) << length;
    }
    Bytes longer = bytes;
    longer.push_back(0);
    EXPECT_FALSE(decode_certificate(longer));
    Bytes other_format = bytes;
    other_format[0] = 2;
    EXPECT_FALSE(decode_certificate(other_format));
    Bytes empty(bytes.begin(), bytes.begin() + 99);
    empty[97] = 0;
    empty[98] = 0;
    EXPECT_FALSE(decode_certificate(empty));
    Bytes crowded = bytes;
    crowded[98] = 65;
    EXPECT_FALSE(decode_certificate(crowded));
    Bytes unordered = bytes;
    unordered[102] = 2;  // The first voter: as high as the second.
    EXPECT_FALSE(decode_certificate(unordered));
}

TEST(Certificate, IsGoodOnlyIfEveryVoteIs) {
    EXPECT_TRUE(verify_votes(certificate(), all_keys()));
    Certificate forged = certificate();
    forged.votes[4][10] ^= 1;
    EXPECT_EQ(verify_votes(forged, all_keys()).error().code, Errc::forbidden);
    Certificate stranger = certificate();
    stranger.votes[9] = stranger.votes[4];
    EXPECT_EQ(verify_votes(stranger, all_keys()).error().code, Errc::forbidden);
    Certificate moved = certificate();
    moved.ballot.head.index = 10;
    EXPECT_FALSE(verify_votes(moved, all_keys()));
}

TEST(Certificate, NeedsAQuorumOfTheConfiguration) {
    EXPECT_TRUE(has_quorum(certificate(), simple_configuration({1, 2, 3, 4})));
    EXPECT_FALSE(has_quorum(certificate(), simple_configuration({1, 2, 3, 5})));
}

TEST(VerifySignatures, LooksAtVotesCertificatesAndNoOps) {
    const auto message = [](Body body) {
        return Message{.network = {}, .epoch = 1, .term = 5, .body = std::move(body)};
    };
    Certificate forged = certificate();
    forged.votes[1][0] ^= 1;
    SignedVote forged_vote = vote_of(1);
    forged_vote.voter = 2;
    const auto no_op = [](const Certificate& certificate) {
        Append append;
        const auto payload = std::make_shared<const Bytes>(encode_certificate(certificate));
        append.entries.push_back({{5, 10}, EntryKind::no_op, payload, {}});
        return append;
    };
    Append with;
    with.certificate = forged;
    Heartbeat beat;
    beat.certificate = forged;

    EXPECT_TRUE(verify_signatures(message(VoteReply{vote_of(1)}), all_keys()));
    EXPECT_TRUE(verify_signatures(message(VoteReply{}), all_keys()));
    EXPECT_TRUE(verify_signatures(message(no_op(certificate())), all_keys()));
    EXPECT_FALSE(verify_signatures(message(VoteReply{forged_vote}), all_keys()));
    EXPECT_FALSE(verify_signatures(message(no_op(forged)), all_keys()));
    EXPECT_FALSE(verify_signatures(message(with), all_keys()));
    EXPECT_FALSE(verify_signatures(message(beat), all_keys()));
}

}  // namespace
}  // namespace chancery::raft

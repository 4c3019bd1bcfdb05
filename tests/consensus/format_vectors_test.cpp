// What consensus writes and reads, byte for byte as a program made it that knows PROTOCOL.md alone.
#include "tests/support/format_vectors.h"

#include "consensus/raft/certificate.h"
#include "consensus/raft/configuration.h"
#include "consensus/registry/block.h"

namespace chancery {
namespace {

using test::bytes_at;
using test::expect_only_whole;
using test::format_cases;
using test::hash_at;
using test::number_at;
using test::text_at;

registry::ItemType item_type(const json::Value& item) {
    return static_cast<registry::ItemType>(number_at(item, "type"));
}

TEST(FormatVectors, BlocksAreTheBytesOfTheProtocol) {
    for (const json::Value& block : format_cases("block")) {
        SCOPED_TRACE(text_at(block, "name"));
        const json::Array& items = test::array_at(block, "items");
        registry::BlockWriter writer(number_at(block, "time"));
        for (const json::Value& item : items)
            writer.add(item_type(item), bytes_at(item, "bytes"));
        const Bytes bytes = writer.finish();
        EXPECT_EQ(to_hex(bytes), text_at(block, "bytes"));

        const auto parsed = registry::parse_block(bytes);
        ASSERT_TRUE(parsed) << parsed.error().detail;
        EXPECT_EQ(parsed->time, number_at(block, "time"));
        ASSERT_EQ(parsed->items.size(), items.size());
        for (std::size_t i = 0; i < items.size(); ++i) {
            EXPECT_EQ(parsed->items[i].type, item_type(items[i]));
            EXPECT_EQ(to_hex(parsed->items[i].bytes), text_at(items[i], "bytes"));
        }
        expect_only_whole(bytes, registry::parse_block);
    }
}

TEST(FormatVectors, TheJournalsChainIsThatOfTheProtocol) {
    for (const json::Value& entry : format_cases("chain")) {
        const raft::EntryId id{number_at(entry, "term"), number_at(entry, "index")};
        const auto kind = static_cast<raft::EntryKind>(number_at(entry, "kind"));
        const Hash chain =
            raft::chain_hash(hash_at(entry, "previous"), id, kind, bytes_at(entry, "payload"));
        EXPECT_EQ(to_hex(chain), text_at(entry, "chain")) << text_at(entry, "name");
    }
}

raft::Ballot ballot_of(const json::Value& holder) {
    const json::Value* ballot = holder.find("ballot");
    CHECK(ballot != nullptr);
    return {.network = hash_at(*ballot, "network"),
            .epoch = number_at<std::uint32_t>(*ballot, "epoch"),
            .term = number_at(*ballot, "term"),
            .candidate = number_at<raft::NodeId>(*ballot, "candidate"),
            .head = {number_at(*ballot, "head_term"), number_at(*ballot, "head_index")},
            .chain = hash_at(*ballot, "head_chain")};
}

raft::VoteSignature signature_of(const json::Value& vote) {
    raft::VoteSignature signature{};
    const Bytes bytes = bytes_at(vote, "signature");
    CHECK(bytes.size() == signature.size());
    std::ranges::copy(bytes, signature.begin());
    return signature;
}

raft::NodeKeys node_keys() {
    raft::NodeKeys keys;
    for (raft::NodeId node = 1; node <= 4; ++node)
        keys.emplace(node, keys::Ed25519Key::from_seed(test::node_seed(node)).public_key());
    return keys;
}

TEST(FormatVectors, VotesAreSignedOverTheBytesOfTheProtocol) {
    for (const json::Value& vote : format_cases("vote")) {
        SCOPED_TRACE(text_at(vote, "name"));
        const raft::SignedVote given{
            ballot_of(vote), number_at<raft::NodeId>(vote, "voter"), signature_of(vote)};
        const Bytes message = raft::vote_message(given.ballot);
        EXPECT_EQ(to_hex(message), text_at(vote, "message"));
        const auto key = keys::Ed25519Key::from_seed(test::node_seed(given.voter));
        EXPECT_EQ(key.sign(message), given.signature);
        EXPECT_TRUE(raft::verify_vote(given, node_keys()));
    }
}

TEST(FormatVectors, CertificatesAreTheBytesOfTheProtocol) {
    for (const json::Value& certificate : format_cases("certificate")) {
        SCOPED_TRACE(text_at(certificate, "name"));
        raft::Certificate given{.ballot = ballot_of(certificate), .votes = {}};
        for (const json::Value& vote : test::array_at(certificate, "votes"))
            given.votes[number_at<raft::NodeId>(vote, "voter")] = signature_of(vote);
        const Bytes bytes = raft::encode_certificate(given);
        EXPECT_EQ(to_hex(bytes), text_at(certificate, "bytes"));
        const auto decoded = raft::decode_certificate(bytes);
        ASSERT_TRUE(decoded) << decoded.error().detail;
        EXPECT_EQ(*decoded, given);
        EXPECT_TRUE(raft::verify_votes(*decoded, node_keys()));
        expect_only_whole(bytes, raft::decode_certificate);
    }
}

std::vector<raft::NodeId> nodes_at(const json::Value& configuration, std::string_view name) {
    std::vector<raft::NodeId> nodes;
    for (const json::Value& node : test::array_at(configuration, name))
        nodes.push_back(test::number_of<raft::NodeId>(node));
    return nodes;
}

TEST(FormatVectors, ConfigurationsAreTheBytesOfTheProtocol) {
    for (const json::Value& configuration : format_cases("configuration")) {
        SCOPED_TRACE(text_at(configuration, "name"));
        raft::Configuration given;
        given.voters = nodes_at(configuration, "voters");
        given.voters_outgoing = nodes_at(configuration, "voters_outgoing");
        given.learners = nodes_at(configuration, "learners");
        given.quorum = number_at<std::uint32_t>(configuration, "quorum");
        given.quorum_outgoing = number_at<std::uint32_t>(configuration, "quorum_outgoing");
        const Bytes bytes = raft::encode_configuration(given);
        EXPECT_EQ(to_hex(bytes), text_at(configuration, "bytes"));
        const auto decoded = raft::decode_configuration(bytes);
        ASSERT_TRUE(decoded) << decoded.error().detail;
        EXPECT_EQ(*decoded, given);
        expect_only_whole(bytes, raft::decode_configuration);
    }
}

}  // namespace
}  // namespace chancery

// What members said that cannot both be true: noticed, judged beside the own log, kept as files.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "crypto/merkle/node_hash.h"
#include "node/evidence_keeper.h"
#include "tests/support/memory_disk.h"
#include "tests/support/test_network.h"

namespace chancery::node {
namespace {

using test::commitment_of;
using test::ed25519_key;
using test::slug_of;

class Evidence4 : public testing::Test {
protected:
    const ledger::Genesis genesis = test::test_genesis(4);
    const std::shared_ptr<const ledger::Members> members =
        std::make_shared<const ledger::Members>(ledger::members_from(genesis));
    std::vector<Hash> leaves;

    Evidence4() {
        for (std::uint64_t i = 0; i < 40; ++i)
            leaves.push_back(commitment_of(i));
    }

    merkle::TreeHead head(std::uint64_t size) const {
        return {size, merkle::root_of(std::span(leaves).first(static_cast<std::size_t>(size)))};
    }
    static merkle::TreeHead other_head(std::uint64_t size, std::uint64_t which = 0) {
        return {size, commitment_of(1'000 + which)};
    }
    std::string note_over(const merkle::TreeHead& head,
                          const std::vector<raft::NodeId>& signers) const {
        note::SignedNote note{note::checkpoint_text({genesis.origin, head}), {}};
        for (const raft::NodeId signer : signers) {
            const std::string slug = slug_of(signer);
            note.signatures.push_back(note::cosign(note.text,
                                                   genesis.origin + "/" + slug,
                                                   1'767'225'600,
                                                   ed25519_key(slug, "cosigner")));
        }
        return note::to_text(note);
    }
    // An honest node's log of `size` entries, sealed by `signers`.
    OwnLog own(std::uint64_t size, const std::vector<raft::NodeId>& signers) const {
        const auto beginning = [this](std::uint64_t from, std::uint64_t to) {
            std::vector<Hash> path;
            for (const merkle::Range& range : merkle::consistency_ranges(from, to)) {
                path.push_back(merkle::root_of(
                    std::span(leaves).subspan(static_cast<std::size_t>(range.begin),
                                              static_cast<std::size_t>(range.end - range.begin))));
            }
            return Result<credential::ForkEvidence::Beginning>({head(from).root, std::move(path)});
        };
        return {members, {note_over(head(size), signers)}, beginning};
    }
    raft::SignedVote vote(raft::NodeId voter, raft::Term term, raft::NodeId candidate) const {
        raft::SignedVote vote;
        vote.ballot.network = ledger::network_id(genesis);
        vote.ballot.term = term;
        vote.ballot.candidate = candidate;
        vote.voter = voter;
        vote.signature = ed25519_key(slug_of(voter), "node").sign(raft::vote_message(vote.ballot));
        return vote;
    }
};

using AFork = Evidence4;

TEST_F(AFork, OfOneSizeNamesWhoSignedBoth) {
    ForkFinder finder;
    const auto found = finder.heard(note_over(other_head(20), {4}), own(20, {1, 2, 4}));
    ASSERT_EQ(found.size(), 1U);
    ASSERT_EQ(found[0].guilty.size(), 1U);
    EXPECT_EQ(found[0].guilty[0].slug, "uni-d");
    EXPECT_TRUE(credential::check_fork_evidence(found[0].evidence, *members));
    EXPECT_FALSE(finder.is_waiting());
}

TEST_F(AFork, OfASmallerSizeIsProvenByThePathOfTheOwnTree) {
    ForkFinder finder;
    const auto found = finder.heard(note_over(other_head(13), {2, 4}), own(29, {1, 3, 4}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_TRUE(found[0].evidence.beginning);
    const auto proof = credential::check_fork_evidence(found[0].evidence, *members);
    ASSERT_TRUE(proof);
    ASSERT_EQ(proof->guilty.size(), 1U);
    EXPECT_EQ(proof->guilty[0].slug, "uni-d");
}

TEST_F(AFork, OfALargerSizeWaitsUntilTheOwnLogReachesIt) {
    ForkFinder finder;
    EXPECT_TRUE(finder.heard(note_over(other_head(30), {4}), own(20, {1, 2, 4})).empty());
    EXPECT_TRUE(finder.is_waiting());
    EXPECT_TRUE(finder.look_again(own(25, {1, 2, 4})).empty());
    EXPECT_EQ(finder.look_again(own(33, {1, 2, 4})).size(), 1U);
    EXPECT_FALSE(finder.is_waiting());
}

TEST_F(AFork, WaitsForACosignatureOfTheSameKeyOverTheOwnHistory) {
    ForkFinder finder;
    EXPECT_TRUE(finder.heard(note_over(other_head(20), {4}), own(20, {1, 2, 3})).empty());
    EXPECT_TRUE(finder.look_again(own(24, {1, 2, 3})).empty());
    const auto found = finder.look_again(own(26, {2, 3, 4}));
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].guilty[0].slug, "uni-d");
}

TEST_F(AFork, IsNoneForTheSameHistoryASmallerSealOrAnotherLog) {
    ForkFinder finder;
    EXPECT_TRUE(finder.heard(note_over(head(20), {4}), own(20, {1, 2, 4})).empty());
    EXPECT_TRUE(finder.heard(note_over(head(7), {1, 2, 4}), own(20, {1, 2, 4})).empty());
    EXPECT_TRUE(finder.heard("no note", own(20, {1, 2, 4})).empty());
    EXPECT_TRUE(finder.heard(note_over(other_head(20), {}), own(20, {1, 2, 4})).empty());
    EXPECT_FALSE(finder.is_waiting());
    EXPECT_TRUE(finder.heard(note_over(head(30), {4}), own(20, {1, 2, 4})).empty());
    EXPECT_TRUE(finder.look_again(own(31, {1, 2, 4})).empty());
    EXPECT_FALSE(finder.is_waiting());
}

TEST_F(AFork, WithABadLineBlamesNobody) {
    ForkFinder finder;
    std::string forged = note_over(other_head(20), {1});
    auto parsed = note::parse_note(forged);
    ASSERT_TRUE(parsed);
    parsed->signatures[0].signature.back() ^= 1;
    EXPECT_TRUE(finder.heard(note::to_text(*parsed), own(20, {1, 2, 3})).empty());
    EXPECT_FALSE(finder.is_waiting());
}

TEST_F(AFork, OfOneKeyIsFoundAFewTimesAndNotForEver) {
    ForkFinder finder;
    std::size_t found = 0;
    for (std::uint64_t which = 0; which < 20; ++which)
        found += finder.heard(note_over(other_head(20, which), {4}), own(20, {1, 2, 4})).size();
    EXPECT_EQ(found, ForkFinder::forks_of_a_key_max);
    EXPECT_EQ(finder.heard(note_over(other_head(20), {3}), own(20, {1, 2, 3})).size(), 1U);
}

using Noticing = Evidence4;

TEST_F(Noticing, TwoVotesOfOneTermAreToldOnce) {
    Contradictions contradictions;
    contradictions.heard_vote(vote(4, 7, 1));
    contradictions.heard_vote(vote(4, 7, 1));
    contradictions.heard_vote(vote(4, 6, 2));
    contradictions.heard_vote(vote(3, 7, 2));
    EXPECT_TRUE(contradictions.take().empty());
    contradictions.heard_vote(vote(4, 7, 2));
    contradictions.heard_vote(vote(4, 7, 3));
    EXPECT_EQ(contradictions.take().size(), 1U);
}

TEST_F(Noticing, APeersNotesAreTakenAFewTimesASecond) {
    Contradictions contradictions;
    for (ledger::TimeMs ms = 0; ms < 1'000; ms += 10)
        contradictions.heard_note(4, "note", 1'000'000 + ms);
    contradictions.heard_note(3, "note", 1'000'000);
    EXPECT_EQ(contradictions.take().size(), 5U);
    contradictions.heard_note(4, "note", 5);  // A clock set back.
    EXPECT_EQ(contradictions.take().size(), 1U);
}

TEST_F(Noticing, WhatThePeersJournalContradictsIsToldOnceForEachPlaceAndHasALimit) {
    Contradictions contradictions;
    raft::Evidence evidence;
    evidence.from = 4;
    for (raft::Term term = 1; term < 1'000; ++term) {
        evidence.term = term;
        contradictions.heard(evidence);
        contradictions.heard(evidence);
    }
    EXPECT_EQ(contradictions.take().size(), Contradictions::told_max);
}

class Keeping : public Evidence4 {
protected:
    test::MemoryDisk disk;
    Diary diary{true, Level::error};
    Metrics metrics{"test"};
    int alarms = 0;

    EvidenceKeeper keeper() {
        return EvidenceKeeper({disk, genesis, diary, metrics, [this] { ++alarms; }});
    }
    std::string read(const std::string& path) {
        auto file = disk.open(path, storage::Disk::Open::existing);
        EXPECT_TRUE(file);
        const auto bytes = (*file)->read_at(0, static_cast<std::size_t>(*(*file)->size()));
        EXPECT_TRUE(bytes);
        return std::string(chancery::text_of(*bytes));
    }
};

TEST_F(Keeping, AForkIsOneFileThatAnybodyCanCheck) {
    EvidenceKeeper keeping = keeper();
    keeping.look(ForeignNote{4, note_over(other_head(20), {4})}, own(20, {1, 2, 4}));
    const auto names = disk.list("evidence");
    ASSERT_TRUE(names);
    ASSERT_EQ(names->size(), 1U);
    EXPECT_TRUE(names->front().starts_with("fork-"));
    EXPECT_EQ(keeping.count(), 1U);
    EXPECT_EQ(alarms, 1);
    EXPECT_NE(metrics.text().find("chancery_evidence_files 1"), std::string::npos);
    const auto parsed = credential::parse_fork_evidence(read("evidence/" + names->front()));
    ASSERT_TRUE(parsed);
    const auto proof = credential::check_fork_evidence(*parsed, *members);
    ASSERT_TRUE(proof);
    EXPECT_EQ(proof->guilty.size(), 1U);
    EXPECT_EQ(proof->guilty[0].slug, "uni-d");
    // Another life knows that it is there.
    EXPECT_EQ(keeper().count(), 1U);
}

TEST_F(Keeping, TwoVotesAreWrittenWithTheirSignatures) {
    EvidenceKeeper keeping = keeper();
    keeping.look(TwoVotes{vote(4, 7, 1), vote(4, 7, 2)}, own(20, {1, 2, 3}));
    const auto document = json::parse(read("evidence/contradiction-two-votes-uni-d-7-0.json"));
    ASSERT_TRUE(document);
    EXPECT_EQ(*document->find("format")->as_string(), "chancery-contradiction/v1");
    EXPECT_EQ(*document->find("by")->as_string(), "uni-d");
    for (const json::Value& said : *document->find("statements")->as_array()) {
        const auto message = from_hex(*said.find("message")->as_string());
        const auto signature = from_hex(*said.find("signature")->as_string());
        ASSERT_TRUE(message && signature);
        EXPECT_TRUE(genesis.members[3].node_key.verifies(*message, *signature));
    }
}

TEST_F(Keeping, AMembersContradictionsHaveALimitAndAreNotWrittenTwice) {
    EvidenceKeeper keeping = keeper();
    for (raft::Term term = 1; term < 100; ++term) {
        keeping.look(TwoVotes{vote(4, term, 1), vote(4, term, 2)}, own(20, {1, 2, 3}));
        keeping.look(TwoVotes{vote(4, term, 1), vote(4, term, 2)}, own(20, {1, 2, 3}));
    }
    EXPECT_LE(keeping.count(), EvidenceKeeper::contradictions_of_a_member_max);
    EXPECT_GT(keeping.count(), 0U);
}

TEST_F(Keeping, ADiskThatFailsStopsNothingAndTheNextIsKept) {
    EvidenceKeeper keeping = keeper();
    for (std::uint64_t which = 0; which < 8; ++which) {
        disk.fail_once_at(disk.operation_count() + which % 3);
        keeping.look(TwoVotes{vote(3, which + 1, 1), vote(3, which + 1, 2)}, own(20, {1, 2}));
    }
    disk.fail_once_at(test::MemoryDisk::never);
    keeping.look(ForeignNote{4, note_over(other_head(20), {4})}, own(20, {1, 2, 4}));
    EXPECT_GE(keeping.count(), 1U);
    EXPECT_EQ(alarms, 9);  // Whoever listens is told, kept or not.
    // Nothing half-written stands under a name.
    const auto names = disk.list("evidence");
    ASSERT_TRUE(names);
    for (const std::string& name : *names) {
        if (!name.ends_with(".json")) continue;
        EXPECT_TRUE(json::parse(read("evidence/" + name))) << name;
    }
}

}  // namespace
}  // namespace chancery::node

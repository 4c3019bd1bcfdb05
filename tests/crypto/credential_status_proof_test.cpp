#include <functional>

#include <gtest/gtest.h>

#include "crypto/credential/status_proof.h"
#include "tests/support/chancery_credentials.h"
#include "tests/support/small_network.h"

namespace chancery::credential {
namespace {

using ledger::CredentialStatus;
using test::chancery_document;
using test::chancery_status;
using test::filled_hash;
using test::SmallNetwork;
using test::value_at;

TEST(StatusProof, OfEachVectorIsReadWrittenBackAndHolds) {
    for (std::size_t i = 0; i < 3; ++i) {
        const json::Value& vector = *chancery_document(i).find("status_proof");
        const Result<StatusProof> proof = parse_status_proof(json::canonical(vector));
        ASSERT_TRUE(proof) << proof.error().detail;
        EXPECT_EQ(json::canonical(to_json(*proof)), json::canonical(vector));
        EXPECT_EQ(to_text(*proof), json::canonical(vector));
        json::Value shared = vector;
        shared.erase("checkpoint");
        shared.erase("format");
        json::CanonicalWriter out;
        write_shared(*proof, out);
        EXPECT_EQ(out.take(), json::canonical(shared));
        const Result<ProvenStatus> proven = check_status_proof(*proof);
        ASSERT_TRUE(proven) << proven.error().detail;
        EXPECT_EQ(static_cast<std::int64_t>(proven->status),
                  *chancery_document(i).find("status")->as_integer());
        EXPECT_EQ(proven->change.has_value(), i == 0);
        EXPECT_EQ(to_hex(proven->credential.commitment),
                  test::text_at(chancery_document(i), "commitment"));
    }
    EXPECT_EQ(check_status_proof(chancery_status(0))->change->reason,
              ledger::Reason::issued_in_error);
}

TEST(StatusProof, IsRefusedInAnyOtherForm) {
    const json::Value good = *chancery_document(0).find("status_proof");
    const auto is_accepted = [&good](const std::function<void(json::Value&)>& change) {
        json::Value value = good;
        change(value);
        return status_proof_from(value).has_value();
    };
    EXPECT_TRUE(is_accepted([](json::Value&) {}));
    for (const std::vector<std::string_view>& path : std::vector<std::vector<std::string_view>>{
             {}, {"state"}, {"credential"}, {"chunk"}, {"change"}}) {
        json::Value copy = good;
        const json::Object names = *value_at(copy, path).as_object();
        for (const json::Member& member : names) {
            EXPECT_FALSE(
                is_accepted([&](json::Value& v) { value_at(v, path).erase(member.name); }));
            EXPECT_FALSE(
                is_accepted([&](json::Value& v) { value_at(v, path).set(member.name, true); }));
        }
        EXPECT_FALSE(is_accepted([&](json::Value& v) { value_at(v, path).set("surplus", 1); }));
    }
    EXPECT_FALSE(is_accepted([](json::Value& v) { v.set("format", "chancery-status/v2"); }));
    EXPECT_FALSE(is_accepted([](json::Value& v) { value_at(v, {"credential"}).set("index", -1); }));
    EXPECT_FALSE(is_accepted([](json::Value& v) { value_at(v, {"chunk"}).set("bytes", "AAAA"); }));
    EXPECT_FALSE(is_accepted([](json::Value& v) { value_at(v, {"state"}).set("entry", "A"); }));
    EXPECT_FALSE(is_accepted([](json::Value& v) {
        value_at(v, {"state", "path", "0"}) = std::string(64, 'A');
    }));
    EXPECT_FALSE(is_accepted([](json::Value& v) { value_at(v, {"state", "path", "0"}) = 1; }));
    EXPECT_FALSE(is_accepted([](json::Value& v) {
        value_at(v, {"chunk"}).set("path", json::Array(64, std::string(64, '0')));
    }));
    EXPECT_FALSE(parse_status_proof(std::string(status_proof_bytes_max + 1, ' ')));
    EXPECT_FALSE(parse_status_proof("[]"));
}

// Three credentials of member 1 and one of member 2; one of each status.
struct World {
    World() : network(4) {
        for (std::uint8_t i = 0; i < 4; ++i)
            network.register_credential(i == 3 ? 2 : 1, filled_hash(i));
        network.end_block();
        network.change_status(0, CredentialStatus::suspended);
        network.change_status(1, CredentialStatus::revoked);
        network.change_status(2, CredentialStatus::superseded);
        network.end_block();
    }
    SmallNetwork network;
};

std::string refusal(const StatusProof& proof) {
    const Result<ProvenStatus> proven = check_status_proof(proof);
    if (proven) return "accepted";
    EXPECT_EQ(proven.error().code, Errc::invalid);
    return proven.error().detail;
}

TEST(StatusProof, TellsEachStatus) {
    const World world;
    const std::vector<CredentialStatus> expected = {CredentialStatus::suspended,
                                                    CredentialStatus::revoked,
                                                    CredentialStatus::superseded,
                                                    CredentialStatus::good};
    for (ledger::Position position = 0; position < 4; ++position) {
        const Result<ProvenStatus> proven =
            check_status_proof(world.network.status_proof(position));
        ASSERT_TRUE(proven) << proven.error().detail;
        EXPECT_EQ(proven->status, expected[position]);
    }
}

TEST(StatusProof, IsRefusedWhenPartsComeFromAnother) {
    const World world;
    for (ledger::Position mine = 0; mine < 4; ++mine) {
        const StatusProof good = world.network.status_proof(mine);
        for (ledger::Position other = 0; other < 4; ++other) {
            if (other == mine) continue;
            const StatusProof theirs = world.network.status_proof(other);
            StatusProof mixed = good;
            mixed.credential = theirs.credential;
            EXPECT_NE(refusal(mixed), "accepted");
            mixed = good;
            mixed.change = theirs.change;
            EXPECT_NE(refusal(mixed), "accepted");
            mixed = good;
            mixed.credential.index = other;
            EXPECT_NE(refusal(mixed), "accepted");
            mixed = good;
            mixed.credential.entry = theirs.credential.entry;
            EXPECT_NE(refusal(mixed), "accepted");
        }
    }
}

TEST(StatusProof, IsRefusedWithTheStateOrChunkOfAnOlderSize) {
    World world;
    const StatusProof older = world.network.status_proof(3);
    world.network.change_status(3, CredentialStatus::revoked);
    world.network.end_block();
    const StatusProof newer = world.network.status_proof(3);
    EXPECT_EQ(check_status_proof(older)->status, CredentialStatus::good);
    EXPECT_EQ(check_status_proof(newer)->status, CredentialStatus::revoked);

    StatusProof mixed = newer;
    mixed.chunk = older.chunk;
    EXPECT_EQ(refusal(mixed), "status chunk does not lead to the state entry's status root");
    mixed.change.reset();
    EXPECT_NE(refusal(mixed), "accepted");
    mixed = newer;
    mixed.state_entry = older.state_entry;
    EXPECT_EQ(refusal(mixed), "state entry counts 8 entries, want 10");
    mixed = newer;
    mixed.state_entry = older.state_entry;
    mixed.state_path = world.network.entry_proof(8).path;
    mixed.chunk = older.chunk;
    mixed.change.reset();
    EXPECT_NE(refusal(mixed), "accepted");
    mixed = older;
    mixed.checkpoint = newer.checkpoint;
    EXPECT_NE(refusal(mixed), "accepted");
    mixed = newer;
    mixed.change.reset();
    EXPECT_EQ(refusal(mixed), "status is not good but has no change");
    mixed = older;
    mixed.change = older.credential;
    EXPECT_EQ(refusal(mixed), "status is good but has a change, want null");
}

TEST(StatusProof, IsRefusedWhenAnotherKindStandsInAnEntrysPlace) {
    const World world;
    const StatusProof good = world.network.status_proof(1);
    StatusProof mixed = good;
    mixed.credential = world.network.entry_proof(6);  // The kind-3 entry that revoked it.
    EXPECT_EQ(refusal(mixed), "credential entry is of another kind, want kind 2");
    mixed = good;
    mixed.change = world.network.entry_proof(3);  // A credential.
    EXPECT_NE(refusal(mixed), "accepted");
    mixed = good;
    mixed.change = world.network.entry_proof(8);  // The state entry itself.
    EXPECT_EQ(refusal(mixed), "change entry is at 8, want below 8");
    mixed = good;
    mixed.change = world.network.entry_proof(0);
    EXPECT_EQ(refusal(mixed), "change is at 0, want after the credential at 1");
    mixed = good;
    mixed.state_entry = world.network.entries.at(7);
    EXPECT_EQ(refusal(mixed), "last entry is of another kind, want a state entry");
    mixed = good;
    mixed.credential.index = 8;
    EXPECT_EQ(refusal(mixed), "credential entry is at 8, want below 8");
}

TEST(StatusProof, TakesAChangeOfThisMemberPositionCommitmentAndStatusAlone) {
    const auto refusal_of = [](const std::function<void(ledger::StatusEntry&)>& edit) {
        SmallNetwork network(4);
        const ledger::Position position = network.register_credential(1, filled_hash(1));
        ledger::StatusEntry change{.member = 1,
                                   .time = 1,
                                   .position = position,
                                   .commitment = filled_hash(1),
                                   .previous = ledger::no_position,
                                   .status = CredentialStatus::revoked,
                                   .reason = ledger::Reason::unspecified,
                                   .successor = ledger::no_position};
        edit(change);
        network.statuses[position] = 2;
        network.changes[position] = network.append(change);
        network.end_block();
        return refusal(network.status_proof(position));
    };
    EXPECT_EQ(refusal_of([](ledger::StatusEntry&) {}), "accepted");
    EXPECT_NE(refusal_of([](ledger::StatusEntry& c) { c.member = 2; }), "accepted");
    EXPECT_NE(refusal_of([](ledger::StatusEntry& c) { c.position = 9; }), "accepted");
    EXPECT_NE(refusal_of([](ledger::StatusEntry& c) { c.commitment = filled_hash(2); }),
              "accepted");
    EXPECT_NE(refusal_of([](ledger::StatusEntry& c) { c.status = CredentialStatus::suspended; }),
              "accepted");
}

TEST(StatusProof, TakesAnActThatRevokedButNoneThatSuspended) {
    for (const std::uint8_t status : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}}) {
        SmallNetwork network(4);
        const ledger::Position position = network.register_credential(1, filled_hash(1));
        network.statuses[position] = status;
        network.changes[position] =
            network.append(ledger::GovernanceEntry{.time = 1, .signature = {}, .act = {'{', '}'}});
        network.end_block();
        EXPECT_EQ(refusal(network.status_proof(position)) == "accepted", status == 2);
    }
}

// The chunk's number and the tree's size are derived: the neighbour's chunk proves nothing.
TEST(StatusProof, IsRefusedWithTheChunkOfOtherPositions) {
    SmallNetwork network(4);
    for (std::uint64_t i = 0; i < 600; ++i) {
        Hash commitment{};
        commitment[0] = static_cast<std::uint8_t>(i);
        commitment[1] = static_cast<std::uint8_t>(i >> 8);
        network.register_credential(1, commitment);
    }
    network.change_status(300, CredentialStatus::revoked);
    network.end_block();
    for (const ledger::Position position : {44U, 300U, 556U})
        EXPECT_EQ(refusal(network.status_proof(position)), "accepted");
    const StatusProof clean = network.status_proof(44);
    StatusProof mixed = network.status_proof(300);
    mixed.chunk = clean.chunk;
    mixed.change.reset();
    EXPECT_NE(refusal(mixed), "accepted");
    mixed.chunk_path = clean.chunk_path;
    EXPECT_NE(refusal(mixed), "accepted");
    mixed.chunk_path.pop_back();
    EXPECT_NE(refusal(mixed), "accepted");
    mixed.chunk_path.assign(63, filled_hash(0));
    EXPECT_NE(refusal(mixed), "accepted");
}

TEST(StatusProof, NeedsASizeOfAtLeastTwo) {
    SmallNetwork network(1);
    network.end_block();
    StatusProof proof;
    proof.checkpoint = network.checkpoint(1);
    proof.state_entry = network.entries.back();
    proof.credential = network.entry_proof(0);
    EXPECT_EQ(refusal(proof), "checkpoint has size 1, want at least 2");
    SmallNetwork nothing(1);
    proof.checkpoint = nothing.checkpoint(1);
    EXPECT_EQ(refusal(proof), "checkpoint has size 0, want at least 2");
    proof.checkpoint = "";
    EXPECT_NE(refusal(proof), "accepted");
}

}  // namespace
}  // namespace chancery::credential

#include <functional>

#include <gtest/gtest.h>

#include "crypto/credential/trust.h"
#include "tests/support/chancery_credentials.h"
#include "tests/support/small_network.h"

namespace chancery::credential {
namespace {

using ledger::KeyUse;
using test::filled_hash;
using test::SmallNetwork;

note::SignedCheckpoint parsed(const std::string& checkpoint) {
    return note::parse_checkpoint(checkpoint).value();
}

bool is_sealed(const Trust& trust, const std::string& checkpoint) {
    const auto seal = trust.seal(parsed(checkpoint));
    return seal && seal->has_value();
}

// The network's member `index` gets a new cosigner key from `from` on.
void rotate_cosigner(SmallNetwork& network, std::size_t index, ledger::Position from) {
    auto& keys = network.members.members[index].keys;
    const auto old = std::ranges::find(keys, KeyUse::cosigner, &ledger::KeyRecord::use);
    old->in_force.until = from;
    const keys::Ed25519Key key = test::ed25519_key(static_cast<std::uint8_t>(230 + index));
    keys.insert(old + 1,
                {.use = KeyUse::cosigner,
                 .number = 2,
                 .key = key.public_key(),
                 .in_force = {.from = from, .until = std::nullopt}});
}

void use_rotated_key(SmallNetwork& network, std::size_t index) {
    network.cosigners[index].second = test::ed25519_key(static_cast<std::uint8_t>(230 + index));
}

TEST(Trust, StartsAtAPinnedGenesisThatEveryMemberSigned) {
    const SmallNetwork network(4);
    const TrustFile file{.genesis = network.genesis, .steps = {}};
    const Hash id = ledger::network_id(network.genesis);
    const Result<Trust> trust = Trust::from_file(file, id);
    ASSERT_TRUE(trust) << trust.error().detail;
    EXPECT_EQ(trust->newest(), network.members);
    EXPECT_EQ(trust->known_size(), 0U);

    const Result<Trust> other = Trust::from_file(file, filled_hash(1));
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, Errc::forbidden);
    EXPECT_EQ(other.error().detail,
              "network is " + to_hex(id) + ", want " + to_hex(filled_hash(1)));

    TrustFile is_not_signed = file;
    is_not_signed.genesis.signatures.begin()->second[0] ^= 1;
    EXPECT_EQ(Trust::from_file(is_not_signed, id).error().code, Errc::forbidden);
}

TEST(Trust, SealsAtQuorumAndNotBelow) {
    SmallNetwork network(4);
    network.end_block();
    const Trust trust = Trust::from_members(network.members);
    EXPECT_FALSE(is_sealed(trust, network.checkpoint(2)));
    EXPECT_TRUE(is_sealed(trust, network.checkpoint(3)));
    EXPECT_TRUE(is_sealed(trust, network.checkpoint(4)));
    const SmallNetwork empty(4);
    EXPECT_TRUE(is_sealed(trust, empty.checkpoint(3)));
}

TEST(Trust, CannotTellOfAnotherOrigin) {
    SmallNetwork network(4, "log.example/other");
    network.end_block();
    const SmallNetwork known(4);
    const auto seal = Trust::from_members(known.members).seal(parsed(network.checkpoint(4)));
    ASSERT_TRUE(seal);
    EXPECT_FALSE(seal->has_value());
}

TEST(Trust, RefusesTheVectorWithTooFewCosignatures) {
    const Trust trust = test::chancery_trust();
    EXPECT_TRUE(is_sealed(trust, *test::chancery_vector("checkpoint").as_string()));
    EXPECT_FALSE(is_sealed(trust, *test::chancery_vector("unsealed_checkpoint").as_string()));
}

// Position 4 is the state entry of the block that gives member 1 a new cosigner key.
struct Rotation {
    Rotation() : network(4), before(network.members) {
        for (std::uint8_t i = 0; i < 4; ++i)
            network.register_credential(1, filled_hash(i));
        rotate_cosigner(network, 0, 5);
        network.end_block();
    }
    SmallNetwork network;
    ledger::Members before;
};

TEST(Trust, FollowsAStepToTheNextObject) {
    Rotation rotation;
    Trust trust = Trust::from_members(rotation.before);
    use_rotated_key(rotation.network, 0);
    TrustStep step = rotation.network.trust_step();
    const Result<void> accepted = trust.accept(step);
    ASSERT_TRUE(accepted) << accepted.error().detail;
    EXPECT_EQ(trust.newest(), rotation.network.members);
    EXPECT_TRUE(trust.knows(ledger::members_hash(rotation.before)));
    EXPECT_TRUE(trust.knows(ledger::members_hash(rotation.network.members)));
    EXPECT_FALSE(trust.knows(filled_hash(0)));
    EXPECT_EQ(trust.known_size(), 5U);

    // Of the same size again: the newest checkpoint never goes back.
    EXPECT_EQ(trust.accept(step).error().code, Errc::forbidden);
}

TEST(Trust, JudgesEachSizeByTheMembersOfItsTime) {
    Rotation rotation;
    SmallNetwork& network = rotation.network;
    Trust trust = Trust::from_members(rotation.before);
    SmallNetwork old_keys = network;
    use_rotated_key(network, 0);
    ASSERT_TRUE(trust.accept(network.trust_step()));

    // m1's old key counts before the change and at it, the new one after it.
    SmallNetwork older(4);
    older.end_block();
    EXPECT_TRUE(is_sealed(trust, older.checkpoint(3)));
    use_rotated_key(older, 0);
    EXPECT_FALSE(is_sealed(trust, older.checkpoint(3)));

    network.end_block();
    EXPECT_TRUE(is_sealed(trust, network.checkpoint(3)));
    old_keys.end_block();
    EXPECT_FALSE(is_sealed(trust, old_keys.checkpoint(3)));
    EXPECT_TRUE(is_sealed(trust, old_keys.checkpoint(4)));  // Three others are a quorum.
}

TEST(Trust, WantsTheSealOfBothAtTheChange) {
    Rotation rotation;
    SmallNetwork& network = rotation.network;
    rotate_cosigner(network, 1, 5);
    network.entries.pop_back();
    network.leaves.pop_back();
    network.end_block();  // Two of four rotate: the others alone are no quorum.
    const std::string by_old = network.checkpoint(4);
    use_rotated_key(network, 0);
    use_rotated_key(network, 1);
    const std::string by_new = network.checkpoint(4);
    note::SignedNote both = note::parse_note(by_old).value();
    const note::SignedNote second = note::parse_note(by_new).value();
    both.signatures.insert(
        both.signatures.end(), second.signatures.begin(), second.signatures.begin() + 2);

    TrustStep step = network.trust_step();
    const auto code_with = [&](const std::string& checkpoint) {
        Trust trust = Trust::from_members(rotation.before);
        step.checkpoint = checkpoint;
        const Result<void> accepted = trust.accept(step);
        return accepted ? std::optional<Errc>() : accepted.error().code;
    };
    EXPECT_EQ(code_with(by_old), Errc::forbidden);
    EXPECT_EQ(code_with(by_new), Errc::forbidden);
    EXPECT_EQ(code_with(note::to_text(both)), std::nullopt);

    Trust trust = Trust::from_members(rotation.before);
    step.checkpoint = note::to_text(both);
    ASSERT_TRUE(trust.accept(step));
    EXPECT_FALSE(is_sealed(trust, by_old));
    EXPECT_FALSE(is_sealed(trust, by_new));
    EXPECT_TRUE(is_sealed(trust, note::to_text(both)));
}

TEST(Trust, RefusesAStepThatDoesNotFollow) {
    Rotation rotation;
    use_rotated_key(rotation.network, 0);
    const TrustStep good = rotation.network.trust_step();
    const auto refusal = [&](const std::function<void(TrustStep&)>& change) -> std::string {
        Trust trust = Trust::from_members(rotation.before);
        TrustStep step = good;
        change(step);
        const Result<void> accepted = trust.accept(step);
        if (accepted) return "accepted";
        EXPECT_EQ(trust.newest(), rotation.before);
        return accepted.error().detail;
    };
    EXPECT_EQ(refusal([](TrustStep&) {}), "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.members.quorum = 4; }), "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.members.members[0].name = "Evil"; }), "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.members.network = {}; }), "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.members.epoch = 2; }), "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.state_path.pop_back(); }), "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.state_entry.back() ^= 1; }), "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.checkpoint = "x"; }), "accepted");
    EXPECT_NE(refusal([&](TrustStep& s) { s.checkpoint = rotation.network.checkpoint(2); }),
              "accepted");
    EXPECT_NE(refusal([](TrustStep& s) {
                  const std::size_t name = s.checkpoint.find("small");
                  s.checkpoint.replace(name, 5, "smell");
              }),
              "accepted");
    EXPECT_NE(refusal([](TrustStep& s) {
                  s.checkpoint[s.checkpoint.size() - 5] ^= 1;  // In m4's signature.
              }),
              "accepted");
    EXPECT_NE(refusal([](TrustStep& s) { s.checkpoint = SmallNetwork(4).checkpoint(4); }),
              "accepted");
}

TEST(Trust, KnowsOfAPinnedObjectWhatItsRangesTell) {
    Rotation rotation;
    SmallNetwork& network = rotation.network;
    const Trust trust = Trust::from_members(network.members);
    EXPECT_EQ(trust.known_size(), 5U);
    SmallNetwork older(4);
    older.end_block();
    EXPECT_TRUE(is_sealed(trust, older.checkpoint(3)));
    EXPECT_FALSE(is_sealed(trust, older.checkpoint(2)));
}

TEST(Trust, AsksOfAnOldSizeNoLessThanItsMembersMayHaveChosen) {
    // Seven members once, three of them today: two cosignatures sealed nothing then.
    SmallNetwork network(7);
    network.end_block();
    ledger::Members today = network.members;
    today.quorum = 2;
    for (std::size_t i = 3; i < 7; ++i) {
        for (ledger::KeyRecord& record : today.members[i].keys)
            record.in_force.until = 100;
    }
    const Trust trust = Trust::from_members(today);
    EXPECT_FALSE(is_sealed(trust, network.checkpoint(2)));
    EXPECT_FALSE(is_sealed(trust, network.checkpoint(4)));
    EXPECT_TRUE(is_sealed(trust, network.checkpoint(5)));
}

TEST(TrustFile, ComesBackAsItWasWrittenAndLeadsToToday) {
    Rotation rotation;
    use_rotated_key(rotation.network, 0);
    const TrustFile file{.genesis = rotation.network.genesis,
                         .steps = {rotation.network.trust_step()}};
    const std::string text = json::canonical(to_json(file));
    const Result<TrustFile> read = parse_trust_file(text);
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(json::canonical(to_json(*read)), text);
    const Result<Trust> trust =
        Trust::from_file(*read, ledger::network_id(rotation.network.genesis));
    ASSERT_TRUE(trust) << trust.error().detail;
    EXPECT_EQ(trust->newest(), rotation.network.members);

    TrustFile broken = *read;
    broken.steps[0].checkpoint = rotation.network.checkpoint(1);
    const Result<Trust> refused =
        Trust::from_file(broken, ledger::network_id(rotation.network.genesis));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::forbidden);
    EXPECT_EQ(refused.error().detail.find("step 0: "), 0U);
}

TEST(TrustFile, IsRefusedInAnyOtherForm) {
    Rotation rotation;
    const json::Value good = to_json(
        TrustFile{.genesis = rotation.network.genesis, .steps = {rotation.network.trust_step()}});
    const auto is_accepted = [&good](const std::function<void(json::Value&)>& change) {
        json::Value value = good;
        change(value);
        return parse_trust_file(json::canonical(value)).has_value();
    };
    EXPECT_TRUE(is_accepted([](json::Value&) {}));
    for (const std::vector<std::string_view>& path :
         std::vector<std::vector<std::string_view>>{{}, {"steps", "0"}, {"steps", "0", "state"}}) {
        json::Value copy = good;
        const json::Object names = *test::value_at(copy, path).as_object();
        for (const json::Member& member : names) {
            EXPECT_FALSE(
                is_accepted([&](json::Value& v) { test::value_at(v, path).erase(member.name); }));
            EXPECT_FALSE(
                is_accepted([&](json::Value& v) { test::value_at(v, path).set(member.name, 1); }));
        }
        EXPECT_FALSE(is_accepted([&](json::Value& v) { test::value_at(v, path).set("acts", 1); }));
    }
    EXPECT_FALSE(is_accepted([](json::Value& v) { v.set("format", "chancery-trust/v2"); }));
    EXPECT_FALSE(parse_trust_file(std::string(trust_bytes_max + 1, ' ')));
}

}  // namespace
}  // namespace chancery::credential

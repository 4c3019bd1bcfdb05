#include "node/sealer.h"

#include <gtest/gtest.h>

#include "crypto/merkle/node_hash.h"

namespace chancery::node {
namespace {

Hash filled(std::uint8_t byte) {
    Hash hash{};
    hash.fill(byte);
    return hash;
}

keys::Ed25519Key cosigner_key(std::uint32_t member) {
    return keys::Ed25519Key::from_seed(filled(static_cast<std::uint8_t>(member)));
}

const char* const slugs[] = {"", "uni-a", "uni-b", "uni-c", "uni-d"};

// A network of `count` members that have cosigner keys and nothing else.
std::shared_ptr<const ledger::Members> network(std::uint32_t count) {
    auto members = std::make_shared<ledger::Members>();
    members->origin = "registry.example/test";
    members->quorum = ledger::quorum_min(count);
    for (std::uint32_t number = 1; number <= count; ++number) {
        ledger::Member member;
        member.number = number;
        member.slug = slugs[number];
        member.keys.push_back(
            {ledger::KeyUse::cosigner, 1, cosigner_key(number).public_key(), {0, std::nullopt}});
        members->members.push_back(member);
    }
    return members;
}

class Sealing4 : public testing::Test {
protected:
    static constexpr std::uint64_t now_s = 1'767'225'600;

    Sealer sealer(std::uint32_t member, const Sealer::Restored& restored = {}) {
        return Sealer({member, cosigner_key(member), keys::Ed25519Key::from_seed(filled(99))},
                      restored);
    }
    Sealing block(std::uint64_t height, std::uint64_t size, std::uint8_t root = 7) {
        return {height, height + 1, filled(1), {size, filled(root)}, members_};
    }
    note::SignatureLine line_of(std::uint32_t member, const Sealing& sealing) {
        const std::string text = note::checkpoint_text({members_->origin, sealing.head});
        return note::cosign(
            text, members_->origin + "/" + slugs[member], now_s, cosigner_key(member));
    }
    std::uint32_t cosigners_on(const std::string& checkpoint, std::uint64_t size) {
        const auto parsed = note::parse_checkpoint(checkpoint);
        EXPECT_TRUE(parsed);
        const auto seal =
            ledger::seal_of(parsed->note, ledger::cosigners_at(*members_, size), members_->quorum);
        EXPECT_TRUE(seal);
        return seal->members;
    }

    std::shared_ptr<const ledger::Members> members_ = network(4);
};

TEST_F(Sealing4, SignsOnlyAfterTheGuardsRecord) {
    Sealer uni_a = sealer(1);
    uni_a.begin(block(1, 5));
    EXPECT_FALSE(uni_a.take_effects().guard);  // Nobody agreed yet.

    uni_a.agreed();
    const auto asked = uni_a.take_effects();
    ASSERT_TRUE(asked.guard);
    EXPECT_EQ(asked.guard->size, 5U);
    EXPECT_EQ(asked.guard->origin, members_->origin);
    EXPECT_FALSE(asked.own_line);

    uni_a.guarded(now_s);
    EXPECT_TRUE(uni_a.take_effects().own_line);
}

// A node born again has the first block on its disk, and others seal the empty log first.
TEST_F(Sealing4, AsksForOneGuardsRecordAfterAnother) {
    Sealer uni_a = sealer(1);
    const Sealing empty = block(0, 0);
    uni_a.begin(empty);
    uni_a.agreed();
    ASSERT_TRUE(uni_a.take_effects().guard);
    for (const ledger::MemberNumber other : {2U, 3U, 4U})
        uni_a.cosignature(other, 0, line_of(other, empty));
    ASSERT_TRUE(uni_a.take_effects().sealed);

    uni_a.begin(block(1, 5));
    uni_a.agreed();
    EXPECT_FALSE(uni_a.take_effects().guard);
    uni_a.guarded(now_s);
    EXPECT_TRUE(uni_a.take_effects().own_line);  // Over the empty log.
    uni_a.agreed();
    const auto asked = uni_a.take_effects();
    ASSERT_TRUE(asked.guard);
    EXPECT_EQ(asked.guard->size, 5U);
}

TEST_F(Sealing4, SealsAtTheQuorumAndNotBefore) {
    Sealer uni_a = sealer(1);
    const Sealing sealing = block(1, 5);
    uni_a.begin(sealing);
    uni_a.agreed();
    uni_a.guarded(now_s);
    uni_a.cosignature(2, sealing.head.size, line_of(2, sealing));
    EXPECT_FALSE(uni_a.take_effects().sealed);

    uni_a.cosignature(3, sealing.head.size, line_of(3, sealing));
    const auto effects = uni_a.take_effects();
    ASSERT_TRUE(effects.sealed);
    EXPECT_EQ(cosigners_on(effects.sealed->checkpoint, 4), 3U);
    EXPECT_FALSE(uni_a.is_sealing());
}

TEST_F(Sealing4, CountsNeitherStrangersNorLinesOverAnotherRootNorOneMemberTwice) {
    Sealer uni_a = sealer(1);
    const Sealing sealing = block(1, 5);
    uni_a.begin(sealing);
    uni_a.agreed();
    uni_a.guarded(now_s);
    uni_a.cosignature(2, sealing.head.size, line_of(2, sealing));
    uni_a.cosignature(2, sealing.head.size, line_of(2, sealing));
    uni_a.cosignature(3, 5, line_of(3, block(1, 5, 8)));
    note::SignatureLine stranger = line_of(3, sealing);
    stranger.name = "registry.example/test/nobody";
    uni_a.cosignature(3, 5, stranger);
    note::SignatureLine broken = line_of(4, sealing);
    broken.signature.back() ^= 1;
    uni_a.cosignature(4, 5, broken);
    EXPECT_FALSE(uni_a.take_effects().sealed);
}

TEST_F(Sealing4, NeverSignsAnotherRootOfASizeThatItSigned) {
    Sealer::Restored restored;
    restored.cosigned = storage::CosignedRecord{1, 2, filled(1), members_->origin, 5, filled(7)};
    Sealer uni_a = sealer(1, restored);
    uni_a.begin(block(1, 5, 8));
    uni_a.agreed();
    const auto effects = uni_a.take_effects();
    EXPECT_TRUE(effects.alarm);
    EXPECT_FALSE(effects.guard);
}

TEST_F(Sealing4, NeverSignsASizeBelowTheLargestThatItSigned) {
    Sealer::Restored restored;
    restored.cosigned = storage::CosignedRecord{1, 2, filled(1), members_->origin, 6, filled(7)};
    Sealer uni_a = sealer(1, restored);
    uni_a.begin(block(1, 5));
    uni_a.agreed();
    EXPECT_TRUE(uni_a.take_effects().alarm);
}

TEST_F(Sealing4, SignsTheSameRootAgainAfterARestart) {
    Sealer::Restored restored;
    restored.cosigned = storage::CosignedRecord{1, 2, filled(1), members_->origin, 5, filled(7)};
    Sealer uni_a = sealer(1, restored);
    uni_a.begin(block(1, 5));
    uni_a.agreed();
    EXPECT_TRUE(uni_a.take_effects().guard);
    uni_a.guarded(now_s);
    EXPECT_TRUE(uni_a.take_effects().own_line);
}

class Sealing1 : public Sealing4 {
protected:
    Sealing1() { members_ = network(1); }

    std::string seal(Sealer& sealer, const Sealing& sealing, std::uint64_t at_s) {
        sealer.begin(sealing);
        sealer.agreed();
        EXPECT_TRUE(sealer.take_effects().guard);
        sealer.guarded(at_s);
        const auto effects = sealer.take_effects();
        EXPECT_TRUE(effects.sealed);
        return effects.sealed ? effects.sealed->checkpoint : "";
    }
    std::uint64_t time_of(const std::string& checkpoint) {
        const auto parsed = note::parse_checkpoint(checkpoint);
        const auto cosigners = ledger::cosigners_at(*members_, 0);
        return note::cosigned_at(parsed->note, cosigners.front().key)->value_or(0);
    }
};

TEST_F(Sealing1, RefreshesTheLargestWithANewerTimeOnly) {
    Sealer uni_a = sealer(1);
    seal(uni_a, block(1, 5), now_s);
    uni_a.refresh(now_s + 29, 30);
    EXPECT_FALSE(uni_a.take_effects().refreshed);
    uni_a.refresh(now_s + 30, 30);
    const auto effects = uni_a.take_effects();
    ASSERT_TRUE(effects.refreshed);
    EXPECT_EQ(time_of(effects.refreshed->checkpoint), now_s + 30);
}

TEST_F(Sealing1, ItsTimesNeverFallThoughTheClockDoes) {
    Sealer uni_a = sealer(1);
    seal(uni_a, block(1, 5), now_s);
    EXPECT_EQ(time_of(seal(uni_a, block(2, 7), now_s - 1'000)), now_s);
}

TEST_F(Sealing1, ItsTimesNeverFallAcrossARestart) {
    Sealer first = sealer(1);
    Sealer::Restored restored;
    restored.checkpoint = seal(first, block(1, 5), now_s);
    restored.checkpoint_height = 1;
    restored.members = members_;
    restored.cosigned = storage::CosignedRecord{1, 2, filled(1), members_->origin, 5, filled(7)};
    Sealer second = sealer(1, restored);
    EXPECT_EQ(second.checkpoint(), restored.checkpoint);
    second.refresh(now_s - 1'000, 30);
    EXPECT_FALSE(second.take_effects().refreshed);
    EXPECT_EQ(time_of(seal(second, block(2, 7), now_s - 1'000)), now_s);
}

TEST_F(Sealing1, SealsTheEmptyLog) {
    Sealer uni_a = sealer(1);
    Sealing empty{0, 0, filled(0), {0, merkle::empty_root()}, members_};
    const std::string checkpoint = seal(uni_a, empty, now_s);
    EXPECT_TRUE(checkpoint.starts_with(
        "registry.example/test\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"));
}

}  // namespace
}  // namespace chancery::node

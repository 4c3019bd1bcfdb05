// A network of one: its own signed vote makes its certificate, its own write commits.
#include <gtest/gtest.h>

#include "consensus/raft/core.h"

namespace chancery::raft {
namespace {

Settings alone() {
    Settings settings;
    settings.self = 1;
    settings.network.fill(7);
    return settings;
}

Restored fresh(const Settings& settings) {
    Restored restored;
    restored.base.chain = settings.network;
    restored.base_configuration = simple_configuration({settings.self});
    return restored;
}

// Carries out what a driver would, until nothing is left; gives what was committed.
std::vector<Entry> settle(Core& core) {
    std::vector<Entry> committed;
    for (Effects effects = core.take_effects(); !effects.is_empty();
         effects = core.take_effects()) {
        EXPECT_TRUE(effects.send.empty());
        committed.insert(committed.end(), effects.committed.begin(), effects.committed.end());
        if (effects.write) core.durable(effects.write->id);
        if (effects.sign_vote) core.vote_signed({*effects.sign_vote, 1, {}});
    }
    return committed;
}

std::shared_ptr<const Bytes> block(std::string_view text) {
    const ByteView bytes = bytes_of(text);
    return std::make_shared<const Bytes>(bytes.begin(), bytes.end());
}

TEST(Alone, ElectsItselfAtTheFirstTick) {
    const Settings settings = alone();
    Core core = *Core::start(settings, fresh(settings), 1);
    EXPECT_EQ(core.propose(block("early")).error().code, Errc::unavailable);

    core.tick();
    const std::vector<Entry> committed = settle(core);

    EXPECT_EQ(core.role(), Role::leader);
    ASSERT_EQ(committed.size(), 1U);
    EXPECT_EQ(committed[0].kind, EntryKind::no_op);
    const Certificate certificate = *decode_certificate(*committed[0].payload);
    EXPECT_EQ(certificate.ballot.candidate, 1U);
    EXPECT_EQ(certificate.ballot.head, EntryId{});
    EXPECT_EQ(certificate.ballot.chain, settings.network);
}

TEST(Alone, CommitsABlockOnlyWhenDurableAndApplied) {
    const Settings settings = alone();
    Core core = *Core::start(settings, fresh(settings), 1);
    core.tick();
    settle(core);

    const EntryId id = *core.propose(block("one"));
    EXPECT_EQ(core.propose(block("two")).error().code, Errc::unavailable);
    EXPECT_TRUE(settle(core).empty());
    const Claim claim{.height = 1, .size = 3, .root = {}};
    core.applied(id, claim);
    const std::vector<Entry> committed = settle(core);

    ASSERT_EQ(committed.size(), 1U);
    EXPECT_EQ(committed[0].id, id);
    EXPECT_EQ(core.claims_of(id.index), Agreement::agreed);
    core.cosigned(id.index);
    core.sealed(id.index);
    EXPECT_TRUE(core.propose(block("two")));
}

TEST(Alone, ACopyIsEqualAndHasTheSameFingerprint) {
    const Settings settings = alone();
    Core core = *Core::start(settings, fresh(settings), 1);
    const Core before = core;
    EXPECT_EQ(before.fingerprint(), core.fingerprint());
    core.tick();
    EXPECT_NE(before, core);
    EXPECT_NE(before.fingerprint(), core.fingerprint());
}

}  // namespace
}  // namespace chancery::raft

// A seal above an own entry of the same term: what the driver found sealed takes its place.
#include <gtest/gtest.h>

#include "consensus/raft/core.h"

namespace chancery::raft {
namespace {

class Overruled : public testing::Test {
protected:
    Settings settings = second();
    Base base{{}, settings.network};
    Entry no_op = opening(1, 1, base);
    Entry ours = block_after(no_op, "ours");
    Entry theirs = block_after(no_op, "theirs");
    Core core = *Core::start(settings, restored(), 1);

    static Settings second() {
        Settings settings;
        settings.self = 2;
        settings.network.fill(7);
        return settings;
    }
    // Votes are as their receiver's gate left them: good.
    Entry opening(Term term, NodeId candidate, const Base& head) const {
        Certificate certificate;
        certificate.ballot = {settings.network, 1, term, candidate, head.id, head.chain};
        certificate.votes = {{1, {}}, {2, {}}, {3, {}}};
        Entry entry;
        entry.id = {term, head.id.index + 1};
        entry.payload = std::make_shared<const Bytes>(encode_certificate(certificate));
        entry.chain = chain_hash(head.chain, entry.id, entry.kind, *entry.payload);
        return entry;
    }
    static Entry block_after(const Entry& before, std::string_view text) {
        const ByteView bytes = bytes_of(text);
        Entry entry;
        entry.id = {before.id.term, before.id.index + 1};
        entry.kind = EntryKind::block;
        entry.payload = std::make_shared<const Bytes>(bytes.begin(), bytes.end());
        entry.chain = chain_hash(before.chain, entry.id, entry.kind, *entry.payload);
        return entry;
    }
    Restored restored() const {
        Restored restored;
        restored.base = base;
        restored.base_configuration = simple_configuration({1, 2, 3, 4});
        restored.entries = {no_op, ours};
        restored.vote = {1, 1};
        return restored;
    }
    void finish_writes() {
        for (Effects effects = core.take_effects(); !effects.is_empty();
             effects = core.take_effects()) {
            if (effects.write) core.durable(effects.write->id);
        }
    }
};

TEST_F(Overruled, AnEntryOfTheSameTermGivesWayToASealedOne) {
    ASSERT_TRUE(core.overrule({theirs}));
    EXPECT_EQ(core.journal().last_chain(), theirs.chain);
    const Effects effects = core.take_effects();
    ASSERT_TRUE(effects.write);
    EXPECT_EQ(effects.write->entries, std::vector{theirs});
    EXPECT_EQ(effects.apply_speculatively, std::vector{theirs});
}

TEST_F(Overruled, WhatStoodUponItGoesToo) {
    const Entry upon = opening(2, 3, {ours.id, ours.chain});
    ASSERT_TRUE(core.refill({upon}));
    finish_writes();
    ASSERT_TRUE(core.overrule({theirs}));
    EXPECT_EQ(core.journal().last(), theirs.id);
    EXPECT_EQ(core.term(), 2U);
}

TEST_F(Overruled, WhatIsSealedHereStays) {
    core.applied(ours.id, {.height = 1, .size = 3, .root = {}});
    core.sealed(ours.id.index);
    EXPECT_EQ(core.overrule({theirs}).error().code, Errc::invalid);
    EXPECT_EQ(core.journal().last_chain(), ours.chain);
}

TEST_F(Overruled, WhatCouldNotFollowIsRefused) {
    Entry unchained = theirs;
    unchained.chain[0] ^= 1;
    EXPECT_EQ(core.overrule({unchained}).error().code, Errc::invalid);
    EXPECT_EQ(core.overrule({}).error().code, Errc::invalid);
    const Entry beyond = block_after(block_after(theirs, "more"), "most");
    EXPECT_EQ(core.overrule({beyond}).error().code, Errc::invalid);
    EXPECT_EQ(core.journal().last_chain(), ours.chain);
}

TEST_F(Overruled, WhoStandsTakesNothingUponTheHeadThatItStandsFor) {
    const Entry more = block_after(ours, "more");
    const auto wait = [this] {
        for (std::uint32_t tick = 0; tick < 2 * settings.election_ticks; ++tick)
            core.tick();
    };
    wait();
    for (const NodeId voter : {1U, 3U}) {
        core.receive(voter, {settings.network, 1, 1, PreVoteReply{.wanted = 2, .granted = true}});
    }
    finish_writes();
    ASSERT_EQ(core.role(), Role::candidate);
    EXPECT_EQ(core.refill({more}).error().code, Errc::unavailable);
    EXPECT_EQ(core.journal().last(), ours.id);

    wait();  // Nobody voted: it asks again first, and then its head may move.
    ASSERT_EQ(core.role(), Role::pre_candidate);
    EXPECT_TRUE(core.refill({more}));
    EXPECT_EQ(core.journal().last(), more.id);
}

TEST_F(Overruled, ALeaderIsHeardForAnElectionTimeout) {
    Heartbeat beat;
    beat.head = ours.id;
    beat.chain = ours.chain;
    core.receive(1, {settings.network, 1, 1, beat});
    EXPECT_TRUE(core.hears_leader());
    for (std::uint32_t tick = 0; tick < settings.election_ticks; ++tick)
        core.tick();
    EXPECT_FALSE(core.hears_leader());
}

}  // namespace
}  // namespace chancery::raft

// The registry against a slow one that keeps nothing but entries: thousands of random blocks,
// most of whose batches have something wrong with them.
#include "tests/support/registry_oracle.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/support/memory_ledger_view.h"
#include "tests/support/registry_drafts.h"
#include "tests/support/test_network.h"

namespace chancery::registry {
namespace {

using ledger::Kind;
using oracle::Judged;
using test::day;
using test::start;

constexpr ledger::MemberNumber member_count = 3;

// Makes items out of a few commitments, nonces and positions, so that they often collide.
class Chance {
public:
    Chance(std::uint64_t seed, const Hash& network_id, const oracle::Registry& oracle)
        : random_(seed), network_id_(network_id), oracle_(oracle) {
        for (ledger::MemberNumber member = 1; member <= member_count; ++member)
            issuers_.push_back(test::member_key(test::slug_of(member), "issuer"));
    }

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool one_in(std::uint64_t bound) { return below(bound) == 0; }

    Bytes block(ledger::TimeMs& clock) {
        clock += one_in(8) ? day / 2 : below(1'000);
        BlockWriter writer(one_in(10) ? clock - below(day) : clock);
        for (std::uint64_t left = below(6); left > 0; --left) {
            const Bytes item =
                one_in(10) && !sent_.empty() ? sent_[below(sent_.size())] : batch(clock);
            sent_.push_back(item);
            writer.add(one_in(40) ? ItemType::act : ItemType::batch, item);
        }
        Bytes bytes = writer.finish();
        if (one_in(40)) bytes[below(bytes.size())] ^= static_cast<std::uint8_t>(1U << below(8));
        if (one_in(80)) bytes.resize(below(bytes.size()));
        return bytes;
    }

private:
    Bytes batch(ledger::TimeMs clock) {
        BatchDraft draft{.member = static_cast<ledger::MemberNumber>(1 + below(member_count)),
                         .key_number = one_in(30) ? 2U : 1U,
                         .nonce = test::nonce_of(below(30)),
                         .expires = clock + below(day),
                         .record_kind = Kind::credential};
        if (one_in(20)) draft.expires = clock + day - 2 + below(4);
        if (one_in(20)) draft.expires = clock - below(4);
        std::vector<Bytes> bodies;
        if (one_in(2)) {
            draft.record_kind = Kind::status;
            bodies = statuses(draft.member);
        } else if (one_in(5)) {
            draft.record_kind = Kind::publication;
            bodies = publications();
        } else if (one_in(4)) {
            draft.record_kind = Kind::anchor;
            bodies = anchors();
        } else {
            bodies = credentials();
        }
        if (one_in(20) && !bodies.empty()) bodies.push_back(bodies[below(bodies.size())]);
        if (one_in(60)) draft.record_kind = static_cast<Kind>(below(9));
        const auto& issuer = issuers_[one_in(30) ? below(member_count) : draft.member - 1];
        Bytes bulk = test::sign_anything(draft, bodies, network_id_, issuer);
        if (one_in(10)) bulk[below(bulk.size())] ^= static_cast<std::uint8_t>(1U << below(8));
        if (one_in(60)) bulk.resize(below(bulk.size()));
        return bulk;
    }

    std::vector<Bytes> credentials() {
        std::vector<Hash> commitments;
        const std::uint64_t from = below(300);
        const std::uint64_t count = one_in(4) ? below(40) : below(4);
        for (std::uint64_t i = 0; i < count; ++i)
            commitments.push_back(test::commitment_of(from + i));
        return test::credential_bodies(commitments);
    }

    std::vector<Bytes> statuses(ledger::MemberNumber member) {
        std::vector<Bytes> bodies;
        const std::uint64_t size = oracle_.entries.size();
        const std::uint64_t step = 1 + below(20);
        for (std::uint64_t at = below(step); at < size && bodies.size() < 4; at += step) {
            if (!oracle_.is_credential_of(at, member) && !one_in(30)) continue;
            if (oracle_.status_of(at) > 1 && !one_in(10)) continue;
            bodies.push_back(status(at, size));
        }
        return bodies;
    }

    Bytes status(std::uint64_t at, std::uint64_t size) {
        ledger::StatusEntry entry;
        entry.position = at;
        if (oracle_.entries[at].size() == 46) {
            std::copy_n(oracle_.entries[at].begin() + 14, 32, entry.commitment.begin());
        }
        if (one_in(30)) entry.commitment[below(32)] ^= 1;
        entry.previous = oracle_.newest_status(at).value_or(ledger::no_position);
        if (one_in(30)) entry.previous = below(size);
        entry.status = static_cast<ledger::CredentialStatus>(below(4));
        entry.reason = static_cast<ledger::Reason>(below(8));
        Bytes body = ledger::body_of(entry);
        if (entry.status == ledger::CredentialStatus::superseded && one_in(2)) {
            std::ranges::copy(Writer().u64(below(size + 2)).take(), body.begin() + 50);
        }
        return body;
    }

    std::vector<Bytes> publications() {
        std::vector<Bytes> bodies;
        for (std::uint64_t left = below(3); left > 0; --left) {
            ledger::PublicationEntry entry;
            entry.content_hash = test::commitment_of(below(10));
            entry.url = std::string(1 + below(40), 'u');
            bodies.push_back(ledger::body_of(entry));
        }
        return bodies;
    }

    // Of sizes of which about one in two ended a block.
    std::vector<Bytes> anchors() {
        std::vector<Bytes> bodies;
        for (std::uint64_t left = below(3); left > 0; --left) {
            ledger::AnchorEntry entry;
            entry.size = below(oracle_.entries.size() + 3);
            while (entry.size > 0 && entry.size <= oracle_.entries.size() && !one_in(8) &&
                   oracle_.entries[entry.size - 1][1] != 7)
                --entry.size;
            if (entry.size <= oracle_.entries.size()) entry.root = oracle_.root_at(entry.size);
            if (one_in(20)) entry.root[below(32)] ^= 1;
            entry.chain = one_in(2) ? "eip155:1" : "eip155:11155111";
            bodies.push_back(ledger::body_of(entry));
        }
        return bodies;
    }

    std::mt19937_64 random_;
    Hash network_id_;
    const oracle::Registry& oracle_;
    std::vector<keys::MemberKey> issuers_;
    std::vector<Bytes> sent_;
};

// What became of each kind of outcome, so that a silent generator would be noticed.
using Tally = std::array<std::size_t, 3>;

class RegistryOracle : public testing::Test {
protected:
    static Judged judge(BlockBuilder& builder, const Item& item) {
        const auto outcome = item.type == ItemType::batch ? builder.add_batch(item.bytes)
                                                          : builder.add_act(item.bytes);
        EXPECT_TRUE(outcome);
        if (outcome->kind == BlockBuilder::Outcome::Kind::accepted) return Judged::accepted;
        if (outcome->kind == BlockBuilder::Outcome::Kind::repeated) return Judged::repeated;
        return Judged::refused;
    }

    void compare_a_log(std::uint64_t seed, std::size_t blocks) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        const State genesis = initial_state(genesis_);
        std::vector<oracle::Registry::Issuer> issuers;
        for (ledger::MemberNumber member = 1; member <= member_count; ++member)
            issuers.push_back(
                {member, 1, test::member_key(test::slug_of(member), "issuer").public_key()});
        oracle::Registry oracle(
            genesis.members->network, ledger::members_hash(*genesis.members), issuers);
        Chance chance(seed, genesis.members->network, oracle);
        State state = genesis;
        test::MemoryLedgerView ledger;
        ledger::TimeMs clock = start;
        for (std::size_t i = 0; i < blocks; ++i) {
            const Bytes bytes = chance.block(clock);
            const std::vector<Judged> want = oracle.apply(bytes);
            const auto applied = apply_block(state, ledger, bytes);
            ASSERT_TRUE(applied);
            compare_outcomes(bytes, state, ledger, want);
            ledger.add(*applied);
            state = applied->after;
            ASSERT_EQ(ledger.entries(), oracle.entries) << "block " << i;
            ASSERT_EQ(state.head().root, oracle.root()) << "block " << i;
        }
        for (std::uint64_t at = 0; at < oracle.entries.size(); ++at) {
            if (oracle.entries[at][1] != 2) continue;
            ASSERT_EQ(state.status.status(at), oracle.status_of(at));
        }
    }

    void compare_outcomes(ByteView bytes,
                          const State& state,
                          const LedgerView& ledger,
                          const std::vector<Judged>& want) {
        const auto block = parse_block(bytes);
        if (!block) {
            EXPECT_TRUE(want.empty());
            return;
        }
        BlockBuilder builder(state, ledger, block->time);
        std::vector<Judged> got;
        for (const Item& item : block->items)
            got.push_back(judge(builder, item));
        ASSERT_EQ(got, want);
        for (const Judged judged : got)
            ++tally_[static_cast<std::size_t>(judged)];
        for (std::size_t at = 0; at < got.size(); ++at) {
            const bool is_anchors =
                block->items[at].bytes.size() > 34 && block->items[at].bytes[34] == 6;
            if (is_anchors && got[at] == Judged::accepted) ++anchored_;
        }
    }

    ledger::Genesis genesis_ = test::test_genesis(member_count);
    Tally tally_{};
    std::size_t anchored_ = 0;  // Batches of anchors that were accepted.
};

TEST_F(RegistryOracle, ThousandsOfRandomBlocksAgree) {
    for (std::uint64_t seed = 1; seed <= 100 && !HasFatalFailure(); ++seed)
        compare_a_log(seed, 30);
    RecordProperty("accepted", static_cast<int>(tally_[0]));
    RecordProperty("repeated", static_cast<int>(tally_[1]));
    RecordProperty("refused", static_cast<int>(tally_[2]));
    EXPECT_GT(tally_[0], 1'000U);
    EXPECT_GT(tally_[1], 100U);
    EXPECT_GT(tally_[2], 1'000U);
    EXPECT_GT(anchored_, 100U);
}

}  // namespace
}  // namespace chancery::registry

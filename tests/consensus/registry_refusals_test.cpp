// Every reason of PROTOCOL.md, Blocks and validity, for which a batch is refused: each gives its
// code to the submitter and leaves no trace in the block.
#include <functional>

#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "tests/support/memory_ledger_view.h"
#include "tests/support/registry_drafts.h"
#include "tests/support/test_network.h"

namespace chancery::registry {
namespace {

using ledger::CredentialStatus;
using ledger::Kind;
using ledger::no_position;
using test::commitment_of;
using test::credential_bodies;
using test::day;
using test::draft;
using test::nonce_of;
using test::start;

Bytes status_body(const ledger::StatusEntry& status) { return ledger::body_of(status); }

Bytes publication_body(const std::string& url) {
    ledger::PublicationEntry publication;
    publication.content_hash = commitment_of(900);
    publication.url = url;
    return ledger::body_of(publication);
}

// Positions: 0 batch of member 1, 1-4 its credentials 10 to 13 in some order, 5 state; 6 batch,
// 7 the credential 10 of member 2, 8 state; 9 batch, 10 revocation of position 1, 11 suspension
// of position 2, 12 state.
class RegistryRefusals : public testing::Test {
protected:
    RegistryRefusals() : state_(initial_state(test::test_genesis(4))) {
        std::vector<Hash> commitments;
        for (std::uint64_t number = 10; number < 14; ++number)
            commitments.push_back(commitment_of(number));
        apply({signed_by(1, draft(1, 1), credential_bodies(commitments))});
        apply({signed_by(2, draft(2, 2), credential_bodies({commitment_of(10)}))});
        apply({signed_by(1,
                         draft(1, 3, Kind::status),
                         {status_body(change(1, CredentialStatus::revoked)),
                          status_body(change(2, CredentialStatus::suspended))})});
        EXPECT_EQ(state_.head().size, 13U);
    }

    Bytes signed_by(ledger::MemberNumber member,
                    const BatchDraft& draft,
                    const std::vector<Bytes>& bodies) const {
        return test::sign_anything(draft,
                                   bodies,
                                   state_.members->network,
                                   test::member_key(test::slug_of(member), "issuer"));
    }

    Bytes credential(std::uint64_t number, const BatchDraft& draft) const {
        return signed_by(draft.member, draft, credential_bodies({commitment_of(number)}));
    }

    Bytes statuses(const std::vector<ledger::StatusEntry>& changes) const {
        std::vector<Bytes> bodies;
        for (const auto& change : changes)
            bodies.push_back(status_body(change));
        return signed_by(1, draft(1, 50, Kind::status), bodies);
    }

    // Of the credential at `position`, as it stands now.
    ledger::StatusEntry change(ledger::Position position, CredentialStatus status) const {
        ledger::StatusEntry entry;
        entry.member = 1;
        entry.position = position;
        const auto held = ledger::decode(ledger_.entries().at(position));
        entry.commitment = std::get<ledger::CredentialEntry>(*held).commitment;
        entry.previous = ledger_.newest_status(position)->value_or(no_position);
        entry.status = status;
        return entry;
    }

    void apply(const std::vector<Bytes>& bulks) {
        BlockBuilder builder(state_, ledger_, start);
        for (const Bytes& bulk : bulks) {
            const auto outcome = builder.add_batch(bulk);
            ASSERT_TRUE(outcome);
            ASSERT_EQ(outcome->kind, BlockBuilder::Outcome::Kind::accepted)
                << outcome->refusal->detail;
        }
        const AppliedBlock applied = builder.finish();
        ledger_.add(applied);
        state_ = applied.after;
    }

    void expect_refused(const Bytes& bulk,
                        Errc code,
                        const std::string& reason,
                        std::optional<std::uint32_t> record = std::nullopt,
                        ledger::TimeMs time = start) {
        BlockBuilder builder(state_, ledger_, time);
        const auto outcome = builder.add_batch(bulk);
        ASSERT_TRUE(outcome);
        ASSERT_EQ(outcome->kind, BlockBuilder::Outcome::Kind::refused) << reason;
        EXPECT_EQ(outcome->refusal->code, code) << outcome->refusal->detail;
        EXPECT_NE(outcome->refusal->detail.find(reason), std::string::npos)
            << outcome->refusal->detail << "\nwant " << reason;
        EXPECT_EQ(outcome->refused_record, record) << reason;
        EXPECT_FALSE(outcome->record);
        EXPECT_TRUE(builder.is_empty());
        expect_no_trace(builder.finish(), time);
    }

    void expect_no_trace(const AppliedBlock& got, ledger::TimeMs time) {
        const AppliedBlock want = BlockBuilder(state_, ledger_, time).finish();
        EXPECT_EQ(got.entries.count(), 1U);
        EXPECT_EQ(got.entries.bytes, want.entries.bytes);
        EXPECT_EQ(got.leaves, want.leaves);
        EXPECT_EQ(got.after.head(), want.after.head());
        EXPECT_EQ(got.after.status.nonzero_chunks(), want.after.status.nonzero_chunks());
        EXPECT_TRUE(got.batches.empty() && got.commitments.empty() && got.statuses.empty() &&
                    got.contents.empty());
    }

    test::MemoryLedgerView ledger_;
    State state_;
};

TEST_F(RegistryRefusals, EveryPrefixOfABatchAndEveryByteTooMany) {
    const Bytes bulk = credential(20, draft(1, 50));
    for (std::size_t length = 0; length < bulk.size(); ++length)
        expect_refused(Bytes(bulk.begin(), bulk.begin() + static_cast<std::ptrdiff_t>(length)),
                       Errc::invalid,
                       "");
    Bytes longer = bulk;
    longer.push_back(0);
    expect_refused(longer, Errc::invalid, "33 bytes of bodies, want 32 for 1 records");
}

TEST_F(RegistryRefusals, EveryByteChanged) {
    const Bytes bulk = credential(20, draft(1, 50));
    for (std::size_t at = 0; at < bulk.size(); ++at) {
        Bytes changed = bulk;
        changed[at] ^= 1;
        BlockBuilder builder(state_, ledger_, start);
        const auto outcome = builder.add_batch(changed);
        ASSERT_TRUE(outcome);
        ASSERT_EQ(outcome->kind, BlockBuilder::Outcome::Kind::refused) << "byte " << at;
        expect_no_trace(builder.finish(), start);
    }
}

TEST_F(RegistryRefusals, FormatKindAndCount) {
    Bytes bulk = credential(20, draft(1, 50));
    bulk[0] = 2;
    expect_refused(bulk, Errc::invalid, "format 2, kind 1, want 1, 1");
    bulk[0] = 1;
    bulk[1] = 2;
    expect_refused(bulk, Errc::invalid, "format 1, kind 2, want 1, 1");
    for (const int kind : {0, 1, 5, 7, 8, 255}) {
        const Bytes other = credential(20, draft(1, 50, static_cast<Kind>(kind)));
        expect_refused(other, Errc::invalid, "record kind " + std::to_string(kind));
    }
    expect_refused(signed_by(1, draft(1, 50), {}), Errc::invalid, "batch of 0 records");
    const std::vector<Bytes> many(65'537, Bytes(32));
    expect_refused(signed_by(1, draft(1, 50), many), Errc::invalid, "batch of 65537 records");
}

TEST_F(RegistryRefusals, LengthsOfRecords) {
    expect_refused(signed_by(1, draft(1, 50), {Bytes(31)}), Errc::invalid, "31 bytes of bodies");
    expect_refused(signed_by(1, draft(1, 50, Kind::status), {Bytes(59)}),
                   Errc::invalid,
                   "59 bytes of bodies, want 58");
    Bytes publication = signed_by(1, draft(1, 50, Kind::publication), {publication_body("x:y")});
    publication.push_back(0);
    expect_refused(publication, Errc::invalid, "1 bytes after the last record");
    publication.resize(publication.size() - 2);
    expect_refused(publication, Errc::invalid, "record 0: cut off");
    expect_refused(signed_by(1, draft(1, 50, Kind::publication), {publication_body("x:y"), {}}),
                   Errc::invalid,
                   "record 1",
                   1);
}

TEST_F(RegistryRefusals, UnknownCodesAndForms) {
    for (const unsigned status : {4U, 255U}) {
        Bytes body = status_body(change(3, CredentialStatus::revoked));
        body[48] = static_cast<std::uint8_t>(status);
        expect_refused(signed_by(1, draft(1, 50, Kind::status), {body}),
                       Errc::invalid,
                       "status " + std::to_string(status),
                       0);
    }
    for (const unsigned reason : {8U, 255U}) {
        Bytes body = status_body(change(3, CredentialStatus::revoked));
        body[49] = static_cast<std::uint8_t>(reason);
        expect_refused(signed_by(1, draft(1, 50, Kind::status), {body}),
                       Errc::invalid,
                       "reason " + std::to_string(reason),
                       0);
    }
    for (const unsigned type : {0U, 5U}) {
        Bytes body = publication_body("https://uni-a.example/skills");
        body[0] = static_cast<std::uint8_t>(type);
        expect_refused(signed_by(1, draft(1, 50, Kind::publication), {body}),
                       Errc::invalid,
                       "publication type " + std::to_string(type),
                       0);
    }
    Bytes control = publication_body("https://uni-a.example/skills");
    control.back() = '\n';
    expect_refused(
        signed_by(1, draft(1, 50, Kind::publication), {control}), Errc::invalid, "URL", 0);
    Bytes long_url = publication_body(std::string(2'048, 'a'));
    long_url.push_back('a');
    expect_refused(
        signed_by(1, draft(1, 50, Kind::publication), {long_url}), Errc::invalid, "URL", 0);
    Bytes no_url = publication_body("a");
    no_url.pop_back();
    expect_refused(
        signed_by(1, draft(1, 50, Kind::publication), {no_url}), Errc::invalid, "URL", 0);
}

TEST_F(RegistryRefusals, Order) {
    std::vector<Bytes> bodies = credential_bodies({commitment_of(20), commitment_of(21)});
    expect_refused(
        signed_by(1, draft(1, 50), {bodies[1], bodies[0]}), Errc::invalid, "not above", 1);
    expect_refused(
        signed_by(1, draft(1, 50), {bodies[0], bodies[0]}), Errc::invalid, "not above", 1);
    const auto third = change(3, CredentialStatus::revoked);
    const auto fourth = change(4, CredentialStatus::revoked);
    expect_refused(statuses({fourth, third}), Errc::invalid, "not above the one before it, 4", 1);
    expect_refused(statuses({third, third}), Errc::invalid, "not above the one before it, 3", 1);
}

TEST_F(RegistryRefusals, RecordsRoot) {
    Bytes bulk = credential(20, draft(1, 50));
    bulk.back() ^= 1;
    expect_refused(bulk, Errc::invalid, "records_root");
}

TEST_F(RegistryRefusals, TimeOfTheBatch) {
    const Bytes bulk = credential(20, draft(1, 50));
    expect_refused(bulk, Errc::invalid, "expired 1 ms", std::nullopt, start + day + 1);
    BatchDraft late = draft(1, 50);
    late.expires = start + day + 1;
    expect_refused(credential(20, late), Errc::invalid, "expires 86400001 ms after");
    late.expires = ~std::uint64_t{0};
    expect_refused(credential(20, late), Errc::invalid, "want at most 86400000");
}

TEST_F(RegistryRefusals, MemberKeyAndSignature) {
    expect_refused(credential(20, draft(0, 50)), Errc::forbidden, "no member has number 0");
    expect_refused(credential(20, draft(5, 50)), Errc::forbidden, "no member has number 5");
    BatchDraft other_key = draft(1, 50);
    other_key.key_number = 2;
    expect_refused(credential(20, other_key), Errc::forbidden, "uni-a has no issuer key 2");
    const auto bodies = credential_bodies({commitment_of(20)});
    expect_refused(signed_by(2, draft(1, 50), bodies), Errc::forbidden, "signature");
    const Bytes elsewhere = test::sign_anything(
        draft(1, 50), bodies, commitment_of(1), test::member_key("uni-a", "issuer"));
    expect_refused(elsewhere, Errc::forbidden, "signature");
}

TEST_F(RegistryRefusals, AKeyOutOfForceAtTheBlocksStart) {
    ledger::Members members = *state_.members;
    for (auto& key : members.members[0].keys) {
        if (key.use == ledger::KeyUse::issuer) key.in_force = {.from = 0, .until = 13};
    }
    state_.members = std::make_shared<const ledger::Members>(members);
    expect_refused(credential(20, draft(1, 50)), Errc::forbidden, "not in force at position 13");
}

TEST_F(RegistryRefusals, ANonceThatStandsForAnotherBatch) {
    expect_refused(credential(20, draft(1, 1)), Errc::conflict, "another batch, at position 0");
}

TEST_F(RegistryRefusals, ACommitmentThatTheMemberRegistered) {
    expect_refused(credential(11, draft(1, 50)), Errc::conflict, "registered the commitment", 0);
    const auto bodies = credential_bodies({commitment_of(20), commitment_of(12)});
    const std::uint32_t known = text_of(bodies[0]) == text_of(commitment_of(12)) ? 0 : 1;
    expect_refused(signed_by(1, draft(1, 50), bodies), Errc::conflict, "registered", known);
}

TEST_F(RegistryRefusals, StatusOfWhatIsNotThisMembersCredential) {
    auto wrong = change(3, CredentialStatus::revoked);
    wrong.commitment[0] ^= 1;
    expect_refused(statuses({wrong}), Errc::invalid, "does not hold this commitment", 0);
    for (const ledger::Position position : {0U, 5U, 7U, 10U, 13U, 14U, 1'000U}) {
        auto elsewhere = change(3, CredentialStatus::revoked);
        elsewhere.position = position;
        expect_refused(statuses({elsewhere}), Errc::invalid, "does not hold", 0);
    }
    auto nowhere = change(3, CredentialStatus::revoked);
    nowhere.position = no_position;
    expect_refused(statuses({nowhere}), Errc::invalid, "does not hold", 0);
    auto others = change(7, CredentialStatus::revoked);
    expect_refused(statuses({others}), Errc::invalid, "does not hold", 0);
}

TEST_F(RegistryRefusals, AStalePrevious) {
    auto stale = change(2, CredentialStatus::good);
    stale.previous = no_position;
    expect_refused(
        statuses({stale}), Errc::conflict, "previous is none, the present status was set by 11", 0);
    stale.previous = 10;
    expect_refused(statuses({stale}), Errc::conflict, "previous is 10", 0);
    auto early = change(3, CredentialStatus::revoked);
    early.previous = 11;
    expect_refused(
        statuses({early}), Errc::conflict, "previous is 11, the present status was set by none", 0);
}

TEST_F(RegistryRefusals, EveryChangeThatIsNotAllowed) {
    for (unsigned to = 0; to < 4; ++to)  // Position 1 is revoked: final.
        expect_refused(statuses({change(1, static_cast<CredentialStatus>(to))}),
                       Errc::conflict,
                       "no change from revoked",
                       0);
    expect_refused(statuses({change(2, CredentialStatus::suspended)}),
                   Errc::conflict,
                   "no change from suspended to suspended",
                   0);
    expect_refused(
        statuses({change(3, CredentialStatus::good)}), Errc::conflict, "no change from good", 0);
}

TEST_F(RegistryRefusals, Successors) {
    auto renewed = change(3, CredentialStatus::superseded);
    renewed.successor = 3;
    Bytes own = status_body(change(3, CredentialStatus::superseded));
    own[57] = 3;
    std::fill(own.begin() + 50, own.begin() + 57, std::uint8_t{0});
    expect_refused(signed_by(1, draft(1, 50, Kind::status), {own}), Errc::invalid, "successor", 0);
    for (const ledger::Position position : {0U, 5U, 7U, 10U, 13U, 14U, 99U}) {
        renewed.successor = position;
        expect_refused(statuses({renewed}), Errc::invalid, "no earlier credential", 0);
    }
    Bytes revoked = status_body(change(3, CredentialStatus::revoked));
    std::fill(revoked.begin() + 50, revoked.end(), std::uint8_t{0});
    revoked[57] = 4;
    expect_refused(
        signed_by(1, draft(1, 50, Kind::status), {revoked}), Errc::invalid, "successor", 0);
    renewed.successor = 4;
    apply({statuses({renewed})});
}

TEST_F(RegistryRefusals, AnchorsOfWhatNoEarlierBlockEndedWith) {
    const std::uint64_t newest = state_.frontier.leaf_count();
    const auto anchors = [&](const std::vector<std::pair<std::uint64_t, Hash>>& heads) {
        std::vector<Bytes> bodies;
        for (const auto& [size, root] : heads) {
            ledger::AnchorEntry anchor;
            anchor.size = size;
            anchor.root = root;
            anchor.chain = "eip155:1";
            bodies.push_back(ledger::body_of(anchor));
        }
        return signed_by(1, draft(1, 50, Kind::anchor), bodies);
    };
    const Hash root = state_.frontier.root();
    const auto end_wanted = "want one at which an earlier block ended";
    expect_refused(anchors({{0, merkle::empty_root()}}), Errc::invalid, end_wanted, 0);
    expect_refused(anchors({{newest + 1, root}}), Errc::invalid, end_wanted, 0);
    expect_refused(anchors({{ledger::no_position, root}}), Errc::invalid, end_wanted, 0);
    const Hash inside = *ledger_.root_at(newest - 1);
    expect_refused(anchors({{newest - 1, inside}}), Errc::invalid, end_wanted, 0);
    expect_refused(anchors({{newest, root}, {newest, inside}}),
                   Errc::invalid,
                   "record 1: root " + to_hex(inside) + " at size " + std::to_string(newest) +
                       ", want " + to_hex(root),
                   1);
    // The block's own batches are of its own end, not of an earlier one's.
    BlockBuilder builder(state_, ledger_, start);
    ASSERT_EQ(builder.add_batch(credential(70, draft(1, 51)))->kind,
              BlockBuilder::Outcome::Kind::accepted);
    for (std::uint64_t size = newest + 1; size < newest + 5; ++size) {
        EXPECT_EQ(builder.add_batch(anchors({{size, root}}))->kind,
                  BlockBuilder::Outcome::Kind::refused);
    }
    EXPECT_EQ(builder.finish().batches.size(), 1U);
}

TEST_F(RegistryRefusals, ABatchLargerThanAnyBlock) {
    std::vector<Bytes> bodies(60'000, status_body(change(3, CredentialStatus::revoked)));
    for (std::uint64_t i = 0; i < bodies.size(); ++i)
        std::ranges::copy(Writer().u64(i).take(), bodies[i].begin());
    expect_refused(
        signed_by(1, draft(1, 50, Kind::status), bodies), Errc::invalid, "want at most 4194214");
}

}  // namespace
}  // namespace chancery::registry

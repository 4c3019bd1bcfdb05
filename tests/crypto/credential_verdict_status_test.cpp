#include <functional>

#include <gtest/gtest.h>

#include "crypto/credential/verdict.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::credential {
namespace {

using ledger::CredentialStatus;
using test::filled_hash;
using test::SmallNetwork;
using test::step_of;
using test::VerdictTest;

struct StatusCase {
    CredentialStatus status;
    std::int64_t age_s;  // Of the third newest of four cosignatures.
    Headline expected;
};

class VerdictOfStatusTest : public VerdictTest, public testing::WithParamInterface<StatusCase> {};

TEST_P(VerdictOfStatusTest, DependsOnItsAgeUnlessFinal) {
    const StatusCase& given = GetParam();
    if (given.status != CredentialStatus::good) {
        network.change_status(position, given.status);
        network.end_block();
    }
    Evidence e = evidence();
    // Cosigned at time_s … time_s + 3: the third newest is time_s + 1.
    e.now_s = static_cast<std::uint64_t>(static_cast<std::int64_t>(SmallNetwork::time_s + 1) +
                                         given.age_s);
    const Verdict verdict = judge(e);
    EXPECT_EQ(verdict.headline, given.expected) << verdict.sentence;
    EXPECT_EQ(verdict.status_time_s, SmallNetwork::time_s + 1);
}

constexpr std::int64_t day_s = 86'400;
INSTANTIATE_TEST_SUITE_P(
    Table,
    VerdictOfStatusTest,
    testing::Values(StatusCase{CredentialStatus::good, 0, Headline::valid},
                    StatusCase{CredentialStatus::good, day_s, Headline::valid},
                    StatusCase{CredentialStatus::good, day_s + 1, Headline::cannot_tell},
                    StatusCase{CredentialStatus::good, -300, Headline::valid},
                    StatusCase{CredentialStatus::good, -301, Headline::cannot_tell},
                    StatusCase{CredentialStatus::suspended, 0, Headline::suspended},
                    StatusCase{CredentialStatus::suspended, day_s, Headline::suspended},
                    StatusCase{CredentialStatus::suspended, day_s + 1, Headline::cannot_tell},
                    StatusCase{CredentialStatus::suspended, -300, Headline::suspended},
                    StatusCase{CredentialStatus::suspended, -301, Headline::cannot_tell},
                    StatusCase{CredentialStatus::revoked, 0, Headline::revoked},
                    StatusCase{CredentialStatus::revoked, 3'000 * day_s, Headline::revoked},
                    StatusCase{CredentialStatus::revoked, -300, Headline::revoked},
                    StatusCase{CredentialStatus::revoked, -301, Headline::cannot_tell},
                    StatusCase{CredentialStatus::superseded, 0, Headline::superseded},
                    StatusCase{CredentialStatus::superseded, 3'000 * day_s, Headline::superseded},
                    StatusCase{CredentialStatus::superseded, -301, Headline::cannot_tell}));

TEST_F(VerdictTest, HasTheAgeLimitOfItsVerifier) {
    EXPECT_EQ(headline([](Evidence& e) { e.status_age_max_s = 58; }), Headline::cannot_tell);
    EXPECT_EQ(headline([](Evidence& e) { e.status_age_max_s = 59; }), Headline::valid);
}

TEST_F(VerdictTest, CannotBeToldFromABrokenOrUnsealedStatusProof) {
    network.change_status(position, CredentialStatus::suspended);
    network.end_block();
    const std::vector<std::function<void(StatusProof&)>> changes = {
        [this](StatusProof& s) { s.checkpoint = network.checkpoint(2); },
        [](StatusProof& s) { s.checkpoint[s.checkpoint.size() - 5] ^= 1; },
        [](StatusProof& s) { s.chunk[0] = 0; },
        [](StatusProof& s) { s.chunk[0] = 0x80; },
        [](StatusProof& s) { s.change.reset(); },
        [](StatusProof& s) { s.state_entry[60] ^= 1; },
        [](StatusProof& s) { s.credential.index = 1; },
        [this](StatusProof& s) { s.credential = network.entry_proof(other_position); },
    };
    for (const auto& change : changes) {
        EXPECT_EQ(headline([&change](Evidence& e) { change(*e.status); }), Headline::cannot_tell);
    }
    EXPECT_EQ(judge(evidence()).headline, Headline::suspended);
}

TEST_F(VerdictTest, CannotBeToldFromAStatusProofOfAnotherNetwork) {
    SmallNetwork twin(4, "log.example/twin");
    twin.register_credential(1, commitment(salt, document_hash(document)));
    twin.change_status(0, CredentialStatus::revoked);
    twin.end_block();
    EXPECT_EQ(headline([&](Evidence& e) { e.status = twin.status_proof(0); }),
              Headline::cannot_tell);
}

TEST_F(VerdictTest, CannotBeToldFromAForkOfTheReceiptsSize) {
    SmallNetwork fork(4);
    fork.register_credential(1, commitment(salt, document_hash(document)));
    fork.register_credential(2, filled_hash(7));
    fork.end_block();
    const Verdict verdict = judge([&] {
        Evidence e = evidence();
        e.status = fork.status_proof(0);
        return e;
    }());
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_NE(step_of(verdict, Step::status).reason.find("forked"), std::string::npos);
}

TEST_F(VerdictTest, CannotBeValidWhenTheMembersHaveChangedSinceTheTrust) {
    network.members.members[1].name = "Member 2, renamed";
    network.end_block();
    EXPECT_EQ(judge(evidence()).headline, Headline::cannot_tell);
    network.change_status(position, CredentialStatus::revoked);
    network.end_block();
    EXPECT_EQ(judge(evidence()).headline, Headline::revoked);
}

}  // namespace
}  // namespace chancery::credential

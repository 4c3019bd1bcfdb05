// The verdict as of an earlier time: what a status proof of today shows of it, and no more.
#include <gtest/gtest.h>

#include "crypto/credential/date_time.h"
#include "crypto/credential/verdict.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::credential {
namespace {

using ledger::CredentialStatus;
using test::SmallNetwork;

// Seconds from when the seal was made, which is soon after everything that happens here.
constexpr std::uint64_t at(std::int64_t offset_s) {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(SmallNetwork::time_s) + offset_s);
}

struct EarlierVerdictTest : test::VerdictTest {
    EarlierVerdictTest() {
        network.offset_s = -1'000;
        register_document(json::Object{{"issuer", "did:web:m1.example"},
                                       {"name", "Algebra"},
                                       {"validUntil", to_date_time(at(-550))}});
    }
    void change(std::int64_t offset_s, CredentialStatus status) {
        network.offset_s = offset_s;
        network.change_status(position, status);
        network.end_block();
    }
    Verdict as_of(std::int64_t offset_s) const {
        Evidence all = evidence();
        all.as_of_s = at(offset_s);
        return judge(all);
    }
    std::string reason(std::int64_t offset_s) const {
        return as_of(offset_s).steps.at(static_cast<std::size_t>(Step::status)).reason;
    }
};

TEST_F(EarlierVerdictTest, WasValidBeforeItWasRevoked) {
    change(-500, CredentialStatus::revoked);
    const Verdict before = as_of(-600);
    EXPECT_EQ(before.headline, Headline::valid);
    EXPECT_EQ(before.sentence,
              "Valid at " + to_date_time(at(-600)) +
                  ", not today: registered by Member 1, in good standing then, revoked since " +
                  to_date_time(at(-500)) +
                  ". The document carries no signature of its issuer; the registry alone vouches "
                  "for it.");
    EXPECT_EQ(as_of(-501).steps.at(static_cast<std::size_t>(Step::status)).result,
              StepResult::pass);
    EXPECT_EQ(as_of(-500).headline, Headline::revoked);
    EXPECT_EQ(as_of(-1).headline, Headline::revoked);
    EXPECT_EQ(judge(evidence()).headline, Headline::revoked) << "and today";
}

TEST_F(EarlierVerdictTest, IsNotToldWhereASuspensionMayHideBetween) {
    EXPECT_EQ(as_of(-600).headline, Headline::cannot_tell);
    EXPECT_NE(reason(-600).find("whether it was suspended at"), std::string::npos) << reason(-600);
    change(-700, CredentialStatus::suspended);
    EXPECT_EQ(as_of(-800).headline, Headline::valid);
    EXPECT_EQ(as_of(-600).headline, Headline::suspended);
    change(-500, CredentialStatus::revoked);
    EXPECT_EQ(as_of(-600).headline, Headline::cannot_tell);
    EXPECT_NE(reason(-600).find("had another status before"), std::string::npos) << reason(-600);
    EXPECT_EQ(as_of(-400).headline, Headline::revoked);
}

TEST_F(EarlierVerdictTest, IsNotToldOfTimesThatNothingIsShownOf) {
    change(-500, CredentialStatus::superseded);
    EXPECT_EQ(as_of(-1'001).headline, Headline::cannot_tell);
    EXPECT_NE(reason(-1'001).find("was registered later"), std::string::npos) << reason(-1'001);
    EXPECT_EQ(as_of(-1'000).headline, Headline::valid);
    // Of a time after the status proof; the document had ended by then.
    EXPECT_EQ(as_of(30).headline, Headline::expired);
    EXPECT_NE(reason(30).find("earlier than the time asked for"), std::string::npos);
}

TEST_F(EarlierVerdictTest, TakesTheDatesOfThatTime) {
    change(-500, CredentialStatus::revoked);
    EXPECT_EQ(as_of(-551).headline, Headline::valid);
    EXPECT_EQ(as_of(-540).headline, Headline::expired);
}

TEST_F(EarlierVerdictTest, WantsATrustThatKnowsTheMembersOfTheProof) {
    change(-500, CredentialStatus::revoked);
    network.members.members.front().name = "Another name";
    network.end_block();
    EXPECT_EQ(as_of(-600).headline, Headline::cannot_tell);
    EXPECT_EQ(judge(evidence()).headline, Headline::revoked) << "proven by the seal alone";
}

}  // namespace
}  // namespace chancery::credential

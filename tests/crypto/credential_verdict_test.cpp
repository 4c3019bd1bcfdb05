#include <gtest/gtest.h>

#include "crypto/credential/verdict.h"
#include "tests/support/chancery_credentials.h"
#include "tests/support/verdict_fixture.h"

namespace chancery::credential {
namespace {

using ledger::CredentialStatus;
using test::a_document;
using test::chancery_evidence;
using test::filled_hash;
using test::result_of;
using test::SmallNetwork;
using test::VerdictTest;

TEST(VerdictOfTheVectors, IsTheirs) {
    const Trust trust = test::chancery_trust();
    const std::vector<Headline> expected = {Headline::revoked, Headline::valid, Headline::valid};
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const Verdict verdict = judge(chancery_evidence(i, trust));
        EXPECT_EQ(verdict.headline, expected[i]) << verdict.sentence;
        EXPECT_EQ(verdict.issuer_name, "University A");
        EXPECT_EQ(verdict.issuer_slug, "uni-a");
        EXPECT_EQ(verdict.position, test::chancery_receipt(i).index);
        EXPECT_EQ(verdict.registered_at, 1'767'225'600'000U);
        EXPECT_EQ(verdict.status_time_s, test::chancery_now_s);
        EXPECT_EQ(verdict.change.has_value(), i == 0);
        EXPECT_FALSE(verdict.has_issuer_signature);
    }
}

TEST(VerdictOfTheVectors, CannotBeToldUnderTheUnsealedCheckpoint) {
    const Trust trust = test::chancery_trust();
    const std::string unsealed = *test::chancery_vector("unsealed_checkpoint").as_string();
    for (std::size_t i = 0; i < 3; ++i) {
        Evidence evidence = chancery_evidence(i, trust);
        evidence.receipt->checkpoint = unsealed;
        EXPECT_EQ(judge(evidence).headline, Headline::cannot_tell);
        EXPECT_EQ(result_of(judge(evidence), Step::seal), StepResult::could_not_check);
        evidence = chancery_evidence(i, trust);
        evidence.status->checkpoint = unsealed;
        EXPECT_EQ(judge(evidence).headline, Headline::cannot_tell);
        EXPECT_EQ(result_of(judge(evidence), Step::status), StepResult::could_not_check);
    }
}

TEST(VerdictOfTheVectors, IsThatOfOneDocumentAlone) {
    const Trust trust = test::chancery_trust();
    for (std::size_t mine = 0; mine < 3; ++mine) {
        for (std::size_t other = 0; other < 3; ++other) {
            if (mine == other) continue;
            Evidence evidence = chancery_evidence(mine, trust);
            evidence.document = chancery_evidence(other, trust).document;
            EXPECT_EQ(judge(evidence).headline, Headline::altered);
            evidence = chancery_evidence(mine, trust);
            evidence.receipt = test::chancery_receipt(other);
            EXPECT_EQ(judge(evidence).headline, Headline::altered);
            evidence = chancery_evidence(mine, trust);
            evidence.status = test::chancery_status(other);
            EXPECT_EQ(judge(evidence).headline, Headline::cannot_tell);
        }
    }
}

TEST_F(VerdictTest, IsValidWhenEveryStepPassesButTheMissingSignature) {
    const Verdict verdict = judge(evidence());
    EXPECT_EQ(verdict.headline, Headline::valid) << verdict.sentence;
    for (std::size_t i = 0; i < step_count; ++i) {
        const bool is_open = static_cast<Step>(i) == Step::issuer_signature;
        EXPECT_EQ(verdict.steps[i].result, is_open ? StepResult::could_not_check : StepResult::pass)
            << name_of(static_cast<Step>(i)) << ": " << verdict.steps[i].reason;
        EXPECT_FALSE(verdict.steps[i].reason.empty());
    }
    EXPECT_EQ(verdict.sentence,
              "Valid: registered by Member 1 and in good standing as of 2026-01-01T00:00:01Z. The "
              "document carries no signature of its issuer; the registry alone vouches for it.");
}

TEST_F(VerdictTest, CannotBeToldOfADocumentWithASignatureThatIsNotChecked) {
    document.set("proof", json::Object{{"cryptosuite", "eddsa-rdfc-2022"}});
    const Verdict verdict = judge(evidence());
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_TRUE(verdict.has_issuer_signature);
    EXPECT_NE(verdict.sentence.find("signatures of kinds that are not known here"),
              std::string::npos);
    network.change_status(position, CredentialStatus::revoked);
    network.end_block();
    EXPECT_EQ(judge(evidence()).headline, Headline::revoked);
}

TEST_F(VerdictTest, TakesTheReceiptFromTheDocumentsProofs) {
    json::Value with_receipt = document;
    ASSERT_TRUE(embed(with_receipt, network.receipt(position, salt)));
    EXPECT_EQ(headline([&](Evidence& e) {
                  e.receipt.reset();
                  e.document = with_receipt;
              }),
              Headline::valid);
}

TEST_F(VerdictTest, CountsTheReceiptOfThePinnedNetwork) {
    SmallNetwork foreign(4, "log.example/foreign");
    foreign.register_credential(1, filled_hash(1));
    foreign.end_block();
    json::Value with_both = document;
    ASSERT_TRUE(embed(with_both, foreign.receipt(0, salt)));
    ASSERT_TRUE(embed(with_both, network.receipt(position, salt)));
    EXPECT_EQ(headline([&](Evidence& e) {
                  e.receipt.reset();
                  e.document = with_both;
              }),
              Headline::valid);
}

TEST_F(VerdictTest, CannotBeToldOfAReceiptOfAnotherNetwork) {
    SmallNetwork foreign(4, "log.example/foreign");
    foreign.register_credential(1, commitment(salt, document_hash(document)));
    foreign.end_block();
    const Verdict verdict = judge([&] {
        Evidence e = evidence();
        e.receipt = foreign.receipt(0, salt);
        e.receipt->path.push_back(filled_hash(1));  // Not even looked at.
        return e;
    }());
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    for (const Step open : {Step::inclusion, Step::seal, Step::issuer, Step::status})
        EXPECT_EQ(result_of(verdict, open), StepResult::could_not_check) << name_of(open);
    EXPECT_FALSE(verdict.position);
    EXPECT_FALSE(verdict.issuer_name);
}

TEST_F(VerdictTest, IsNeverMoreThanCannotTellFromAReceiptAlone) {
    const Verdict verdict = judge([&] {
        Evidence e = evidence();
        e.status.reset();
        return e;
    }());
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_EQ(verdict.sentence,
              "Cannot tell: there is no status proof. This does not mean that the credential is "
              "false.");
    EXPECT_EQ(verdict.position, position);
}

TEST_F(VerdictTest, CannotBeToldWithoutReceiptOrTrust) {
    EXPECT_EQ(headline([](Evidence& e) { e.receipt.reset(); }), Headline::cannot_tell);
    EXPECT_EQ(headline([](Evidence& e) { e.trust = nullptr; }), Headline::cannot_tell);
    EXPECT_EQ(headline([](Evidence& e) { e = {}, e.document = a_document("x"); }),
              Headline::cannot_tell);
}

TEST_F(VerdictTest, IsAlteredWhenTheDocumentOrSaltIsAnother) {
    EXPECT_EQ(headline([](Evidence& e) { e.document.set("name", "Rocket science"); }),
              Headline::altered);
    EXPECT_EQ(headline([](Evidence& e) { e.document.set("proof", "text"); }), Headline::altered);
    EXPECT_EQ(headline([](Evidence& e) { e.document = json::Value(json::Array{}); }),
              Headline::altered);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->salt[0] ^= 1; }), Headline::altered);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->path.assign(64, Hash{}); }), Headline::altered);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->checkpoint = "?"; }), Headline::altered);
    EXPECT_EQ(headline([&](Evidence& e) { e.receipt->entry = network.entries.back(); }),
              Headline::altered);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->entry.pop_back(); }), Headline::altered);
}

TEST_F(VerdictTest, CannotBeToldWhileTheSaltIsMissing) {
    const Verdict verdict = judge([&] {
        Evidence e = evidence();
        e.receipt->salt = {};
        return e;
    }());
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_EQ(result_of(verdict, Step::commitment), StepResult::could_not_check);
    EXPECT_EQ(result_of(verdict, Step::status), StepResult::could_not_check);
}

// Else a receipt without salt would lend its status to any document.
TEST_F(VerdictTest, IsNotRevokedByTheReceiptOfAnotherDocumentWithoutItsSalt) {
    network.change_status(other_position, CredentialStatus::revoked);
    network.end_block();
    EXPECT_EQ(headline([&](Evidence& e) {
                  e.receipt = network.receipt(other_position, {});
                  e.status = network.status_proof(other_position);
              }),
              Headline::cannot_tell);
}

TEST_F(VerdictTest, CannotBeToldOfAnEntryOfALaterRelease) {
    const Verdict verdict = judge([&] {
        Evidence e = evidence();
        e.receipt->entry = {2, 2, 0};
        return e;
    }());
    EXPECT_EQ(result_of(verdict, Step::entry), StepResult::could_not_check);
    EXPECT_EQ(verdict.headline, Headline::not_in_registry);  // Its path leads nowhere.
    EXPECT_EQ(result_of(verdict, Step::commitment), StepResult::could_not_check);
}

TEST_F(VerdictTest, CannotBeToldOfALaterReleasesEntryThatIsOnTheLedger) {
    network.entries.push_back({2, 2, 0});
    network.leaves.push_back(merkle::leaf_hash(network.entries.back()));
    network.end_block();
    const Verdict verdict = judge([&] {
        Evidence e = evidence();
        e.receipt = network.receipt(network.entries.size() - 2, salt);
        return e;
    }());
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_EQ(result_of(verdict, Step::inclusion), StepResult::pass);
}

TEST_F(VerdictTest, IsNotInTheRegistryWhenThePathOrASignatureIsBad) {
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->path[0][0] ^= 1; }), Headline::not_in_registry);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->path.pop_back(); }), Headline::not_in_registry);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->path.push_back({}); }),
              Headline::not_in_registry);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->index ^= 1; }), Headline::not_in_registry);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->index = 99; }), Headline::not_in_registry);
    EXPECT_EQ(headline([&](Evidence& e) {
                  note::SignedNote note = note::parse_note(network.checkpoint(4)).value();
                  note.signatures[3].signature.back() ^= 1;
                  e.receipt->checkpoint = note::to_text(note);
              }),
              Headline::not_in_registry);
    EXPECT_EQ(headline([&](Evidence& e) { e.receipt->checkpoint = SmallNetwork(4).checkpoint(4); }),
              Headline::not_in_registry);
}

TEST_F(VerdictTest, ProvesNothingOfTheLedgerWithTooFewKnownCosigners) {
    network.change_status(position, CredentialStatus::revoked);
    network.end_block();
    const Verdict verdict = judge([&] {
        Evidence e = evidence();
        e.receipt->checkpoint = network.checkpoint(2);
        return e;
    }());
    EXPECT_EQ(verdict.headline, Headline::cannot_tell);
    EXPECT_EQ(result_of(verdict, Step::inclusion), StepResult::pass);
    for (const Step open : {Step::seal, Step::issuer, Step::status})
        EXPECT_EQ(result_of(verdict, open), StepResult::could_not_check) << name_of(open);
    EXPECT_FALSE(verdict.position || verdict.issuer_name || verdict.change);
}

TEST_F(VerdictTest, IsOfAnUnknownIssuerWhenTheDidIsNotTheMembers) {
    register_document(a_document("did:web:m2.example"));
    const Verdict verdict = judge(evidence());
    EXPECT_EQ(verdict.headline, Headline::unknown_issuer);
    EXPECT_EQ(verdict.position, position);
    EXPECT_FALSE(verdict.issuer_name || verdict.issuer_slug);

    register_document(json::Object{{"issuer", json::Object{{"name", "Member 1"}}}});
    EXPECT_EQ(judge(evidence()).headline, Headline::unknown_issuer);
    register_document(json::Object{{"name", "nobody's"}});
    EXPECT_EQ(judge(evidence()).headline, Headline::unknown_issuer);
    register_document(json::Object{{"issuer", json::Array{"did:web:m1.example"}}});
    EXPECT_EQ(judge(evidence()).headline, Headline::unknown_issuer);
}

TEST_F(VerdictTest, TakesTheIssuerAsStringOrObject) {
    register_document(json::Object{
        {"issuer", json::Object{{"id", "did:web:m1.example"}, {"name", "whatever it says"}}}});
    const Verdict verdict = judge(evidence());
    EXPECT_EQ(verdict.headline, Headline::valid);
    EXPECT_EQ(verdict.issuer_name, "Member 1");
}

TEST_F(VerdictTest, AsksForTheDidInForceAtThePosition) {
    // Member 1 takes another DID from position 3 on.
    ledger::Members& members = network.members;
    members.members[0].dids = {
        {.did = "did:web:m1.example", .in_force = {.from = 0, .until = 3}},
        {.did = "did:web:new.example", .in_force = {.from = 3, .until = std::nullopt}}};
    network.end_block();
    const Trust newer = Trust::from_members(members);
    EXPECT_EQ(headline([&](Evidence& e) { e.trust = &newer; }), Headline::valid);

    const json::Value old_name = a_document("did:web:m1.example");
    register_document(a_document("did:web:new.example"));
    EXPECT_EQ(headline([&](Evidence& e) { e.trust = &newer; }), Headline::valid);
    // Trust of before the change: it cannot know, and says so.
    EXPECT_EQ(judge(evidence()).headline, Headline::cannot_tell);
    EXPECT_EQ(result_of(judge(evidence()), Step::issuer), StepResult::could_not_check);
    register_document(json::Object{{"issuer", "did:web:m1.example"}, {"name", "after the change"}});
    EXPECT_EQ(headline([&](Evidence& e) { e.trust = &newer; }), Headline::unknown_issuer);
    EXPECT_EQ(judge(evidence()).headline, Headline::cannot_tell);
}

TEST_F(VerdictTest, CannotBeToldOfAMemberThatTrustDoesNotKnow) {
    position = network.register_credential(9, commitment(salt, document_hash(document)));
    network.end_block();
    EXPECT_EQ(judge(evidence()).headline, Headline::cannot_tell);
    EXPECT_EQ(result_of(judge(evidence()), Step::entry), StepResult::could_not_check);
}

TEST_F(VerdictTest, IsThatOfTheMembersOwnRegistration) {
    // Member 2 copied the commitment of member 1 and revoked its own copy.
    const ledger::Position copy =
        network.register_credential(2, commitment(salt, document_hash(document)));
    network.change_status(copy, CredentialStatus::revoked);
    network.end_block();
    EXPECT_EQ(judge(evidence()).headline, Headline::valid);
    EXPECT_EQ(headline([&](Evidence& e) { e.status = network.status_proof(copy); }),
              Headline::cannot_tell);
    EXPECT_EQ(headline([&](Evidence& e) {
                  e.receipt = network.receipt(copy, salt);
                  e.status = network.status_proof(copy);
              }),
              Headline::unknown_issuer);
}

struct DateCase {
    json::Value dates;
    Headline expected;
};

TEST_F(VerdictTest, ReadsTheDatesOfBothVersionsOfTheModel) {
    // The clock stands at 2026-01-01T00:01:00Z.
    const std::vector<DateCase> cases = {
        {json::Object{{"validFrom", "2026-01-01T00:01:00Z"}}, Headline::valid},
        {json::Object{{"validFrom", "2026-01-01T05:31:00+05:30"}}, Headline::valid},
        {json::Object{{"validFrom", "2026-01-01T00:01:00.1Z"}}, Headline::not_yet_valid},
        {json::Object{{"validFrom", "2026-01-01T00:01:01Z"}}, Headline::not_yet_valid},
        {json::Object{{"validFrom", "2026-01-01T00:01:00-00:01"}}, Headline::not_yet_valid},
        {json::Object{{"validUntil", "2026-01-01T00:01:00Z"}}, Headline::valid},
        {json::Object{{"validUntil", "2026-01-01T00:00:59.9Z"}}, Headline::expired},
        {json::Object{{"validUntil", "2026-01-01T00:01:00+00:01"}}, Headline::expired},
        {json::Object{{"issuanceDate", "2026-01-01T00:01:01Z"}}, Headline::not_yet_valid},
        {json::Object{{"expirationDate", "2026-01-01T00:00:59Z"}}, Headline::expired},
        {json::Object{{"validUntil", "2027-01-01T00:00:00Z"},
                      {"expirationDate", "2025-01-01T00:00:00Z"}},
         Headline::expired},
        {json::Object{{"validFrom", "2027-01-01T00:00:00Z"},
                      {"validUntil", "2025-01-01T00:00:00Z"}},
         Headline::expired},
        {json::Object{{"validFrom", "2025-01-01"}}, Headline::cannot_tell},
        {json::Object{{"validFrom", "2025-01-01T00:00:00"}}, Headline::cannot_tell},
        {json::Object{{"validUntil", 1}}, Headline::cannot_tell},
        {json::Object{{"validUntil", json::Value()}}, Headline::cannot_tell},
        {json::Object{{"validFrom", "soon"}, {"validUntil", "2025-01-01T00:00:00Z"}},
         Headline::expired},
    };
    const json::Value bare = document;
    for (const DateCase& given : cases) {
        json::Value dated = bare;
        const json::Object dates = *given.dates.as_object();
        for (const json::Member& date : dates)
            dated.set(date.name, date.value);
        register_document(dated);
        EXPECT_EQ(judge(evidence()).headline, given.expected) << json::canonical(given.dates);
    }
}

// Each failure hides those that come after it in the order of the specification.
TEST_F(VerdictTest, IsTheFirstThatIsProven) {
    json::Value bad = a_document("did:web:nobody.example");
    bad.set("validUntil", "2025-01-01T00:00:00Z");
    register_document(bad);
    network.change_status(position, CredentialStatus::revoked);
    network.end_block();
    EXPECT_EQ(headline([](Evidence& e) {
                  e.document.set("name", "altered");
                  e.receipt->path[0] = {};
              }),
              Headline::altered);
    EXPECT_EQ(headline([](Evidence& e) { e.receipt->path[0] = {}; }), Headline::not_in_registry);
    EXPECT_EQ(judge(evidence()).headline, Headline::unknown_issuer);

    bad.set("issuer", "did:web:m1.example");
    for (const auto& [status, expected] : std::vector<std::pair<CredentialStatus, Headline>>{
             {CredentialStatus::revoked, Headline::revoked},
             {CredentialStatus::superseded, Headline::superseded},
             {CredentialStatus::suspended, Headline::suspended}}) {
        bad.set("name", name_of(status));
        register_document(bad);
        network.change_status(position, status);
        network.end_block();
        EXPECT_EQ(judge(evidence()).headline, expected);
        EXPECT_EQ(headline([](Evidence& e) { e.status.reset(); }), Headline::expired);
    }
}

TEST(Verdict, NamesAreThoseOfTheSpecification) {
    EXPECT_EQ(name_of(StepResult::could_not_check), "could not check");
    EXPECT_EQ(name_of(Step::format), "format");
    EXPECT_EQ(name_of(Step::dates), "dates");
    EXPECT_EQ(name_of(Headline::valid), "valid");
    EXPECT_EQ(name_of(Headline::not_in_registry), "not in the registry");
    EXPECT_EQ(name_of(Headline::cannot_tell), "cannot tell");
}

}  // namespace
}  // namespace chancery::credential

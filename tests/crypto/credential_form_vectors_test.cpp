// Dates, receipts and seals in the cases that section 10 of PROTOCOL.md settles.
#include "crypto/credential/date_time.h"
#include "crypto/credential/verdict.h"
#include "crypto/json/canonical.h"
#include "crypto/note/cosignature.h"
#include "tests/support/form_vectors.h"

namespace chancery {
namespace {

TEST(FormVectors, DatesAreReadAsTheProtocolSays) {
    test::hold_to(
        "date_time",
        [](const json::Value& form) {
            return credential::parse_date_time(test::form_text(form, "text"));
        },
        [](const json::Value& form, const credential::Instant& instant) {
            EXPECT_EQ(std::to_string(instant.second), test::text_at(form, "second"));
            EXPECT_EQ(json::Value(instant.has_fraction), *form.find("has_fraction"));
        });
}

TEST(FormVectors, DatesOfDocumentsAreJudgedAsTheProtocolSays) {
    for (const json::Value& form : test::form_cases("validity")) {
        credential::Evidence evidence;
        evidence.document = json::parse(test::form_text(form, "document")).value();
        evidence.now_s = test::number_at(form, "now");
        const credential::Verdict verdict = credential::judge(evidence);
        const auto& dates = verdict.steps.at(static_cast<std::size_t>(credential::Step::dates));
        EXPECT_EQ(credential::name_of(dates.result), test::text_at(form, "result"))
            << test::name_of(form) << ": " << dates.reason;
    }
}

TEST(FormVectors, ReceiptsAndTheirElementsAreThoseOfTheProtocol) {
    test::hold_to(
        "receipt",
        [](const json::Value& form) {
            return credential::parse_receipt(test::form_text(form, "text"));
        },
        [](const json::Value& form, const credential::Receipt& receipt) {
            EXPECT_EQ(credential::to_text(receipt), test::form_text(form, "text"));
            const auto element = credential::proof_element(receipt);
            ASSERT_TRUE(element) << element.error().detail;
            EXPECT_EQ(json::canonical(*element), test::form_text(form, "element"));
        });
}

TEST(FormVectors, ReceiptsAreFoundInDocumentsAsTheProtocolSays) {
    for (const json::Value& form : test::form_cases("receipt_element")) {
        const auto document = json::parse(test::form_text(form, "text"));
        ASSERT_TRUE(document) << test::name_of(form);
        const auto found = credential::receipts_in(*document);
        const auto* receipts = test::read_as_told(form, found);
        if (receipts == nullptr) continue;
        json::Array texts;
        for (const credential::Receipt& receipt : *receipts)
            texts.emplace_back(credential::to_text(receipt));
        EXPECT_EQ(texts, test::array_at(form, "receipts")) << test::name_of(form);
    }
}

constexpr ledger::Position change_position = 100;
constexpr std::string_view seal_origin = "registry.example/test";

keys::Ed25519Key founder_key(std::uint32_t member) {
    return keys::Ed25519Key::from_seed(test::node_seed(member));
}

// Members 1 to `founders` cosign until change_position, 1 to `quorum` afterwards with other keys.
ledger::Members with_cosigners_changed(std::uint32_t founders, std::uint32_t quorum) {
    constexpr std::uint32_t newcomer_seeds = 100;
    ledger::Members members;
    members.origin = seal_origin;
    members.quorum = quorum;
    for (std::uint32_t number = 1; number <= std::max(founders, quorum); ++number) {
        ledger::Member member;
        member.number = number;
        member.slug = "m" + std::to_string(number);
        if (number <= founders) {
            member.keys.push_back({.use = ledger::KeyUse::cosigner,
                                   .number = 1,
                                   .key = founder_key(number).public_key(),
                                   .in_force = {.from = 0, .until = change_position}});
        }
        if (number <= quorum) {
            const keys::Ed25519Key key = founder_key(newcomer_seeds + number);
            member.keys.push_back({.use = ledger::KeyUse::cosigner,
                                   .number = number <= founders ? 2U : 1U,
                                   .key = key.public_key(),
                                   .in_force = {.from = change_position, .until = {}}});
        }
        members.members.push_back(std::move(member));
    }
    return members;
}

// The checkpoint of the last size before the change, cosigned by the first `signers` founders.
note::SignedCheckpoint cosigned_before_change(std::uint32_t signers) {
    note::SignedCheckpoint signed_checkpoint;
    signed_checkpoint.checkpoint = {.origin = std::string(seal_origin),
                                    .head = {.size = change_position, .root = {}}};
    signed_checkpoint.note.text = note::checkpoint_text(signed_checkpoint.checkpoint);
    for (std::uint32_t number = 1; number <= signers; ++number) {
        const std::string name = std::string(seal_origin) + "/m" + std::to_string(number);
        signed_checkpoint.note.signatures.push_back(
            note::cosign(signed_checkpoint.note.text, name, 1, founder_key(number)));
    }
    return signed_checkpoint;
}

TEST(FormVectors, SealsOfThePastTakeAsManyCosignersAsTheProtocolSays) {
    for (const json::Value& form : test::form_cases("seal_quorum")) {
        const auto founders = test::number_at<std::uint32_t>(form, "cosigners");
        const auto quorum = test::number_at<std::uint32_t>(form, "quorum");
        const auto needed = test::number_at<std::uint32_t>(form, "needed");
        const auto trust =
            credential::Trust::from_members(with_cosigners_changed(founders, quorum));
        for (std::uint32_t signers = 0; signers <= founders; ++signers) {
            const auto seal = trust.seal(cosigned_before_change(signers));
            ASSERT_TRUE(seal) << seal.error().detail;
            EXPECT_EQ(seal->has_value(), signers >= needed)
                << signers << " of " << founders << " founders under quorum " << quorum;
        }
    }
}

}  // namespace
}  // namespace chancery

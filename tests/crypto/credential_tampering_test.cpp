// With any one byte changed, a proof never becomes another valid claim.

#include <gtest/gtest.h>

#include "crypto/credential/commitment.h"
#include "crypto/json/parse.h"
#include "tests/support/chancery_credentials.h"

namespace chancery::credential {
namespace {

using test::chancery_document;
using test::chancery_evidence;

// The changes that find most: the neighbouring digit, another letter case, no ASCII any more.
constexpr std::array<char, 3> masks = {'\x01', '\x20', '\x80'};

std::string with_byte_changed(const std::string& text, std::size_t index, char mask) {
    std::string changed = text;
    changed[index] = static_cast<char>(changed[index] ^ mask);
    return changed;
}

// What the intact evidence proves. A changed one may prove the same or less.
class Claim {
public:
    explicit Claim(const Evidence& intact) : truth_(judge(intact)) {}

    void expect_nothing_else(const Evidence& changed, const std::string& where) const {
        const Verdict verdict = judge(changed);
        const bool says_less = verdict.headline == Headline::altered ||
                               verdict.headline == Headline::not_in_registry ||
                               verdict.headline == Headline::cannot_tell;
        EXPECT_TRUE(says_less || verdict.headline == truth_.headline)
            << where << ": " << verdict.sentence;
        if (says_less) return;
        EXPECT_EQ(verdict.position, truth_.position) << where;
        EXPECT_EQ(verdict.registered_at, truth_.registered_at) << where;
        EXPECT_EQ(verdict.issuer_slug, truth_.issuer_slug) << where;
        EXPECT_EQ(verdict.change, truth_.change) << where;
        EXPECT_EQ(verdict.status_time_s, truth_.status_time_s) << where;
    }

private:
    Verdict truth_;
};

class TamperingTest : public testing::TestWithParam<std::size_t> {
protected:
    TamperingTest()
        : trust(test::chancery_trust()),
          intact(chancery_evidence(GetParam(), trust)),
          claim(intact) {}

    Trust trust;
    Evidence intact;
    Claim claim;
};

TEST_P(TamperingTest, WithAReceiptGivesNoOtherClaim) {
    const std::string text = test::text_at(chancery_document(GetParam()), "receipt");
    Evidence changed = intact;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char mask : masks) {
            const Result<Receipt> receipt = parse_receipt(with_byte_changed(text, i, mask));
            if (!receipt) continue;
            changed.receipt = *receipt;
            claim.expect_nothing_else(changed, "receipt byte " + std::to_string(i));
        }
    }
}

TEST_P(TamperingTest, WithAStatusProofGivesNoOtherClaim) {
    const std::string text = json::canonical(*chancery_document(GetParam()).find("status_proof"));
    Evidence changed = intact;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char mask : masks) {
            const Result<StatusProof> status = parse_status_proof(with_byte_changed(text, i, mask));
            if (!status) continue;
            changed.status = *status;
            claim.expect_nothing_else(changed, "status proof byte " + std::to_string(i));
        }
    }
}

TEST_P(TamperingTest, WithTheDocumentAlwaysShows) {
    const std::string text = test::text_at(chancery_document(GetParam()), "jcs");
    Evidence changed = intact;
    for (std::size_t i = 0; i < text.size(); ++i) {
        for (const char mask : masks) {
            const Result<json::Value> document = json::parse(with_byte_changed(text, i, mask));
            if (!document) continue;
            changed.document = *document;
            EXPECT_EQ(judge(changed).headline, Headline::altered) << "document byte " << i;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Vectors, TamperingTest, testing::Values(0U, 1U, 2U));

}  // namespace
}  // namespace chancery::credential

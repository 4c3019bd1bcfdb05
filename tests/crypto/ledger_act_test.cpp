// Acts by which members decide about their own keys: their one form, and what new keys sign.
#include "crypto/ledger/act.h"
#include "tests/support/act_drafts.h"
#include "tests/support/form_vectors.h"

namespace chancery::ledger {
namespace {

const json::Value& vectors() {
    static const json::Value read = test::vector_json("chancery/acts.json");
    return read;
}

// A key is proven by exactly the signature that was made, bit for bit, and to this member alone.
void expect_proof_is_exact(const AddKey& added, const Hash& network, MemberNumber member) {
    EXPECT_TRUE(proves_possession(added, network, member));
    EXPECT_FALSE(proves_possession(added, network, member + 1));
    EXPECT_FALSE(proves_possession(added, Hash{}, member));
    AddKey changed = added;
    for (std::size_t i = 0; i < added.possession.size(); ++i) {
        changed.possession[i] ^= 1;
        EXPECT_FALSE(proves_possession(changed, network, member)) << i;
        changed.possession[i] = added.possession[i];
    }
    changed.possession.push_back(0);
    EXPECT_FALSE(proves_possession(changed, network, member));
}

TEST(Act, IsReadAndWrittenAsTheProtocolSays) {
    const Hash network = test::hash_at(vectors(), "network_id");
    for (const json::Value& form : test::cases_in(vectors(), "acts")) {
        const std::string text = test::text_at(form, "act");
        const auto parsed = parse_act(text);
        const Act* const act = test::read_as_told(form, parsed);
        if (act == nullptr) continue;
        EXPECT_EQ(to_text(*act), text);
        EXPECT_EQ(act_message(network, text), test::hash_at(form, "message"));
        const Bytes submission = test::bytes_at(form, "submission");
        const auto split = split_act(*act_in(submission));
        ASSERT_TRUE(split);
        EXPECT_EQ(split->text, text);
        EXPECT_EQ(act_submission(*split), submission);
        EXPECT_TRUE(test::member_key(test::slug_of(act->by), "governance")
                        .public_key()
                        .verifies(act_message(network, text), split->signature));
        const auto* const added = std::get_if<AddKey>(&act->what);
        if (added == nullptr) continue;
        EXPECT_EQ(possession_message(network, act->by, added->use, added->key),
                  test::bytes_at(form, "possession_message"));
        expect_proof_is_exact(*added, network, act->by);
    }
}

TEST(Act, OfAnotherNameIsToldFromABrokenOne) {
    EXPECT_TRUE(is_act_of_another_name(R"({"act":"propose","by":1})"));
    EXPECT_FALSE(is_act_of_another_name(R"({"act":"add_key","by":0})"));
    EXPECT_FALSE(is_act_of_another_name(R"({"act":1})"));
    EXPECT_FALSE(is_act_of_another_name(R"({"act":"propose")"));
    EXPECT_FALSE(is_act_of_another_name(""));
}

TEST(Act, IsToldFromABatchByItsFirstTwoBytes) {
    EXPECT_FALSE(act_in({}));
    EXPECT_FALSE(act_in(Bytes{1}));
    EXPECT_FALSE(act_in(Bytes{1, 1, 5}));
    EXPECT_FALSE(act_in(Bytes{5, 1}));
    EXPECT_TRUE(act_in(Bytes{1, 5})->empty());
}

TEST(Act, HasASignatureAndABoundedText) {
    EXPECT_FALSE(split_act({}));
    EXPECT_FALSE(split_act(Bytes(64)));
    EXPECT_TRUE(split_act(Bytes(65)));
    EXPECT_TRUE(split_act(Bytes(64 + act_bytes_max)));
    const auto longer = split_act(Bytes(64 + act_bytes_max + 1));
    ASSERT_FALSE(longer);
    EXPECT_EQ(longer.error().detail, "signature and act of 32833 bytes, want 65 to 32832");
}

TEST(Act, NeverShowsWhatItWasGiven) {
    for (const std::string text : {R"({"act":"<script>"})", R"({"<script>":1,"act":"end_key"})"}) {
        const auto act = parse_act(text);
        ASSERT_FALSE(act);
        EXPECT_EQ(act.error().detail.find("script"), std::string::npos) << act.error().detail;
    }
}

}  // namespace
}  // namespace chancery::ledger

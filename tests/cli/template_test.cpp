// Templates: what a row may put into a document, and what it leaves out.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/cli/credential_file.h"
#include "node/cli/credential_template.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

using Row = std::map<std::string, std::string>;

struct Template : testing::Test {
    test::ScratchFolder folder;

    HoleContext context(const Row& fields) const {
        HoleContext made;
        made.issuer_did = "did:example:a";
        made.issuer_name = "Uni A";
        made.salt = "00112233445566778899aabbccddeeff";
        made.folder = folder.path();
        made.field = [fields](const std::string& name) {
            const auto found = fields.find(name);
            return found == fields.end() ? std::optional<std::string>()
                                         : std::optional<std::string>(found->second);
        };
        return made;
    }
    // The filled document, or what was wrong with a field.
    Result<json::Value> fill(const std::string& text,
                             const Row& fields,
                             const json::Value* earlier = nullptr) const {
        const auto form = CredentialTemplate::parse(text);
        if (!form) return form.error();
        CredentialTemplate::Values values;
        for (const Hole& hole : form->holes()) {
            auto value = value_of(hole, context(fields));
            if (!value) return value.error();
            values.emplace(hole, *std::move(value));
        }
        return form->fill(values, earlier);
    }
    std::string filled(const std::string& text, const Row& fields) const {
        const auto document = fill(text, fields);
        return document ? json::canonical(*document) : "refused: " + document.error().detail;
    }
};

TEST_F(Template, PutsFieldsIntoStringsAndNowhereElse) {
    const std::string form =
        R"({"id":"x:{{uuid}}","issuer":"{{issuer_did}}","list":["{{ a }} and {{b}}",true],"n":1})";
    const Row fields = {{"a", "\",\"evil\":\"{{b}}"}, {"b", "B"}};
    const auto document = fill(form, fields);
    ASSERT_TRUE(document) << document.error().detail;
    EXPECT_EQ(*document->find("issuer")->as_string(), "did:example:a");
    EXPECT_EQ(*document->find("list")->as_array()->front().as_string(),
              "\",\"evil\":\"{{b}} and B");
    EXPECT_EQ(document->find("evil"), nullptr);
    EXPECT_EQ(document->find("id")->as_string()->size(), 2 + uuid_characters);
    EXPECT_EQ(*fill(form, fields, &*document), *document) << "the same row, the same document";
    EXPECT_NE(*fill(form, fields), *document);
}

TEST_F(Template, LeavesOutWhatIsEmptyAndMayBe) {
    const std::string form =
        R"({"a":"{{a?}}","e":[{"id":"{{url??}}","name":"{{name?}}"}],"l":["{{a?}}","x"],"o":{"a":"{{a??}}"}})";
    EXPECT_EQ(filled(form, {{"a", "A"}, {"url", "U"}, {"name", "N"}}),
              R"({"a":"A","e":[{"id":"U","name":"N"}],"l":["A","x"],"o":{"a":"A"}})");
    EXPECT_EQ(filled(form, {{"a", ""}, {"url", "U"}}), R"({"e":[{"id":"U"}],"l":["x"]})");
    EXPECT_EQ(filled(form, {{"name", "N"}}), R"({"l":["x"]})") << "an array that is emptied, too";
    EXPECT_EQ(filled(R"({"a":"{{a}}"})", {{"a", ""}}), "refused: column a is empty, want a value");
}

TEST_F(Template, MakesNumbers) {
    const std::string form = R"({"n":"{{number credits?}}"})";
    EXPECT_EQ(filled(form, {{"credits", "3"}}), R"({"n":3})");
    EXPECT_EQ(filled(form, {{"credits", "2.5"}}), R"({"n":2.5})");
    EXPECT_EQ(filled(form, {{"credits", ""}}), "{}");
    for (const char* wrong : {"three", "3 ", "\"3\"", "true", "1e999", "9007199254740993", "-0"})
        EXPECT_EQ(filled(form, {{"credits", wrong}}),
                  "refused: column credits: want a number, as in 3 or 2.5")
            << wrong;
}

// As Open Badges 3.0 has it: sha256$ and the hash of address and salt, the address in lower case.
TEST_F(Template, HashesIdentitiesWithTheDocumentsSalt) {
    const std::string form = R"({"h":"{{identity_hash email}}","salt":"{{salt}}"})";
    const auto document = fill(form, {{"email", "Ana@Example.org"}});
    ASSERT_TRUE(document);
    const std::string salt = *document->find("salt")->as_string();
    EXPECT_EQ(*document->find("h")->as_string(),
              "sha256$" + to_hex(sha256(bytes_of("ana@example.org" + salt))));
    EXPECT_EQ(CredentialTemplate::parse(form)->salt_in(*document), salt);
    EXPECT_EQ(CredentialTemplate::parse(form)->salt_in(json::Object{{"salt", "x"}}), std::nullopt);
    EXPECT_EQ(random_salt().size(), 32U);
    EXPECT_NE(random_salt(), random_salt());
}

TEST_F(Template, DigestsTheFileThatARowNames) {
    folder.write("work.pdf", "a term paper");
    const std::string form = R"({"d":"{{digest work}}"})";
    Bytes multihash = {0x12, 0x20};
    const Hash hash = sha256(bytes_of("a term paper"));
    multihash.insert(multihash.end(), hash.begin(), hash.end());
    EXPECT_EQ(filled(form, {{"work", "work.pdf"}}),
              R"({"d":"u)" + to_base64url(multihash) + R"("})");
    const auto missing = fill(form, {{"work", "none.pdf"}});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, Errc::not_found);
    EXPECT_TRUE(missing.error().detail.starts_with("column work: ")) << missing.error().detail;
}

TEST_F(Template, MovesDates) {
    const auto after = [&](const std::string& period, const std::string& date) {
        const auto document = fill(R"({"d":"{{after from )" + period + R"(}}"})", {{"from", date}});
        return document ? *document->find("d")->as_string() : document.error().detail;
    };
    EXPECT_EQ(after("3y", "2026-05-01T12:30:15Z"), "2029-05-01T12:30:15Z");
    EXPECT_EQ(after("18m", "2026-05-01"), "2027-11-01T00:00:00Z");
    EXPECT_EQ(after("90d", "2026-12-15"), "2027-03-15T00:00:00Z");
    EXPECT_EQ(after("1m", "2026-01-31"), "2026-02-28T00:00:00Z");
    EXPECT_EQ(after("1m", "2028-01-31"), "2028-02-29T00:00:00Z");
    EXPECT_EQ(after("1y", "2028-02-29"), "2029-02-28T00:00:00Z");
    EXPECT_EQ(after("1y", "soon"),
              "column from: want a date as in 2026-05-01 or 2026-05-01T12:00:00Z");
}

TEST_F(Template, RefusesHolesThatNothingCanFill) {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"[]", "is no JSON object"},
        {"{", ""},
        {R"({"a":"{{x"})", "/a: {{ without }}"},
        {R"({"a":"{{}}"})", "/a: a hole without a name"},
        {R"({"a":"{{  }}"})", "/a: a hole without a name"},
        {R"({"a":"{{?}}"})", "/a: a hole without a name"},
        {R"({"a":"{{{x}}}"})", "/a: a hole without a name"},
        {R"({"{{a}}":"x"})", "a hole in a name"},
        {R"({"a":"{{two words}}"})", "want one column's name"},
        {R"({"a":"{{number a b}}"})", "want one column's name"},
        {R"({"a":"{{after a}}"})", "want one column's name and a period"},
        {R"({"a":"{{after a 3w}}"})", "want a period as in 90d, 18m or 3y"},
        {R"({"a":"{{after a 0d}}"})", "want a period as in 90d, 18m or 3y"},
        {R"({"a":"{{after a 99999d}}"})", "want a period as in 90d, 18m or 3y"},
        {R"({"a":"x {{number a}}"})", "/a: a number among other text"},
        {R"({"a":"{{x??}}"})", "/a: ?? would leave out the whole document"},
        {R"({"a":["{{x??}}"]})", "/a/0: ?? would leave out the whole document"},
        {R"({"a":"{{identity_hash email}}"})", "without a member that is {{salt}}"},
        {R"({"a":"{{identity_hash email}}","s":"x{{salt}}"})",
         "without a member that is {{salt}}"}};
    for (const auto& [text, reason] : cases) {
        const auto form = CredentialTemplate::parse(text);
        ASSERT_FALSE(form) << text;
        EXPECT_EQ(form.error().code, Errc::invalid);
        EXPECT_NE(form.error().detail.find(reason), std::string::npos) << form.error().detail;
    }
}

TEST_F(Template, AColumnMayBeCalledLikeAFunction) {
    EXPECT_EQ(filled(R"({"a":"{{number}} {{after}}"})", {{"number", "n"}, {"after", "b"}}),
              R"({"a":"n b"})");
}

}  // namespace
}  // namespace chancery::cli

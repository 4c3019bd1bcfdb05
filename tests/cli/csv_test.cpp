// Tables as spreadsheets write them, and documents made from their rows.
#include "node/cli/csv.h"

#include <map>

#include <gtest/gtest.h>

#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/cli/credential_template.h"
#include "node/cli/demo_badges.h"
#include "node/cli/issue_table.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

using Fields = std::vector<std::string>;

TEST(Csv, ReadsWhatSpreadsheetsWrite) {
    const auto table = parse_csv(
        "\xef\xbb\xbf"
        "file;reason\r\n\"a;b\";\"x \"\"y\"\"\"\r\n\r\nc;\n");
    ASSERT_TRUE(table) << table.error().detail;
    EXPECT_EQ(table->names, (Fields{"file", "reason"}));
    ASSERT_EQ(table->rows.size(), 2U);
    EXPECT_EQ(table->rows[0].fields, (Fields{"a;b", "x \"y\""}));
    EXPECT_EQ(table->rows[1].fields, (Fields{"c", ""}));
    EXPECT_EQ(table->column("reason"), 1U);
    EXPECT_FALSE(table->column("none"));
}

TEST(Csv, FindsTheSeparatorBetweenTheFieldsOfTheFirstRow) {
    for (const std::string text : {"\"a;b;c\",d\n1,2\n", "\r\n\n\"a;b;c\",d\n1,2\n"}) {
        const auto table = parse_csv(text);
        ASSERT_TRUE(table) << table.error().detail;
        EXPECT_EQ(table->names, (Fields{"a;b;c", "d"}));
    }
    EXPECT_EQ(parse_csv("\n\na;b,c\n")->names, (Fields{"a;b", "c"}));
    EXPECT_EQ(parse_csv("\n\na;b;c,d\n")->names, (Fields{"a", "b", "c,d"}));
}

TEST(Csv, CountsTheLinesOfTheTextNotItsRows) {
    const auto table = parse_csv("a,b\n\n\"one\ntwo\r\nthree\",x\nlast,y\nshort\n,,\nend,z");
    ASSERT_TRUE(table) << table.error().detail;
    ASSERT_EQ(table->rows.size(), 3U);
    EXPECT_EQ(table->rows[0].line, 3U);
    EXPECT_EQ(table->rows[0].fields[0], "one\ntwo\r\nthree");
    EXPECT_EQ(table->rows[1].line, 6U);
    EXPECT_EQ(table->rows[2].line, 9U);
    ASSERT_EQ(table->bad.size(), 2U);
    EXPECT_EQ(table->bad[0].line, 7U);
    EXPECT_EQ(table->bad[0].what, "1 fields, want 2");
    EXPECT_EQ(table->bad[1].line, 8U);
}

TEST(Csv, RefusesWhatIsNoTableWithTheLine) {
    const std::map<std::string, std::string> table = {
        {"", "no first row"},
        {"\n\n", "no first row"},
        {"a\n\"open\n", "line 2: a quotation mark is not closed"},
        {"a\n\n\"x\"y\n", "line 3: text after a closing quotation mark"},
        {"a,b\nx,Jos\xe9\n", "line 2: is not UTF-8; save the table as CSV UTF-8"},
        {std::string("\xff\xfe"
                     "a\0\n\0",
                     6),
         "the table is UTF-16"},
        {"a,b,a\n", "line 1: two columns have the same name"},
        {std::string(csv_fields_max, ','), "more than 256 fields"}};
    for (const auto& one : table) {
        const auto parsed = parse_csv(one.first);
        ASSERT_FALSE(parsed) << one.second;
        EXPECT_EQ(parsed.error().code, Errc::invalid);
        EXPECT_NE(parsed.error().detail.find(one.second), std::string::npos)
            << parsed.error().detail;
    }
}

TEST(Csv, ReadsEveryFieldThatItWrites) {
    for (const std::string field :
         {"plain", "a,b", "a;b", "say \"x\"", "two\nlines", "cr\r\nlf", " spaces ", "Ñandú 学"}) {
        const auto table = parse_csv("a,b\n" + csv_field(field) + ",end\n");
        ASSERT_TRUE(table) << table.error().detail;
        ASSERT_EQ(table->rows.size(), 1U);
        EXPECT_EQ(table->rows[0].fields, (Fields{field, "end"}));
    }
}

struct TableDocuments : testing::Test {
    test::ScratchFolder folder;

    Result<DocumentMaker::Made> make(const std::string& form, const std::string& table) const {
        folder.write("form.json", form);
        folder.write("people.csv", table);
        const RowSources sources{.paths = {},
                                 .hashes = "",
                                 .out = folder.path(),
                                 .document_template = folder / "form.json"};
        const auto maker = DocumentMaker::open(sources, nullptr);
        if (!maker) return maker.error();
        return maker->make(folder / "people.csv");
    }
};

TEST_F(TableDocuments, TheSampleTableFitsTheSampleTemplate) {
    const auto made = make(json::pretty(sample_template()), sample_table(1'700'000'000));
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_TRUE(made->errors.empty());
    ASSERT_EQ(made->documents.size(), 3U);
    EXPECT_EQ(made->documents[0].name, "ana.badge.json");
    const json::Value* subject = made->documents[0].document.find("credentialSubject");
    EXPECT_EQ(*subject->find("name")->as_string(), "Ana Pérez");
    EXPECT_EQ(json::canonical(made->documents[0].document).find("{{"), std::string::npos);
}

TEST_F(TableDocuments, RefuseBadRowsWithTheirLine) {
    const auto made = make(R"({"issuer":"{{issuer_did}}","name":"{{name}}"})",
                           "file,name\nana,Ana\n../up,Up\n.hidden,H\nx.status.json,S\n,Nobody\n"
                           "ben,\n\nshort\na/b,C\n");
    ASSERT_TRUE(made) << made.error().detail;
    ASSERT_EQ(made->documents.size(), 1U);
    EXPECT_EQ(made->documents[0].name, "ana.json");
    std::map<std::size_t, std::string> told;
    for (const RowError& error : made->errors)
        told.emplace(error.row, text_of(error));
    ASSERT_EQ(told.size(), 7U);
    for (const std::size_t line : {3U, 4U, 5U, 6U, 10U})
        EXPECT_NE(told[line].find(":" + std::to_string(line) + ": column file: want a plain name"),
                  std::string::npos)
            << told[line];
    EXPECT_NE(told[7].find("people.csv:7: column name is empty"), std::string::npos) << told[7];
    EXPECT_NE(told[9].find("people.csv:9: 1 fields, want 2"), std::string::npos) << told[9];
}

TEST_F(TableDocuments, NameWhatTheTemplateWantsAndTheTableLacks) {
    const auto made = make(R"({"a":"{{recipient}}"})", "name,course\nAna,Maths\n");
    ASSERT_FALSE(made);
    EXPECT_NE(made.error().detail.find(
                  "the template wants a column recipient, the table has name, course"),
              std::string::npos)
        << made.error().detail;
}

TEST_F(TableDocuments, ARowThatChangedDoesNotReplaceItsDocument) {
    const std::string form = R"({"id":"{{uuid}}","name":"{{name}}"})";
    auto first = make(form, "name\nAna\n");
    ASSERT_TRUE(first);
    ASSERT_EQ(first->documents.size(), 1U);
    EXPECT_EQ(first->documents[0].name, "people-2.json");
    folder.write("people-2.json", json::pretty(first->documents[0].document));
    const auto same = make(form, "name\nAna\n");
    ASSERT_EQ(same->documents.size(), 1U);
    EXPECT_TRUE(same->documents[0].is_there);
    EXPECT_EQ(same->documents[0].document, first->documents[0].document);
    const auto changed = make(form, "name\nAnna\n");
    EXPECT_TRUE(changed->documents.empty());
    ASSERT_EQ(changed->errors.size(), 1U);
    EXPECT_EQ(changed->errors[0].code, "conflict");
}

TEST_F(TableDocuments, WhatABrokenOffJobMadeIsGivenAgain) {
    const std::string form = R"({"id":"{{uuid}}","name":"{{name}}"})";
    const auto first = make(form, "name\nAna\nBen\n");
    ASSERT_TRUE(first);
    const RowSources sources{
        .paths = {},
        .hashes = "",
        .out = folder.path(),
        .document_template = folder / "form.json",
        .pending = {{"people-2.json", json::canonical(first->documents[0].document)}}};
    const auto maker = DocumentMaker::open(sources, nullptr);
    ASSERT_TRUE(maker);
    const auto again = maker->make(folder / "people.csv");
    ASSERT_EQ(again->documents.size(), 2U);
    EXPECT_TRUE(again->documents[0].is_there);
    EXPECT_EQ(again->documents[0].document, first->documents[0].document);
    EXPECT_FALSE(again->documents[1].is_there);
    EXPECT_NE(again->documents[1].document, first->documents[1].document);
}

}  // namespace
}  // namespace chancery::cli

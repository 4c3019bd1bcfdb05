// What an issuing job reads and writes down, without a node.
#include <gtest/gtest.h>

#include "crypto/credential/commitment.h"
#include "node/cli/issue_journal.h"
#include "node/cli/issue_rows.h"
#include "tests/support/scratch_folder.h"

namespace chancery::cli {
namespace {

struct Issuing : testing::Test {
    test::ScratchFolder folder;

    std::string write_document(const std::string& name, const std::string& more = "") const {
        return folder.write(name,
                            "{\"issuer\":\"did:example:a\",\"id\":\"" + name + "\"" + more + "}");
    }
};

TEST_F(Issuing, FindsTheDocumentsOfAFolderInOrder) {
    write_document("b.json");
    write_document("a.json");
    write_document("a.status.json");
    write_document(".hidden.json");
    folder.write("a.tlog-proof", "x");
    folder.write("inner/c.json", "{}");
    const auto rows = read_rows({{folder.path()}, "", ""}, nullptr);
    ASSERT_TRUE(rows);
    // The receipt beside a.json is none: that row is an error of its own.
    ASSERT_EQ(rows->errors.size(), 1U);
    EXPECT_EQ(rows->errors[0].file, folder / "a.json");
    ASSERT_EQ(rows->rows.size(), 1U);
    EXPECT_EQ(rows->rows[0].out, folder / "b.json");
}

struct BadDocument {
    std::string content;
    std::string code;
};

TEST_F(Issuing, RefusesBadDocumentsRowByRow) {
    const std::vector<BadDocument> table = {
        {"{\"issuer\":\"a\",\"issuer\":\"b\"}", "invalid"},
        {"[]", "invalid"},
        {"{", "invalid"},
        {"{\"issuer\":\"a\"} x", "invalid"},
        {"{\"issuer\":\"a\",\"n\":9007199254740993}", "invalid"},
        {"{\"id\":\"x\"}", "issuer_mismatch"},
    };
    for (std::size_t i = 0; i < table.size(); ++i)
        folder.write(std::to_string(i) + ".json", table[i].content);
    const auto rows = read_rows({{folder.path()}, "", ""}, nullptr);
    ASSERT_TRUE(rows);
    EXPECT_TRUE(rows->rows.empty());
    ASSERT_EQ(rows->errors.size(), table.size());
    for (std::size_t i = 0; i < table.size(); ++i) {
        EXPECT_EQ(rows->errors[i].code, table[i].code) << table[i].content;
        EXPECT_EQ(rows->errors[i].row, i + 1);
    }
}

TEST_F(Issuing, RefusesTwoDocumentsForOneResult) {
    write_document("one/x.json");
    write_document("two/x.json", ",\"n\":1");
    const auto rows =
        read_rows({{folder / "one/x.json", folder / "two/x.json"}, "", folder / "out"}, nullptr);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->rows.size(), 1U);
    ASSERT_EQ(rows->errors.size(), 1U);
    EXPECT_EQ(rows->errors[0].code, "conflict");
}

TEST_F(Issuing, RefusesAFolderWithoutDocumentsAndAFileNamedTwice) {
    EXPECT_EQ(read_rows({{folder.path()}, "", ""}, nullptr).error().code, Errc::invalid);
    const std::string path = write_document("a.json");
    EXPECT_EQ(read_rows({{path, path}, "", ""}, nullptr).error().code, Errc::invalid);
}

TEST_F(Issuing, ReadsHashesLineByLine) {
    const std::string good(64, 'a');
    folder.write("hashes", good + "\r\n\n" + good + "\nnot a hash\n" + std::string(64, 'b'));
    const auto rows = read_rows({{}, folder / "hashes", folder / "out"}, nullptr);
    ASSERT_TRUE(rows);
    EXPECT_EQ(rows->rows.size(), 2U);
    EXPECT_FALSE(rows->rows[0].has_document);
    ASSERT_EQ(rows->errors.size(), 2U);
    EXPECT_EQ(rows->errors[0].code, "conflict");
    EXPECT_EQ(rows->errors[1].code, "invalid");
}

TEST_F(Issuing, WritesErrorsAsATableThatSpreadsheetsRead) {
    EXPECT_EQ(errors_csv({{3, "a \"b\".json", "invalid", "one, two"}}),
              "row,file,code,message\r\n3,\"a \"\"b\"\".json\",invalid,\"one, two\"\r\n");
}

PlannedBatch planned(std::uint8_t byte) {
    PlannedBatch batch;
    batch.batch.nonce.fill(byte);
    batch.batch.expires = 1'800'000'000'000;
    batch.batch.bulk = Bytes(200, byte);
    Row row{.file = "a.json", .out = "out/a.json", .document = "{\"name\":\"\\u0001 é\"}"};
    row.salt.fill(byte);
    row.commitment = credential::commitment(row.salt, row.document_hash);
    batch.rows = {row, Row{}};
    return batch;
}

TEST_F(Issuing, JournalGivesBackWhatWasWrittenUntilItIsFinished) {
    IssueJournal journal(folder.path());
    EXPECT_TRUE(journal.unfinished()->empty());
    PlannedBatch first = planned(1);
    PlannedBatch second = planned(2);
    ASSERT_TRUE(journal.write(first));
    ASSERT_TRUE(journal.write(second));
    EXPECT_EQ(second.number, 2U);

    const auto found = IssueJournal(folder.path()).unfinished();
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    EXPECT_EQ((*found)[0].batch.bulk, first.batch.bulk);
    EXPECT_EQ((*found)[0].rows[0].salt, first.rows[0].salt);
    EXPECT_EQ((*found)[0].rows[0].out, "out/a.json");
    EXPECT_EQ((*found)[0].rows[0].document, first.rows[0].document);
    EXPECT_TRUE((*found)[0].rows[1].file.empty());
    EXPECT_EQ((*found)[1].batch.nonce, second.batch.nonce);

    ASSERT_TRUE(journal.finish(first));
    ASSERT_TRUE(journal.finish(second));
    EXPECT_FALSE(std::filesystem::exists(journal.folder()));
}

TEST_F(Issuing, JournalOfALaterRunDoesNotReplaceAnEarlierOne) {
    PlannedBatch first = planned(1);
    ASSERT_TRUE(IssueJournal(folder.path()).write(first));
    PlannedBatch second = planned(2);
    ASSERT_TRUE(IssueJournal(folder.path()).write(second));
    EXPECT_EQ(IssueJournal(folder.path()).unfinished()->size(), 2U);
}

TEST_F(Issuing, JournalRefusesWhatNoJobWrote) {
    PlannedBatch batch = planned(1);
    EXPECT_TRUE(parse_planned_batch(to_text(batch)));
    batch.rows[0].commitment.fill(9);
    EXPECT_FALSE(parse_planned_batch(to_text(batch)));
    batch.rows.clear();
    EXPECT_FALSE(parse_planned_batch(to_text(batch)));
    EXPECT_FALSE(parse_planned_batch("{}"));
}

TEST_F(Issuing, JournalNamesADamagedFile) {
    PlannedBatch first = planned(1);
    IssueJournal journal(folder.path());
    ASSERT_TRUE(journal.write(first));
    folder.write(".chancery-issue/000001.json", "{\"format\":\"chancery-issue/v2\"}", 0600);
    EXPECT_EQ(journal.unfinished().error().code, Errc::corrupt);
}

}  // namespace
}  // namespace chancery::cli

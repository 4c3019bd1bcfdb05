// Issuing from tables, folders and lists against a running node, to the end and broken off.
#include <signal.h>

#include "crypto/json/canonical.h"
#include "tests/support/shared_sandbox.h"

namespace chancery {
namespace {

using test::Words;
namespace fs = std::filesystem;

constexpr std::string_view form =
    R"({"id":"urn:uuid:{{uuid}}","issuer":{"id":"{{issuer_did}}","name":"{{issuer_name}}"},
        "credentialSubject":{"name":"{{recipient}}","note":"{{note}}"}})";

struct IssuingFrom : test::SandboxTest {
    static Words batch(Words more = {}) {
        Words words = {
            "issue", "batch", "people.csv", "--template", "form.json", "--out", "issued"};
        words.insert(words.end(), more.begin(), more.end());
        return words;
    }
    std::string subject(const std::string& file, std::string_view name) const {
        const auto document = json::parse(folder.read("issued/" + file));
        return *document->find("credentialSubject")->find(name)->as_string();
    }
};

TEST_F(IssuingFrom, ThousandsOfRowsBecomeThousandsOfCredentials) {
    constexpr std::size_t row_count = 2'500;
    std::string table =
        "\xef\xbb\xbf"
        "recipient,note\r\n";
    for (std::size_t i = 0; i < row_count; ++i)
        table += "\"Nombre " + std::to_string(i) + ", \"\"Ñ\"\" 学\",x\r\n";
    folder.write("people.csv", table);
    folder.write("form.json", form);
    const std::int64_t before = log_size();
    const auto issued = chancery(batch());
    ASSERT_EQ(issued.status, 0) << issued.err;
    EXPECT_EQ(issued.out, "2 500 registered, 0 were already, 0 failed\n");
    EXPECT_EQ(files_ending("issued", ".tlog-proof"), row_count);
    EXPECT_EQ(files_ending("issued", ".status.json"), row_count);
    // Three batches, each with its own entry, and the blocks' ends.
    EXPECT_GE(log_size() - before, static_cast<std::int64_t>(row_count) + 4);
    EXPECT_EQ(subject("people-2501.json", "name"), "Nombre 2499, \"Ñ\" 学");
    EXPECT_EQ(chancery({"verify", "issued/people-2.json"}).status, 0);
    EXPECT_EQ(chancery({"verify", "issued/people-2501.json", "--offline"}).status, 0);
    const std::int64_t after = log_size();
    const auto again = chancery(batch());
    EXPECT_EQ(again.out, "0 registered, 2 500 were already, 0 failed\n") << again.err;
    EXPECT_EQ(log_size(), after);
}

TEST_F(IssuingFrom, WhatStandsInATableStandsInTheCredential) {
    folder.write("form.json", form);
    folder.write("people.csv",
                 "file;recipient;note\n"
                 "plain;Ana Pérez;x\n"
                 "quoted;\"say \"\"hi\"\"; {{uuid}}\";\"two\nlines\"\n"
                 "spaces; kept ; \t \n"
                 "json.json;\"\",\"\"a\"\":{\";\\u0041\n"
                 "far;Σωκράτης 学 🎓;end\n");
    const auto issued = chancery(batch());
    // The third from below has no closing quotation mark where one would do.
    ASSERT_EQ(issued.status, 2) << issued.err;
    EXPECT_NE(issued.err.find("people.csv: line 6: text after a closing quotation mark"),
              std::string::npos)
        << issued.err;
    EXPECT_EQ(files_ending("issued", ".json"), 0U);

    folder.write("people.csv",
                 "file;recipient;note\n"
                 "plain;Ana Pérez;x\n"
                 "quoted;\"say \"\"hi\"\"; {{uuid}}\";\"two\nlines\"\n"
                 "spaces; kept ; \t \n"
                 "json.json;\"\"\",\"\"a\"\":{\";\\u0041\n"
                 "far;Σωκράτης 学 🎓;end\n");
    ASSERT_EQ(chancery(batch()).status, 0);
    EXPECT_EQ(subject("plain.json", "name"), "Ana Pérez");
    EXPECT_EQ(subject("quoted.json", "name"), "say \"hi\"; {{uuid}}");
    EXPECT_EQ(subject("quoted.json", "note"), "two\nlines");
    EXPECT_EQ(subject("spaces.json", "name"), " kept ");
    EXPECT_EQ(subject("json.json", "name"), "\",\"a\":{");
    EXPECT_EQ(subject("json.json", "note"), "\\u0041");
    EXPECT_EQ(subject("far.json", "name"), "Σωκράτης 学 🎓");
    EXPECT_EQ(chancery({"verify", "issued/json.json"}).status, 0);
}

TEST_F(IssuingFrom, BadRowsAreListedWithTheirLineAndTheRestIsIssued) {
    folder.write("form.json", form);
    folder.write("people.csv",
                 "file,recipient,note\nana,Ana,x\nben,Ben\n\n../eva,Eva,x\nuna,,x\nana,Anna,x\n");
    const auto issued = chancery(batch());
    EXPECT_EQ(issued.status, 10) << issued.err;
    EXPECT_EQ(issued.out, "1 registered, 0 were already, 4 failed\n");
    EXPECT_NE(issued.err.find("people.csv:3: 2 fields, want 3"), std::string::npos) << issued.err;
    EXPECT_NE(issued.err.find("people.csv:6: column recipient is empty"), std::string::npos);
    EXPECT_NE(issued.err.find("4 rows failed: issued/issue-errors.csv"), std::string::npos);
    EXPECT_EQ(folder.read("issued/issue-errors.csv").substr(0, 62),
              "row,file,code,message\r\n3,people.csv,invalid,\"2 fields, want 3\"");
    EXPECT_NE(folder.read("issued/issue-errors.csv").find("\r\n7,people.csv,conflict,"),
              std::string::npos);
    EXPECT_EQ(files_ending("issued", ".tlog-proof"), 1U);
}

TEST_F(IssuingFrom, ADryRunLooksAndLeavesNothing) {
    folder.write("form.json", form);
    folder.write("people.csv", "recipient,note\nAna,x\nBen,y\n");
    const std::int64_t before = log_size();
    const auto looked = chancery(batch({"--dry-run"}));
    EXPECT_EQ(looked.status, 0) << looked.err;
    EXPECT_EQ(looked.out, "2 would be registered, 0 are already, 0 cannot be\n");
    EXPECT_FALSE(fs::exists(folder / "issued"));
    EXPECT_EQ(log_size(), before);
}

TEST_F(IssuingFrom, TheSamplesAreReadyToUse) {
    for (const Words& words : {Words{"issue", "template"}, Words{"issue", "template", "--csv"}})
        folder.write(words.back() == "--csv" ? "people.csv" : "form.json", chancery(words).out);
    const auto issued = chancery(batch());
    EXPECT_EQ(issued.status, 0) << issued.err;
    EXPECT_EQ(chancery({"verify", "issued/ana.badge.json"}).status, 0);
}

// Interrupted by Ctrl-C whenever some receipts are there, and taken up again each time.
TEST_F(IssuingFrom, AnInterruptedJobRegistersEveryRowOnce) {
    constexpr std::size_t row_count = 48;
    folder.write("form.json", form);
    std::string table = "recipient,note\n";
    for (std::size_t i = 0; i < row_count; ++i)
        table += "Name " + std::to_string(i) + ",x\n";
    folder.write("people.csv", table);
    const std::size_t before = commitments().size();
    Words absolute = batch({"--batch-size", "5", "--resume"});
    for (const std::size_t place : {2U, 4U, 6U})
        absolute[place] = folder / absolute[place];
    std::size_t interrupted = 0;
    for (const std::size_t wanted : {1U, 12U, 26U}) {
        cli::Process job = start(absolute);
        ASSERT_TRUE(test::eventually(
            [&] { return files_ending("issued", ".tlog-proof") >= wanted || job.ended(); }));
        if (!job.ended()) ::kill(job.id(), SIGINT);
        const int status = job.wait();
        EXPECT_TRUE(status == 130 || status == 0) << status << folder.read("err");
        interrupted += status == 130 ? 1U : 0U;
    }
    EXPECT_GE(interrupted, 1U);
    EXPECT_NE(folder.read("err").find("the same command with --resume does the rest"),
              std::string::npos)
        << folder.read("err");
    const auto rest = chancery(batch({"--resume"}));
    ASSERT_EQ(rest.status, 0) << rest.err;
    EXPECT_EQ(files_ending("issued", ".tlog-proof"), row_count);
    EXPECT_EQ(files_ending("issued", ".status.json"), row_count);
    const auto found = commitments();
    EXPECT_EQ(found.size() - before, row_count);
    EXPECT_EQ(std::set<std::string>(found.begin(), found.end()).size(), found.size());
    EXPECT_FALSE(fs::exists(folder / "issued/.chancery-issue"));
}

TEST_F(IssuingFrom, TwoJobsInOneFolderAreOneTooMany) {
    write_documents(40);
    cli::Process job = start({"issue", "batch", folder / "docs", "--batch-size", "1"});
    ASSERT_TRUE(
        test::eventually([&] { return files_ending("docs", ".tlog-proof") >= 1 || job.ended(); }));
    const auto second = chancery({"issue", "batch", "docs"});
    const bool was_refused = second.status == 7 &&
                             second.err.find("another issuing job is at work") != std::string::npos;
    EXPECT_TRUE(was_refused || job.ended()) << second.status << second.err;
    EXPECT_EQ(job.wait(), 0);
    EXPECT_EQ(files_ending("docs", ".tlog-proof"), 40U);
}

TEST_F(IssuingFrom, AListOfHashesGetsReceiptsWithoutDocuments) {
    const std::string good(64, 'b');
    const std::string other(64, 'c');
    folder.write("hashes.txt", good + "\n\nnot a hash\r\n" + other + "\r\n" + good + "\n");
    const Words words = {"issue", "batch", "--hashes", "hashes.txt", "--out", "receipts"};
    const auto issued = chancery(words);
    EXPECT_EQ(issued.status, 10) << issued.err;
    EXPECT_NE(issued.err.find("hashes.txt:3: want 64 lower-case hex digits"), std::string::npos)
        << issued.err;
    EXPECT_NE(issued.err.find("hashes.txt:5: the same hash is there twice"), std::string::npos);
    EXPECT_EQ(files_ending("receipts", ".tlog-proof"), 2U);
    EXPECT_EQ(files_ending("receipts", ".json"), 2U);
    const auto checked = chancery({"proof", "check", "receipts/" + good + ".tlog-proof"});
    EXPECT_EQ(checked.status, 0) << checked.err;
    EXPECT_TRUE(checked.out.starts_with("PROVEN  #")) << checked.out;
    EXPECT_EQ(chancery({"revoke", "receipts/" + other + ".tlog-proof"}).status, 0);
    const std::int64_t before = log_size();
    EXPECT_EQ(chancery(words).out, "0 registered, 2 were already, 2 failed\n");
    EXPECT_EQ(log_size(), before);
}

}  // namespace
}  // namespace chancery

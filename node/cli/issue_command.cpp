// chancery issue: registers documents and leaves receipts beside them.
#include <algorithm>
#include <filesystem>
#include <set>

#include "crypto/base/encoding.h"
#include "node/cli/commands.h"
#include "node/cli/issue_job.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t batch_size_max = 32'768;
constexpr std::size_t errors_shown_max = 20;
constexpr std::string_view errors_file_name = "issue-errors.csv";

struct Job {
    RowSources sources;
    IssueOptions options;
    std::string folder;  // Where the journal and the errors file are.
    std::string errors_file;
    bool resume = false;
    bool dry_run = false;
};

// Where the results go is where the job can be found again.
std::string folder_of(const RowSources& sources) {
    if (!sources.out.empty()) return sources.out;
    std::error_code error;
    const std::string& first = sources.paths.front();
    if (fs::is_directory(first, error)) return first;
    const std::string parent = fs::path(first).parent_path().string();
    return parent.empty() ? "." : parent;
}

Result<Job> job_of(const Invocation& call) {
    Job job;
    job.sources = {call.arguments(), call.text("hashes"), call.text("out")};
    if (job.sources.paths.empty() && job.sources.hashes.empty())
        return Error{Errc::invalid, "PATH is missing: documents or folders, or --hashes FILE"};
    if (!job.sources.hashes.empty() && job.sources.out.empty())
        return Error{Errc::invalid, "--out is missing: with --hashes receipts need a folder"};
    job.options.batch_size = call.number("batch-size", 1'000);
    if (job.options.batch_size == 0 || job.options.batch_size > batch_size_max)
        return Error{Errc::invalid, "--batch-size: want 1 to " + std::to_string(batch_size_max)};
    job.options.pad = call.has("pad");
    job.folder = folder_of(job.sources);
    job.errors_file =
        call.has("errors") ? call.text("errors") : job.folder + "/" + std::string(errors_file_name);
    job.resume = call.has("resume");
    job.dry_run = call.has("dry-run");
    return job;
}

Result<Exit> report(Session& session,
                    const Job& job,
                    const std::vector<RowError>& errors,
                    json::Object about) {
    json::Array list;
    for (std::size_t i = 0; i < errors.size(); ++i) {
        if (i < errors_shown_max)
            session.out.note("  " + errors[i].file + ": " + errors[i].message);
        list.push_back(json::Object{{"row", errors[i].row},
                                    {"file", errors[i].file},
                                    {"code", errors[i].code},
                                    {"message", errors[i].message}});
    }
    if (!errors.empty()) {
        const auto written =
            node::replace_file(job.errors_file, errors_csv(errors), node::public_mode);
        if (!written) return written.error();
        session.out.note(std::to_string(errors.size()) + " rows failed, all in " + job.errors_file);
        about.push_back({"errors_file", job.errors_file});
    }
    about.push_back({"errors", std::move(list)});
    session.out.document(std::move(about));
    return errors.empty() ? Exit::done : Exit::some_failed;
}

Result<Exit> dry_run(Session& session, const Job& job) {
    const auto rows = read_rows(job.sources, nullptr);
    if (!rows) return rows.error();
    session.out.line(grouped(rows->rows.size()) + " would be registered, " +
                     grouped(rows->skipped) + " are already, " + grouped(rows->errors.size()) +
                     " cannot be");
    return report(session,
                  job,
                  rows->errors,
                  {{"dry_run", true},
                   {"would_issue", rows->rows.size()},
                   {"skipped", rows->skipped},
                   {"failed", rows->errors.size()}});
}

// Those of an unfinished batch are no new ones.
std::vector<Row> without(std::vector<Row> rows, const std::vector<PlannedBatch>& batches) {
    std::set<std::string> known;
    for (const PlannedBatch& batch : batches)
        for (const Row& row : batch.rows)
            known.insert(row.out);
    std::erase_if(rows, [&known](const Row& row) { return known.contains(row.out); });
    return rows;
}

std::size_t documents_in(const std::vector<PlannedBatch>& batches) {
    std::size_t count = 0;
    for (const PlannedBatch& batch : batches)
        count += static_cast<std::size_t>(
            std::ranges::count_if(batch.rows, [](const Row& row) { return !row.file.empty(); }));
    return count;
}

Result<Exit> issue(Session& session, const Job& job) {
    IssueJournal journal(job.folder);
    auto unfinished = journal.unfinished();
    if (!unfinished) return unfinished.error();
    if (!unfinished->empty() && !job.resume) {
        session.out.hint("the same command with --resume takes it up again");
        return Error{Errc::conflict, "an earlier job in " + job.folder + " is not finished"};
    }
    auto node = NodeClient::to(session.context);
    if (!node) return node.error();
    NodeLog log(*node);
    auto trust = TrustStore::load(session.context, &log, session.out);
    if (!trust) return trust.error();
    const auto issuer = load_issuer(session.context, *trust);
    if (!issuer) return issuer.error();
    if (!job.sources.out.empty()) {
        const auto made = node::make_directories(job.sources.out, 0755);
        if (!made) return made.error();
    }
    auto rows = read_rows(job.sources, &*issuer);
    if (!rows) return rows.error();
    const std::vector<Row> wanted = without(std::move(rows->rows), *unfinished);

    watch_interrupts();
    IssueJob work(session, *node, *trust, *issuer);
    work.expect(wanted.size() + documents_in(*unfinished));
    auto done = work.resume(journal, *std::move(unfinished));
    if (done) done = work.issue(journal, wanted, job.options);
    session.out.end_progress();
    if (!done) {
        session.out.hint("nothing is lost: the same command with --resume takes it up again");
        return done.error();
    }
    if (is_interrupted()) {
        session.out.note("interrupted after " + grouped(work.issued()) +
                         ": the same command with --resume does the rest");
        session.out.document(json::Object{{"interrupted", true}, {"issued", work.issued()}});
        return Exit::interrupted;
    }
    std::vector<RowError> errors = std::move(rows->errors);
    errors.insert(errors.end(), work.errors().begin(), work.errors().end());
    session.out.line(grouped(work.issued()) + " registered, " + grouped(rows->skipped) +
                     " were already, " + grouped(errors.size()) + " failed");
    return report(session,
                  job,
                  errors,
                  {{"issued", work.issued()},
                   {"skipped", rows->skipped},
                   {"failed", errors.size()},
                   {"member", issuer->member->slug}});
}

Result<Exit> run_issue(Session& session, const Invocation& call) {
    const auto job = job_of(call);
    if (!job) return job.error();
    return job->dry_run ? dry_run(session, *job) : issue(session, *job);
}

const std::vector<Option>& options_of_one() {
    static const std::vector<Option> options = {
        {"out", ValueKind::path, "DIR", "put the results there; beside the document if left out"},
        {"errors", ValueKind::path, "FILE", "where failed rows go, as CSV"},
        {"dry-run", ValueKind::flag, "", "check everything, register nothing"},
        {"resume", ValueKind::flag, "", "finish what was broken off first"}};
    return options;
}

std::vector<Option> options_of_batch() {
    std::vector<Option> options = options_of_one();
    options.push_back({"hashes",
                       ValueKind::path,
                       "FILE",
                       "document hashes in hex, one a line, for documents that stay elsewhere"});
    options.push_back({"pad",
                       ValueKind::flag,
                       "",
                       "fill each batch up to a power of two, so that its size tells nothing"});
    options.push_back(
        {"batch-size", ValueKind::number, "N", "documents a batch, 1000 if not said"});
    return options;
}

}  // namespace

Command issue_command() {
    return {
        .name = "issue",
        .summary = "register credentials and leave receipts beside them",
        .children = {{.name = "one",
                      .summary = "register one document",
                      .examples = {{"chancery issue one ana.badge.json",
                                    "puts the receipt into the file, and beside it"}},
                      .arguments = {{.name = "FILE", .help = "the credential, JSON"}},
                      .options = options_of_one(),
                      .run = run_issue},
                     {.name = "batch",
                      .summary = "register many documents",
                      .examples = {{"chancery issue batch badges/ --out issued/", "a whole folder"},
                                   {"chancery issue batch badges/ --out issued/ --resume",
                                    "after Ctrl-C or a power cut"},
                                   {"chancery issue batch --hashes hashes.txt --out receipts/",
                                    "without showing the documents to this machine"}},
                      .arguments = {{.name = "PATH",
                                     .help = "documents, and folders of them",
                                     .is_required = false,
                                     .is_repeated = true}},
                      .options = options_of_batch(),
                      .run = run_issue}}};
}

}  // namespace chancery::cli

// chancery issue: registers documents and leaves receipts beside them.
#include <algorithm>
#include <filesystem>
#include <set>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/demo_badges.h"
#include "node/cli/folder_lock.h"
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
    std::string status_list;  // Its name; empty: none.
    bool resume = false;
    bool dry_run = false;
    bool is_signed = true;
    bool is_one = false;  // What is wrong with the one document is what the command ends with.
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
    job.sources = {.paths = call.arguments(),
                   .hashes = call.text("hashes"),
                   .out = call.text("out"),
                   .document_template = call.text("template")};
    if (job.sources.paths.empty() && job.sources.hashes.empty())
        return Error{Errc::invalid,
                     "PATH is missing: documents, folders or tables; or --hashes FILE"};
    if (!job.sources.hashes.empty() && job.sources.out.empty())
        return Error{Errc::invalid, "--out is missing: with --hashes receipts need a folder"};
    const bool has_table = std::ranges::any_of(job.sources.paths, is_table);
    if (has_table && !call.has("template"))
        return Error{Errc::invalid,
                     "--template is missing: what a table's rows are put into; chancery issue "
                     "template prints one"};
    if (!has_table && call.has("template"))
        return Error{Errc::invalid, "--template goes with a table: PATH.csv"};
    if (has_table && job.sources.out.empty())
        return Error{Errc::invalid, "--out is missing: with a table the documents need a folder"};
    job.options.batch_size = call.number("batch-size", 1'000);
    if (job.options.batch_size == 0 || job.options.batch_size > batch_size_max)
        return Error{Errc::invalid, "--batch-size: want 1 to " + std::to_string(batch_size_max)};
    job.options.pad = call.has("pad");
    job.folder = folder_of(job.sources);
    job.errors_file =
        call.has("errors") ? call.text("errors") : job.folder + "/" + std::string(errors_file_name);
    job.status_list = call.text("status-list");
    if (!has_table && !job.status_list.empty())
        return Error{Errc::invalid,
                     "--status-list goes with a table: documents say themselves which list they "
                     "are on"};
    job.is_signed = !call.has("unsigned");
    job.sources.are_signed = job.is_signed;
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
        if (i < errors_shown_max) session.out.note("  " + text_of(errors[i]));
        list.push_back(json_of(errors[i]));
    }
    if (!errors.empty()) {
        if (const auto made = node::make_directories(job.folder, 0755); !made) return made.error();
        const auto written =
            node::replace_file(job.errors_file, errors_csv(errors), node::public_mode);
        if (!written) return written.error();
        session.out.note(counted(errors.size(), "row") + " failed: " + job.errors_file);
        about.push_back({"errors_file", job.errors_file});
    }
    about.push_back({"errors", std::move(list)});
    session.out.document(std::move(about));
    return errors.empty() ? Exit::done : Exit::some_failed;
}

Result<Exit> dry_run(Session& session, const Job& job) {
    const auto rows = read_rows(job.sources, nullptr);
    if (!rows) return rows.error();
    if (job.is_one && !rows->errors.empty()) return error_of(rows->errors.front());
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

PendingDocuments documents_of(const std::vector<PlannedBatch>& batches) {
    PendingDocuments documents;
    for (const PlannedBatch& batch : batches)
        for (const Row& row : batch.rows)
            if (!row.document.empty())
                documents.emplace(fs::path(row.out).filename().string(), row.document);
    return documents;
}

// Where the journal lies. Two jobs in one folder would each register what the other does.
Result<FolderLock> lock_folder(const Job& job) {
    if (!job.sources.out.empty())
        if (const auto made = node::make_directories(job.folder, 0755); !made) return made.error();
    return FolderLock::take(job.folder, "another issuing job");
}

// nullopt: documents are not signed, or stay elsewhere.
Result<std::optional<DocumentSigner>> signer_for(const Session& session,
                                                 const Job& job,
                                                 const Issuer& issuer) {
    using Signer = std::optional<DocumentSigner>;
    if (!job.is_signed || job.sources.paths.empty()) return Signer();
    auto signer = DocumentSigner::open(session.context, *issuer.member);
    if (!signer) return signer.error();
    return Signer(*std::move(signer));
}

Result<RowSources> sources_with(StatusLists& lists, const Job& job) {
    RowSources sources = job.sources;
    sources.registers = lists.registers();
    if (job.status_list.empty()) return sources;
    const auto named = lists.named(job.status_list);
    if (!named) return named.error();
    sources.statuses = *named;
    return sources;
}

Result<Exit> issue(Session& session, const Job& job) {
    const auto lock = lock_folder(job);
    if (!lock) return lock.error();
    IssueJournal journal(job.folder);
    auto unfinished = journal.unfinished();
    if (!unfinished) return unfinished.error();
    if (!unfinished->empty() && !job.resume) {
        session.out.hint("the same command with --resume takes it up again");
        return Error{Errc::conflict, "an earlier job in " + job.folder + " is not finished"};
    }
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto issuer = load_issuer(session.context, desk->trust);
    if (!issuer) return issuer.error();
    auto signer = signer_for(session, job, *issuer);
    if (!signer) return signer.error();
    auto lists = StatusLists::open(session.context);
    if (!lists) return lists.error();
    auto sources = sources_with(*lists, job);
    if (!sources) return sources.error();
    sources->pending = documents_of(*unfinished);
    // Nobody there: nothing is written down that would have to be taken up again.
    if (const auto about = desk->node.about(); !about) return about.error();
    auto rows = read_rows(*sources, &*issuer);
    if (!rows) return rows.error();
    if (job.is_one && !rows->errors.empty()) return error_of(rows->errors.front());
    const std::vector<Row> wanted = without(std::move(rows->rows), *unfinished);

    watch_interrupts();
    const DocumentSigner* const signs = *signer ? &**signer : nullptr;
    IssueJob work(session, *desk, *issuer, signs, *lists);
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
    if (job.is_one && !work.errors().empty()) return error_of(work.errors().front());
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

Result<Exit> run_batch(Session& session, const Invocation& call) {
    const auto job = job_of(call);
    if (!job) return job.error();
    return job->dry_run ? dry_run(session, *job) : issue(session, *job);
}

Result<Exit> run_one(Session& session, const Invocation& call) {
    std::error_code error;
    if (fs::is_directory(call.argument(0), error) || is_table(call.argument(0)))
        return Error{Errc::invalid,
                     call.argument(0) +
                         ": is no document; chancery issue batch takes folders "
                         "and tables"};
    auto job = job_of(call);
    if (!job) return job.error();
    job->is_one = true;
    return job->dry_run ? dry_run(session, *job) : issue(session, *job);
}

Result<Exit> run_template(Session& session, const Invocation& call) {
    const std::string text =
        call.has("csv") ? sample_table(session.clock.now_s()) : json::pretty(sample_template());
    session.out.line(text.substr(0, text.size() - 1));
    session.out.document(json::Object{{call.has("csv") ? "table" : "template", text}});
    return Exit::done;
}

const std::vector<Option>& options_of_one() {
    static const std::vector<Option> options = {
        {"out", ValueKind::path, "DIR", "put the results there; beside the document if left out"},
        {"dry-run", ValueKind::flag, "", "check everything, register nothing"},
        {"unsigned",
         ValueKind::flag,
         "",
         "no signature of the issuer in the document: the registry alone vouches for it"},
        {"resume", ValueKind::flag, "", "finish what was broken off first"}};
    return options;
}

std::vector<Option> options_of_batch() {
    std::vector<Option> options = options_of_one();
    options.push_back({"errors",
                       ValueKind::path,
                       "FILE",
                       "where failed rows go, as CSV; issue-errors.csv beside the results if not "
                       "said"});
    options.push_back({"template", ValueKind::path, "FILE", "what each row of a .csv is put into"});
    options.push_back({"status-list",
                       ValueKind::text,
                       "NAME",
                       "give each row of a table a place in these lists, so that verifiers who "
                       "know of no registry see a revocation"});
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
                      .run = run_one},
                     {.name = "batch",
                      .summary = "register many documents",
                      .examples = {{"chancery issue batch badges/ --out issued/", "a whole folder"},
                                   {"chancery issue batch badges/ --out issued/ --resume",
                                    "after Ctrl-C or a power cut"},
                                   {"chancery issue batch people.csv --template badge.json "
                                    "--out issued/",
                                    "one document for each row of a table"},
                                   {"chancery issue batch --hashes hashes.txt --out receipts/",
                                    "without showing the documents to this machine"}},
                      .arguments = {{.name = "PATH",
                                     .help = "documents, folders of them, and tables (.csv)",
                                     .is_required = false,
                                     .is_repeated = true}},
                      .options = options_of_batch(),
                      .run = run_batch},
                     {.name = "template",
                      .summary = "print a template for tables, or a table that fits it",
                      .examples = {{"chancery issue template > badge.json", "then make it yours"},
                                   {"chancery issue template --csv > people.csv",
                                    "names of columns are what stands in {{…}}"}},
                      .options = {{"csv", ValueKind::flag, "", "the table, not the template"}},
                      .run = run_template}}};
}

}  // namespace chancery::cli

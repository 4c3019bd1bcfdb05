// chancery issue: registers documents and leaves receipts beside them.
#include <algorithm>
#include <filesystem>
#include <set>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/demo_badges.h"
#include "node/cli/folder_lock.h"
#include "node/cli/issue_call.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t errors_shown_max = 20;

Result<Exit> report(Session& session,
                    const IssueCall& job,
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

Result<Exit> dry_run(Session& session, const IssueCall& job) {
    RowSources sources = job.sources;
    std::optional<CompactSigner> signer;
    if (job.compact) sources.signer = &signer.emplace(CompactSigner::for_a_look(*job.compact));
    const auto rows = read_rows(sources, nullptr);
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

PendingDocuments documents_of(const std::vector<PlannedBatch>& batches) {
    PendingDocuments documents;
    for (const PlannedBatch& batch : batches)
        for (const Row& row : batch.rows)
            if (!row.document.empty())
                documents.emplace(fs::path(row.out).filename().string(), row.document);
    return documents;
}

std::size_t documents_in(const std::vector<PlannedBatch>& batches) {
    std::size_t count = 0;
    for (const PlannedBatch& batch : batches)
        count += static_cast<std::size_t>(
            std::ranges::count_if(batch.rows, [](const Row& row) { return !row.file.empty(); }));
    return count;
}

// Where the journal lies. Two jobs in one folder would each register what the other does.
Result<FolderLock> lock_folder(const IssueCall& job) {
    if (!job.sources.out.empty())
        if (const auto made = node::make_directories(job.folder, 0755); !made) return made.error();
    return FolderLock::take(job.folder, "another issuing job");
}

// nullopt: documents are not signed, or were before they are registered, or stay elsewhere.
Result<std::optional<DocumentSigner>> signer_for(const Session& session,
                                                 const IssueCall& job,
                                                 const Issuer& issuer) {
    using Signer = std::optional<DocumentSigner>;
    if (!job.is_signed || job.compact || job.sources.paths.empty()) return Signer();
    auto signer = DocumentSigner::open(session.context, *issuer.member);
    if (!signer) return signer.error();
    return Signer(*std::move(signer));
}

// nullopt: nothing is signed before it is registered.
Result<std::optional<CompactSigner>> compact_signer_for(const Session& session,
                                                        const IssueCall& job,
                                                        const Issuer& issuer) {
    using Signer = std::optional<CompactSigner>;
    if (!job.compact) return Signer();
    auto signer = CompactSigner::open(session.context, *issuer.member, *job.compact);
    if (!signer) return signer.error();
    return Signer(*std::move(signer));
}

Result<RowSources> sources_with(StatusLists& lists, const IssueCall& job) {
    RowSources sources = job.sources;
    sources.registers = lists.registers();
    if (job.status_list.empty()) return sources;
    const auto named = lists.named(job.status_list);
    if (!named) return named.error();
    sources.statuses = *named;
    return sources;
}

Result<Exit> issue(Session& session, const IssueCall& job) {
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
    const auto compact = compact_signer_for(session, job, *issuer);
    if (!compact) return compact.error();
    auto sources = sources_with(*lists, job);
    if (!sources) return sources.error();
    sources->pending = documents_of(*unfinished);
    if (*compact) sources->signer = &**compact;
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
    const auto job = issue_call_of(call);
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
    auto job = issue_call_of(call);
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

}  // namespace

Command issue_command() {
    return {
        .name = "issue",
        .summary = "register credentials and leave receipts beside them",
        .children = {{.name = "one",
                      .summary = "register one document",
                      .examples = {{"chancery issue one ana.badge.json",
                                    "puts the receipt into the file, and beside it"},
                                   {"chancery issue one ana.json --format sd-jwt --holder "
                                    "did:key:zDn…",
                                    "makes ana.sd-jwt, of which Ana shows what she likes"}},
                      .arguments = {{.name = "FILE", .help = "the credential, JSON"}},
                      .options = options_of_issue_one(),
                      .run = run_one},
                     {.name = "batch",
                      .summary = "register many documents",
                      .examples = {{"chancery issue batch badges/ --out issued/", "a whole folder"},
                                   {"chancery issue batch badges/ --out issued/ --resume",
                                    "after Ctrl-C or a power cut"},
                                   {"chancery issue batch people.csv --template badge.json "
                                    "--out issued/",
                                    "one document for each row of a table"},
                                   {"chancery issue batch people.csv --template badge.json "
                                    "--out issued/ --format jwt --assertion-key jwt.key",
                                    "JWTs in place of documents"},
                                   {"chancery issue batch --hashes hashes.txt --out receipts/",
                                    "without showing the documents to this machine"}},
                      .arguments = {{.name = "PATH",
                                     .help = "documents, folders of them, and tables (.csv)",
                                     .is_required = false,
                                     .is_repeated = true}},
                      .options = options_of_issue_batch(),
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

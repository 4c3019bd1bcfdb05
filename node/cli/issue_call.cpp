#include "node/cli/issue_call.h"

#include <algorithm>
#include <filesystem>

#include "crypto/credential/badge_sd_jwt.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t batch_size_max = 32'768;
constexpr std::string_view errors_file_name = "issue-errors.csv";

// Where the results go is where the job can be found again.
std::string folder_of(const RowSources& sources) {
    if (!sources.out.empty()) return sources.out;
    std::error_code error;
    const std::string& first = sources.paths.front();
    if (fs::is_directory(first, error)) return first;
    const std::string parent = fs::path(first).parent_path().string();
    return parent.empty() ? "." : parent;
}

// nullopt: JSON.
Result<std::optional<CompactPlan>> compact_plan_of(const Invocation& call,
                                                   const RowSources& sources) {
    using Plan = std::optional<CompactPlan>;
    const IssueForm form =
        call.has("format") ? *issue_form_named(call.text("format")) : IssueForm::json;
    for (const std::string_view name : {"conceal", "vct", "holder", "holder-column"})
        if (call.has(name) && form != IssueForm::sd_jwt)
            return Error{Errc::invalid, "--" + std::string(name) + " goes with --format sd-jwt"};
    if (form == IssueForm::json) return Plan();
    if (call.has("unsigned"))
        return Error{Errc::invalid, "--unsigned goes with --format json: a JWT is its signature"};
    if (call.has("hashes"))
        return Error{Errc::invalid, "--hashes goes without --format: there is nothing to sign"};
    CompactPlan plan{.form = form, .type = call.text("vct"), .concealed = {}};
    if (call.has("conceal")) plan.concealed = call.texts("conceal");
    plan.may_lack = std::ranges::all_of(sources.paths, is_table);
    return Plan(std::move(plan));
}

// Whose keys SD-JWTs are bound to.
Result<void> tell_holders(const Invocation& call, IssueCall& job) {
    if (call.has("holder")) {
        auto key = credential::holder_jwk(call.text("holder"));
        if (!key) return Error{Errc::invalid, "--holder: " + key.error().detail};
        job.sources.holder_key = *std::move(key);
    }
    const bool has_table = std::ranges::any_of(job.sources.paths, is_table);
    if (call.has("holder-column") && !has_table)
        return Error{Errc::invalid, "--holder-column goes with a table: PATH.csv"};
    if (has_table && job.compact) job.sources.holder_column = call.text("holder-column");
    return {};
}

const std::vector<Option>& common_options() {
    static const std::vector<Option> options = {
        {"out", ValueKind::path, "DIR", "put the results there; beside the document if left out"},
        {"format",
         ValueKind::choice,
         "FORM",
         "json if not said; or a JWT, or an SD-JWT of which its holder shows what he likes",
         {"json", "jwt", "sd-jwt"}},
        {"conceal",
         ValueKind::text,
         "POINTER",
         "of an SD-JWT: what its holder may keep, as in /credentialSubject/name; all that is about "
         "the person if not said",
         {},
         true},
        {"vct",
         ValueKind::text,
         "TYPE",
         "of an SD-JWT: its type, a URI; that of Open Badges if not said"},
        {"dry-run", ValueKind::flag, "", "check everything, register nothing"},
        {"unsigned",
         ValueKind::flag,
         "",
         "no signature of the issuer in the document: the registry alone vouches for it"},
        {"resume", ValueKind::flag, "", "finish what was broken off first"}};
    return options;
}

}  // namespace

Result<IssueCall> issue_call_of(const Invocation& call) {
    IssueCall job;
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
    auto compact = compact_plan_of(call, job.sources);
    if (!compact) return compact.error();
    job.compact = *std::move(compact);
    if (const auto told = tell_holders(call, job); !told) return told.error();
    job.is_signed = !call.has("unsigned");
    job.sources.are_signed = job.is_signed;
    job.resume = call.has("resume");
    job.dry_run = call.has("dry-run");
    return job;
}

std::vector<Option> options_of_issue_one() {
    std::vector<Option> options = common_options();
    options.push_back(
        {"holder",
         ValueKind::text,
         "KEY",
         "of an SD-JWT: the holder's did:key of P-256, or JWK, to which it is bound"});
    return options;
}
std::vector<Option> options_of_issue_batch() {
    std::vector<Option> options = common_options();
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
    options.push_back({"holder-column",
                       ValueKind::text,
                       "NAME",
                       "of SD-JWTs: the table's column with the holder's did:key of P-256, or JWK; "
                       "an empty field binds to nobody"});
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

}  // namespace chancery::cli

// chancery lint: what is wrong with badges, before they are signed and others find out.
#include <algorithm>
#include <map>
#include <optional>

#include "crypto/badge/eu_micro.h"
#include "crypto/badge/lint.h"
#include "node/cli/commands.h"
#include "node/cli/credential_evidence.h"
#include "node/cli/credential_file.h"
#include "node/cli/inspector.h"
#include "node/cli/session.h"
#include "node/cli/verdict_text.h"

namespace chancery::cli {
namespace {

using badge::Profile;
using badge::Severity;

struct FileFinding {
    std::size_t file = 0;
    badge::Finding finding;
};

// One of the European elements that are optional, and not told.
struct FileAdvice {
    std::size_t file = 0;
    badge::Element element;
};

struct LintReport {
    std::vector<std::string> files;
    std::set<Profile> profiles;  // That were held against one of them at least.
    std::vector<FileFinding> findings;
    std::vector<FileAdvice> advice;

    std::uint64_t count(Severity severity) const {
        return static_cast<std::uint64_t>(std::ranges::count_if(
            findings,
            [&](const FileFinding& each) { return each.finding.rule->severity == severity; }));
    }
};

const std::vector<std::string>& profile_choices() {
    static const std::vector<std::string> choices = {"ob3", "eu-micro", "privacy", "quality"};
    return choices;
}

// Empty: none was named.
std::set<Profile> named_profiles(const Invocation& call) {
    std::set<Profile> named;
    const std::vector<std::string>& texts = call.texts("profile");
    for (std::size_t i = 0; i < badge::profile_count; ++i) {
        const auto profile = static_cast<Profile>(i);
        if (std::ranges::find(texts, name_of(profile)) != texts.end()) named.insert(profile);
    }
    return named;
}

std::string_view severity_text(Severity severity) {
    return severity == Severity::error ? "error" : "warning";
}

// The payload of a JWT is the badge with claims of its envelope beside it.
json::Value badge_of(const CredentialFile& file) {
    json::Value document = file.document;
    if (file.container.form == Form::json) return document;
    for (const std::string_view claim : {"iss", "jti", "sub", "nbf", "exp", "iat"})
        document.erase(claim);
    return document;
}

Result<LintReport> examine_badges(const Invocation& call) {
    const auto paths = call.arguments() == std::vector<std::string>{"-"}
                           ? Result<std::vector<std::string>>({"-"})
                           : find_credentials(call.arguments());
    if (!paths) return paths.error();
    const std::set<Profile> named = named_profiles(call);
    LintReport report{.files = *paths, .profiles = named, .findings = {}, .advice = {}};
    std::vector<json::Value> documents;
    for (const std::string& path : *paths) {
        auto file = read_credential(path);
        if (!file) return file.error();
        json::Value document = badge_of(*file);
        const auto profiles = named.empty() ? badge::profiles_for(document) : named;
        report.profiles.insert(profiles.begin(), profiles.end());
        for (badge::Finding& finding : badge::lint(document, profiles))
            report.findings.push_back({documents.size(), std::move(finding)});
        if (profiles.contains(Profile::eu_micro))
            for (badge::Element& element : badge::elements_of(document))
                if (!element.is_mandatory() && !element.is_told)
                    report.advice.push_back({documents.size(), std::move(element)});
        documents.push_back(std::move(document));
    }
    for (badge::BatchFinding& each : badge::lint_batch(documents, report.profiles))
        report.findings.push_back({each.document, std::move(each.finding)});
    std::ranges::stable_sort(report.findings, {}, &FileFinding::file);
    return report;
}

void show_findings(Output& out, const LintReport& report) {
    std::optional<std::size_t> shown;
    for (const auto& [file, finding] : report.findings) {
        if (shown != file) out.line(report.files[file]);
        shown = file;
        const bool is_error = finding.rule->severity == Severity::error;
        const std::string place = finding.pointer.empty() ? "the document" : finding.pointer;
        out.line("  " +
                 out.paint(is_error ? Colour::bad : Colour::doubtful,
                           severity_text(finding.rule->severity)) +
                 "  " + printable(place) + ": " + finding.message + "  " +
                 out.paint(Colour::dim, "[" + std::string(finding.rule->id) + "]"));
    }
}

// Many badges of one template lack the same: each element is told once.
void show_advice(Output& out, const LintReport& report) {
    std::map<int, std::vector<const FileAdvice*>> by_element;
    for (const FileAdvice& each : report.advice)
        by_element[each.element.number].push_back(&each);
    for (const auto& [number, lacking] : by_element)
        out.line("advice  " + badge::untold_text(lacking.front()->element) + "; optional, in " +
                 counted(lacking.size(), "document"));
}

void show_report(Output& out, const LintReport& report) {
    show_findings(out, report);
    show_advice(out, report);
    out.line(counted(report.files.size(), "document") + ": " +
             counted(report.count(Severity::error), "error") + ", " +
             counted(report.count(Severity::warning), "warning"));
}

json::Value report_json(const LintReport& report) {
    json::Array findings;
    for (const auto& [file, finding] : report.findings)
        findings.push_back(
            json::Object{{"file", report.files[file]},
                         {"profile", std::string(name_of(finding.rule->profile))},
                         {"severity", std::string(severity_text(finding.rule->severity))},
                         {"rule", std::string(finding.rule->id)},
                         {"pointer", finding.pointer},
                         {"message", finding.message}});
    json::Array advice;
    for (const auto& [file, element] : report.advice)
        advice.push_back(json::Object{{"file", report.files[file]},
                                      {"element", element.number},
                                      {"pointer", element.pointer},
                                      {"message", badge::untold_text(element)}});
    json::Array profiles;
    for (const Profile profile : report.profiles)
        profiles.push_back(std::string(name_of(profile)));
    return json::Object{{"documents", std::uint64_t{report.files.size()}},
                        {"profiles", std::move(profiles)},
                        {"errors", report.count(Severity::error)},
                        {"warnings", report.count(Severity::warning)},
                        {"findings", std::move(findings)},
                        {"advice", std::move(advice)}};
}

// What lists say of a badge that was registered, and what the ledger says.
struct ListComparison {
    std::string file;
    credential::StepReport report;
};

// Of badges that name lists and have a receipt.
Result<std::vector<ListComparison>> compare_with_ledger(Session& session,
                                                        const std::vector<std::string>& files) {
    auto inspector = Inspector::open(session, false);
    if (!inspector) return inspector.error();
    std::vector<ListComparison> compared;
    for (const std::string& file : files) {
        if (file == "-")
            return Error{Errc::invalid, "--online reads files once more, want a file and not -"};
        auto evidence = evidence_in(file, session.clock.now_s());
        if (!evidence) return evidence.error();
        const auto verdict = inspector->judge(*evidence);
        if (!verdict) return verdict.error();
        if (const auto report = inspector->compare_status_lists(*evidence, *verdict))
            compared.push_back({file, *report});
    }
    return compared;
}

json::Array show_comparisons(Output& out, const std::vector<ListComparison>& compared) {
    json::Array list;
    for (const ListComparison& each : compared) {
        show_beside(out, "status list", each.report);
        list.push_back(json::Object{{"file", each.file},
                                    {"result", name_of(each.report.result)},
                                    {"reason", each.report.reason}});
    }
    return list;
}

Result<Exit> run_lint(Session& session, const Invocation& call) {
    const auto report = examine_badges(call);
    if (!report) return report.error();
    std::vector<ListComparison> compared;
    if (call.has("online")) {
        auto of_lists = compare_with_ledger(session, report->files);
        if (!of_lists) return of_lists.error();
        compared = *std::move(of_lists);
    }
    show_report(session.out, *report);
    json::Value told = report_json(*report);
    if (call.has("online")) told.set("status_lists", show_comparisons(session.out, compared));
    session.out.document(std::move(told));
    const bool is_wrong = report->count(Severity::error) > 0 ||
                          (call.has("strict") && report->count(Severity::warning) > 0) ||
                          std::ranges::any_of(compared, [](const ListComparison& each) {
                              return each.report.result == credential::StepResult::fail;
                          });
    return is_wrong ? Exit::not_valid : Exit::done;
}

}  // namespace

Command lint_command() {
    return {.name = "lint",
            .summary = "find what is wrong with badges before they are issued",
            .examples = {{"chancery lint badges/", "every document of a folder, as one batch"},
                         {"chancery lint ana.json --profile eu-micro", "one profile alone"},
                         {"chancery lint badges/ --strict --json", "for pipelines"}},
            .arguments = {{.name = "FILE",
                           .help = "a document or folder; - is stdin",
                           .is_repeated = true}},
            .options = {{.name = "profile",
                         .kind = ValueKind::choice,
                         .value_name = "NAME",
                         .help = "what to hold them against; all that apply if not said",
                         .choices = profile_choices(),
                         .is_repeated = true},
                        {"strict", ValueKind::flag, "", "warnings count as errors"},
                        {"online",
                         ValueKind::flag,
                         "",
                         "of registered badges: hold the status lists that they name against the "
                         "ledger"}},
            .run = run_lint};
}

}  // namespace chancery::cli

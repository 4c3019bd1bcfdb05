#include "node/cli/anchor_findings_text.h"

#include "node/cli/verdict_text.h"

namespace chancery::cli {
namespace {

using Outcome = AnchorStep::Outcome;

std::string_view name_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::pass:
            return "pass";
        case Outcome::fail:
            return "fail";
        case Outcome::unknown:
            return "could not check";
    }
    CHECK(false);
    return {};
}

std::string verdict_text(Exit verdict) {
    if (verdict == Exit::done) return "VALID";
    return verdict == Exit::not_valid ? "NOT VALID" : "CANNOT TELL";
}

Colour verdict_colour(Exit verdict) {
    if (verdict == Exit::done) return Colour::good;
    return verdict == Exit::not_valid ? Colour::bad : Colour::doubtful;
}

}  // namespace

Exit show_findings(Session& session, const AnchorFindings& findings, json::Object document) {
    const Exit verdict = findings.verdict();
    session.out.line(session.out.paint(verdict_colour(verdict), verdict_text(verdict)));
    json::Array steps;
    for (const AnchorStep& step : findings.steps) {
        std::string padded(name_of(step.outcome));
        padded.resize(17, ' ');
        std::string name = step.name;
        name.resize(13, ' ');
        std::string line = "  ";
        line.append(name).append(padded).append(printable(step.reason));
        session.out.line(line);
        steps.push_back(json::Object{
            {"step", step.name}, {"result", name_of(step.outcome)}, {"reason", step.reason}});
    }
    document.push_back({"verdict", verdict_text(verdict)});
    document.push_back({"steps", std::move(steps)});
    document.push_back({"confirmations", findings.confirmations});
    if (findings.sender) document.push_back({"sender", findings.sender->text()});
    if (findings.block_number) document.push_back({"block", *findings.block_number});
    if (findings.block_time_s) {
        session.out.line("the log had this size by " + time_text(*findings.block_time_s));
        document.push_back({"block_time", time_text(*findings.block_time_s)});
    }
    session.out.document(std::move(document));
    return verdict;
}

}  // namespace chancery::cli

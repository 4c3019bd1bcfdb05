#include "node/cli/verdict_text.h"

#include "crypto/json/members.h"
#include "node/cli/command.h"

namespace chancery::cli {
namespace {

using credential::Headline;
using credential::StepResult;

constexpr std::size_t shown_characters_max = 120;

Colour colour_of(Headline headline) {
    if (headline == Headline::valid) return Colour::good;
    return headline == Headline::cannot_tell ? Colour::doubtful : Colour::bad;
}

std::string mark(const Output& out, StepResult result) {
    switch (result) {
        case StepResult::pass:
            return out.paint(Colour::good, "✔");
        case StepResult::fail:
            return out.paint(Colour::bad, "✘");
        case StepResult::could_not_check:
            return out.paint(Colour::doubtful, "?");
    }
    CHECK(false);
    return {};
}

std::string upper(std::string_view text) {
    std::string result(text);
    for (char& letter : result)
        if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
    return result;
}

std::string headline_of(const Output& out, Headline headline, StepResult as_asked) {
    const std::string text = upper(name_of(headline));
    if (headline != Headline::valid || as_asked == StepResult::pass)
        return out.paint(colour_of(headline), text);
    return as_asked == StepResult::fail
               ? out.paint(Colour::bad, text + ", BUT NOT AS ASKED")
               : out.paint(Colour::doubtful, text + ", BUT CANNOT TELL WHAT WAS ASKED");
}

void show_facts(Output& out, const credential::Verdict& verdict) {
    if (verdict.issuer_name)
        out.line("  issuer      " + printable(*verdict.issuer_name) + " (" +
                 verdict.issuer_slug.value_or("") + ")");
    if (verdict.position) out.line("  position    " + std::to_string(*verdict.position));
    if (verdict.registered_at)
        out.line("  registered  " + time_text(*verdict.registered_at / 1'000));
    if (verdict.change)
        out.line("  changed     " + std::string(ledger::name_of(verdict.change->status)) + ", " +
                 std::string(ledger::name_of(verdict.change->reason)) + ", " +
                 time_text(verdict.change->time / 1'000));
    if (verdict.status_time_s) out.line("  status of   " + time_text(*verdict.status_time_s));
}

}  // namespace

std::string printable(std::string_view text) {
    std::string shown;
    for (const char letter : text.substr(0, shown_characters_max)) {
        const auto byte = static_cast<unsigned char>(letter);
        shown += byte < 0x20 || byte == 0x7f ? '?' : letter;
    }
    // C1 controls (U+0080 … U+009F) are c2 80 … c2 9f.
    for (std::size_t i = 0; i + 1 < shown.size(); ++i) {
        const auto next = static_cast<unsigned char>(shown[i + 1]);
        if (static_cast<unsigned char>(shown[i]) == 0xc2 && next < 0xa0) shown.replace(i, 2, "?");
    }
    return text.size() > shown_characters_max ? shown + "…" : shown;
}

VerdictSubject subject_of(const json::Value& document) {
    VerdictSubject subject;
    subject.title = json::text_in(document, "name");
    const json::Value* credential_subject = document.find("credentialSubject");
    if (credential_subject == nullptr) return subject;
    const json::Value* const achievement = credential_subject->find("achievement");
    if (subject.title.empty() && achievement != nullptr)
        subject.title = json::text_in(*achievement, "name");
    subject.recipient = json::text_in(*credential_subject, "name");
    return subject;
}

void show_verdict(Output& out,
                  const credential::Verdict& verdict,
                  const VerdictSubject& subject,
                  bool explain,
                  StepResult as_asked) {
    std::string line = headline_of(out, verdict.headline, as_asked);
    if (!subject.title.empty()) line += "  " + printable(subject.title);
    if (!subject.recipient.empty()) line += " → " + printable(subject.recipient);
    if (verdict.issuer_name) line += ", by " + printable(*verdict.issuer_name);
    out.line(line);
    for (std::size_t i = 0; i < credential::step_count; ++i) {
        const credential::StepReport& step = verdict.steps.at(i);
        std::string text = "  " + mark(out, step.result) + " " +
                           std::string(name_of(static_cast<credential::Step>(i)));
        const bool wants_reason = explain || step.result != StepResult::pass;
        if (wants_reason && !step.reason.empty()) text += ": " + printable(step.reason);
        out.line(text);
    }
    if (explain) show_facts(out, verdict);
    out.line(printable(verdict.sentence.substr(0, shown_characters_max)) +
             verdict.sentence.substr(std::min(verdict.sentence.size(), shown_characters_max)));
}

void show_beside(Output& out, const std::string& what, const credential::StepReport& report) {
    std::string_view reason = report.reason;
    if (reason.starts_with(what + ": ")) reason.remove_prefix(what.size() + 2);
    out.line("  " + mark(out, report.result) + " " + what + ": " + printable(reason));
}

json::Object verdict_json(const credential::Verdict& verdict) {
    json::Array steps;
    for (std::size_t i = 0; i < credential::step_count; ++i)
        steps.push_back(json::Object{{"step", name_of(static_cast<credential::Step>(i))},
                                     {"result", name_of(verdict.steps.at(i).result)},
                                     {"reason", verdict.steps.at(i).reason}});
    json::Object about{{"verdict", name_of(verdict.headline)},
                       {"sentence", verdict.sentence},
                       {"steps", std::move(steps)},
                       {"has_issuer_signature", verdict.has_issuer_signature}};
    if (verdict.issuer_name) about.push_back({"issuer", *verdict.issuer_name});
    if (verdict.issuer_slug) about.push_back({"member", *verdict.issuer_slug});
    if (verdict.position) about.push_back({"position", *verdict.position});
    if (verdict.registered_at)
        about.push_back({"registered_at", time_text(*verdict.registered_at / 1'000)});
    if (verdict.change) {
        about.push_back({"reason", ledger::name_of(verdict.change->reason)});
        about.push_back({"changed_at", time_text(verdict.change->time / 1'000)});
        if (verdict.change->successor != ledger::no_position)
            about.push_back({"successor", verdict.change->successor});
    }
    if (verdict.status_time_s) about.push_back({"status_of", time_text(*verdict.status_time_s)});
    return about;
}

}  // namespace chancery::cli

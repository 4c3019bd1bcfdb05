// A verdict for people and for programs: the headline, the nine steps, and what was proven.
#pragma once

#include <string>

#include "crypto/credential/verdict.h"
#include "node/cli/output.h"

namespace chancery::cli {

struct VerdictSubject {
    std::string title;      // What the document calls itself; not proven, shown as a quotation.
    std::string recipient;  // The same.
};
// From the usual places of an Open Badges document; empty where there is nothing.
VerdictSubject subject_of(const json::Value& document);

// `explain`: with every step's reason and all that was proven. `as_asked`: what became of the rest
// that was asked, about whom and shown to whom it is; the first line never says less than the
// worst.
void show_verdict(Output& out,
                  const credential::Verdict& verdict,
                  const VerdictSubject& subject,
                  bool explain,
                  credential::StepResult as_asked = credential::StepResult::pass);
// A line about what is beside the verdict and no part of it.
void show_beside(Output& out, const std::string& what, const credential::StepReport& report);
json::Object verdict_json(const credential::Verdict& verdict);

// Control characters in a stranger's text could repaint the terminal: they become "?".
std::string printable(std::string_view text);

}  // namespace chancery::cli

// A call of chancery issue: what its words ask for, checked before anything is opened.
#pragma once

#include <string>
#include <vector>

#include "node/cli/command.h"
#include "node/cli/issue_job.h"

namespace chancery::cli {

struct IssueCall {
    RowSources sources;
    IssueOptions options;
    std::string folder;  // Where the journal and the errors file are.
    std::string errors_file;
    std::string status_list;             // Its name; empty: none.
    std::optional<CompactPlan> compact;  // nullopt: documents stay JSON.
    bool resume = false;
    bool dry_run = false;
    bool is_signed = true;
    bool is_one = false;  // What is wrong with the one document is what the command ends with.
};

// Errc::invalid with the option that is missing or goes with none of the others.
Result<IssueCall> issue_call_of(const Invocation& call);

std::vector<Option> options_of_issue_one();
std::vector<Option> options_of_issue_batch();

}  // namespace chancery::cli

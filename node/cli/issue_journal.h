// What an issuing job wrote down before it asked the node for anything, so that it can be killed at
// any moment and taken up again, with every document on the ledger once.
//
//     <folder>/.chancery-issue/000001.json     one file for each batch not finished
//
// A batch's file holds the salts, the signed bulk, and the documents that lie in no file yet. It is
// durable before the bulk is submitted and removed after the receipts are written: submitting the
// same bulk again changes nothing, and the same salts give the same commitments, which the registry
// takes once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "node/cli/issue_rows.h"

namespace chancery::cli {

// Documents in one batch's file, so that it can be read back whatever they say.
inline constexpr std::size_t journal_documents_bytes_max = std::size_t{64} * 1024 * 1024;

struct PlannedBatch {
    std::uint64_t number = 0;  // Of its file.
    SignedBatch batch;
    std::vector<Row> rows;  // By rising commitment.
};

// A batch's file, back and forth. Errc::invalid for what no job wrote: no rows, or one whose
// commitment is not its salt's and hash's.
std::string to_text(const PlannedBatch& batch);
Result<PlannedBatch> parse_planned_batch(std::string_view text);

class IssueJournal {
public:
    explicit IssueJournal(const std::string& folder) : folder_(folder + "/.chancery-issue") {}

    // By number; empty if no job was broken off.
    Result<std::vector<PlannedBatch>> unfinished() const;

    // Durable on return. A batch with number 0 gets a new one; any other replaces its file.
    Result<void> write(PlannedBatch& batch);
    Result<void> finish(const PlannedBatch& batch);

    const std::string& folder() const { return folder_; }

private:
    std::string path_of(std::uint64_t number) const;

    std::string folder_;
    std::uint64_t newest_ = 0;
};

}  // namespace chancery::cli

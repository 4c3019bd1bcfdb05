// An issuing job: documents become commitments, batches, entries, and at last receipts beside the
// documents. Each document is registered once, whatever interrupts the job.
#pragma once

#include <string>
#include <vector>

#include "node/cli/document_signer.h"
#include "node/cli/issue_journal.h"
#include "node/cli/session.h"
#include "node/cli/status_lists.h"

namespace chancery::cli {

struct IssueOptions {
    std::size_t batch_size = 1'000;
    bool pad = false;  // To the next power of two, so that a batch's size tells nothing.
};

class IssueJob {
public:
    // All must outlive the job. `signer` may be nullptr: documents are left as they are.
    IssueJob(Session& session,
             Desk& desk,
             const Issuer& issuer,
             const DocumentSigner* signer,
             StatusLists& lists)
        : session_(session),
          node_(desk.node),
          trust_(desk.trust),
          issuer_(issuer),
          signer_(signer),
          lists_(lists) {}

    // Finishes what an earlier job began. Errors that end the job; those of rows go to errors().
    Result<void> resume(IssueJournal& journal, std::vector<PlannedBatch> batches);
    // All of it is written down before anything is registered. Stops between batches once
    // is_interrupted().
    Result<void> issue(IssueJournal& journal, const std::vector<Row>& rows, IssueOptions options);

    void expect(std::size_t rows) { total_ += rows; }
    std::size_t issued() const { return issued_; }
    const std::vector<RowError>& errors() const { return errors_; }

private:
    Result<void> run(IssueJournal& journal, PlannedBatch& batch);
    // Where the batch stands; 0 if an earlier run placed it.
    Result<ledger::Position> place(IssueJournal& journal, PlannedBatch& batch);
    Result<PlannedBatch> plan(std::span<const Row> rows, const IssueOptions& options) const;
    Result<void> sign(PlannedBatch& batch) const;
    Result<bool> is_registered(const PlannedBatch& batch);
    Result<void> write_receipts(const PlannedBatch& batch, ledger::Position position);
    // Of at most proofs_per_request_max rows: all receipts, or after a crash some.
    Result<void> write_receipts(std::span<const Row* const> rows,
                                ledger::Position position,
                                std::vector<StatusLists::Registered>& registered);

    // What is to be written for a row, made without writing. Rows need not wait for one another.
    struct Finished {
        credential::Receipt receipt;
        std::optional<CredentialFile> file;  // None if only its hash was given, or it changed.
        json::Value document;                // What the file is to hold, but for the receipt.
        std::optional<RowError> error;       // The receipt is written all the same.
    };
    Result<Finished> finish(const Row& row, const FetchedProofs& proofs) const;
    // Tells `registered`, if the document names a status list.
    Result<void> add(node::StagedFiles& files,
                     const Row& row,
                     Finished finished,
                     const credential::StatusProof& status,
                     std::vector<StatusLists::Registered>& registered);
    Result<void> check(const Row& row,
                       const CredentialFile* file,
                       const credential::Receipt& receipt,
                       const credential::StatusProof& status) const;

    Session& session_;
    NodeClient& node_;
    TrustStore& trust_;
    const Issuer& issuer_;
    const DocumentSigner* signer_;
    StatusLists& lists_;
    bool is_seal_accepted_ = false;  // Of the batch at work.
    std::size_t issued_ = 0;
    std::size_t total_ = 0;
    std::vector<RowError> errors_;
};

}  // namespace chancery::cli

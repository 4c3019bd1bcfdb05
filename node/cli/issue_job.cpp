#include "node/cli/issue_job.h"

#include <algorithm>
#include <bit>

#include "crypto/credential/commitment.h"
#include "crypto/credential/verdict.h"
#include "node/keystore.h"

namespace chancery::cli {
namespace {

using credential::Step;
using credential::StepResult;

bool passed(const credential::Verdict& verdict, Step step) {
    return verdict.steps.at(static_cast<std::size_t>(step)).result == StepResult::pass;
}

bool is_padding(const Row& row) { return row.file.empty(); }

Row padding() {
    Row row;
    row.commitment = keystore::random_hash();
    return row;
}

}  // namespace

Result<void> IssueJob::sign(PlannedBatch& batch) const {
    std::vector<Bytes> bodies;
    bodies.reserve(batch.rows.size());
    for (const Row& row : batch.rows)
        bodies.emplace_back(row.commitment.begin(), row.commitment.end());
    auto signed_batch =
        sign_batch(issuer_, ledger::Kind::credential, bodies, session_.clock.now_ms());
    if (!signed_batch) return signed_batch.error();
    batch.batch = *std::move(signed_batch);
    return {};
}

Result<PlannedBatch> IssueJob::plan(std::span<const Row> rows, const IssueOptions& options) const {
    PlannedBatch batch;
    batch.rows.assign(rows.begin(), rows.end());
    for (Row& row : batch.rows) {
        row.salt = keystore::random_hash();
        row.commitment = credential::commitment(row.salt, row.document_hash);
    }
    const std::size_t wanted = options.pad ? std::bit_ceil(batch.rows.size()) : 0;
    while (batch.rows.size() < wanted)
        batch.rows.push_back(padding());
    std::ranges::sort(batch.rows, {}, &Row::commitment);
    if (const auto done = sign(batch); !done) return done.error();
    return batch;
}

// All or none: a batch is accepted whole.
Result<bool> IssueJob::is_registered(const PlannedBatch& batch) {
    const auto standing = node_.credential({issuer_.member->number, batch.rows.front().commitment});
    if (standing) return true;
    if (standing.error().code == Errc::not_found) return false;
    return standing.error();
}

Result<ledger::Position> IssueJob::place(IssueJournal& journal, PlannedBatch& batch) {
    // What lapsed can be taken no more; the same commitments are signed anew, unless the old batch
    // made it in time.
    if (batch.batch.expires <= session_.clock.now_ms()) {
        const Result<bool> is_there = is_registered(batch);
        if (!is_there) return is_there.error();
        if (*is_there) return ledger::Position{0};
        if (const auto done = sign(batch); !done) return done.error();
        if (const auto written = journal.write(batch); !written) return written.error();
    }
    const auto placement = submit_until_sealed(node_, batch.batch.bulk, session_.context.timeout);
    if (placement) return placement->first;
    // A batch of an earlier run may hold the same commitments.
    if (placement.error().code == Errc::conflict) {
        const Result<bool> is_there = is_registered(batch);
        if (is_there && *is_there) return ledger::Position{0};
    }
    return placement.error();
}

Result<void> IssueJob::check(const Row& row,
                             const json::Value* document,
                             const credential::Receipt& receipt,
                             const credential::StatusProof& status) const {
    if (document == nullptr) {
        const auto checkpoint = note::parse_checkpoint(receipt.checkpoint);
        if (!checkpoint) return Error{Errc::corrupt, checkpoint.error().detail};
        return merkle::verify_inclusion(merkle::leaf_hash(receipt.entry),
                                        receipt.index,
                                        checkpoint->checkpoint.head,
                                        receipt.path);
    }
    credential::Evidence evidence;
    evidence.document = *document;
    evidence.receipt = receipt;
    evidence.status = status;
    evidence.trust = &trust_.trust();
    evidence.now_s = session_.clock.now_s();
    const credential::Verdict verdict = credential::judge(evidence);
    const auto reason = [&](Step step) {
        return verdict.steps.at(static_cast<std::size_t>(step)).reason;
    };
    for (const Step step :
         {Step::format, Step::commitment, Step::entry, Step::inclusion, Step::seal, Step::issuer})
        if (!passed(verdict, step))
            return Error{Errc::corrupt,
                         row.file + ": the node's receipt does not hold: " + reason(step)};
    if (signer_ != nullptr && !passed(verdict, Step::issuer_signature))
        return Error{Errc::corrupt,
                     row.file + ": no verifier would accept it: " + reason(Step::issuer_signature)};
    return {};
}

Result<void> IssueJob::write_receipt(const Row& row,
                                     const FetchedProofs& proofs,
                                     std::vector<StatusLists::Registered>& registered) {
    if (proofs.missing)
        return Error{Errc::corrupt, row.file + ": the node sealed the batch but has no receipt"};
    credential::Receipt receipt = proofs.receipt;
    receipt.salt = row.salt;
    if (!row.has_document) {
        const auto good = check(row, nullptr, receipt, proofs.status);
        if (!good) return Error{Errc::corrupt, row.file + ": " + good.error().detail};
        const auto written = cli::write_receipt(row.out, receipt);
        if (!written) return written.error();
        return write_status(row.out, proofs.status);
    }
    auto file = read_credential(row.file);
    if (!file || file->hash != row.document_hash) {
        errors_.push_back(
            RowError{0,
                     row.file,
                     "conflict",
                     "was registered, then changed: the receipt is for the earlier form"});
        return cli::write_receipt(row.out, receipt);
    }
    if (const json::Value* const status = file->document.find("credentialStatus"))
        registered.push_back({json::Object{{"credentialStatus", *status}}, row.commitment});
    // What the commitment is of has no proofs: so they may come now, and after a broken job again.
    auto document = signer_ == nullptr
                        ? Result<json::Value>(std::move(file->document))
                        : signer_->sign(std::move(file->document), session_.clock.now_s());
    if (!document) return Error{document.error().code, row.file + ": " + document.error().detail};
    const auto good = check(row, &*document, receipt, proofs.status);
    if (!good) return good.error();
    file->path = row.out;
    return write_issued(*file, *std::move(document), receipt, proofs.status);
}

Result<void> IssueJob::write_receipts(const PlannedBatch& batch, ledger::Position position) {
    std::vector<const Row*> rows;
    for (const Row& row : batch.rows)
        if (!is_padding(row)) rows.push_back(&row);
    bool is_seal_accepted = false;
    std::vector<StatusLists::Registered> registered;
    for (std::size_t begin = 0; begin < rows.size(); begin += proofs_per_request_max) {
        const std::size_t end = std::min(rows.size(), begin + proofs_per_request_max);
        std::vector<CredentialKey> keys;
        for (std::size_t i = begin; i < end; ++i)
            keys.push_back(CredentialKey{issuer_.member->number, rows[i]->commitment});
        const auto fetched = proofs_since(node_, keys, position);
        if (!fetched) return fetched.error();
        if (!is_seal_accepted && !fetched->front().missing) {
            NodeLog log(node_);
            const auto sealed = trust_.accept(fetched->front().receipt.checkpoint, &log);
            if (!sealed) return sealed.error();
            is_seal_accepted = true;
        }
        for (std::size_t i = begin; i < end; ++i) {
            const auto written = write_receipt(*rows[i], (*fetched)[i - begin], registered);
            if (!written) return written.error();
            ++issued_;
            session_.out.progress(issued_, total_);
        }
    }
    return lists_.hold(registered);
}

Result<void> IssueJob::run(IssueJournal& journal, PlannedBatch& batch) {
    const auto placed = place(journal, batch);
    if (!placed) {
        // A refusal is final: nothing was registered, and nothing would be next time.
        const Errc code = placed.error().code;
        if (code != Errc::invalid && code != Errc::forbidden) return placed.error();
        if (const auto finished = journal.finish(batch); !finished) return finished.error();
        for (const Row& row : batch.rows)
            if (!is_padding(row))
                errors_.push_back(
                    RowError{0, row.file, std::string(name_of(code)), placed.error().detail});
        return {};
    }
    if (const auto written = write_receipts(batch, *placed); !written) return written.error();
    return journal.finish(batch);
}

Result<void> IssueJob::resume(IssueJournal& journal, std::vector<PlannedBatch> batches) {
    for (PlannedBatch& batch : batches) {
        if (is_interrupted()) return {};
        if (const auto done = run(journal, batch); !done) return done.error();
    }
    return {};
}

Result<void> IssueJob::issue(IssueJournal& journal,
                             const std::vector<Row>& rows,
                             IssueOptions options) {
    for (std::size_t begin = 0; begin < rows.size(); begin += options.batch_size) {
        if (is_interrupted()) return {};
        const std::size_t count = std::min(options.batch_size, rows.size() - begin);
        auto batch = plan(std::span(rows).subspan(begin, count), options);
        if (!batch) return batch.error();
        if (const auto written = journal.write(*batch); !written) return written.error();
        if (const auto done = run(journal, *batch); !done) return done.error();
    }
    return {};
}

}  // namespace chancery::cli

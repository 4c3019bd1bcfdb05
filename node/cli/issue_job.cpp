#include "node/cli/issue_job.h"

#include <algorithm>
#include <bit>

#include "crypto/credential/commitment.h"
#include "crypto/credential/verdict.h"
#include "node/cli/parallel.h"
#include "node/keystore.h"
#include "storage/crash_point.h"

namespace chancery::cli {
namespace {

using credential::Step;
using credential::StepResult;
using storage::CrashPoint;

bool passed(const credential::Verdict& verdict, Step step) {
    return verdict.steps.at(static_cast<std::size_t>(step)).result == StepResult::pass;
}

bool is_padding(const Row& row) { return row.file.empty(); }

// Fewer than `count_max` if their documents would not fit into a batch's file.
std::size_t rows_in_batch(std::span<const Row> rows, std::size_t count_max) {
    std::size_t count = 0;
    std::size_t bytes = 0;
    while (count < std::min(count_max, rows.size())) {
        bytes += rows[count].document.size();
        if (count > 0 && bytes > journal_documents_bytes_max) break;
        ++count;
    }
    return count;
}

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
                             const CredentialFile* file,
                             const credential::Receipt& receipt,
                             const credential::StatusProof& status) const {
    if (file == nullptr) {
        const auto checkpoint = note::parse_checkpoint(receipt.checkpoint);
        if (!checkpoint) return Error{Errc::corrupt, checkpoint.error().detail};
        return merkle::verify_inclusion(merkle::leaf_hash(receipt.entry),
                                        receipt.index,
                                        checkpoint->checkpoint.head,
                                        receipt.path);
    }
    credential::Evidence evidence;
    evidence.document = file->document;
    evidence.jwt = file->jwt();
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
    const bool is_signed = signer_ != nullptr || !evidence.jwt.empty();
    if (is_signed && !passed(verdict, Step::issuer_signature))
        return Error{Errc::corrupt,
                     row.file + ": no verifier would accept it: " + reason(Step::issuer_signature)};
    return {};
}

Result<IssueJob::Finished> IssueJob::finish(const Row& row, const FetchedProofs& proofs) const {
    if (proofs.missing)
        return Error{Errc::corrupt, row.file + ": the node sealed the batch but has no receipt"};
    Finished finished;
    finished.receipt = proofs.receipt;
    finished.receipt.salt = row.salt;
    if (!row.has_document) {
        const auto good = check(row, nullptr, finished.receipt, proofs.status);
        if (!good) return Error{Errc::corrupt, row.file + ": " + good.error().detail};
        return finished;
    }
    auto file =
        row.document.empty() ? read_credential(row.file) : credential_in(row.document, row.file);
    if (!file || file->hash != row.document_hash) {
        finished.error = RowError{0,
                                  row.file,
                                  "conflict",
                                  "was registered, then changed: the receipt is for the earlier "
                                  "form"};
        return finished;
    }
    // What the commitment is of has no proofs: so they may come now, and after a broken job again.
    if (signer_ != nullptr) {
        auto document = signer_->sign(file->document, session_.clock.now_s());
        if (!document)
            return Error{document.error().code, row.file + ": " + document.error().detail};
        file->document = *std::move(document);
    }
    const auto good = check(row, &*file, finished.receipt, proofs.status);
    if (!good) return good.error();
    file->path = row.out;
    finished.document = file->document;
    finished.file = *std::move(file);
    return finished;
}

Result<void> IssueJob::add(node::StagedFiles& files,
                           const Row& row,
                           Finished finished,
                           const credential::StatusProof& status,
                           std::vector<StatusLists::Registered>& registered) {
    if (finished.file) {
        if (const json::Value* const place = finished.document.find("credentialStatus"))
            registered.push_back({json::Object{{"credentialStatus", *place}}, row.commitment});
        return add_issued(
            files, *finished.file, std::move(finished.document), finished.receipt, status);
    }
    if (finished.error) errors_.push_back(*std::move(finished.error));
    if (const auto added = add_receipt(files, row.out, finished.receipt); !added) return added;
    return row.has_document ? Result<void>() : add_status(files, row.out, status);
}

Result<void> IssueJob::write_receipts(std::span<const Row* const> rows,
                                      ledger::Position position,
                                      std::vector<StatusLists::Registered>& registered) {
    std::vector<CredentialKey> keys;
    for (const Row* const row : rows)
        keys.push_back(CredentialKey{issuer_.member->number, row->commitment});
    const auto fetched = proofs_since(node_, keys, position);
    if (!fetched) return fetched.error();
    if (!is_seal_accepted_ && !fetched->front().missing) {
        NodeLog log(node_);
        const auto sealed = trust_.accept(fetched->front().receipt.checkpoint, &log);
        if (!sealed) return sealed.error();
        is_seal_accepted_ = true;
    }
    std::vector<std::optional<Result<Finished>>> finished(rows.size());
    on_all_processors(rows.size(),
                      [&](std::size_t i) { finished[i] = finish(*rows[i], (*fetched)[i]); });
    node::StagedFiles files;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (!*finished[i]) return finished[i]->error();
        const auto added =
            add(files, *rows[i], **std::move(finished[i]), (*fetched)[i].status, registered);
        if (!added) return added.error();
        finished[i].reset();
    }
    if (const auto written = files.commit(); !written) return written.error();
    issued_ += rows.size();
    session_.out.progress(issued_, total_);
    return {};
}

Result<void> IssueJob::write_receipts(const PlannedBatch& batch, ledger::Position position) {
    std::vector<const Row*> rows;
    for (const Row& row : batch.rows)
        if (!is_padding(row)) rows.push_back(&row);
    is_seal_accepted_ = false;
    std::vector<StatusLists::Registered> registered;
    for (std::size_t begin = 0; begin < rows.size(); begin += proofs_per_request_max) {
        const std::size_t count = std::min(rows.size() - begin, proofs_per_request_max);
        const auto written =
            write_receipts(std::span(rows).subspan(begin, count), position, registered);
        if (!written) return written.error();
    }
    return lists_.hold(registered);
}

Result<void> IssueJob::run(IssueJournal& journal, PlannedBatch& batch) {
    storage::crash_point(CrashPoint::issue_planned);
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
    storage::crash_point(CrashPoint::issue_sealed);
    if (const auto written = write_receipts(batch, *placed); !written) return written.error();
    storage::crash_point(CrashPoint::issue_written);
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
    std::vector<PlannedBatch> batches;
    for (std::size_t begin = 0; begin < rows.size() && !is_interrupted();) {
        const auto left = std::span(rows).subspan(begin);
        const std::size_t count = rows_in_batch(left, options.batch_size);
        auto batch = plan(left.first(count), options);
        if (!batch) return batch.error();
        if (const auto written = journal.write(*batch); !written) return written.error();
        batches.push_back(*std::move(batch));
        begin += count;
    }
    return resume(journal, std::move(batches));
}

}  // namespace chancery::cli

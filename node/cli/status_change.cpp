#include "node/cli/status_change.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "node/cli/csv.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using ledger::CredentialStatus;

constexpr std::size_t changes_per_batch_max = proofs_per_request_max;

Result<CredentialKey> key_of_file(const std::string& path) {
    if (path.ends_with(".tlog-proof")) {
        const auto text = node::read_file(path, credential::receipt_bytes_max);
        if (!text) return text.error();
        const auto receipt = credential::parse_receipt(*text);
        if (!receipt) return Error{Errc::invalid, path + ": " + receipt.error().detail};
        return key_of(*receipt);
    }
    const auto file = read_credential(path);
    if (!file) return file.error();
    const auto receipt = receipt_of(*file);
    if (!receipt) return receipt.error();
    if (!*receipt)
        return Error{Errc::not_found, path + ": has no receipt, so its commitment is not known"};
    return key_of(**receipt);
}

// Exactly what revoking needs proven: this credential, under a trusted seal, has this status.
Result<void> check_change(const credential::StatusProof& proof, const ledger::StatusEntry& wanted) {
    const auto proven = credential::check_status_proof(proof);
    if (!proven) return Error{Errc::corrupt, "status proof: " + proven.error().detail};
    if (proven->credential.commitment == wanted.commitment && proven->status == wanted.status)
        return {};
    return Error{Errc::corrupt,
                 "the sealed change does not show: status is " +
                     std::string(ledger::name_of(proven->status)) + ", want " +
                     std::string(ledger::name_of(wanted.status))};
}

std::string refusal(CredentialStatus is, CredentialStatus wanted) {
    const std::string now = "is " + std::string(ledger::name_of(is));
    if (is == wanted) return now + " already";
    return now + " and cannot become " + std::string(ledger::name_of(wanted));
}

}  // namespace

Result<StatusTarget> find_target(const std::string& name, const Issuer& issuer) {
    StatusTarget target;
    target.name = name;
    const auto commitment = hash_from_hex(name);
    if (commitment) {
        target.key = CredentialKey{issuer.member->number, *commitment};
        return target;
    }
    const auto key = key_of_file(name);
    if (!key) return key.error();
    if (key->member != issuer.member->number)
        return Error{Errc::forbidden,
                     name + ": was registered by member " + std::to_string(key->member) +
                         ", the key is of " + issuer.member->slug};
    target.file = name;
    target.key = *key;
    return target;
}

Result<StatusTargets> read_targets(const std::string& path,
                                   ledger::Reason reason,
                                   const Issuer& issuer) {
    const auto text = node::read_file(path, csv_bytes_max);
    if (!text) return text.error();
    const auto table = parse_csv(*text);
    if (!table) return Error{Errc::invalid, path + ": " + table.error().detail};
    const auto file = table->column("file");
    const auto commitment = table->column("commitment");
    if (!file && !commitment)
        return Error{Errc::invalid, path + ": want a column named file or commitment"};
    const auto reasons = table->column("reason");
    StatusTargets found;
    for (const CsvTable::Bad& bad : table->bad)
        found.errors.push_back(line_error(path, bad.line, {Errc::invalid, bad.what}));
    for (const CsvRow& row : table->rows) {
        auto target = find_target(row.fields[commitment ? *commitment : *file], issuer);
        std::optional<ledger::Reason> own = reason;
        if (reasons && !row.fields[*reasons].empty())
            own = ledger::reason_named(row.fields[*reasons]);
        if (target && own) {
            target->reason = *own;
            target->row = row.line;
            found.targets.push_back(*std::move(target));
            continue;
        }
        found.errors.push_back(
            line_error(path,
                       row.line,
                       target ? Error{Errc::invalid, "column reason: is none that the ledger knows"}
                              : target.error()));
    }
    return found;
}

Result<std::vector<StatusJob::Planned>> StatusJob::plan(std::span<const StatusTarget> targets,
                                                        const StatusChange& change) {
    std::vector<Planned> planned;
    for (const StatusTarget& target : targets) {
        const auto standing = node_.credential(target.key);
        if (!standing && standing.error().code != Errc::not_found) return standing.error();
        if (!standing) {
            errors_.push_back(
                RowError{target.row, target.name, "not_found", std::string(not_registered)});
            continue;
        }
        if (!ledger::is_change_allowed(standing->status, change.status)) {
            errors_.push_back(RowError{
                target.row, target.name, "conflict", refusal(standing->status, change.status)});
            continue;
        }
        const ledger::StatusEntry entry{.member = target.key.member,
                                        .time = 0,
                                        .position = standing->position,
                                        .commitment = target.key.commitment,
                                        .previous = standing->changed_at,
                                        .status = change.status,
                                        .reason = target.reason,
                                        .successor = change.successor};
        planned.push_back(Planned{entry, &target});
    }
    std::ranges::sort(planned, {}, [](const Planned& one) { return one.entry.position; });
    return planned;
}

Result<ledger::Position> StatusJob::submit(const std::vector<Planned>& planned) {
    std::vector<Bytes> bodies;
    bodies.reserve(planned.size());
    for (const Planned& one : planned)
        bodies.push_back(ledger::body_of(one.entry));
    const auto batch = sign_batch(issuer_, ledger::Kind::status, bodies, session_.clock.now_ms());
    if (!batch) return batch.error();
    const auto placement = submit_until_sealed(node_, batch->bulk, session_.context.timeout);
    if (!placement) return placement.error();
    return placement->first;
}

Result<void> StatusJob::confirm(const std::vector<Planned>& planned, ledger::Position position) {
    std::vector<CredentialKey> keys;
    keys.reserve(planned.size());
    for (const Planned& one : planned)
        keys.push_back(one.target->key);
    const auto fetched = proofs_since(node_, keys, position);
    if (!fetched) return fetched.error();
    bool is_seal_accepted = false;
    node::StagedFiles files;
    for (std::size_t i = 0; i < planned.size(); ++i) {
        const FetchedProofs& proofs = (*fetched)[i];
        if (proofs.missing) return Error{Errc::corrupt, proofs.missing->detail};
        if (!is_seal_accepted) {
            NodeLog log(node_);
            const auto sealed = trust_.accept(proofs.status.checkpoint, &log);
            if (!sealed) return sealed.error();
            is_seal_accepted = true;
        }
        const auto good = check_change(proofs.status, planned[i].entry);
        if (!good) return good.error();
        confirmed_.push_back({planned[i].entry.commitment, planned[i].entry.status});
        const std::string& file = planned[i].target->file;
        if (file.empty() || stem_of(file) == file) continue;
        const auto added = add_status(files, file, proofs.status);
        if (!added) return added.error();
    }
    return files.commit();
}

Result<void> StatusJob::run(const std::vector<StatusTarget>& targets, const StatusChange& change) {
    for (std::size_t begin = 0; begin < targets.size(); begin += changes_per_batch_max) {
        const std::size_t count = std::min(changes_per_batch_max, targets.size() - begin);
        auto planned = plan(std::span(targets).subspan(begin, count), change);
        if (!planned) return planned.error();
        if (planned->empty()) continue;
        const auto position = submit(*planned);
        if (!position) return position.error();
        if (const auto done = confirm(*planned, *position); !done) return done.error();
        session_.out.progress(begin + count, targets.size());
    }
    return {};
}

}  // namespace chancery::cli

// chancery proof: fetch fresh proofs for a credential, and check one that somebody sent.
#include "crypto/base/encoding.h"
#include "crypto/credential/verdict.h"
#include "crypto/json/canonical.h"
#include "node/cli/commands.h"
#include "node/cli/credential_file.h"
#include "node/cli/entry_text.h"
#include "node/cli/newest_answer.h"
#include "node/cli/session.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

struct Fetched {
    credential::Receipt receipt;  // Its salt is zero.
    credential::StatusProof status;
};

Result<Fetched> fetch(Desk& desk, const CredentialKey& key) {
    using Proofs = std::vector<FetchedProofs>;
    const auto ask = [&key](NodeClient& node) { return node.proofs({key}); };
    const auto checkpoint_of = [](const Proofs& shown) { return shown.front().receipt.checkpoint; };
    auto proofs = newest_answer<Proofs>(desk, ask, checkpoint_of);
    if (!proofs) return proofs.error();
    FetchedProofs& one = proofs->front();
    if (one.missing) return *one.missing;
    NodeLog log(desk.node);
    const auto sealed = desk.trust.accept(one.receipt.checkpoint, &log);
    if (!sealed) return sealed.error();
    const auto included = merkle::verify_inclusion(merkle::leaf_hash(one.receipt.entry),
                                                   one.receipt.index,
                                                   sealed->checkpoint.head,
                                                   one.receipt.path);
    if (!included) return Error{Errc::corrupt, "receipt: " + included.error().detail};
    const auto status = credential::check_status_proof(one.status);
    if (!status) return Error{Errc::corrupt, "status proof: " + status.error().detail};
    return Fetched{std::move(one.receipt), std::move(one.status)};
}

Result<Exit> get_for_document(Session& session, Desk& desk, const std::string& path) {
    auto file = read_credential(path);
    if (!file) return file.error();
    const auto old = receipt_of(*file);
    if (!old) return old.error();
    if (!*old)
        return Error{Errc::not_found,
                     path + ": has no receipt, and without its salt none can be made"};
    const auto key = key_of(**old);
    if (!key) return key.error();
    auto fetched = fetch(desk, *key);
    if (!fetched) return fetched.error();
    fetched->receipt.salt = (*old)->salt;
    node::StagedFiles files;
    const auto added =
        add_issued(files, *file, std::move(file->document), fetched->receipt, fetched->status);
    if (!added) return added.error();
    if (const auto written = files.commit(); !written) return written.error();
    session.out.line(receipt_path(path));
    session.out.line(status_path(path));
    session.out.document(json::Object{{"receipt", receipt_path(path)},
                                      {"status", status_path(path)},
                                      {"position", fetched->receipt.index}});
    return Exit::done;
}

Result<CredentialKey> named_key(const TrustStore& trust,
                                const Invocation& call,
                                const Hash& commitment) {
    const ledger::Members& members = trust.trust().newest();
    if (!call.has("member"))
        return Error{Errc::invalid, "--member is missing: whose commitment it is"};
    const ledger::Member* member = members.find_slug(call.text("member"));
    if (member == nullptr)
        return Error{Errc::not_found, "the network has no member " + call.text("member")};
    return CredentialKey{member->number, commitment};
}

Result<Exit> get(Session& session, const Invocation& call) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto commitment = hash_from_hex(call.argument(0));
    if (!commitment) return get_for_document(session, *desk, call.argument(0));
    const auto key = named_key(desk->trust, call, *commitment);
    if (!key) return key.error();
    const auto fetched = fetch(*desk, *key);
    if (!fetched) return fetched.error();
    const std::string text = credential::to_text(fetched->receipt);
    session.out.line(text.substr(0, text.size() - 1));
    session.out.note("the salt is not known to anybody but the holder: it is written as zeros");
    session.out.document(
        json::Object{{"receipt", text}, {"status", credential::to_json(fetched->status)}});
    return Exit::done;
}

// Under the trusted seal: nothing, if it cannot be told.
Result<std::optional<merkle::TreeHead>> trusted_head(const TrustStore& trust,
                                                     const std::string& checkpoint) {
    using Head = std::optional<merkle::TreeHead>;
    const auto parsed = note::parse_checkpoint(checkpoint);
    if (!parsed) return parsed.error();
    const auto seal = trust.trust().seal(*parsed);
    if (!seal) return seal.error();
    if (!*seal || !(*seal)->is_sealed()) return Head();
    return Head(parsed->checkpoint.head);
}

Result<Exit> not_sealed(Session& session) {
    session.out.line("CANNOT TELL: too few members that are trusted signed the checkpoint");
    session.out.document(json::Object{{"verdict", "cannot tell"}});
    return Exit::cannot_tell;
}

Result<Exit> fails(Session& session, const Error& error) {
    session.out.line("NOT VALID: " + error.detail);
    session.out.document(json::Object{{"verdict", "not valid"}, {"reason", error.detail}});
    return Exit::not_valid;
}

Result<Exit> check_receipt(Session& session, const TrustStore& trust, const std::string& text) {
    const auto receipt = credential::parse_receipt(text);
    if (!receipt) return Error{Errc::invalid, "is no receipt: " + receipt.error().detail};
    const auto head = trusted_head(trust, receipt->checkpoint);
    if (!head) return fails(session, head.error());
    if (!*head) return not_sealed(session);
    const auto included = merkle::verify_inclusion(
        merkle::leaf_hash(receipt->entry), receipt->index, **head, receipt->path);
    if (!included) return fails(session, included.error());
    const auto entry = ledger::decode(receipt->entry);
    if (!entry) return fails(session, entry.error());
    session.out.line("PROVEN  " + entry_line(receipt->index, *entry));
    session.out.note("that it was registered; whether it still holds, chancery verify tells");
    session.out.document(json::Object{{"verdict", "proven"},
                                      {"entry", entry_json(receipt->index, *entry)},
                                      {"size", (*head)->size}});
    return Exit::done;
}

Result<Exit> check_status(Session& session, const TrustStore& trust, const std::string& text) {
    const auto proof = credential::parse_status_proof(text);
    if (!proof) return Error{Errc::invalid, "is no status proof: " + proof.error().detail};
    const auto head = trusted_head(trust, proof->checkpoint);
    if (!head) return fails(session, head.error());
    if (!*head) return not_sealed(session);
    const auto proven = credential::check_status_proof(*proof);
    if (!proven) return fails(session, proven.error());
    const std::string status(ledger::name_of(proven->status));
    session.out.line("PROVEN  #" + std::to_string(proof->credential.index) + " is " + status +
                     " at size " + std::to_string((*head)->size));
    session.out.document(json::Object{{"verdict", "proven"},
                                      {"position", proof->credential.index},
                                      {"commitment", to_hex(proven->credential.commitment)},
                                      {"status", status},
                                      {"size", (*head)->size}});
    return Exit::done;
}

Result<Exit> check_proof(Session& session, const Invocation& call) {
    const std::string path = call.argument(0);
    const auto text = node::read_file(path, credential::status_proof_bytes_max);
    if (!text) return text.error();
    const auto trust = TrustStore::load(session.context, nullptr, session.out);
    if (!trust) return trust.error();
    const auto checked = text->starts_with("{") ? check_status(session, *trust, *text)
                                                : check_receipt(session, *trust, *text);
    if (!checked) return Error{checked.error().code, path + ": " + checked.error().detail};
    return checked;
}

}  // namespace

Command proof_command() {
    return {.name = "proof",
            .summary = "fetch and check proofs",
            .children = {
                {.name = "get",
                 .summary = "fetch a fresh receipt and status proof",
                 .examples = {{"chancery proof get ana.badge.json",
                               "renews what lies beside the document"},
                              {"chancery proof get 5f…e0 --member uni-a", "prints the receipt"}},
                 .arguments = {{.name = "TARGET",
                                .help = "a document with its receipt, or a commitment in hex"}},
                 .options = {{"member", ValueKind::text, "SLUG", "whose commitment it is"}},
                 .run = get},
                {.name = "check",
                 .summary = "check a receipt or status proof by itself, offline",
                 .examples = {{"chancery proof check ana.badge.tlog-proof --trust trust.json", ""}},
                 .arguments = {{.name = "FILE", .help = "a .tlog-proof or .status.json"}},
                 .run = check_proof}}};
}

}  // namespace chancery::cli

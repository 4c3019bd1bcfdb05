#include "crypto/credential/fork_evidence.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/credential/proof_fields.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "crypto/note/cosignature.h"

namespace chancery::credential {
namespace {

constexpr std::string_view fork_format = "chancery-fork/v1";

Error invalid(std::string detail) { return {Errc::invalid, std::move(detail)}; }

Result<std::optional<ForkEvidence::Beginning>> beginning_from(const json::Value* root,
                                                              const json::Value* path) {
    using Found = std::optional<ForkEvidence::Beginning>;
    if (root == nullptr && path == nullptr) return Found();
    if (root == nullptr) return invalid("/root: is missing, want it beside path");
    if (path == nullptr) return invalid("/path: is missing, want it beside root");
    const std::string* hex = root->as_string();
    const Result<Hash> hash = hash_from_hex(hex == nullptr ? "" : *hex);
    if (!hash) return invalid("/root: want 64 hex digits");
    if (path->as_array() == nullptr) return invalid("/path: want an array");
    Result<std::vector<Hash>> hashes = path_from(*path->as_array(), "/path");
    if (!hashes) return hashes.error();
    return Found({*hash, *std::move(hashes)});
}

// That the two are of the network's log and contradict one another.
Result<void> check_conflict(const note::Checkpoint& a,
                            const note::Checkpoint& b,
                            const std::optional<ForkEvidence::Beginning>& beginning) {
    if (a.origin != b.origin)
        return invalid("a is of " + a.origin + ", b of " + b.origin + ", want one log");
    if (a.head.size == 0) return invalid("a has size 0, want at least 1");
    if (a.head.size > b.head.size)
        return invalid("a has size " + std::to_string(a.head.size) + ", want at most b's " +
                       std::to_string(b.head.size));
    if (a.head.size == b.head.size) {
        if (beginning) return invalid("root and path are there, want none for equal sizes");
        if (a.head.root == b.head.root) return invalid("a and b have the same root");
        return {};
    }
    if (!beginning) return invalid("root and path are missing, want them for unequal sizes");
    if (beginning->root == a.head.root) return invalid("root is a's own: b extends a");
    const Result<void> began = merkle::verify_consistency(
        {.size = a.head.size, .root = beginning->root}, b.head, beginning->path);
    if (!began) return invalid("path: " + began.error().detail);
    return {};
}

// Line by line: a bad one beside a good one does not take the good one back.
bool has_cosigned(const note::SignedNote& note, const note::VerifierKey& key) {
    return std::ranges::any_of(note.signatures, [&](const note::SignatureLine& line) {
        const Result<std::optional<std::uint64_t>> time =
            note::cosigned_at({.text = note.text, .signatures = {line}}, key);
        return time && time->has_value();
    });
}

// The log of its first epoch, or of a later one.
bool is_log_of(const ledger::Members& members, const std::string& origin) {
    const std::string first = ledger::genesis_origin(members);
    return origin == first || origin.starts_with(first + "/epoch/");
}

}  // namespace

std::vector<GuiltyKey> cosigners_of(const note::SignedNote& note, const ledger::Members& members) {
    std::vector<GuiltyKey> cosigners;
    for (const ledger::Member& member : members.members) {
        for (const ledger::KeyRecord& record : member.keys) {
            if (record.use != ledger::KeyUse::cosigner) continue;
            const note::VerifierKey cosigner{
                .name = ledger::genesis_origin(members) + "/" + member.slug,
                .type = note::KeyType::cosignature,
                .key = record.key.ed25519()};
            if (has_cosigned(note, cosigner))
                cosigners.push_back({member.number, member.slug, record.number, record.key.text()});
        }
    }
    return cosigners;
}

Result<ForkEvidence> parse_fork_evidence(std::string_view text) {
    const Result<json::Value> value =
        json::parse(text, {.bytes_max = fork_evidence_bytes_max, .depth_max = 3});
    if (!value) return value.error();
    json::Fields fields(*value);
    ForkEvidence evidence;
    const std::string format = fields.string("format");
    evidence.a = fields.string("a");
    evidence.b = fields.string("b");
    const json::Value* root = fields.optional("root");
    const json::Value* path = fields.optional("path");
    if (auto wrong = fields.finish()) return *wrong;
    if (format != fork_format) return invalid("/format: want chancery-fork/v1");
    auto beginning = beginning_from(root, path);
    if (!beginning) return beginning.error();
    evidence.beginning = *std::move(beginning);
    return evidence;
}

json::Value to_json(const ForkEvidence& evidence) {
    json::Object document{{"format", fork_format}, {"a", evidence.a}, {"b", evidence.b}};
    if (evidence.beginning) {
        document.push_back({"root", to_hex(evidence.beginning->root)});
        document.push_back({"path", path_to_json(evidence.beginning->path)});
    }
    return document;
}

Result<ProvenFork> check_fork_evidence(const ForkEvidence& evidence,
                                       const ledger::Members& members) {
    const Result<note::SignedCheckpoint> a = note::parse_checkpoint(evidence.a);
    if (!a) return invalid("a: " + a.error().detail);
    const Result<note::SignedCheckpoint> b = note::parse_checkpoint(evidence.b);
    if (!b) return invalid("b: " + b.error().detail);
    const Result<void> conflict = check_conflict(a->checkpoint, b->checkpoint, evidence.beginning);
    if (!conflict) return conflict.error();
    if (!is_log_of(members, a->checkpoint.origin))
        return invalid("the log is " + a->checkpoint.origin + ", want " +
                       ledger::genesis_origin(members));
    std::vector<GuiltyKey> guilty = cosigners_of(a->note, members);
    const std::vector<GuiltyKey> also = cosigners_of(b->note, members);
    std::erase_if(guilty, [&also](const GuiltyKey& key) {
        return std::ranges::find(also, key) == also.end();
    });
    if (guilty.empty()) return invalid("no known key cosigned both");
    return ProvenFork{a->checkpoint, b->checkpoint, std::move(guilty)};
}

}  // namespace chancery::credential

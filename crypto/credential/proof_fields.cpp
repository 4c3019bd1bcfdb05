#include "crypto/credential/proof_fields.h"

#include "crypto/base/encoding.h"
#include "crypto/json/fields.h"

namespace chancery::credential {

Result<std::vector<Hash>> path_from(const json::Array& elements, const std::string& where) {
    if (elements.size() > merkle::path_length_max) {
        return Error{
            Errc::invalid,
            where + ": got " + std::to_string(elements.size()) + " hashes, want at most 63"};
    }
    std::vector<Hash> path;
    for (const json::Value& element : elements) {
        const std::string* hex = element.as_string();
        const Result<Hash> hash = hash_from_hex(hex == nullptr ? "" : *hex);
        if (!hash) {
            return Error{Errc::invalid,
                         where + "/" + std::to_string(path.size()) + ": want 64 hex digits"};
        }
        path.push_back(*hash);
    }
    return path;
}

json::Value path_to_json(const std::vector<Hash>& path) {
    json::Array elements;
    for (const Hash& hash : path)
        elements.push_back(to_hex(hash));
    return elements;
}

void write_path(std::span<const Hash> path, json::CanonicalWriter& out) {
    out.begin_array();
    for (const Hash& hash : path)
        out.hex(hash);
    out.end_array();
}

Result<StateProof> state_proof_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    StateProof proof;
    proof.entry = fields.base64("entry");
    const json::Array& elements = fields.array("path");
    if (auto wrong = fields.finish()) return *wrong;
    Result<std::vector<Hash>> path = path_from(elements, fields.pointer("path"));
    if (!path) return path.error();
    proof.path = std::move(*path);
    return proof;
}

json::Value state_proof_to_json(const StateProof& proof) {
    return json::Object{{"entry", to_base64(proof.entry)}, {"path", path_to_json(proof.path)}};
}

Result<ledger::StateEntry> check_state(const StateProof& proof, const merkle::TreeHead& head) {
    if (head.size == 0) return Error{Errc::invalid, "checkpoint has size 0, want a state entry"};
    const Result<ledger::Entry> entry = ledger::decode(proof.entry);
    if (!entry) return entry.error();
    const auto* state = std::get_if<ledger::StateEntry>(&*entry);
    if (state == nullptr) {
        return Error{Errc::invalid, "last entry is of another kind, want a state entry"};
    }
    if (state->size != head.size - 1) {
        return Error{Errc::invalid,
                     "state entry counts " + std::to_string(state->size) + " entries, want " +
                         std::to_string(head.size - 1)};
    }
    const Result<void> included =
        merkle::verify_inclusion(merkle::leaf_hash(proof.entry), head.size - 1, head, proof.path);
    if (!included) return Error{Errc::invalid, "state entry: " + included.error().detail};
    return *state;
}

}  // namespace chancery::credential

#include "crypto/credential/status_proof.h"

#include "crypto/base/encoding.h"
#include "crypto/credential/proof_fields.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"

namespace chancery::credential {
namespace {

constexpr std::string_view status_format = "chancery-status/v1";
constexpr std::size_t text_bytes_usual = std::size_t{8} * 1024;

Result<EntryProof> entry_proof_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    EntryProof proof;
    proof.index = fields.integer("index");
    proof.entry = fields.base64("entry");
    const json::Array& elements = fields.array("path");
    if (auto wrong = fields.finish()) return *wrong;
    Result<std::vector<Hash>> path = path_from(elements, fields.pointer("path"));
    if (!path) return path.error();
    proof.path = std::move(*path);
    return proof;
}

json::Value to_json(const EntryProof& proof) {
    return json::Object{{"index", proof.index},
                        {"entry", to_base64(proof.entry)},
                        {"path", path_to_json(proof.path)}};
}

void write(const EntryProof& proof, json::CanonicalWriter& out) {
    out.begin_object();
    out.name("entry").base64(proof.entry);
    out.name("index").integer(proof.index);
    write_path(proof.path, out.name("path"));
    out.end_object();
}

// Members that stand after "checkpoint" and before "format".
void write_credential(const StatusProof& proof, json::CanonicalWriter& out) {
    out.name("chunk").begin_object();
    out.name("bytes").base64(proof.chunk);
    write_path(proof.chunk_path, out.name("path"));
    out.end_object();
    write(proof.credential, out.name("credential"));
}

void write_change(const StatusProof& proof, json::CanonicalWriter& out) {
    out.name("change");
    if (proof.change) {
        write(*proof.change, out);
    } else {
        out.null();
    }
}

void write_state(const StatusProof& proof, json::CanonicalWriter& out) {
    out.name("state").begin_object();
    out.name("entry").base64(proof.state_entry);
    write_path(proof.state_path, out.name("path"));
    out.end_object();
}

std::optional<Error> take_chunk(StatusProof& proof,
                                const json::Value& value,
                                const std::string& where) {
    json::Fields fields(value, where);
    const Bytes bytes = fields.base64("bytes");
    const json::Array& elements = fields.array("path");
    if (auto wrong = fields.finish()) return wrong;
    if (bytes.size() != merkle::chunk_bytes) {
        return Error{
            Errc::invalid,
            fields.pointer("bytes") + ": got " + std::to_string(bytes.size()) + " bytes, want 64"};
    }
    std::ranges::copy(bytes, proof.chunk.begin());
    Result<std::vector<Hash>> path = path_from(elements, fields.pointer("path"));
    if (!path) return path.error();
    proof.chunk_path = std::move(*path);
    return std::nullopt;
}

}  // namespace

Result<StatusProof> parse_status_proof(std::string_view text) {
    const Result<json::Value> value =
        json::parse(text, {.bytes_max = status_proof_bytes_max, .depth_max = 8});
    if (!value) return value.error();
    return status_proof_from(*value);
}

Result<StatusProof> status_proof_from(const json::Value& value) {
    json::Fields fields(value);
    StatusProof proof;
    const std::string format = fields.string("format");
    proof.checkpoint = fields.string("checkpoint");
    const json::Value& state = fields.any("state");
    const json::Value& credential = fields.any("credential");
    const json::Value& chunk = fields.any("chunk");
    const json::Value& change = fields.any("change");
    if (auto wrong = fields.finish()) return *wrong;
    if (format != status_format) {
        return Error{Errc::invalid, "/format: want chancery-status/v1"};
    }
    Result<StateProof> state_proof = state_proof_from(state, "/state");
    if (!state_proof) return state_proof.error();
    proof.state_entry = std::move(state_proof->entry);
    proof.state_path = std::move(state_proof->path);
    Result<EntryProof> credential_proof = entry_proof_from(credential, "/credential");
    if (!credential_proof) return credential_proof.error();
    proof.credential = std::move(*credential_proof);
    if (auto wrong = take_chunk(proof, chunk, "/chunk")) return *wrong;
    if (change.is_null()) return proof;
    Result<EntryProof> change_proof = entry_proof_from(change, "/change");
    if (!change_proof) return change_proof.error();
    proof.change = std::move(*change_proof);
    return proof;
}

json::Value to_json(const StatusProof& proof) {
    return json::Object{
        {"format", status_format},
        {"checkpoint", proof.checkpoint},
        {"state", state_proof_to_json({.entry = proof.state_entry, .path = proof.state_path})},
        {"credential", to_json(proof.credential)},
        {"chunk",
         json::Object{{"bytes", to_base64(proof.chunk)}, {"path", path_to_json(proof.chunk_path)}}},
        {"change", proof.change ? to_json(*proof.change) : json::Value()}};
}

std::string to_text(const StatusProof& proof) {
    json::CanonicalWriter out;
    out.reserve(text_bytes_usual);
    out.begin_object();
    write_change(proof, out);
    out.name("checkpoint").text(proof.checkpoint);
    write_credential(proof, out);
    out.name("format").text(status_format);
    write_state(proof, out);
    out.end_object();
    return out.take();
}

void write_shared(const StatusProof& proof, json::CanonicalWriter& out) {
    out.begin_object();
    write_change(proof, out);
    write_credential(proof, out);
    write_state(proof, out);
    out.end_object();
}

}  // namespace chancery::credential

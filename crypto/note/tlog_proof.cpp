#include "crypto/note/tlog_proof.h"

#include "crypto/base/decimal.h"
#include "crypto/base/encoding.h"
#include "crypto/note/lines.h"

namespace chancery::note {
namespace {

constexpr std::size_t proof_bytes_max = 65'536;
constexpr std::string_view first_line = "c2sp.org/tlog-proof@v1";
constexpr std::string_view extra_start = "extra ";
constexpr std::string_view index_start = "index ";

Error invalid_proof(std::string detail) { return {Errc::invalid, "proof " + std::move(detail)}; }

// The lines up to the empty one, which is taken as well.
Result<std::vector<Hash>> take_path(std::string_view& text) {
    std::vector<Hash> path;
    for (;;) {
        const auto line = take_line(text);
        if (!line) return invalid_proof("without a blank line");
        if (line->empty()) return path;
        if (path.size() == merkle::path_length_max) {
            return invalid_proof("with more than " + std::to_string(merkle::path_length_max) +
                                 " hashes");
        }
        const auto hash = hash_from_base64(*line);
        if (!hash) {
            return invalid_proof("whose hash " + std::to_string(path.size()) + " is " +
                                 hash.error().detail);
        }
        path.push_back(*hash);
    }
}

}  // namespace

Result<TlogProof> parse_proof(std::string_view text) {
    if (text.size() > proof_bytes_max) {
        return invalid_proof("of " + std::to_string(text.size()) + " bytes, at most " +
                             std::to_string(proof_bytes_max));
    }
    if (take_line(text) != first_line) {
        return invalid_proof("whose first line is not " + std::string(first_line));
    }
    TlogProof proof;
    auto line = take_line(text);
    if (line && line->starts_with(extra_start)) {
        auto extra = from_base64(line->substr(extra_start.size()));
        if (!extra) return invalid_proof("whose extra is " + extra.error().detail);
        proof.extra = std::move(*extra);
        line = take_line(text);
    }
    if (!line || !line->starts_with(index_start)) return invalid_proof("without an index");
    const auto index = from_decimal(line->substr(index_start.size()));
    if (!index) return invalid_proof("whose index is " + index.error().detail);
    proof.index = *index;
    auto path = take_path(text);
    if (!path) return path.error();
    proof.path = std::move(*path);
    if (text.empty()) return invalid_proof("without a checkpoint");
    proof.checkpoint = text;
    return proof;
}

std::string to_text(const TlogProof& proof) {
    std::string text(first_line);
    text.append("\n");
    if (proof.extra) text.append(extra_start).append(to_base64(*proof.extra)).append("\n");
    text.append(index_start).append(std::to_string(proof.index)).append("\n");
    for (const Hash& hash : proof.path) {
        append_base64(hash, text);
        text.append("\n");
    }
    return text.append("\n").append(proof.checkpoint);
}

}  // namespace chancery::note

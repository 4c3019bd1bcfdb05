#include "crypto/note/cosignature.h"

#include <algorithm>
#include <limits>

namespace chancery::note {
namespace {

constexpr std::uint64_t time_s_max = std::numeric_limits<std::int64_t>::max();

std::string signed_message(std::string_view checkpoint_text, std::uint64_t time_s) {
    std::string message = "cosignature/v1\ntime " + std::to_string(time_s) + "\n";
    return message.append(checkpoint_text);
}

}  // namespace

SignatureLine cosign(std::string_view checkpoint_text,
                     std::string_view key_name,
                     std::uint64_t time_s,
                     const keys::Ed25519Key& key) {
    CHECK(is_key_name(key_name) && checkpoint_text.ends_with('\n') && time_s <= time_s_max);
    const VerifierKey verifier{
        .name = std::string(key_name), .type = KeyType::cosignature, .key = key.public_key()};
    const keys::Ed25519Signature signature =
        key.sign(bytes_of(signed_message(checkpoint_text, time_s)));
    return {.name = verifier.name,
            .id = key_id(verifier),
            .signature = Writer().u64(time_s).bytes(signature).take()};
}

Result<std::optional<std::uint64_t>> cosigned_at(const SignedNote& note, const VerifierKey& key) {
    if (key.type != KeyType::cosignature) {
        return Error{Errc::invalid, "key for notes, want one for cosignatures"};
    }
    const KeyId id = key_id(key);
    std::optional<std::uint64_t> newest;
    for (const SignatureLine& line : note.signatures) {
        if (line.name != key.name || line.id != id) continue;
        Reader in(line.signature);
        const std::uint64_t time_s = in.u64();
        const std::string message = signed_message(note.text, time_s);
        if (time_s > time_s_max || !key.key.verifies(bytes_of(message), in.rest())) {
            return Error{Errc::forbidden, "bad cosignature of " + key.name};
        }
        newest = std::max(newest.value_or(0), time_s);
    }
    return newest;
}

}  // namespace chancery::note

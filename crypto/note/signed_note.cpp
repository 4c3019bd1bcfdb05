#include "crypto/note/signed_note.h"

#include <algorithm>
#include <iterator>

#include "crypto/base/encoding.h"
#include "crypto/base/utf8.h"
#include "crypto/hash/sha256.h"
#include "crypto/note/lines.h"

namespace chancery::note {
namespace {

constexpr std::string_view line_start = "\u2014 ";  // Em dash, space.
constexpr std::string_view before_signatures = "\n\n";

// Unicode's White_Space.
bool is_space(char32_t character) {
    constexpr std::array<char32_t, 8> lone = {
        0x20, 0x85, 0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f};
    return (character >= 0x09 && character <= 0x0d) ||
           (character >= 0x2000 && character <= 0x200a) || character == 0x3000 ||
           std::ranges::find(lone, character) != lone.end();
}

std::optional<Error> wrong_characters(std::string_view note) {
    if (!is_utf8(note)) return invalid("note that is not UTF-8");
    const auto is_control = [](char c) { return static_cast<std::uint8_t>(c) < 0x20 && c != '\n'; };
    const auto offset = std::ranges::find_if(note, is_control) - note.begin();
    if (offset == std::ssize(note)) return std::nullopt;
    return invalid("note with a control character at byte " + std::to_string(offset));
}

// `line` without its LF.
Result<SignatureLine> parse_signature_line(std::string_view line) {
    if (!line.starts_with(line_start)) return invalid("signature line without its em dash");
    line.remove_prefix(line_start.size());
    const std::size_t space = line.find(' ');
    if (space == std::string_view::npos) return invalid("signature line without a signature");
    const std::string_view name = line.substr(0, space);
    if (!is_key_name(name)) return invalid("signature line with an impossible key name");
    const auto bytes = from_base64(line.substr(space + 1));
    if (!bytes) return invalid("signature line: " + bytes.error().detail);
    SignatureLine signature;
    if (bytes->size() <= signature.id.size()) {
        return invalid("signature of " + std::to_string(bytes->size()) +
                       " bytes, want a key id of 4 and more");
    }
    signature.name = name;
    const ByteView id = ByteView(*bytes).first(signature.id.size());
    std::ranges::copy(id, signature.id.begin());
    signature.signature.assign(bytes->begin() + signature.id.size(), bytes->end());
    return signature;
}

std::optional<KeyType> key_type_of(std::uint8_t type) {
    if (type == static_cast<std::uint8_t>(KeyType::ed25519)) return KeyType::ed25519;
    if (type == static_cast<std::uint8_t>(KeyType::cosignature)) return KeyType::cosignature;
    return std::nullopt;
}

// What a vkey holds in base64.
Bytes typed_key(const VerifierKey& key) {
    return Writer().u8(static_cast<std::uint8_t>(key.type)).bytes(key.key.bytes()).take();
}

KeyId key_id_of(std::string_view name, ByteView typed_key) {
    const Hash hash = Sha256().add(bytes_of(name)).add(bytes_of("\n")).add(typed_key).finish();
    KeyId id;
    std::copy_n(hash.begin(), id.size(), id.begin());
    return id;
}

}  // namespace

KeyId key_id(const VerifierKey& key) { return key_id_of(key.name, typed_key(key)); }

std::string to_vkey(const VerifierKey& key) {
    return key.name + "+" + to_hex(key_id(key)) + "+" + to_base64(typed_key(key));
}

Result<RawVerifierKey> parse_raw_vkey(std::string_view vkey) {
    const std::size_t name_end = std::min(vkey.find('+'), vkey.size());
    const std::size_t id_end = vkey.find('+', name_end + 1);
    if (id_end == std::string_view::npos) return invalid("vkey without name, key id and key");
    const std::string_view name = vkey.substr(0, name_end);
    if (!is_key_name(name)) return invalid("vkey with an impossible key name");
    const auto id = from_hex(vkey.substr(name_end + 1, id_end - name_end - 1));
    if (!id || id->size() != sizeof(KeyId)) return invalid("vkey whose key id is not 8 hex digits");
    auto typed_key = from_base64(vkey.substr(id_end + 1));
    if (!typed_key) return invalid("vkey: " + typed_key.error().detail);
    if (typed_key->empty()) return invalid("vkey without a key");
    const KeyId want = key_id_of(name, *typed_key);
    if (!equal(*id, want)) {
        return invalid("vkey with key id " + to_hex(*id) + ", want " + to_hex(want));
    }
    return RawVerifierKey{std::string(name), std::move(*typed_key)};
}

Result<VerifierKey> parse_vkey(std::string_view vkey) {
    auto raw = parse_raw_vkey(vkey);
    if (!raw) return raw.error();
    const std::uint8_t type_byte = raw->typed_key.front();
    const auto type = key_type_of(type_byte);
    if (!type) return invalid("vkey of type " + std::to_string(type_byte) + ", want 1 or 4");
    const auto key = keys::Ed25519PublicKey::parse(ByteView(raw->typed_key).subspan(1));
    if (!key) return invalid("vkey: " + key.error().detail);
    return VerifierKey{.name = std::move(raw->name), .type = *type, .key = *key};
}

bool is_key_name(std::string_view name) {
    if (name.empty()) return false;
    while (!name.empty()) {
        const auto character = take_character(name);
        if (!character || *character < 0x20 || *character == U'+' || is_space(*character)) {
            return false;
        }
    }
    return true;
}

Result<SignedNote> parse_note(std::string_view note) {
    if (note.size() > note_bytes_max) {
        return invalid("note of " + std::to_string(note.size()) + " bytes, at most " +
                       std::to_string(note_bytes_max));
    }
    if (const auto wrong = wrong_characters(note)) return *wrong;
    const std::size_t split = note.rfind(before_signatures);
    if (split == std::string_view::npos) return invalid("note without a blank line");
    SignedNote parsed;
    parsed.text = note.substr(0, split + 1);
    std::string_view lines = note.substr(split + before_signatures.size());
    if (lines.empty()) return invalid("note without a signature");
    while (!lines.empty()) {
        if (parsed.signatures.size() == signatures_max) {
            return invalid("note with more than " + std::to_string(signatures_max) + " signatures");
        }
        const auto line = take_line(lines);
        if (!line) return invalid("signature line without its end");
        auto signature = parse_signature_line(*line);
        if (!signature) return signature.error();
        parsed.signatures.push_back(std::move(*signature));
    }
    return parsed;
}

std::string to_text(const SignedNote& note) {
    std::string text = note.text + "\n";
    for (const SignatureLine& line : note.signatures) {
        const Bytes bytes = Writer().bytes(line.id).bytes(line.signature).take();
        text.append(line_start).append(line.name).append(" ").append(to_base64(bytes)).append("\n");
    }
    return text;
}

SignatureLine sign_note(std::string_view text,
                        std::string_view key_name,
                        const keys::Ed25519Key& key) {
    CHECK(is_key_name(key_name) && text.ends_with('\n'));
    const VerifierKey verifier{
        .name = std::string(key_name), .type = KeyType::ed25519, .key = key.public_key()};
    const keys::Ed25519Signature signature = key.sign(bytes_of(text));
    return {.name = verifier.name,
            .id = key_id(verifier),
            .signature = Bytes(signature.begin(), signature.end())};
}

Result<bool> is_signed_by(const SignedNote& note, const VerifierKey& key) {
    if (key.type != KeyType::ed25519) return invalid("key for cosignatures, want one for notes");
    const KeyId id = key_id(key);
    bool is_signed = false;
    for (const SignatureLine& line : note.signatures) {
        if (line.name != key.name || line.id != id) continue;
        if (!key.key.verifies(bytes_of(note.text), line.signature)) {
            return Error{Errc::forbidden, "bad signature of " + key.name};
        }
        is_signed = true;
    }
    return is_signed;
}

}  // namespace chancery::note

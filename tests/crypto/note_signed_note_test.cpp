#include <gtest/gtest.h>

#include "crypto/hash/sha256.h"
#include "crypto/note/signed_note.h"
#include "tests/support/small_network.h"
#include "tests/support/vectors.h"

namespace chancery::note {
namespace {

using test::text_at;
using test::vector_json;

const std::string text = "A text.\n\nWith an empty line.\n";

VerifierKey verifier_of(std::string name, std::uint8_t seed_byte, KeyType type = KeyType::ed25519) {
    return {
        .name = std::move(name), .type = type, .key = test::ed25519_key(seed_byte).public_key()};
}

SignedNote some_note() {
    return {.text = text,
            .signatures = {sign_note(text, "example.org/log", test::ed25519_key(1)),
                           sign_note(text, "example.org/zweig-\u00fc", test::ed25519_key(2))}};
}

std::string note_refusal(std::string_view note) {
    const auto parsed = parse_note(note);
    return parsed ? "accepted" : parsed.error().detail;
}

TEST(SignedNote, PublishedElsewhereAreAccepted) {
    const json::Value file = vector_json("c2sp/notes_published.json");
    for (const json::Value& test : *file.as_array()) {
        const auto key = parse_vkey(text_at(test, "vkey"));
        ASSERT_TRUE(key) << key.error().detail;
        EXPECT_EQ(to_vkey(*key), text_at(test, "vkey"));
        const auto note = parse_note(text_at(test, "note"));
        ASSERT_TRUE(note) << note.error().detail;
        EXPECT_EQ(to_text(*note), text_at(test, "note"));
        const auto is_signed = is_signed_by(*note, *key);
        ASSERT_TRUE(is_signed) << is_signed.error().detail;
        EXPECT_TRUE(*is_signed) << text_at(test, "name");
    }
    EXPECT_EQ(file.as_array()->size(), 4U);
}

TEST(SignedNote, ReadsWhatItWrites) {
    const auto parsed = parse_note(to_text(some_note()));
    ASSERT_TRUE(parsed) << parsed.error().detail;
    EXPECT_EQ(*parsed, some_note());
    EXPECT_EQ(parsed->text, text);
}

TEST(SignedNote, SplitsAtTheLastBlankLine) {
    const std::string inner = to_text(some_note());
    const SignedNote outer{.text = inner,
                           .signatures = {sign_note(inner, "n", test::ed25519_key(3))}};
    const auto parsed = parse_note(to_text(outer));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->text, inner);
    EXPECT_EQ(parsed->signatures.size(), 1U);
}

// Whatever one byte becomes, the note is refused, or another note, or no longer signed.
TEST(SignedNote, IsAnotherOneForEveryChangedByte) {
    const SignedNote original{.text = "short\n",
                              .signatures = {sign_note("short\n", "k", test::ed25519_key(1))}};
    const std::string written = to_text(original);
    const VerifierKey key = verifier_of("k", 1);
    for (std::size_t i = 0; i < written.size(); ++i) {
        for (int change = 1; change < 256; change += 3) {
            std::string changed = written;
            changed[i] = static_cast<char>(changed[i] ^ change);
            const auto parsed = parse_note(changed);
            if (!parsed) continue;
            EXPECT_EQ(to_text(*parsed), changed);
            const auto is_signed = is_signed_by(*parsed, key);
            EXPECT_FALSE(is_signed && *is_signed) << "byte " << i;
        }
    }
}

TEST(SignedNote, RefusesEveryPrefixAndSuffix) {
    const std::string written = to_text({.text = text, .signatures = {some_note().signatures[0]}});
    for (std::size_t size = 0; size < written.size(); ++size)
        EXPECT_FALSE(parse_note(std::string_view(written).substr(0, size))) << size;
    EXPECT_FALSE(parse_note(written + "x"));
    EXPECT_FALSE(parse_note(written + "\n"));
    EXPECT_FALSE(parse_note(written + "\n\n"));
}

TEST(SignedNote, RefusesWhatBreaksAForm) {
    const std::string body = "text\n\n";
    const std::string dash = "\u2014 ";
    EXPECT_EQ(note_refusal(body + dash + "k AAAAAAA=\n"), "accepted");
    EXPECT_EQ(note_refusal(body), "note without a signature");
    EXPECT_EQ(note_refusal("text\n" + dash + "k AAAAAAA=\n"), "note without a blank line");
    EXPECT_EQ(note_refusal(body + dash + "k AAAAAAA="), "signature line without its end");
    EXPECT_EQ(note_refusal(body + "- k AAAAAAA=\n"), "signature line without its em dash");
    EXPECT_EQ(note_refusal(body + "\u2014k AAAAAAA=\n"), "signature line without its em dash");
    EXPECT_EQ(note_refusal(body + dash + "k\n"), "signature line without a signature");
    EXPECT_EQ(note_refusal(body + dash + " AAAAAAA=\n"),
              "signature line with an impossible key name");
    EXPECT_EQ(note_refusal(body + dash + "a+b AAAAAAA=\n"),
              "signature line with an impossible key name");
    EXPECT_EQ(note_refusal(body + dash + "a\u3000b AAAAAAA=\n"),
              "signature line with an impossible key name");
    EXPECT_EQ(note_refusal(body + dash + "k AAAAAA==\n"),
              "signature of 4 bytes, want a key id of 4 and more");
    EXPECT_FALSE(parse_note(body + dash + "k  AAAAAAA=\n"));
    EXPECT_FALSE(parse_note(body + dash + "k AAAAAAA= \n"));
    EXPECT_FALSE(parse_note(body + dash + "k AAAAAAA\n"));
    EXPECT_FALSE(parse_note(body + dash + "k AAAAAAB=\n"));
    EXPECT_FALSE(parse_note(body + dash + "k AAAA_AA=\n"));
    EXPECT_EQ(note_refusal("te\rxt\n\n" + dash + "k AAAAAAA=\n"),
              "note with a control character at byte 2");
    EXPECT_EQ(note_refusal(std::string("te\0xt\n\n", 7) + dash + "k AAAAAAA=\n"),
              "note with a control character at byte 2");
    EXPECT_EQ(note_refusal("te\txt\n\n" + dash + "k AAAAAAA=\n"),
              "note with a control character at byte 2");
    EXPECT_EQ(note_refusal("te\xffxt\n\n" + dash + "k AAAAAAA=\n"), "note that is not UTF-8");
}

TEST(SignedNote, KeepsItsLimits) {
    SignedNote note{.text = "t\n", .signatures = {}};
    const SignatureLine line{.name = "k", .id = {}, .signature = Bytes(1)};
    note.signatures.assign(signatures_max, line);
    EXPECT_TRUE(parse_note(to_text(note)));
    note.signatures.push_back(line);
    EXPECT_EQ(note_refusal(to_text(note)), "note with more than 100 signatures");
    note.signatures.assign(1, line);
    note.text.insert(0, note_bytes_max - to_text(note).size(), 'x');
    EXPECT_TRUE(parse_note(to_text(note)));
    note.text.insert(0, 1, 'x');
    EXPECT_EQ(note_refusal(to_text(note)), "note of 65537 bytes, at most 65536");
}

TEST(KeyName, IsWithoutSpacePlusOrControl) {
    for (const std::string_view name : {"a", "PeterNeumann", "example.org/log", "\u00fc", "\u2014"})
        EXPECT_TRUE(is_key_name(name)) << name;
    for (const std::string_view name :
         {"",        " ",       "a b",     "a+b",      "+",       "a\tb",    "a\nb",
          "a\x0b",   "a\x01",   "a\xff",   "\xe2\x80", "a\u0085", "a\u00a0", "a\u1680",
          "a\u2000", "a\u200a", "a\u2028", "a\u2029",  "a\u202f", "a\u205f", "a\u3000"}) {
        EXPECT_FALSE(is_key_name(name)) << name;
    }
}

TEST(VerifierKey, ReadsWhatItWrites) {
    for (const KeyType type : {KeyType::ed25519, KeyType::cosignature}) {
        const VerifierKey key = verifier_of("example.org/registry", 7, type);
        const auto parsed = parse_vkey(to_vkey(key));
        ASSERT_TRUE(parsed) << parsed.error().detail;
        EXPECT_EQ(*parsed, key);
    }
    EXPECT_NE(key_id(verifier_of("a", 7)), key_id(verifier_of("b", 7)));
    EXPECT_NE(key_id(verifier_of("a", 7)), key_id(verifier_of("a", 7, KeyType::cosignature)));
}

TEST(VerifierKey, IsThatOfTheGeneratedLog) {
    const json::Value file = vector_json("c2sp/checkpoints_generated.json");
    const std::string origin = text_at(file, "origin");
    EXPECT_EQ(to_vkey(verifier_of(origin, 1)), text_at(file, "log_vkey"));
    EXPECT_EQ(to_vkey(verifier_of(origin, 1, KeyType::cosignature)),
              text_at(file, "log_vkey_as_cosigner"));
}

std::string vkey_with(std::string_view name, ByteView typed_key) {
    const Hash id = sha256(Writer().text(name).u8('\n').bytes(typed_key).written());
    return std::string(name) + "+" + to_hex(ByteView(id).first(4)) + "+" + to_base64(typed_key);
}

TEST(VerifierKey, RefusesWhatBreaksItsForm) {
    const Hash key = test::ed25519_key(1).public_key().bytes();
    const Bytes typed_key = Writer().u8(1).bytes(key).take();
    const std::string good = vkey_with("k", typed_key);
    ASSERT_TRUE(parse_vkey(good));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(parse_vkey(std::string_view(good).substr(0, size)));
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string changed = good;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        EXPECT_FALSE(parse_vkey(changed)) << changed;
    }
    EXPECT_FALSE(parse_vkey(good + "+"));
    EXPECT_FALSE(parse_vkey(vkey_with("", typed_key)));
    EXPECT_FALSE(parse_vkey(vkey_with("a b", typed_key)));
    EXPECT_FALSE(parse_vkey(vkey_with("k", {})));
    EXPECT_FALSE(parse_vkey(vkey_with("k", Writer().u8(1).bytes(key).u8(0).written())));
    for (const std::uint8_t type : Bytes{0x00, 0x02, 0x03, 0x05, 0x06, 0xff})
        EXPECT_FALSE(parse_vkey(vkey_with("k", Writer().u8(type).bytes(key).written())));
    const Bytes small_order = Writer().u8(1).u8(1).bytes(Bytes(31)).take();
    EXPECT_FALSE(parse_vkey(vkey_with("k", small_order)));
}

TEST(IsSignedBy, CountsOnlyTheKeysOwnLines) {
    const SignedNote note = some_note();
    const auto is_signed = [&note](const VerifierKey& key) { return *is_signed_by(note, key); };
    EXPECT_TRUE(is_signed(verifier_of("example.org/log", 1)));
    EXPECT_TRUE(is_signed(verifier_of("example.org/zweig-\u00fc", 2)));
    EXPECT_FALSE(is_signed(verifier_of("example.org/log", 2)));
    EXPECT_FALSE(is_signed(verifier_of("example.org/other", 1)));
    EXPECT_FALSE(is_signed_by(note, verifier_of("example.org/log", 1, KeyType::cosignature)));
}

TEST(IsSignedBy, SpoilsANoteWithOneBadSignatureOfTheKey) {
    const VerifierKey key = verifier_of("example.org/log", 1);
    for (const bool is_bad_one_first : {true, false}) {
        SignedNote note = some_note();
        SignatureLine bad = note.signatures[0];
        bad.signature[5] ^= 1;
        note.signatures.insert(is_bad_one_first ? note.signatures.begin() : note.signatures.end(),
                               bad);
        const auto is_signed = is_signed_by(note, key);
        ASSERT_FALSE(is_signed);
        EXPECT_EQ(is_signed.error(), (Error{Errc::forbidden, "bad signature of example.org/log"}));
    }
    for (const std::size_t signature_bytes : {1U, 63U, 65U, 72U}) {
        SignedNote note = some_note();
        note.signatures[0].signature.resize(signature_bytes);
        EXPECT_FALSE(is_signed_by(note, key));
    }
    SignedNote other = some_note();
    other.text += "\n";
    EXPECT_FALSE(is_signed_by(other, key));
}

TEST(SignNoteDeathTest, WantsANameAndAWholeText) {
    EXPECT_DEATH(sign_note("text", "k", test::ed25519_key(1)), "CHECK");
    EXPECT_DEATH(sign_note("text\n", "a b", test::ed25519_key(1)), "CHECK");
}

}  // namespace
}  // namespace chancery::note

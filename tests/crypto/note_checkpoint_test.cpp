#include <gtest/gtest.h>

#include "crypto/note/checkpoint.h"
#include "crypto/note/cosignature.h"
#include "tests/support/small_network.h"
#include "tests/support/vectors.h"

namespace chancery::note {
namespace {

using test::array_at;
using test::text_at;
using test::vector_json;

constexpr std::string_view root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
constexpr std::string_view root_of_nothing = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

std::string text_with(std::string_view origin, std::string_view size, std::string_view root_text) {
    std::string text(origin);
    return text.append("\n").append(size).append("\n").append(root_text).append("\n");
}

TEST(Checkpoint, ReadsWhatItWrites) {
    for (const std::uint64_t size :
         {std::uint64_t{1}, std::uint64_t{20852163}, (std::uint64_t{1} << 53) - 1}) {
        const Checkpoint checkpoint{.origin = "example.com/behind-the-sofa",
                                    .head = {.size = size, .root = *hash_from_base64(root)}};
        const std::string text = checkpoint_text(checkpoint);
        EXPECT_EQ(text, text_with("example.com/behind-the-sofa", std::to_string(size), root));
        const auto parsed = parse_checkpoint_text(text);
        ASSERT_TRUE(parsed) << parsed.error().detail;
        EXPECT_EQ(*parsed, checkpoint);
    }
}

TEST(Checkpoint, OfSizeZeroHasTheRootOfNothing) {
    EXPECT_TRUE(parse_checkpoint_text(text_with("o", "0", root_of_nothing)));
    EXPECT_FALSE(parse_checkpoint_text(text_with("o", "0", root)));
    EXPECT_TRUE(parse_checkpoint_text(text_with("o", "1", root_of_nothing)));
}

TEST(Checkpoint, RefusesWhatBreaksItsForm) {
    EXPECT_TRUE(parse_checkpoint_text(text_with("o", "7", root)));
    for (const std::string_view size : {"",
                                        "07",
                                        "00",
                                        "+7",
                                        "-7",
                                        " 7",
                                        "7 ",
                                        "7.0",
                                        "0x7",
                                        "9007199254740992",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "99999999999999999999999"}) {
        EXPECT_FALSE(parse_checkpoint_text(text_with("o", size, root))) << size;
    }
    for (const std::string_view bad_root : {"",
                                            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I",
                                            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=",
                                            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==",
                                            "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2IA",
                                            "CsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=",
                                            " CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="}) {
        EXPECT_FALSE(parse_checkpoint_text(text_with("o", "7", bad_root))) << bad_root;
    }
    EXPECT_FALSE(parse_checkpoint_text(text_with("", "7", root)));
    EXPECT_FALSE(parse_checkpoint_text(text_with("o\r", "7", root)));
    EXPECT_FALSE(parse_checkpoint_text(text_with("o\xff", "7", root)));
    const std::string good = text_with("o", "7", root);
    EXPECT_EQ(parse_checkpoint_text(good + "extension\n").error().detail,
              "checkpoint with more than three lines");
    EXPECT_FALSE(parse_checkpoint_text(good + "\n"));
    EXPECT_FALSE(parse_checkpoint_text(good + "x"));
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(parse_checkpoint_text(std::string_view(good).substr(0, size)));
}

TEST(Checkpoint, OfAForeignLogMayHaveAnyOneLineForItsOrigin) {
    const auto parsed = parse_checkpoint_text(text_with("go.sum database tree", "7", root));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->origin, "go.sum database tree");
    EXPECT_FALSE(is_origin(parsed->origin));
}

TEST(Origin, IsASchemaLessUrl) {
    EXPECT_TRUE(is_origin("registry.example/europe"));
    EXPECT_TRUE(is_origin(std::string(200, 'a')));
    for (const std::string& origin : {std::string(),
                                      std::string(201, 'a'),
                                      std::string("a b"),
                                      std::string("a+b"),
                                      std::string("a\n"),
                                      std::string("a\x7f"),
                                      std::string("\u00fc.example"),
                                      std::string("https://registry.example/europe")}) {
        EXPECT_FALSE(is_origin(origin)) << origin;
    }
}

TEST(CheckpointDeathTest, WritesNoOriginThatItCouldNotRead) {
    EXPECT_DEATH(checkpoint_text({.origin = "", .head = {}}), "CHECK");
    EXPECT_DEATH(checkpoint_text({.origin = "a\nb", .head = {}}), "CHECK");
    EXPECT_DEATH(checkpoint_text({.origin = "a", .head = {.size = 1ULL << 53, .root = {}}}),
                 "CHECK");
}

// Every byte of the generated checkpoints, log-signed and cosigned, is the one we make.
TEST(GeneratedCheckpoints, AreTheOnesWeSign) {
    const json::Value file = vector_json("c2sp/checkpoints_generated.json");
    const std::string origin = text_at(file, "origin");
    for (const json::Value& test : array_at(file, "checkpoints")) {
        const Checkpoint checkpoint{
            .origin = origin,
            .head = {.size = static_cast<std::uint64_t>(*test.find("size")->as_integer()),
                     .root = *hash_from_base64(text_at(test, "root"))}};
        const std::string text = checkpoint_text(checkpoint);
        EXPECT_EQ(text, text_at(test, "body"));
        SignedNote note{.text = text,
                        .signatures = {sign_note(text, origin, test::ed25519_key(1))}};
        EXPECT_EQ(to_text(note), text_at(test, "signed"));
        for (std::uint8_t i = 0; i < 5; ++i) {
            const json::Value& witness = array_at(file, "witnesses")[i];
            const auto key = test::ed25519_key(static_cast<std::uint8_t>(60 + i));
            note.signatures.push_back(
                cosign(text, text_at(witness, "name"), 1'700'000'000ULL + i, key));
        }
        EXPECT_EQ(to_text(note), text_at(test, "cosigned"));

        const auto parsed = parse_checkpoint(text_at(test, "cosigned"));
        ASSERT_TRUE(parsed) << parsed.error().detail;
        EXPECT_EQ(parsed->checkpoint, checkpoint);
        EXPECT_EQ(parsed->note, note);
        EXPECT_TRUE(*is_signed_by(parsed->note, *parse_vkey(text_at(file, "log_vkey"))));
        for (std::uint8_t i = 0; i < 5; ++i) {
            const auto key = parse_vkey(text_at(array_at(file, "witnesses")[i], "vkey"));
            EXPECT_EQ(*cosigned_at(parsed->note, *key), 1'700'000'000ULL + i);
        }
    }
    EXPECT_EQ(array_at(file, "checkpoints").size(), 10U);
}

TEST(TesseraCheckpoints, AreSignedByTheirLog) {
    const auto key = parse_vkey(
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx");
    ASSERT_TRUE(key);
    for (std::uint64_t size = 0; size <= 15; ++size) {
        const auto parsed =
            parse_checkpoint(test::vector_text("tessera/checkpoint." + std::to_string(size)));
        ASSERT_TRUE(parsed) << parsed.error().detail;
        EXPECT_EQ(parsed->checkpoint.origin, "example.com/log/testdata");
        EXPECT_EQ(parsed->checkpoint.head.size, size);
        const auto is_signed = is_signed_by(parsed->note, *key);
        ASSERT_TRUE(is_signed);
        EXPECT_TRUE(*is_signed);
    }
}

TEST(Cosignature, GivesTheNewestTimeOfItsKey) {
    const std::string text = text_with("o", "7", root);
    const VerifierKey key{
        .name = "w", .type = KeyType::cosignature, .key = test::ed25519_key(9).public_key()};
    SignedNote note{.text = text, .signatures = {sign_note(text, "w", test::ed25519_key(9))}};
    EXPECT_EQ(*cosigned_at(note, key), std::nullopt);
    for (const std::uint64_t time_s : {50ULL, 70ULL, 60ULL})
        note.signatures.push_back(cosign(text, "w", time_s, test::ed25519_key(9)));
    note.signatures.push_back(cosign(text, "other", 90, test::ed25519_key(9)));
    note.signatures.push_back(cosign(text, "w", 95, test::ed25519_key(8)));
    EXPECT_EQ(*cosigned_at(note, key), 70U);
    const SignedNote early{.text = text,
                           .signatures = {cosign(text, "w", 0, test::ed25519_key(9))}};
    EXPECT_EQ(*cosigned_at(early, key), 0U);
}

TEST(Cosignature, IsBadForEveryChangedBit) {
    const std::string text = text_with("o", "7", root);
    const VerifierKey key{
        .name = "w", .type = KeyType::cosignature, .key = test::ed25519_key(9).public_key()};
    const SignatureLine good = cosign(text, "w", 1'700'000'000, test::ed25519_key(9));
    ASSERT_EQ(good.signature.size(), 72U);
    for (std::size_t bit = 0; bit < 72 * 8; bit += 5) {
        SignatureLine bad = good;
        bad.signature[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        const auto time_s = cosigned_at({.text = text, .signatures = {good, bad}}, key);
        ASSERT_FALSE(time_s) << bit;
        EXPECT_EQ(time_s.error(), (Error{Errc::forbidden, "bad cosignature of w"}));
    }
    for (const std::size_t signature_bytes : {1U, 8U, 64U, 71U, 73U}) {
        SignatureLine bad = good;
        bad.signature.resize(signature_bytes);
        EXPECT_FALSE(cosigned_at({.text = text, .signatures = {bad}}, key));
    }
    EXPECT_FALSE(cosigned_at({.text = text_with("o", "8", root), .signatures = {good}}, key));
}

TEST(Cosignature, OfATimeThatIsNoneIsBad) {
    const std::string text = text_with("o", "7", root);
    const VerifierKey key{
        .name = "w", .type = KeyType::cosignature, .key = test::ed25519_key(9).public_key()};
    constexpr std::uint64_t latest = ~std::uint64_t{0} >> 1;
    EXPECT_EQ(
        *cosigned_at(
            {.text = text, .signatures = {cosign(text, "w", latest, test::ed25519_key(9))}}, key),
        latest);
    const std::string message = "cosignature/v1\ntime " + std::to_string(latest + 1) + "\n" + text;
    const auto signature = test::ed25519_key(9).sign(bytes_of(message));
    const SignatureLine line{.name = "w",
                             .id = key_id(key),
                             .signature = Writer().u64(latest + 1).bytes(signature).take()};
    EXPECT_FALSE(cosigned_at({.text = text, .signatures = {line}}, key));
    EXPECT_DEATH(cosign(text, "w", latest + 1, test::ed25519_key(9)), "CHECK");
}

TEST(Cosignature, IsNotReadWithAKeyForNotes) {
    const VerifierKey key{
        .name = "w", .type = KeyType::ed25519, .key = test::ed25519_key(9).public_key()};
    const auto time_s = cosigned_at({.text = "t\n", .signatures = {}}, key);
    ASSERT_FALSE(time_s);
    EXPECT_EQ(time_s.error().code, Errc::invalid);
}

}  // namespace
}  // namespace chancery::note

#include <gtest/gtest.h>

#include "crypto/hash/sha256.h"
#include "crypto/note/policy.h"
#include "tests/support/small_network.h"
#include "tests/support/vectors.h"

namespace chancery::note {
namespace {

using test::array_at;
using test::text_at;
using test::vector_json;

const std::string checkpoint_text_of_7 =
    "registry.example\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

VerifierKey log_key(std::uint8_t seed_byte, std::string name = "registry.example") {
    return {.name = std::move(name),
            .type = KeyType::ed25519,
            .key = test::ed25519_key(seed_byte).public_key()};
}

// The witness "w<seed_byte>".
VerifierKey witness_key(std::uint8_t seed_byte) {
    return {.name = "w" + std::to_string(seed_byte),
            .type = KeyType::cosignature,
            .key = test::ed25519_key(seed_byte).public_key()};
}

// "log …" or "witness w1 …" with a key of any type.
std::string line_with(std::string start, std::uint8_t type, ByteView key) {
    const Bytes typed_key = Writer().u8(type).bytes(key).take();
    const Hash id = sha256(Writer().text("k\n").bytes(typed_key).written());
    return start.append(" k+")
        .append(to_hex(ByteView(id).first(4)))
        .append("+")
        .append(to_base64(typed_key))
        .append("\n");
}

std::string witness_lines(std::uint8_t count) {
    std::string lines;
    for (std::uint8_t i = 1; i <= count; ++i)
        lines += "witness w" + std::to_string(i) + " " + to_vkey(witness_key(i)) + "\n";
    return lines;
}

// Signed by the log whose key is of seed byte 100, and cosigned by these witnesses.
SignedNote cosigned_by(const std::vector<std::uint8_t>& witnesses) {
    SignedNote note{.text = checkpoint_text_of_7,
                    .signatures = {sign_note(
                        checkpoint_text_of_7, "registry.example", test::ed25519_key(100))}};
    for (const std::uint8_t i : witnesses) {
        note.signatures.push_back(
            cosign(checkpoint_text_of_7, "w" + std::to_string(i), 1000, test::ed25519_key(i)));
    }
    return note;
}

Policy policy_of(const std::string& text) {
    const auto policy = parse_policy(text);
    CHECK(policy);
    return *policy;
}

bool is_satisfied(const SignedNote& note, const std::string& policy) {
    const auto result = satisfies(note, policy_of(policy));
    EXPECT_TRUE(result);
    return result && *result;
}

std::string policy_refusal(const std::string& text) {
    const auto policy = parse_policy(text);
    return policy ? "accepted" : policy.error().detail;
}

TEST(Policy, AgreesWithThePublishedCases) {
    const json::Value file = vector_json("c2sp/policy_cases.json");
    for (const json::Value& test : *file.as_array()) {
        const auto policy = parse_policy(text_at(test, "policy"));
        EXPECT_EQ(policy.has_value(), *test.find("valid")->as_bool()) << text_at(test, "desc");
    }
    EXPECT_EQ(file.as_array()->size(), 27U);
}

TEST(Policy, OfTheGeneratedLogHoldsForItsProofsOnly) {
    const json::Value file = vector_json("c2sp/checkpoints_generated.json");
    const Policy policy =
        policy_of(text_at(vector_json("c2sp/proofs_generated.json"), "policy_3_of_5"));
    EXPECT_EQ(policy.logs.size(), 1U);
    EXPECT_EQ(policy.witnesses.size(), 5U);
    for (const json::Value& test : array_at(file, "checkpoints")) {
        const auto cosigned = parse_note(text_at(test, "cosigned"));
        const auto only_signed = parse_note(text_at(test, "signed"));
        ASSERT_TRUE(cosigned && only_signed);
        EXPECT_TRUE(*satisfies(*cosigned, policy));
        EXPECT_FALSE(*satisfies(*only_signed, policy));
        SignedNote three = *cosigned;
        three.signatures.resize(4);
        EXPECT_TRUE(*satisfies(three, policy));
        three.signatures.erase(three.signatures.begin());
        EXPECT_FALSE(*satisfies(three, policy)) << "without the log's signature";
        SignedNote two = *cosigned;
        two.signatures.resize(3);
        EXPECT_FALSE(*satisfies(two, policy));
    }
}

TEST(Policy, OfARegistryIsTheOneOfTheVectors) {
    const json::Value file = vector_json("chancery/v1.json");
    const std::string text = text_at(file, "policy");
    const Policy policy = policy_of(text);
    std::vector<NamedKey> members;
    for (const auto& [name, key] : policy.witnesses)
        members.push_back({.name = name, .key = key});
    const std::uint32_t quorum = policy.groups.at("SEALED").threshold;
    EXPECT_EQ(sealed_policy(policy.logs.front(), members, quorum), text);
    EXPECT_TRUE(*satisfies(*parse_note(text_at(file, "checkpoint")), policy));
    EXPECT_FALSE(*satisfies(*parse_note(text_at(file, "unsealed_checkpoint")), policy));
}

TEST(Policy, CountsGroupsOfGroups) {
    const std::string policy = witness_lines(6) +
                               "group x 2 w1 w2 w3\n"
                               "group y any w4 w5\n"
                               "group z all x y\n"
                               "quorum z\n";
    EXPECT_TRUE(is_satisfied(cosigned_by({1, 3, 5}), policy));
    EXPECT_TRUE(is_satisfied(cosigned_by({1, 2, 3, 4, 5, 6}), policy));
    EXPECT_FALSE(is_satisfied(cosigned_by({1, 2, 3}), policy));
    EXPECT_FALSE(is_satisfied(cosigned_by({1, 4, 5, 6}), policy));
    EXPECT_FALSE(is_satisfied(cosigned_by({}), policy));
    EXPECT_TRUE(is_satisfied(cosigned_by({6}), witness_lines(6) + "quorum w6\n"));
    EXPECT_FALSE(is_satisfied(cosigned_by({1}), witness_lines(6) + "quorum w6\n"));
    EXPECT_TRUE(is_satisfied(cosigned_by({}), witness_lines(6) + "quorum none\n"));
}

TEST(Policy, WantsOneOfItsLogsUnderTheLogsOwnName) {
    const SignedNote note = cosigned_by({});
    const std::string ours = "log " + to_vkey(log_key(100)) + "\n";
    const std::string other = "log " + to_vkey(log_key(101)) + "\n";
    EXPECT_TRUE(is_satisfied(note, ours + "quorum none\n"));
    EXPECT_TRUE(is_satisfied(note, other + ours + "quorum none\n"));
    EXPECT_FALSE(is_satisfied(note, other + "quorum none\n"));
    const VerifierKey misnamed = log_key(100, "other.example");
    SignedNote foreign = note;
    foreign.signatures = {sign_note(note.text, misnamed.name, test::ed25519_key(100))};
    EXPECT_FALSE(is_satisfied(foreign, "log " + to_vkey(misnamed) + "\nquorum none\n"));
}

TEST(Policy, IsSpoiltByABadSignatureOfAnyKnownKey) {
    const std::string text =
        "log " + to_vkey(log_key(100)) + "\n" + witness_lines(3) + "quorum w1\n";
    SignedNote bad_witness = cosigned_by({1, 2});
    bad_witness.signatures[2].signature[20] ^= 1;
    const auto judged = satisfies(bad_witness, policy_of(text));
    ASSERT_FALSE(judged);
    EXPECT_EQ(judged.error().code, Errc::forbidden);
    SignedNote bad_log = cosigned_by({1, 2});
    bad_log.signatures[0].signature[20] ^= 1;
    EXPECT_FALSE(satisfies(bad_log, policy_of(text)));
    SignedNote bad_stranger = cosigned_by({1, 9});
    bad_stranger.signatures[2].signature[20] ^= 1;
    EXPECT_TRUE(*satisfies(bad_stranger, policy_of(text)));
}

TEST(Policy, TakesKeysItCannotCheckForSilent) {
    const Bytes ml_dsa_key(1312, 5);
    const std::string witness = line_with("witness pq", 0x06, ml_dsa_key);
    const Policy policy = policy_of(witness_lines(2) + witness + "group g 2 w1 w2 pq\nquorum g\n");
    EXPECT_EQ(policy.silent_witnesses, std::set<std::string>{"pq"});
    EXPECT_TRUE(*satisfies(cosigned_by({1, 2}), policy));
    EXPECT_FALSE(*satisfies(cosigned_by({1}), policy));
    EXPECT_FALSE(is_satisfied(cosigned_by({1}), witness_lines(1) + witness + "quorum pq\n"));

    const std::string log = line_with("log", 0x06, ml_dsa_key);
    EXPECT_FALSE(is_satisfied(cosigned_by({}), log + "quorum none\n"));
    EXPECT_TRUE(
        is_satisfied(cosigned_by({}), log + "log " + to_vkey(log_key(100)) + "\nquorum none\n"));
}

TEST(Policy, RefusesKeysThatCannotStandThere) {
    const Hash key = test::ed25519_key(1).public_key().bytes();
    EXPECT_EQ(policy_refusal(line_with("log", 0x01, key) + "quorum none\n"), "accepted");
    EXPECT_EQ(policy_refusal(line_with("witness w", 0x04, key) + "quorum w\n"), "accepted");
    EXPECT_EQ(policy_refusal(line_with("log", 0x04, key) + "quorum none\n"),
              "policy line 1: key of type 4, want 1 or 6");
    for (const std::uint8_t type : Bytes{0x00, 0x01, 0x02, 0x03, 0x05, 0x07, 0xff})
        EXPECT_NE(policy_refusal(line_with("witness w", type, key) + "quorum w\n"), "accepted");
    EXPECT_EQ(policy_refusal(line_with("witness w", 0x06, key) + "quorum w\n"),
              "policy line 1: ML-DSA-44 key of 32 bytes, want 1312");
    EXPECT_NE(policy_refusal(line_with("witness w", 0x04, Bytes(31)) + "quorum w\n"), "accepted");
    const std::string twice = line_with("witness a", 0x06, Bytes(1312, 1)) +
                              line_with("witness b", 0x06, Bytes(1312, 1)) + "quorum a\n";
    EXPECT_EQ(policy_refusal(twice), "policy line 2: a witness's key stands twice");
}

TEST(Policy, MayListOneKeyAsLogAndAsWitness) {
    EXPECT_EQ(
        policy_refusal("log " + to_vkey(log_key(1)) + "\n" + witness_lines(1) + "quorum w1\n"),
        "accepted");
}

TEST(Policy, NamesTheLineThatIsWrong) {
    EXPECT_EQ(policy_refusal(""), "no quorum line");
    EXPECT_EQ(policy_refusal("# only a comment"), "no quorum line");
    EXPECT_EQ(policy_refusal("\n \t\n#c\nquorum x\n"),
              "policy line 4: quorum that no line above defines");
    EXPECT_EQ(policy_refusal("quorum none\nQUORUM none\n"), "policy line 2: unknown keyword");
    EXPECT_EQ(policy_refusal(witness_lines(2) + "group g 3 w1 w2\nquorum g\n"),
              "policy line 3: threshold 3, want 1 to 2");
    EXPECT_EQ(policy_refusal(witness_lines(1) + "group g 01 w1\nquorum g\n"),
              "policy line 2: group's threshold: a number with a leading zero");
    EXPECT_EQ(policy_refusal(witness_lines(1) + "group none any w1\nquorum none\n"),
              "policy line 2: name that is reserved or taken");
    EXPECT_EQ(policy_refusal(witness_lines(1) + "group g any g\nquorum g\n"),
              "policy line 2: member that no line above defines");
}

TEST(Policy, AllowsExactlyTheCharactersOfItsForm) {
    for (int character = 0; character < 256; ++character) {
        std::string text = "#";
        text.push_back(static_cast<char>(character));
        text += "\nquorum none\n";
        const bool is_allowed =
            character == 0x09 || character == 0x0a || (character >= 0x20 && character != 0x7f);
        EXPECT_EQ(parse_policy(text).has_value(), is_allowed) << character;
    }
}

TEST(Policy, TakesNamesForOpaqueBytes) {
    const std::string vkey = to_vkey(witness_key(1));
    const Policy policy = policy_of("witness \xff\xfe " + vkey + "\nquorum \xff\xfe");
    EXPECT_EQ(policy.quorum, "\xff\xfe");
    EXPECT_FALSE(parse_policy("witness K " + vkey + "\nquorum \u212a\n"));
}

TEST(Policy, KeepsItsLimits) {
    std::string logs;
    std::string witnesses;
    std::string groups;
    for (std::uint8_t i = 1; i <= 64; ++i) {
        logs += "log " + to_vkey(log_key(i)) + "\n";
        groups += "group g" + std::to_string(i) + " any " +
                  (i == 1 ? "w1" : "g" + std::to_string(i - 1)) + "\n";
    }
    const std::string full = logs + witness_lines(64) + groups + "quorum g64\n";
    EXPECT_EQ(policy_refusal(full), "accepted");
    EXPECT_EQ(policy_refusal(full + "log " + to_vkey(log_key(65)) + "\n"),
              "policy line 194: more than 64 logs");
    EXPECT_EQ(policy_refusal(full + "witness x " + to_vkey(witness_key(65)) + "\n"),
              "policy line 194: more than 64 witnesses");
    EXPECT_EQ(policy_refusal(full + "group x any w2\n"), "policy line 194: more than 64 groups");
    const std::string end = "\nquorum none\n";
    EXPECT_EQ(policy_refusal("#" + std::string(64 * 1024 - 1 - end.size(), ' ') + end), "accepted");
    EXPECT_EQ(policy_refusal("#" + std::string(64 * 1024 - end.size(), ' ') + end),
              "policy of 65537 bytes, at most 65536");
    EXPECT_TRUE(is_satisfied(cosigned_by({1}), witness_lines(64) + groups + "quorum g64\n"));
    EXPECT_FALSE(is_satisfied(cosigned_by({2}), witness_lines(64) + groups + "quorum g64\n"));
}

}  // namespace
}  // namespace chancery::note

// Genesis, members objects and entries at the edges of what section 10 of PROTOCOL.md allows.
#include "crypto/ledger/members.h"
#include "tests/support/form_vectors.h"

namespace chancery {
namespace {

TEST(FormVectors, GenesisIsTakenAsTheProtocolSays) {
    test::hold_to(
        "genesis",
        [](const json::Value& form) {
            return ledger::parse_genesis(test::form_text(form, "text"));
        },
        [](const json::Value& form, const ledger::Genesis& genesis) {
            EXPECT_EQ(to_hex(ledger::network_id(genesis)), test::text_at(form, "network_id"));
        });
}

TEST(FormVectors, MembersObjectsAreTakenAsTheProtocolSays) {
    for (const json::Value& form : test::form_cases("members")) {
        const auto document = json::parse(test::form_text(form, "text"));
        ASSERT_TRUE(document) << test::name_of(form);
        const auto parsed = ledger::parse_members(*document);
        const ledger::Members* members = test::read_as_told(form, parsed);
        if (members == nullptr) continue;
        EXPECT_EQ(to_hex(ledger::members_hash(*members)), test::text_at(form, "members_hash"))
            << test::name_of(form);
    }
}

TEST(FormVectors, EntriesAreTakenAsTheProtocolSays) {
    test::hold_to(
        "entry",
        [](const json::Value& form) { return ledger::decode(test::form_bytes(form, "bytes")); },
        [](const json::Value& form, const ledger::Entry& entry) {
            EXPECT_EQ(ledger::encode(entry), test::form_bytes(form, "bytes"));
        });
}

}  // namespace
}  // namespace chancery

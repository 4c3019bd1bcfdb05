// Genesis, members objects and entries at the edges of what section 10 of PROTOCOL.md allows.
#include "crypto/ledger/members.h"
#include "tests/support/form_vectors.h"

namespace chancery {
namespace {

TEST(FormVectors, GenesisIsTakenAsTheProtocolSays) {
    for (const json::Value& form : test::form_cases("genesis")) {
        const auto parsed = ledger::parse_genesis(test::form_text(form, "text"));
        const ledger::Genesis* genesis = test::read_as_told(form, parsed);
        if (genesis == nullptr) continue;
        EXPECT_EQ(to_hex(ledger::network_id(*genesis)), test::text_at(form, "network_id"))
            << test::name_of(form);
    }
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
    for (const json::Value& form : test::form_cases("entry")) {
        const Bytes bytes = test::form_bytes(form, "bytes");
        const auto decoded = ledger::decode(bytes);
        const ledger::Entry* entry = test::read_as_told(form, decoded);
        if (entry == nullptr) continue;
        EXPECT_EQ(ledger::encode(*entry), bytes) << test::name_of(form);
    }
}

}  // namespace
}  // namespace chancery

// The blocks of tests/vectors/chancery/v1.json, which were made from PROTOCOL.md alone.
#include <gtest/gtest.h>

#include "consensus/registry/registry.h"
#include "tests/support/chancery_vectors.h"
#include "tests/support/memory_ledger_view.h"

namespace chancery::registry {
namespace {

using test::text_at;

std::uint64_t integer_at(const json::Value& object, std::string_view name) {
    const json::Value* member = object.find(name);
    if (member == nullptr || member->as_integer() == nullptr) {
        ADD_FAILURE() << "no integer named " << name;
        return 0;
    }
    return static_cast<std::uint64_t>(*member->as_integer());
}

Bytes block_bytes(const json::Value& block) {
    BlockWriter writer(integer_at(block, "time"));
    for (const json::Value& batch : test::array_at(block, "batches")) {
        writer.add(ItemType::batch, test::unhex(text_at(batch, "bulk_hex")));
    }
    return writer.finish();
}

TEST(RegistryVectors, BothBlocksGiveEveryEntryAndRoot) {
    test::MemoryLedgerView ledger;
    State state = initial_state(test::chancery_genesis());
    for (const json::Value& block : test::array_at(test::chancery_vectors(), "blocks")) {
        const Bytes bytes = block_bytes(block);
        const auto applied = apply_block(state, ledger, bytes);
        ASSERT_TRUE(applied) << applied.error().detail;
        EXPECT_EQ(applied->first, integer_at(block, "first"));
        EXPECT_EQ(applied->after.height, integer_at(block, "height"));
        EXPECT_EQ(applied->after.time, integer_at(block, "time"));
        EXPECT_EQ(applied->after.head().size, integer_at(block, "size_after"));
        EXPECT_EQ(to_hex(applied->after.head().root), text_at(block, "root_after"));
        // Over the entries before the state entry, as that entry names it.
        EXPECT_EQ(to_hex(applied->after.status.root(applied->after.head().size - 1)),
                  text_at(block, "status_root"));
        EXPECT_FALSE(applied->members_changed);
        ledger.add(*applied);
        state = applied->after;
    }

    ASSERT_EQ(ledger.entries().size(), 309U);
    EXPECT_EQ(ledger.entries(), test::chancery_entries());
    const json::Array& chunks = test::array_at(test::chancery_vectors(), "chunks_hex");
    ASSERT_EQ(chunks.size(), 2U);
    for (std::size_t i = 0; i < chunks.size(); ++i)
        EXPECT_EQ(to_hex(state.status.chunk(i)), *chunks[i].as_string());
    EXPECT_EQ(to_hex(ledger::members_hash(*state.members)),
              text_at(test::chancery_vectors(), "members_hash"));
}

TEST(RegistryVectors, TheSignedMessageIsThatOfTheText) {
    const Hash network_id = test::unhex32(text_at(test::chancery_vectors(), "network_id"));
    for (const json::Value& block : test::array_at(test::chancery_vectors(), "blocks")) {
        for (const json::Value& batch : test::array_at(block, "batches")) {
            const Bytes bulk = test::unhex(text_at(batch, "bulk_hex"));
            const auto parsed = parse_bulk(bulk);
            ASSERT_TRUE(parsed) << parsed.error().detail;
            const Bytes message = test::unhex(text_at(batch, "signed_message_hex"));
            EXPECT_EQ(batch_message(network_id, parsed->header),
                      keys::tagged_hash("chancery/batch/v1", message));
        }
    }
}

TEST(RegistryVectors, MakingABulkGivesTheSameBytes) {
    const Hash network_id = test::unhex32(text_at(test::chancery_vectors(), "network_id"));
    for (const json::Value& block : test::array_at(test::chancery_vectors(), "blocks")) {
        for (const json::Value& entry : test::array_at(block, "batches")) {
            const Bytes bulk = test::unhex(text_at(entry, "bulk_hex"));
            const auto batch = parse_bulk(bulk);
            ASSERT_TRUE(batch);
            std::vector<Bytes> bodies;
            for (std::uint32_t i = 0; i < batch->count(); ++i)
                bodies.emplace_back(batch->body(i).begin(), batch->body(i).end());
            const ledger::BatchEntry& header = batch->header;
            const std::string slug =
                std::string("uni-") + static_cast<char>('a' + header.member - 1);
            const json::Value* seeds = test::chancery_vectors().find("seeds")->find(slug);
            const auto issuer =
                keys::MemberKey::from_secret(test::unhex32(text_at(*seeds, "issuer")));
            ASSERT_TRUE(issuer);
            const BatchDraft draft{.member = header.member,
                                   .key_number = header.key_number,
                                   .nonce = header.nonce,
                                   .expires = header.expires,
                                   .record_kind = header.record_kind};
            const auto made = make_bulk(draft, bodies, network_id, *issuer, Hash{});
            ASSERT_TRUE(made) << made.error().detail;
            EXPECT_EQ(*made, bulk);
        }
    }
}

}  // namespace
}  // namespace chancery::registry

#include "storage/ledger_database.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "storage/key_layout.h"
#include "storage/memory_ledger_store.h"
#include "tests/storage/ledger_database_fixture.h"

namespace chancery {
namespace {

using storage::DatabaseOptions;
using storage::LedgerStore;
using test::BlockMaker;
using test::created;
using test::opened;
using LedgerDatabase = test::LedgerDatabaseTest;

DatabaseOptions small_runs() {
    DatabaseOptions options;
    options.index_run_keys = 300;
    return options;
}

void expect_same_state(const LedgerStore& got, const LedgerStore& want) {
    const auto a = got.load();
    const auto b = want.load();
    ASSERT_TRUE(a) << a.error().detail;
    ASSERT_TRUE(b);
    EXPECT_EQ(a->state.height, b->state.height);
    EXPECT_EQ(a->state.time, b->state.time);
    EXPECT_EQ(a->state.frontier, b->state.frontier);
    EXPECT_EQ(*a->state.members, *b->state.members);
    EXPECT_EQ(a->id, b->id);
    EXPECT_EQ(a->chain, b->chain);
    EXPECT_EQ(a->checkpoint, b->checkpoint);
    EXPECT_EQ(a->state.status.nonzero_chunks(), b->state.status.nonzero_chunks());
    const std::uint64_t size = b->state.frontier.leaf_count();
    if (size > 1) {
        EXPECT_EQ(a->state.status.root(size - 1), b->state.status.root(size - 1));
    }
}

// All tiles of every width that a log of `size` has, one position in `step`.
void expect_same_tiles(const LedgerStore& got, const LedgerStore& want, std::uint64_t size) {
    for (const merkle::TileId& id : merkle::tiles_between(0, size)) {
        for (std::uint32_t width = id.width; width > 0; width = width * 2 / 3) {
            merkle::TileId part = id;
            part.width = width;
            const auto a = got.tile(part);
            ASSERT_TRUE(a) << a.error().detail;
            ASSERT_EQ(*a, *want.tile(part)) << merkle::tile_path(part);
        }
        merkle::TileId beyond = id;
        if (++beyond.width > merkle::tile_width) continue;
        ASSERT_EQ(got.tile(beyond).error().code, Errc::not_found);
        ASSERT_EQ(want.tile(beyond).error().code, Errc::not_found);
    }
}

void expect_same_answers(const LedgerStore& got, const LedgerStore& want, const BlockMaker& maker) {
    const auto stored = want.load();
    ASSERT_TRUE(stored);
    const std::uint64_t size = stored->state.frontier.leaf_count();
    for (ledger::Position position = 0; position < size; position += 1 + size / 200) {
        ASSERT_EQ(*got.entry(position), *want.entry(position));
        ASSERT_EQ(*got.newest_status(position), *want.newest_status(position));
    }
    for (ledger::MemberNumber member = 1; member <= 3; ++member) {
        for (std::uint64_t url = 0; url <= BlockMaker::publication_urls; ++url) {
            const Hash name = ledger::publication_key(BlockMaker::publication_url(url));
            for (const auto type :
                 {ledger::PublicationType::achievement, ledger::PublicationType::pathway}) {
                ASSERT_EQ(*got.newest_publication(member, type, name),
                          *want.newest_publication(member, type, name));
            }
        }
        for (const std::size_t count_max : {std::size_t{0}, std::size_t{1}, std::size_t{1'000}}) {
            for (ledger::Position first = 0; first <= size; first += 1 + size / 5) {
                const LedgerStore::PublicationRange range{
                    .member = member, .first = first, .count_max = count_max};
                ASSERT_EQ(*got.publications(range), *want.publications(range));
            }
        }
        std::vector<Hash> asked;
        for (const registry::NewCommitment& each : maker.commitments())
            asked.push_back(each.commitment);
        std::ranges::sort(asked);
        const auto a = got.find_commitments(member, asked);
        ASSERT_TRUE(a) << a.error().detail;
        ASSERT_EQ(*a, *want.find_commitments(member, asked));
    }
    for (std::uint64_t height = 0; height <= stored->state.height; ++height)
        ASSERT_EQ(*got.size_at(height), *want.size_at(height));
    // Of any size, though only those at which a block ended are asked for.
    for (std::uint64_t at = 1; at <= size; at += 1 + size / 97)
        ASSERT_EQ(*got.root_at(at), *want.root_at(at)) << at;
    if (size > 0) {
        ASSERT_EQ(*got.root_at(size), stored->state.head().root);
    }
    ASSERT_EQ(got.size_at(stored->state.height + 1).error().code, Errc::not_found);
    const auto steps = got.members_steps();
    const auto wanted_steps = want.members_steps();
    ASSERT_TRUE(steps) << steps.error().detail;
    ASSERT_EQ(steps->size(), wanted_steps->size());
    for (std::size_t i = 0; i < steps->size(); ++i) {
        EXPECT_EQ((*steps)[i].checkpoint, (*wanted_steps)[i].checkpoint);
        EXPECT_EQ((*steps)[i].size, (*wanted_steps)[i].size);
        EXPECT_EQ((*steps)[i].members, (*wanted_steps)[i].members);
    }
}

void expect_same_records(const LedgerStore& got,
                         const LedgerStore& want,
                         const std::vector<storage::SealedBlock>& blocks) {
    for (const storage::SealedBlock& sealed : blocks) {
        for (const registry::BatchRecord& record : sealed.block->batches) {
            ASSERT_EQ(*got.find_batch(record.member, record.nonce),
                      *want.find_batch(record.member, record.nonce));
            ASSERT_FALSE(*got.find_batch(record.member + 1, record.nonce));
        }
        for (const storage::StoredContent& content : sealed.contents)
            ASSERT_EQ(*got.content(content.hash), *want.content(content.hash));
    }
    ASSERT_FALSE(*got.content(Hash{}));
}

TEST_F(LedgerDatabase, BeginsAsGenesisSays) {
    const auto store = created(path(), {});
    const auto twin = storage::memory_ledger_store(genesis);
    expect_same_state(*store, *twin);
    EXPECT_EQ(*store->size_at(0), 0U);
    EXPECT_EQ(store->flushed_height(), 0U);
    EXPECT_TRUE(store->members_steps()->empty());
}

TEST_F(LedgerDatabase, IsMadeOnlyWhereItMay) {
    const auto absent = storage::open_ledger_database(path(), genesis, {});
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, Errc::not_found);
    created(path(), {}).reset();
    DatabaseOptions options;
    options.may_create = true;
    const auto again = storage::open_ledger_database(path(), genesis, options);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, Errc::conflict);
}

TEST_F(LedgerDatabase, AnswersAsItsTwinInMemory) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const std::string place = folder / std::to_string(seed);
        BlockMaker blocks(genesis, seed);
        const auto twin = storage::memory_ledger_store(genesis);
        auto store = created(place, small_runs());
        std::vector<storage::SealedBlock> written;
        for (int i = 0; i < 60; ++i) {
            written.push_back(blocks.next(blocks.random_shape()));
            ASSERT_TRUE(store->write(written.back()));
            ASSERT_TRUE(twin->write(written.back()));
            if (i % 20 == 19) {
                store.reset();
                store = opened(place, small_runs());
            }
            if (i % 6 == 0) {
                expect_same_answers(*store, *twin, blocks);
            }
        }
        expect_same_state(*store, *twin);
        expect_same_tiles(*store, *twin, blocks.state().frontier.leaf_count());
        expect_same_answers(*store, *twin, blocks);
        expect_same_records(*store, *twin, written);
    }
}

TEST_F(LedgerDatabase, AfterACrashStandsAtALastFlushAndTakesTheRestAgain) {
    for (int flushed = 0; flushed < 40; flushed += 5) {
        const std::string place = folder / std::to_string(flushed);
        BlockMaker blocks(genesis, 9);
        std::vector<storage::SealedBlock> written;
        auto options = small_runs();
        options.flushes_at_close = false;
        auto store = created(place, options);
        for (int i = 0; i < 40; ++i) {
            written.push_back(blocks.next({.credentials = 150, .changes_members = i % 9 == 0}));
            ASSERT_TRUE(store->write(written.back()));
            if (i + 1 == flushed) {
                EXPECT_EQ(*store->flush(), static_cast<std::uint64_t>(flushed));
            }
        }
        EXPECT_EQ(store->flushed_height(), static_cast<std::uint64_t>(flushed));
        store.reset();

        store = opened(place, options);
        const auto twin = storage::memory_ledger_store(genesis);
        for (int i = 0; i < flushed; ++i)
            ASSERT_TRUE(twin->write(written[static_cast<std::size_t>(i)]));
        EXPECT_EQ(store->flushed_height(), static_cast<std::uint64_t>(flushed));
        expect_same_state(*store, *twin);
        // Runs may know commitments of blocks that the ledger lost: they are not there yet.
        expect_same_answers(*store, *twin, blocks);
        for (std::size_t i = static_cast<std::size_t>(flushed); i < written.size(); ++i) {
            ASSERT_TRUE(store->write(written[i]));
            ASSERT_TRUE(twin->write(written[i]));
        }
        expect_same_state(*store, *twin);
        expect_same_answers(*store, *twin, blocks);
    }
}

TEST_F(LedgerDatabase, FlushesByItselfAndSaysHowFar) {
    DatabaseOptions options;
    options.memtable_bytes = 512 * 1024;
    options.flushes_at_close = false;
    auto store = created(path(), options);
    while (store->flushed_height() == 0)
        ASSERT_TRUE(store->write(maker.next({.credentials = 500})));
    const std::uint64_t flushed = store->flushed_height();
    EXPECT_LE(flushed, maker.state().height);
    store.reset();
    store = opened(path(), options);
    const auto stored = store->load();
    ASSERT_TRUE(stored);
    EXPECT_GE(stored->state.height, flushed);
    EXPECT_EQ(stored->state.height, store->flushed_height());
}

TEST_F(LedgerDatabase, ARefreshedCheckpointReplacesTheNewest) {
    auto store = created(path(), {});
    ASSERT_TRUE(store->write_checkpoint("note of size 0\n"));
    EXPECT_EQ(store->load()->checkpoint, "note of size 0\n");
    ASSERT_TRUE(store->write(maker.next({})));
    EXPECT_EQ(store->load()->checkpoint, maker.checkpoint());
    ASSERT_TRUE(store->write_checkpoint("a newer note\n"));
    store.reset();
    EXPECT_EQ(opened(path(), {})->load()->checkpoint, "a newer note\n");
}

TEST_F(LedgerDatabase, RefusesAnotherNetworksAndLeavesItUnchanged) {
    created(path(), {}).reset();
    ledger::Genesis other = genesis;
    other.network_name += " the other";
    const auto names_of = [&] {
        std::vector<std::string> names;
        for (const auto& each : std::filesystem::directory_iterator(path()))
            names.push_back(each.path().filename());
        std::ranges::sort(names);
        return names;
    };
    const auto before = names_of();
    const auto store = storage::open_ledger_database(path(), other, {});
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, Errc::corrupt);
    EXPECT_NE(store.error().detail.find("another network"), std::string::npos);
    EXPECT_EQ(names_of(), before);
}

TEST_F(LedgerDatabase, RefusesALaterFormat) {
    const Hash network = ledger::network_id(genesis);
    Bytes value = storage::values_of::format(network);
    EXPECT_TRUE(storage::values_of::check_format(value, network));
    value[3] = 2;
    const auto checked = storage::values_of::check_format(value, network);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().detail,
              "database format 2, this program knows 1 and left it unchanged");
}

}  // namespace
}  // namespace chancery

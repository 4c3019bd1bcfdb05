// A database on a disk that has altered it.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>

#include "storage/memory_ledger_store.h"
#include "tests/storage/ledger_database_fixture.h"
#include "tests/support/sanitized.h"

namespace chancery {
namespace {

using storage::LedgerStore;

// A flipped bit anywhere is refused, or read as corrupt, or harmless: the ledger may stand at an
// older height (the journal has the rest), but no answer below it is wrong or absent.
class DamagedDatabase : public test::LedgerDatabaseTest {
protected:
    void SetUp() override {
        options.index_run_keys = 500;
        auto store = test::created(path(), options);
        for (int i = 0; i < 12; ++i) {
            written.push_back(maker.next(maker.random_shape()));
            ASSERT_TRUE(store->write(written.back()));
            // Few files: RocksDB rests for a second when it finds damage while it compacts.
            if (i == 5) {
                ASSERT_TRUE(store->flush());
            }
        }
        store.reset();
        for (const auto& each : std::filesystem::recursive_directory_iterator(path())) {
            if (each.is_regular_file() && each.file_size() > 0) files.push_back(each.path());
        }
        std::ranges::sort(files);
    }

    static void flip(const std::filesystem::path& file, std::uint64_t at, int bit) {
        std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
        stream.seekg(static_cast<std::streamoff>(at));
        const int byte = stream.get();
        stream.seekp(static_cast<std::streamoff>(at));
        stream.put(static_cast<char>(byte ^ (1 << bit)));
    }

    // The ledger as it was at a height.
    const LedgerStore& twin_at(std::uint64_t height) {
        auto& twin = twins[height];
        if (!twin) {
            twin = storage::memory_ledger_store(genesis);
            for (std::size_t i = 0; i < height; ++i)
                EXPECT_TRUE(twin->write(written[i]));
        }
        return *twin;
    }

    // True if every answer that was given was right.
    bool is_right(const LedgerStore& store) {
        const auto stored = store.load();
        if (!stored) return stored.error().code == Errc::corrupt;
        if (stored->state.height > written.size()) return false;
        const LedgerStore& twin = twin_at(stored->state.height);
        if (stored->state.frontier != twin.load()->state.frontier) return false;
        const auto fits = [](const auto& got, const auto& want) {
            return got ? *got == *want : got.error().code == Errc::corrupt;
        };
        const std::uint64_t size = stored->state.frontier.leaf_count();
        for (const merkle::TileId& id : merkle::tiles_between(0, size)) {
            if (!fits(store.tile(id), twin.tile(id))) return false;
        }
        for (ledger::Position position = 0; position < size; position += 7) {
            if (!fits(store.newest_status(position), twin.newest_status(position))) return false;
        }
        for (const storage::SealedBlock& sealed : written) {
            for (const registry::NewPublication& each : sealed.block->publications) {
                if (!fits(store.newest_publication(each.member, each.type, each.name),
                          twin.newest_publication(each.member, each.type, each.name))) {
                    return false;
                }
            }
            for (const registry::BatchRecord& batch : sealed.block->batches) {
                if (!fits(store.find_batch(batch.member, batch.nonce),
                          twin.find_batch(batch.member, batch.nonce))) {
                    return false;
                }
            }
        }
        for (const registry::NewCommitment& each : maker.commitments()) {
            const std::span<const Hash> one(&each.commitment, 1);
            if (!fits(store.find_commitments(each.member, one),
                      twin.find_commitments(each.member, one))) {
                return false;
            }
        }
        return true;
    }

    storage::DatabaseOptions options;
    std::map<std::uint64_t, std::unique_ptr<LedgerStore>> twins;
    std::vector<storage::SealedBlock> written;
    std::vector<std::filesystem::path> files;
};

// No checksum covers the end of a table, and RocksDB reads blocks as its version says: of an older
// one it takes lengths for what they are not, and then memory for blocks.
TEST_F(DamagedDatabase, EndsOfTablesAreWhatWeWrite) {
    constexpr std::uint64_t footer_bytes = 53;
    const std::string copy = folder / "copy";
    std::filesystem::copy(path(), copy, std::filesystem::copy_options::recursive);
    std::size_t tables = 0;
    for (const auto& file : files) {
        if (file.extension() != ".sst") continue;
        ++tables;
        const auto damaged = copy / std::filesystem::relative(file, path());
        const std::uint64_t bytes = std::filesystem::file_size(file);
        // The checksum's type, a handle's first byte, the version and the magic number.
        for (std::uint64_t place = 0; place < footer_bytes; ++place) {
            if (place > 1 && place < footer_bytes - 12) continue;
            for (int bit = 0; bit < 8; ++bit) {
                flip(damaged, bytes - footer_bytes + place, bit);
                const auto store = storage::open_ledger_database(copy, genesis, options);
                ASSERT_FALSE(store) << damaged << " place " << place << " bit " << bit;
                EXPECT_EQ(store.error().code, Errc::corrupt) << store.error().detail;
                EXPECT_NE(store.error().detail.find(file.filename().string()), std::string::npos)
                    << store.error().detail;
                flip(damaged, bytes - footer_bytes + place, bit);
            }
        }
    }
    EXPECT_GT(tables, 2U);
    // What a crash leaves of a table that no manifest names does no harm.
    std::filesystem::copy_file(files.front(), copy + "/999998.sst");
    std::filesystem::resize_file(copy + "/999998.sst", 10);
    std::ofstream(copy + "/999999.sst") << std::string(4'096, 'x');
    const auto store = storage::open_ledger_database(copy, genesis, options);
    EXPECT_TRUE(store) << store.error().detail;
}

TEST_F(DamagedDatabase, NeverAnswersWrongOrNotFound) {
    // More: --gtest_shuffle --gtest_repeat=7.
    constexpr int flips = test::is_sanitized ? 100 : 300;
    std::mt19937_64 random(
        static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()));
    int refused = 0;
    int older = 0;
    const std::string copy = folder / "copy";
    for (int i = 0; i < flips; ++i) {
        std::filesystem::remove_all(copy);
        std::filesystem::copy(path(), copy, std::filesystem::copy_options::recursive);
        const auto& file = files[random() % files.size()];
        const auto damaged = copy / std::filesystem::relative(file, path());
        const std::uint64_t at = random() % std::filesystem::file_size(file);
        flip(damaged, at, static_cast<int>(random() % 8));
        const auto store = storage::open_ledger_database(copy, genesis, options);
        if (!store) {
            ASSERT_EQ(store.error().code, Errc::corrupt) << store.error().detail;
            ++refused;
            continue;
        }
        ASSERT_TRUE(is_right(**store)) << damaged << " at " << at;
        older += (*store)->flushed_height() < written.size() ? 1 : 0;
    }
    RecordProperty("refused", refused);
    RecordProperty("older", older);
    EXPECT_GT(refused, flips / 15);
}

}  // namespace
}  // namespace chancery

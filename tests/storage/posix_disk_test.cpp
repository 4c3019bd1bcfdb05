#include "storage/posix_disk.h"

#include <gtest/gtest.h>

#include "storage/journal.h"
#include "tests/storage/journal_fixture.h"
#include "tests/support/scratch_folder.h"

namespace chancery {
namespace {

using storage::Disk;
using storage::open_posix_disk;
using test::ScratchFolder;

TEST(PosixDisk, ServesOneHolderAtATime) {
    const ScratchFolder directory;
    {
        const auto first = open_posix_disk(directory.path());
        ASSERT_TRUE(first);
        const auto second = open_posix_disk(directory.path());
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().code, Errc::conflict);
    }
    EXPECT_TRUE(open_posix_disk(directory.path()));
}

TEST(PosixDisk, IsNotFoundWhereThereIsNoDirectory) {
    const ScratchFolder directory;
    const auto disk = open_posix_disk(directory / "absent");
    ASSERT_FALSE(disk);
    EXPECT_EQ(disk.error().code, Errc::not_found);
}

TEST(PosixDisk, ReadsWhatWasWritten) {
    const ScratchFolder directory;
    const auto disk = open_posix_disk(directory.path());
    ASSERT_TRUE(disk);
    for (const bool is_synced : {false, true}) {
        const std::string name = is_synced ? "a" : "b";
        const auto file = (*disk)->open(name, Disk::Open::create_new, is_synced);
        ASSERT_TRUE(file);
        ASSERT_TRUE((*file)->write_at(5, Bytes{1, 2, 3}));
        ASSERT_TRUE((*file)->sync());
        EXPECT_EQ(*(*file)->size(), 8U);
        EXPECT_EQ(*(*file)->read_at(4, 4), (Bytes{0, 1, 2, 3}));
        const auto beyond = (*file)->read_at(4, 5);
        ASSERT_FALSE(beyond);
        EXPECT_EQ(beyond.error().code, Errc::corrupt);
    }
}

TEST(PosixDisk, TellsAbsentFromPresent) {
    const ScratchFolder directory;
    const auto disk = open_posix_disk(directory.path());
    ASSERT_TRUE(disk);
    EXPECT_EQ((*disk)->open("a", Disk::Open::existing).error().code, Errc::not_found);
    ASSERT_TRUE((*disk)->open("a", Disk::Open::create_new));
    EXPECT_EQ((*disk)->open("a", Disk::Open::create_new).error().code, Errc::conflict);
}

TEST(PosixDisk, ListsRenamesAndRemoves) {
    const ScratchFolder directory;
    const auto disk = open_posix_disk(directory.path());
    ASSERT_TRUE(disk);
    EXPECT_TRUE((*disk)->list("sub")->empty());
    ASSERT_TRUE((*disk)->make_directory("sub"));
    EXPECT_EQ((*disk)->make_directory("sub").error().code, Errc::conflict);
    for (const char* name : {"sub/c", "sub/a", "sub/b"})
        ASSERT_TRUE((*disk)->open(name, Disk::Open::create_new));
    ASSERT_TRUE((*disk)->rename("sub/c", "sub/d"));
    ASSERT_TRUE((*disk)->remove("sub/a"));
    ASSERT_TRUE((*disk)->sync_directory("sub"));
    EXPECT_EQ(*(*disk)->list("sub"), (std::vector<std::string>{"b", "d"}));
    EXPECT_EQ((*disk)->remove("sub/a").error().code, Errc::not_found);
    EXPECT_GT(*(*disk)->free_bytes(), 0U);
}

TEST(PosixDisk, CarriesAJournal) {
    const ScratchFolder directory;
    test::EntryChain chain(test::identity().network);
    std::vector<raft::Entry> want;
    const auto options = test::small_segments();
    for (int life = 0; life < 3; ++life) {
        const auto disk = open_posix_disk(directory.path());
        ASSERT_TRUE(disk);
        if (life == 0) {
            ASSERT_TRUE(storage::Journal::create(**disk, test::identity(), options));
        }
        auto opened = storage::Journal::open(**disk, test::identity(), options);
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->recovered.entries, want);
        for (int i = 0; i < 30; ++i) {
            want.push_back(chain.next(1, 5000));
            ASSERT_TRUE(opened->journal.write(test::turn_of({want.back()})));
        }
        ASSERT_TRUE(opened->journal.write_idle_marker());
    }
}

}  // namespace
}  // namespace chancery

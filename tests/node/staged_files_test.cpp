// Files put in place together: all or none before commit(), each whole, and what stands in the way.
#include "node/staged_files.h"

#include <filesystem>

#include <gtest/gtest.h>

#include "node/local_file.h"
#include "tests/support/scratch_folder.h"

namespace chancery::node {
namespace {

namespace fs = std::filesystem;

struct Staging : testing::Test {
    test::ScratchFolder folder;
    StagedFiles files;

    std::size_t count() const {
        return static_cast<std::size_t>(std::distance(
            fs::recursive_directory_iterator(folder.path()), fs::recursive_directory_iterator()));
    }
    fs::perms mode(const std::string& name) const {
        return fs::status(folder / name).permissions();
    }
};

TEST_F(Staging, NothingIsInPlaceBeforeTheCommit) {
    folder.write("old", "before");
    ASSERT_TRUE(files.replace(folder / "old", "after", private_mode));
    ASSERT_TRUE(files.replace(folder / "new", "new", public_mode));
    EXPECT_EQ(folder.read("old"), "before");
    EXPECT_FALSE(fs::exists(folder / "new"));
    ASSERT_TRUE(files.commit());
    EXPECT_EQ(folder.read("old"), "after");
    EXPECT_EQ(folder.read("new"), "new");
    EXPECT_EQ(mode("old"), fs::perms{0600});
    EXPECT_EQ(mode("new"), fs::perms{0644});
    EXPECT_EQ(count(), 2U);
}

TEST_F(Staging, FewAndManyAndSeveralFoldersAreAllWritten) {
    for (const int many : {1, 15, 16, 200}) {
        for (int i = 0; i < many; ++i) {
            const std::string in = folder / (std::to_string(many) + "-" + std::to_string(i % 40));
            fs::create_directories(in);
            ASSERT_TRUE(
                files.replace(in + "/" + std::to_string(i), std::to_string(i), public_mode));
        }
        ASSERT_TRUE(files.commit());
        for (int i = 0; i < many; ++i)
            EXPECT_EQ(folder.read(std::to_string(many) + "-" + std::to_string(i % 40) + "/" +
                                  std::to_string(i)),
                      std::to_string(i));
    }
}

TEST_F(Staging, WhatIsNotCommittedLeavesNothing) {
    {
        StagedFiles forgotten;
        ASSERT_TRUE(forgotten.replace(folder / "a", "1", private_mode));
        ASSERT_TRUE(forgotten.replace(folder / "b", "2", private_mode));
    }
    EXPECT_EQ(count(), 0U);
    EXPECT_TRUE(StagedFiles().commit());
}

TEST_F(Staging, WhatAKilledProcessLeftIsWrittenOver) {
    folder.write("a.chancery-part", "half of somethi");
    ASSERT_TRUE(files.replace(folder / "a", "whole", private_mode));
    ASSERT_TRUE(files.commit());
    EXPECT_EQ(folder.read("a"), "whole");
    EXPECT_EQ(count(), 1U);
}

TEST_F(Staging, WhatCannotTakeItsPlaceIsNamedAndThoseBeforeItStand) {
    std::filesystem::create_directories(folder / "b/within");
    for (const std::string name : {"a", "b", "c"})
        ASSERT_TRUE(files.replace(folder / name, name, private_mode));
    const auto committed = files.commit();
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().detail, folder / "b" + ": Is a directory");
    EXPECT_EQ(folder.read("a"), "a");
    EXPECT_FALSE(fs::exists(folder / "c"));
}

TEST_F(Staging, OfOnePathTheLastCounts) {
    ASSERT_TRUE(files.replace(folder / "a", "first", private_mode));
    ASSERT_TRUE(files.replace(folder / "a", "last", private_mode));
    ASSERT_TRUE(files.commit());
    EXPECT_EQ(folder.read("a"), "last");
    EXPECT_EQ(count(), 1U);
}

TEST_F(Staging, AFolderThatIsNotThereIsNamed) {
    const auto added = files.replace(folder / "none/a", "x", private_mode);
    ASSERT_FALSE(added);
    EXPECT_EQ(added.error().code, Errc::not_found);
    EXPECT_TRUE(files.commit());
    EXPECT_EQ(count(), 0U);
}

TEST_F(Staging, IsOfUseAgainAfterACommit) {
    for (const std::string text : {"1", "2"}) {
        ASSERT_TRUE(files.replace(folder / "a", text, private_mode));
        ASSERT_TRUE(files.commit());
        EXPECT_EQ(folder.read("a"), text);
    }
}

}  // namespace
}  // namespace chancery::node

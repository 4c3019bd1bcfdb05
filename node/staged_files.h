// Many small files put in place together, each as replace_file would, for a few syncs in all
// instead of two for each.
//
//     ana.json.chancery-part   replace(): written beside its place
//          │  sync             commit(): what was written survives power loss,
//          ▼
//     ana.json                 then each gets its name, in the order of adding,
//             sync             then the names survive it too
//
// Whenever the process ends or power is lost, each file stands there whole, old or new. A
// .chancery-part that is left behind is written over by whoever adds the same file again.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "node/file_descriptor.h"

namespace chancery::node {

class StagedFiles {
public:
    StagedFiles() = default;
    StagedFiles(const StagedFiles&) = delete;
    StagedFiles& operator=(const StagedFiles&) = delete;
    // What was not committed is removed again.
    ~StagedFiles();

    // Not there, and not durable, before commit(). Of one path the last that was added counts.
    Result<void> replace(const std::string& path, std::string_view content, mode_t mode);

    // On return all survive power loss, and none is staged any more. After an error some may be in
    // place, those added first.
    Result<void> commit();

private:
    Result<void> know_folder_of(const std::string& path);
    Result<void> sync_pieces() const;
    Result<void> place_pieces();
    Result<void> sync_folders() const;
    Result<void> sync_file_systems() const;

    std::vector<std::string> paths_;  // Where the pieces are to be.
    std::set<std::string> known_;     // The same.
    std::set<std::string> folders_;
    // A folder of each file system, open since before the first piece was written there: so that
    // its sync tells of each failed write.
    std::map<dev_t, FileDescriptor> file_systems_;
};

}  // namespace chancery::node

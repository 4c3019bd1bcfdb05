// What RocksDB notes for people, in a file LOG beside its data, to which nothing else clings: a
// line that cannot be written is left out.
//
// RocksDB's own logger takes a failed line for a mistake of its caller's and, as Debian builds it,
// ends the process: on a full disk, before the node has said why it stops.
#pragma once

#include <memory>
#include <string>

namespace rocksdb {
class Logger;
}

namespace chancery::storage::rocks {

// Warnings and worse. The LOG of the run before stays as LOG.old; 4 MiB at most of each.
std::shared_ptr<rocksdb::Logger> open_log(const std::string& directory);

}  // namespace chancery::storage::rocks

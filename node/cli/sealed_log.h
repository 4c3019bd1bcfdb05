// The log of the nodes that were named, as far as it is sealed now and this client takes it.
#pragma once

#include <memory>

#include "node/cli/accepted_checkpoint.h"
#include "node/cli/log_reader.h"

namespace chancery::cli {

// Stays where it is: its parts refer to one another.
class SealedLog {
public:
    // Errors as open_desk() and accept_newest().
    static Result<std::unique_ptr<SealedLog>> open(Session& session);
    SealedLog(const SealedLog&) = delete;
    SealedLog& operator=(const SealedLog&) = delete;

    Desk& desk() { return desk_; }
    audit::LogSource& source() { return log_; }  // Not proven.
    LogReader& reader() { return reader_; }      // Each entry proven.

private:
    SealedLog(Desk desk, const Accepted& accepted);

    Desk desk_;
    NodeLog log_;
    LogReader reader_;
};

}  // namespace chancery::cli

// What an auditor found: the first place at which a log is not what it claims to be.
#pragma once

#include <optional>
#include <string>

#include "crypto/base/result.h"
#include "crypto/ledger/entry.h"

namespace chancery::audit {

struct Finding {
    // Nothing is proven wrong, but this version cannot judge what stands here.
    bool needs_newer_version = false;
    std::optional<ledger::Position> position;  // Empty: not of an entry but of the log's papers.
    std::string what;                          // "signature of the batch", "root of the log", …
    std::string expected;
    std::string actual;
    bool operator==(const Finding&) const = default;
};

// Nothing if all is well. Errors are the source's: it could not be read at all.
using Checked = Result<std::optional<Finding>>;

inline Checked all_well() { return std::optional<Finding>(); }

}  // namespace chancery::audit

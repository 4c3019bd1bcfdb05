// Entries of the log for people and for programs.
#pragma once

#include <string>

#include "crypto/json/value.h"
#include "crypto/ledger/entry.h"

namespace chancery::cli {

// "credential", "state", …; "unknown" for a later release's.
std::string kind_text(const ledger::Entry& entry);

// Every field, hashes in hex, times RFC 3339.
json::Object entry_json(ledger::Position position, const ledger::Entry& entry);

// One line: position, kind, time, and what matters most.
std::string entry_line(ledger::Position position, const ledger::Entry& entry);

}  // namespace chancery::cli

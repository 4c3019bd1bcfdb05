// Messages, entries and effects as lines that a person can read: one line each, stable.
#pragma once

#include <string>

#include "consensus/raft/core.h"

namespace chancery::raft {

std::string text_of(EntryId id);          // 2/5: term 2, index 5
std::string text_of(const Entry& entry);  // 2/5 block "text"
std::string text_of(const Vote& vote);    // term 2 for 1
std::string text_of(const Message& message);
std::string text_of(const Evidence& evidence);
std::string text_of(const RoleChange& change);
std::string text_of(const Configuration& configuration);
std::string text_of(const Status& status);
std::string name_of(Role role);
std::string name_of(const Body& body);  // "Append", …
std::string name_of(Agreement agreement);

}  // namespace chancery::raft

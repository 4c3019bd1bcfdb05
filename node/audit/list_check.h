// One published status list, by itself: whether it is what its publication and its issuer say.
// Source: PROTOCOL.md, Status lists; W3C Bitstring Status List 1.0.
#pragma once

#include <string>

#include "crypto/credential/status_list.h"
#include "crypto/ledger/members.h"

namespace chancery::audit {

struct PublishedList {
    ledger::Position position = 0;
    ledger::PublicationEntry entry;
    const ledger::Member* member = nullptr;  // That published it, as of then.
};

struct ListContent {
    credential::StatusPurpose purpose = credential::StatusPurpose::revocation;
    credential::StatusBits bits;
};

// Errc::corrupt with what is wrong: a name that no node serves, another content than the ledger
// names, no list of that URL, another issuer, no signature by one of the member's assertion keys
// in force at the position.
Result<ListContent> read_list(const PublishedList& list, ByteView content);

}  // namespace chancery::audit

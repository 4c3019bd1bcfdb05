// What a badge tells about a person to whoever sees it, and a batch to whoever reads the ledger.
//
// The achievement is the same for all its holders and is published; so are the names that wallets
// list. There nothing may be about one of them. Elsewhere a person is named by salted hashes.
#pragma once

#include <span>

#include "crypto/badge/findings.h"
#include "crypto/json/value.h"

namespace chancery::badge {

inline constexpr std::size_t salt_characters_min = 16;

void check_privacy(const json::Value& document, Findings& findings);

// Whether the text holds something that an e-mail reaches: "a@b.cd".
bool holds_email(std::string_view text);

}  // namespace chancery::badge

// What a badge says of itself, in one shape for programs: an employer's system need not know Open
// Badges. Nothing here is proven by being here; the verdict beside it says what is.
#pragma once

#include "crypto/json/value.h"

namespace chancery::cli {

// {"id","name","type","achievement","issuer","dates","credits","skills","elements","evidence",
// "recipient"}, each left out where the document says nothing. `elements` are the alignments that
// tell a level, an assessment and the like (crypto/badge/target_types.h). Values that are of
// another kind than Open Badges 3.0 wants are left out as well. At most 1,000 of each list.
json::Object badge_facts(const json::Value& document);

}  // namespace chancery::cli

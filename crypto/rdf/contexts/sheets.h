// The contexts that are built in.
#pragma once

#include "crypto/rdf/term_sheet.h"

namespace chancery::rdf::contexts {

extern const TermSheet credentials_v2;
extern const TermSheet open_badges_3_0_2;
extern const TermSheet open_badges_3_0_3;
extern const TermSheet badge_extensions;
extern const TermSheet ed25519_2020;
extern const TermSheet blockcerts_v3_2;

}  // namespace chancery::rdf::contexts

// What became of an award since: whether the rule would still be met without the components that
// were withdrawn after it. What the rule's issuer wants done then, the rule says (Cascade).
//
// The award stands whatever comes of this. Only components that were themselves revoked or
// suspended count as withdrawn: one that is superseded was replaced, and a certificate among them
// whose own components were withdrawn is for its own rule.
// Source: PROTOCOL.md, Pathways.
#pragma once

#include "crypto/pathway/evaluate.h"

namespace chancery::pathway {

struct Aftermath {
    std::vector<std::size_t> withdrawn;  // Components revoked or suspended after the award.
    std::vector<std::size_t> unknown;    // Those whose status of today is not proven.
    // pass: the rule is met without them all; fail: not without the withdrawn ones; could not
    // check: it hangs on the unknown ones, or the award itself is not proven.
    StepReport still_met;
};

// Of a question with a certificate, which CHECKs. Errors as evaluate().
Result<Aftermath> aftermath_of(const Question& question);

}  // namespace chancery::pathway

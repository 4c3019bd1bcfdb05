// What pathways ask of a credential: what it says, as far as it matters here, and what the ledger
// proves of it. Every fact comes out of one verdict.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "crypto/credential/date_time.h"
#include "crypto/credential/verdict.h"

namespace chancery::pathway {

// A change of status after which the credential is not good.
struct Withdrawal {
    ledger::Position position = 0;  // Of the entry that changed it.
    bool is_first = false;          // Nothing had changed before.
};

struct Component {
    std::string achievement;  // Its id; empty if the document tells none, as the next two.
    std::string issuer;
    std::string subject;
    std::optional<std::int64_t> credits;  // Earned, or else available; thousandths.
    std::optional<credential::Instant> valid_from;
    std::optional<credential::Instant> valid_until;
    Hash document_hash{};
    std::optional<Hash> commitment;  // Of its receipt.
    std::vector<Hash> evidence;      // Digests of what it says it is made of.
    std::vector<Hash> related;       // Digests of resources that it names: rules among them.
    credential::StepReport proven;   // The first open step before status and dates; else pass.
    std::optional<ledger::Position> position;  // If its registration is proven.
    std::optional<std::int64_t> registered_s;
    std::optional<std::uint64_t> status_size;  // What a sealed status proof covers.
    std::optional<Withdrawal> withdrawal;
    credential::StepReport status;  // Today's, by a proof that is not too old.
    credential::Headline today = credential::Headline::cannot_tell;
};

Component component_of(const credential::Evidence& evidence);

// "u" + base64url, or "z" + base58, of 12 20 ‖ SHA-256. Errc::invalid.
Result<Hash> digest_from_multibase(std::string_view text);
std::string digest_to_multibase(const Hash& hash);

}  // namespace chancery::pathway

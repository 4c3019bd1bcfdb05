// Policies: which signatures make a checkpoint good, in one small text file.
//
//     log <vkey> [url]  |  witness <name> <vkey> [url]  |  group <name> all|any|<k> <member>…
//     quorum <name>|none
//
// Keys of type 0x06 (ML-DSA-44) may stand there but cannot be checked here: such a log or witness
// counts as silent, so that a policy is never easier to satisfy for it.
// Source: C2SP tlog-policy.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/note/cosignature.h"

namespace chancery::note {

struct Policy {
    struct Group {
        std::uint32_t threshold = 0;
        std::vector<std::string> members;  // Names of witnesses or groups.
        bool operator==(const Group&) const = default;
    };
    std::vector<VerifierKey> logs;
    std::map<std::string, VerifierKey> witnesses;
    std::map<std::string, Group> groups;
    std::optional<std::string> quorum;  // nullopt: none needed.
    std::size_t silent_logs = 0;        // Those whose keys are of type 0x06.
    std::set<std::string> silent_witnesses;
    bool operator==(const Policy&) const = default;
};

// Errc::invalid with the line's number. At most 64 KiB, 64 logs, witnesses and groups each.
Result<Policy> parse_policy(std::string_view text);

// The policy of a registry network: one log, a witness a member, group SEALED.
struct NamedKey {
    std::string name;
    VerifierKey key;
};
std::string sealed_policy(const VerifierKey& log,
                          const std::vector<NamedKey>& members,
                          std::uint32_t quorum);

// Whether a listed log signed (if any is listed; its key name must be the origin) and the quorum
// holds. A known key's bad signature: Errc::forbidden.
Result<bool> satisfies(const SignedNote& checkpoint, const Policy& policy);

}  // namespace chancery::note

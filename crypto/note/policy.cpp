#include "crypto/note/policy.h"

#include <algorithm>

#include "crypto/base/decimal.h"
#include "crypto/note/lines.h"

namespace chancery::note {
namespace {

constexpr std::size_t policy_bytes_max = 65'536;
constexpr std::size_t each_max = 64;  // Logs, witnesses, groups.
constexpr std::string_view no_name = "none";
constexpr std::uint8_t ml_dsa_type = 0x06;
constexpr std::size_t ml_dsa_key_bytes = 1312;

using Items = std::vector<std::string_view>;

bool is_allowed(char character) {
    const auto byte = static_cast<std::uint8_t>(character);
    return byte == '\t' || byte == '\n' || (byte >= 0x20 && byte != 0x7f);
}

Items split(std::string_view line) {
    constexpr std::string_view white = " \t";
    Items items;
    for (;;) {
        line.remove_prefix(std::min(line.find_first_not_of(white), line.size()));
        if (line.empty()) return items;
        const std::size_t end = std::min(line.find_first_of(white), line.size());
        items.push_back(line.substr(0, end));
        line.remove_prefix(end);
    }
}

// A key that the policy may name; without `key` if we cannot check its signatures.
struct ListedKey {
    Bytes public_key;
    std::optional<VerifierKey> key;
};

Result<ListedKey> parse_listed_key(std::string_view vkey, KeyType want) {
    const auto raw = parse_raw_vkey(vkey);
    if (!raw) return raw.error();
    const std::uint8_t type = raw->typed_key.front();
    ListedKey listed{Bytes(raw->typed_key.begin() + 1, raw->typed_key.end()), std::nullopt};
    if (type == ml_dsa_type) {
        if (listed.public_key.size() == ml_dsa_key_bytes) return listed;
        return invalid("ML-DSA-44 key of " + std::to_string(listed.public_key.size()) +
                       " bytes, want " + std::to_string(ml_dsa_key_bytes));
    }
    if (type != static_cast<std::uint8_t>(want)) {
        return invalid("key of type " + std::to_string(type) + ", want " +
                       std::to_string(static_cast<unsigned>(want)) + " or 6");
    }
    const auto key = parse_vkey(vkey);
    if (!key) return key.error();
    listed.key = *key;
    return listed;
}

class Parser {
public:
    // Takes one line.
    Result<void> take(std::string_view line) {
        const Items items = split(line);
        if (items.empty() || items.front().starts_with('#')) return {};
        if (items.front() == "log") return take_log(items);
        if (items.front() == "witness") return take_witness(items);
        if (items.front() == "group") return take_group(items);
        if (items.front() == "quorum") return take_quorum(items);
        return invalid("unknown keyword");
    }

    Result<Policy> finish() {
        if (!has_quorum_) return invalid("no quorum line");
        return std::move(policy_);
    }

private:
    // log <vkey> [url]
    Result<void> take_log(const Items& items) {
        if (items.size() < 2 || items.size() > 3)
            return invalid("log wants a vkey and maybe a URL");
        if (log_keys_.size() == each_max) return too_many("logs");
        const auto listed = parse_listed_key(items[1], KeyType::ed25519);
        if (!listed) return listed.error();
        if (!log_keys_.insert(listed->public_key).second)
            return invalid("a log's key stands twice");
        if (listed->key) {
            policy_.logs.push_back(*listed->key);
        } else {
            ++policy_.silent_logs;
        }
        return {};
    }

    // witness <name> <vkey> [url]
    Result<void> take_witness(const Items& items) {
        if (items.size() < 3 || items.size() > 4) {
            return invalid("witness wants a name, a vkey and maybe a URL");
        }
        if (witness_keys_.size() == each_max) return too_many("witnesses");
        if (!is_free(items[1])) return name_taken();
        const auto listed = parse_listed_key(items[2], KeyType::cosignature);
        if (!listed) return listed.error();
        if (!witness_keys_.insert(listed->public_key).second) {
            return invalid("a witness's key stands twice");
        }
        const std::string name(items[1]);
        if (listed->key) {
            policy_.witnesses.insert({name, *listed->key});
        } else {
            policy_.silent_witnesses.insert(name);
        }
        return {};
    }

    // group <name> all|any|<k> <member>…
    Result<void> take_group(const Items& items) {
        if (items.size() < 4) return invalid("group wants a name, a threshold and members");
        if (policy_.groups.size() == each_max) return too_many("groups");
        if (!is_free(items[1])) return name_taken();
        Policy::Group group;
        for (const std::string_view member : std::span(items).subspan(3)) {
            if (!is_defined(member)) return invalid("member that no line above defines");
            const bool is_first = grouped_.insert(std::string(member)).second;
            if (!is_first) return invalid("member of two groups, or twice of one");
            group.members.emplace_back(member);
        }
        const auto threshold = parse_threshold(items[2], group.members.size());
        if (!threshold) return threshold.error();
        group.threshold = *threshold;
        policy_.groups.insert({std::string(items[1]), std::move(group)});
        return {};
    }

    // quorum <name>|none
    Result<void> take_quorum(const Items& items) {
        if (items.size() != 2) return invalid("quorum wants one name");
        if (has_quorum_) return invalid("second quorum line");
        has_quorum_ = true;
        if (items[1] == no_name) return {};
        if (!is_defined(items[1])) return invalid("quorum that no line above defines");
        policy_.quorum = std::string(items[1]);
        return {};
    }

    static Result<std::uint32_t> parse_threshold(std::string_view text, std::size_t members) {
        if (text == "any") return std::uint32_t{1};
        if (text == "all") return static_cast<std::uint32_t>(members);
        const auto threshold = from_decimal(text);
        if (!threshold) return invalid("group's threshold: " + threshold.error().detail);
        if (*threshold == 0 || *threshold > members) {
            return invalid("threshold " + std::to_string(*threshold) + ", want 1 to " +
                           std::to_string(members));
        }
        return static_cast<std::uint32_t>(*threshold);
    }

    bool is_defined(std::string_view view) const {
        const std::string name(view);
        return policy_.witnesses.contains(name) || policy_.silent_witnesses.contains(name) ||
               policy_.groups.contains(name);
    }
    bool is_free(std::string_view name) const { return name != no_name && !is_defined(name); }
    static Error name_taken() { return invalid("name that is reserved or taken"); }
    static Error too_many(std::string_view what) {
        return invalid("more than " + std::to_string(each_max) + " " + std::string(what));
    }

    Policy policy_;
    bool has_quorum_ = false;
    std::set<Bytes> log_keys_;
    std::set<Bytes> witness_keys_;
    std::set<std::string> grouped_;
};

// Each name is in one group at most and stands below its members, so that this ends.
bool witnessed(const std::string& name,
               const Policy& policy,
               const std::set<std::string>& cosigners) {
    const auto group = policy.groups.find(name);
    if (group == policy.groups.end()) return cosigners.contains(name);
    const auto count = std::ranges::count_if(group->second.members, [&](const std::string& member) {
        return witnessed(member, policy, cosigners);
    });
    return count >= group->second.threshold;
}

}  // namespace

Result<Policy> parse_policy(std::string_view text) {
    if (text.size() > policy_bytes_max) {
        return invalid("policy of " + std::to_string(text.size()) + " bytes, at most " +
                       std::to_string(policy_bytes_max));
    }
    Parser parser;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto taken = std::ranges::all_of(line, is_allowed)
                               ? parser.take(line)
                               : Result<void>(invalid("character that no policy may hold"));
        if (!taken) {
            return invalid("policy line " + std::to_string(number) + ": " + taken.error().detail);
        }
    }
    return parser.finish();
}

std::string sealed_policy(const VerifierKey& log,
                          const std::vector<NamedKey>& members,
                          std::uint32_t quorum) {
    std::string text = "log " + to_vkey(log) + "\n";
    std::string names;
    for (const NamedKey& member : members) {
        text.append("witness ").append(member.name).append(" ");
        text.append(to_vkey(member.key)).append("\n");
        names.append(" ").append(member.name);
    }
    text.append("group SEALED ").append(std::to_string(quorum)).append(names).append("\n");
    return text.append("quorum SEALED\n");
}

Result<bool> satisfies(const SignedNote& checkpoint, const Policy& policy) {
    const std::string_view origin =
        std::string_view(checkpoint.text).substr(0, checkpoint.text.find('\n'));
    bool is_logged = policy.logs.empty() && policy.silent_logs == 0;
    for (const VerifierKey& log : policy.logs) {
        const auto is_signed = is_signed_by(checkpoint, log);
        if (!is_signed) return is_signed.error();
        is_logged = is_logged || (*is_signed && log.name == origin);
    }
    std::set<std::string> cosigners;
    for (const auto& [name, key] : policy.witnesses) {
        const auto time_s = cosigned_at(checkpoint, key);
        if (!time_s) return time_s.error();
        if (*time_s) cosigners.insert(name);
    }
    return is_logged && (!policy.quorum || witnessed(*policy.quorum, policy, cosigners));
}

}  // namespace chancery::note

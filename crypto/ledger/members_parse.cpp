#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "crypto/json/fields.h"
#include "crypto/keys/multikey.h"
#include "crypto/ledger/members.h"
#include "crypto/note/checkpoint.h"

namespace chancery::ledger {
namespace {

constexpr std::uint64_t u32_max = std::numeric_limits<std::uint32_t>::max();

InForce in_force_from(json::Fields& fields) {
    InForce in_force;
    in_force.from = fields.integer("from");
    in_force.until = fields.integer_or_null("until");
    return in_force;
}

bool is_backwards(const InForce& in_force) {
    return in_force.until && *in_force.until < in_force.from;
}

// Whether `older`, listed first, ends before `newer` begins.
bool is_over_before(const InForce& older, const InForce& newer) {
    return older.until && *older.until <= newer.from;
}

Result<DidRecord> did_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    DidRecord record;
    record.did = fields.string("did");
    record.in_force = in_force_from(fields);
    if (auto wrong = fields.finish()) return *wrong;
    if (!is_did(record.did)) return invalid_at(fields.pointer("did"), "want a DID");
    if (is_backwards(record.in_force)) return invalid_at(fields.pointer("until"), "less than from");
    return record;
}

Result<KeyRecord> key_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    const std::string use_name = fields.string("use");
    const std::uint64_t number = fields.integer("number");
    std::string text = fields.string("key");
    const InForce in_force = in_force_from(fields);
    if (auto wrong = fields.finish()) return *wrong;
    const std::optional<KeyUse> use = key_use_named(use_name);
    if (!use) return invalid_at(fields.pointer("use"), "unknown use");
    if (number == 0 || number > u32_max)
        return invalid_at(fields.pointer("number"), "want 1 to 2^32 - 1");
    auto key = RecordedKey::parse(*use, std::move(text));
    if (!key) return invalid_at(fields.pointer("key"), key.error().detail);
    if (is_backwards(in_force)) return invalid_at(fields.pointer("until"), "less than from");
    return KeyRecord{*use, static_cast<std::uint32_t>(number), *std::move(key), in_force};
}

std::optional<Error> add_dids(Member& member, const json::Array& values, const std::string& where) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string pointer = where + "/" + std::to_string(i);
        Result<DidRecord> record = did_from(values[i], pointer);
        if (!record) return record.error();
        if (!member.dids.empty() &&
            !is_over_before(member.dids.back().in_force, record->in_force)) {
            return invalid_at(pointer, "begins before the DID before it ends");
        }
        member.dids.push_back(std::move(*record));
    }
    if (member.dids.empty()) return invalid_at(where, "no DID, want at least 1");
    return std::nullopt;
}

// By use, then number from 1; of issuer and governance keys one at a time.
std::optional<std::string> misplaced(const KeyRecord* before, const KeyRecord& record) {
    const bool is_first = before == nullptr || before->use != record.use;
    if (is_first) {
        if (before != nullptr && before->use > record.use) return "uses out of order";
        if (record.number != 1) return "first key of its use is not number 1";
        return std::nullopt;
    }
    if (record.number != before->number + 1) return "numbers of one use do not rise by 1";
    const bool is_single = record.use == KeyUse::issuer || record.use == KeyUse::governance;
    if (is_single && !is_over_before(before->in_force, record.in_force))
        return "begins before the key before it ends";
    return std::nullopt;
}

std::optional<Error> add_keys(Member& member, const json::Array& values, const std::string& where) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string pointer = where + "/" + std::to_string(i);
        Result<KeyRecord> record = key_from(values[i], pointer);
        if (!record) return record.error();
        const KeyRecord* before = member.keys.empty() ? nullptr : &member.keys.back();
        if (auto fault = misplaced(before, *record)) return invalid_at(pointer, *fault);
        member.keys.push_back(std::move(*record));
    }
    return std::nullopt;
}

Result<Member> member_from(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    Member member;
    const std::uint64_t number = fields.integer("number");
    member.slug = fields.string("slug");
    member.name = fields.string("name");
    const json::Array& dids = fields.array("dids");
    const json::Array& key_values = fields.array("keys");
    if (auto wrong = fields.finish()) return *wrong;
    if (number == 0 || number > u32_max)
        return invalid_at(fields.pointer("number"), "want 1 to 2^32 - 1");
    member.number = static_cast<MemberNumber>(number);
    if (!is_slug(member.slug)) return invalid_at(fields.pointer("slug"), "want a slug");
    if (!is_name(member.name))
        return invalid_at(fields.pointer("name"), "want 1 to 200 bytes, no control characters");
    if (auto wrong = add_dids(member, dids, fields.pointer("dids"))) return *wrong;
    if (auto wrong = add_keys(member, key_values, fields.pointer("keys"))) return *wrong;
    return member;
}

bool cosigns_today(const Member& member) {
    return std::ranges::any_of(member.keys, [](const KeyRecord& record) {
        return record.use == KeyUse::cosigner && !record.in_force.until;
    });
}

// What no two members may share: a key ever, a slug or DID at one time.
class UniqueKeys {
public:
    explicit UniqueKeys(const note::VerifierKey& log) { keys_.insert(keys::multikey(log.key)); }

    std::optional<std::string> take(const Member& member) {
        for (const KeyRecord& record : member.keys) {
            if (!keys_.insert(record.key.text()).second) return "a key occurs twice";
        }
        for (const DidRecord& record : member.dids) {
            if (is_held(record)) return "a DID is held by two at a time";
        }
        for (const DidRecord& record : member.dids)
            dids_[record.did].push_back(record.in_force);
        if (cosigns_today(member) && !slugs_.insert(member.slug).second)
            return "a slug is held by two at a time";
        return std::nullopt;
    }

private:
    bool is_held(const DidRecord& record) const {
        const auto held = dids_.find(record.did);
        if (held == dids_.end()) return false;
        return std::ranges::any_of(held->second, [&record](const InForce& other) {
            return !is_over_before(other, record.in_force) &&
                   !is_over_before(record.in_force, other);
        });
    }

    std::set<std::string> keys_;
    std::set<std::string> slugs_;
    std::map<std::string, std::vector<InForce>> dids_;
};

std::optional<Error> add_members(Members& members,
                                 const note::VerifierKey& log,
                                 const json::Array& values,
                                 const std::string& where) {
    UniqueKeys seen(log);
    for (std::size_t i = 0; i < values.size(); ++i) {
        const std::string pointer = where + "/" + std::to_string(i);
        Result<Member> member = member_from(values[i], pointer);
        if (!member) return member.error();
        if (!members.members.empty() && members.members.back().number >= member->number)
            return invalid_at(pointer + "/number", "members are not in rising order");
        if (auto fault = seen.take(*member)) return invalid_at(pointer, *fault);
        members.members.push_back(std::move(*member));
    }
    return std::nullopt;
}

bool is_origin_of_epoch(const std::string& origin, std::uint64_t epoch) {
    if (!note::is_origin(origin)) return false;
    const std::size_t cut = origin.find("/epoch/");
    if (epoch == 1) return cut == std::string::npos;
    return cut != std::string::npos && cut > 0 &&
           origin.substr(cut) == "/epoch/" + std::to_string(epoch);
}

}  // namespace

Result<Members> parse_members(const json::Value& value, const std::string& where) {
    json::Fields fields(value, where);
    Members members;
    members.network = fields.hash("network");
    members.origin = fields.string("origin");
    const std::uint64_t epoch = fields.integer("epoch");
    members.log = fields.string("log");
    const std::uint64_t quorum = fields.integer("quorum");
    const json::Array& values = fields.array("members");
    if (auto wrong = fields.finish()) return *wrong;
    if (epoch == 0 || epoch > u32_max)
        return invalid_at(fields.pointer("epoch"), "want 1 to 2^32 - 1");
    members.epoch = static_cast<std::uint32_t>(epoch);
    if (!is_origin_of_epoch(members.origin, epoch))
        return invalid_at(fields.pointer("origin"), "want the origin of this epoch");
    const Result<note::VerifierKey> log = note::parse_vkey(members.log);
    if (!log) return invalid_at(fields.pointer("log"), log.error().detail);
    if (log->name != members.origin || log->type != note::KeyType::ed25519)
        return invalid_at(fields.pointer("log"), "want a type 0x01 key named as the origin");
    if (auto wrong = add_members(members, *log, values, fields.pointer("members"))) return *wrong;

    const auto count =
        static_cast<std::uint32_t>(std::ranges::count_if(members.members, cosigns_today));
    if (count == 0) return invalid_at(fields.pointer("members"), "no member cosigns, want 1");
    if (quorum < quorum_min(count) || quorum > count) {
        return invalid_at(fields.pointer("quorum"),
                          "got " + std::to_string(quorum) + ", want " +
                              std::to_string(quorum_min(count)) + " to " + std::to_string(count));
    }
    members.quorum = static_cast<std::uint32_t>(quorum);
    return members;
}

}  // namespace chancery::ledger

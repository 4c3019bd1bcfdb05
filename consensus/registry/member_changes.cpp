#include "consensus/registry/member_changes.h"

#include <algorithm>

#include "crypto/base/check.h"
#include "crypto/keys/multikey.h"

namespace chancery::registry {
namespace {

using ledger::KeyRecord;
using ledger::Member;

// Where the block ends is known once it does.
constexpr ledger::Position undecided = ledger::no_position;

Error conflict(std::string detail) { return Error{Errc::conflict, std::move(detail)}; }

std::string name_of_key(ledger::KeyUse use, std::uint32_t number) {
    return std::string(name_of(use)) + " key " + std::to_string(number);
}

// What is wrong with naming this key as one in force; nullopt if nothing is.
std::optional<Error> not_in_force(const Member& member, ledger::KeyUse use, std::uint32_t number) {
    const KeyRecord* const record = ledger::find_key(member, use, number);
    if (record == nullptr) {
        return conflict(member.slug + " has no " + name_of_key(use, number));
    }
    if (record->in_force.until) {
        return conflict(name_of_key(use, number) + " of " + member.slug +
                        " is not in force any more");
    }
    return std::nullopt;
}

// The issuer key in force now; 0 if there is none.
std::uint32_t issuer_key_in_force(const Member& member) {
    const auto found = std::ranges::find_if(member.keys, [](const KeyRecord& record) {
        return record.use == ledger::KeyUse::issuer && !record.in_force.until;
    });
    return found == member.keys.end() ? 0 : found->number;
}

Member* find_member(ledger::Members& members, ledger::MemberNumber number) {
    const auto found = std::ranges::find(members.members, number, &Member::number);
    return found == members.members.end() ? nullptr : &*found;
}

void end_key(Member& member, ledger::KeyUse use, std::uint32_t number) {
    const auto found = std::ranges::find_if(member.keys, [&](const KeyRecord& record) {
        return record.use == use && record.number == number;
    });
    CHECK(found != member.keys.end() && !found->in_force.until);
    found->in_force.until = undecided;
}

// Behind the last of its use, with the next number.
void add_key(Member& member, const ledger::AddKey& added) {
    if (added.replaces) end_key(member, added.use, *added.replaces);
    const auto end = std::ranges::upper_bound(member.keys, added.use, {}, &KeyRecord::use);
    const bool is_first = end == member.keys.begin() || std::prev(end)->use != added.use;
    auto key = ledger::RecordedKey::parse(added.use, added.key);
    CHECK(key);
    KeyRecord record{.use = added.use,
                     .number = is_first ? 1 : std::prev(end)->number + 1,
                     .key = *std::move(key),
                     .in_force = {.from = undecided, .until = std::nullopt}};
    member.keys.insert(end, std::move(record));
}

}  // namespace

bool MemberChanges::was_ever_used(std::string_view key) const {
    if (governance_->node_keys.contains(std::string(key))) return true;
    const auto log = note::parse_vkey(members().log);
    CHECK(log);
    if (keys::multikey(log->key) == key) return true;
    return std::ranges::any_of(members().members, [key](const Member& member) {
        return std::ranges::any_of(
            member.keys, [key](const KeyRecord& record) { return record.key.text() == key; });
    });
}

std::optional<Error> MemberChanges::fault_of(const Member& member,
                                             const ledger::AddKey& added) const {
    if (member.keys.size() >= ledger::member_keys_max) {
        return conflict(member.slug + " has had " + std::to_string(member.keys.size()) +
                        " keys, want at most " + std::to_string(ledger::member_keys_max));
    }
    if (was_ever_used(added.key)) {
        return conflict("the key was in use in this network before: want a fresh one");
    }
    if (added.replaces) {
        if (auto fault = not_in_force(member, added.use, *added.replaces)) return fault;
    } else if (const auto number = issuer_key_in_force(member);
               added.use == ledger::KeyUse::issuer && number != 0) {
        return conflict(name_of_key(added.use, number) + " of " + member.slug +
                        " is in force: want replaces " + std::to_string(number));
    }
    // Last, for it is the work of a signature.
    if (ledger::proves_possession(added, members().network, member.number)) return std::nullopt;
    return Error{Errc::forbidden, "possession is not signed by the new key"};
}

std::optional<Error> MemberChanges::fault_of(const ledger::Act& act) const {
    const Member* const member = members().find(act.by);
    CHECK(member != nullptr);
    if (const auto* added = std::get_if<ledger::AddKey>(&act.what)) {
        return fault_of(*member, *added);
    }
    const auto& ended = std::get<ledger::EndKey>(act.what);
    return not_in_force(*member, ended.use, ended.number);
}

void MemberChanges::add(const ledger::Act& act) {
    if (!changed_) changed_ = *members_;
    Member* const member = find_member(*changed_, act.by);
    CHECK(member != nullptr);
    if (const auto* added = std::get_if<ledger::AddKey>(&act.what)) {
        add_key(*member, *added);
    } else {
        const auto& ended = std::get<ledger::EndKey>(act.what);
        end_key(*member, ended.use, ended.number);
    }
}

ledger::Members MemberChanges::in_force_from(ledger::Position position) && {
    if (!changed_) return *members_;
    for (Member& member : changed_->members) {
        for (KeyRecord& record : member.keys) {
            if (record.in_force.from == undecided) record.in_force.from = position;
            if (record.in_force.until == undecided) record.in_force.until = position;
        }
    }
    return *std::move(changed_);
}

}  // namespace chancery::registry

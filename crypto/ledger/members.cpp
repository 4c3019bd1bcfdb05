#include "crypto/ledger/members.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"

namespace chancery::ledger {
namespace {

json::Value position_or_null(const std::optional<Position>& position) {
    return position ? json::Value(*position) : json::Value();
}

json::Value to_json(const DidRecord& record) {
    return json::Object{{"did", record.did},
                        {"from", record.in_force.from},
                        {"until", position_or_null(record.in_force.until)}};
}

json::Value to_json(const KeyRecord& record) {
    return json::Object{{"use", name_of(record.use)},
                        {"number", record.number},
                        {"key", record.key.text()},
                        {"from", record.in_force.from},
                        {"until", position_or_null(record.in_force.until)}};
}

json::Value to_json(const Member& member) {
    json::Array dids;
    for (const DidRecord& record : member.dids)
        dids.push_back(to_json(record));
    json::Array keys;
    for (const KeyRecord& record : member.keys)
        keys.push_back(to_json(record));
    return json::Object{{"number", member.number},
                        {"slug", member.slug},
                        {"name", member.name},
                        {"dids", std::move(dids)},
                        {"keys", std::move(keys)}};
}

KeyRecord first_key(KeyUse use, RecordedKey key) {
    return {.use = use, .number = 1, .key = std::move(key), .in_force = {}};
}

}  // namespace

const Member* Members::find(MemberNumber number) const {
    const auto found = std::ranges::lower_bound(members, number, {}, &Member::number);
    return found != members.end() && found->number == number ? &*found : nullptr;
}

const Member* Members::find_slug(std::string_view slug) const {
    const auto found = std::find_if(
        members.rbegin(), members.rend(), [slug](const Member& m) { return m.slug == slug; });
    return found == members.rend() ? nullptr : &*found;
}

Members members_from(const Genesis& genesis) {
    Members members;
    members.network = network_id(genesis);
    members.origin = genesis.origin;
    members.log = note::to_vkey(genesis.log);
    members.quorum = genesis.quorum;
    for (const GenesisMember& founder : genesis.members) {
        Member member;
        member.number = static_cast<MemberNumber>(members.members.size() + 1);
        member.slug = founder.slug;
        member.name = founder.name;
        member.dids.push_back({.did = founder.did, .in_force = {}});
        member.keys = {first_key(KeyUse::assertion, founder.assertion),
                       first_key(KeyUse::cosigner, founder.cosigner),
                       first_key(KeyUse::governance, founder.governance),
                       first_key(KeyUse::issuer, founder.issuer)};
        members.members.push_back(std::move(member));
    }
    return members;
}

json::Value to_json(const Members& members) {
    json::Array list;
    for (const Member& member : members.members)
        list.push_back(to_json(member));
    return json::Object{{"network", to_hex(members.network)},
                        {"origin", members.origin},
                        {"epoch", members.epoch},
                        {"log", members.log},
                        {"quorum", members.quorum},
                        {"members", std::move(list)}};
}

Hash members_hash(const Members& members) {
    constexpr std::uint8_t end_of_tag = 0;
    Writer message;
    message.text("chancery/members/v1").u8(end_of_tag).text(json::canonical(to_json(members)));
    return sha256(message.written());
}

const KeyRecord* find_key(const Member& member, KeyUse use, std::uint32_t number) {
    const auto found = std::ranges::find_if(member.keys, [use, number](const KeyRecord& record) {
        return record.use == use && record.number == number;
    });
    return found == member.keys.end() ? nullptr : &*found;
}

std::string genesis_origin(const Members& members) {
    if (members.epoch == 1) return members.origin;
    const std::string suffix = "/epoch/" + std::to_string(members.epoch);
    CHECK(members.origin.ends_with(suffix));
    return members.origin.substr(0, members.origin.size() - suffix.size());
}

std::vector<Cosigner> cosigners_at(const Members& members, Position position) {
    const std::string origin = genesis_origin(members);
    std::vector<Cosigner> cosigners;
    for (const Member& member : members.members) {
        for (const KeyRecord& record : member.keys) {
            if (record.use != KeyUse::cosigner || !record.in_force.at(position)) continue;
            cosigners.push_back({.member = member.number,
                                 .slug = member.slug,
                                 .key = {.name = origin + "/" + member.slug,
                                         .type = note::KeyType::cosignature,
                                         .key = record.key.ed25519()}});
        }
    }
    return cosigners;
}

}  // namespace chancery::ledger

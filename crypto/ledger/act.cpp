#include "crypto/ledger/act.h"

#include <limits>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/fields.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "crypto/keys/multikey.h"
#include "crypto/ledger/own_key.h"

namespace chancery::ledger {
namespace {

constexpr std::string_view add_key_name = "add_key";
constexpr std::string_view end_key_name = "end_key";
constexpr std::size_t submission_head_bytes = 2;

json::Value to_json(const Act& act) {
    json::Object members{{"act", name_of(act)},
                         {"by", act.by},
                         {"sequence", act.sequence},
                         {"expires", act.expires}};
    if (const auto* added = std::get_if<AddKey>(&act.what)) {
        members.push_back({"use", name_of(added->use)});
        members.push_back({"key", added->key});
        members.push_back({"possession", to_hex(added->possession)});
        members.push_back(
            {"replaces", added->replaces ? json::Value(*added->replaces) : json::Value()});
    } else {
        const auto& ended = std::get<EndKey>(act.what);
        members.push_back({"use", name_of(ended.use)});
        members.push_back({"number", ended.number});
    }
    return members;
}

// 1 to 2^32 - 1.
Result<std::uint32_t> number_from(std::uint64_t value, const std::string& where) {
    if (value == 0 || value > std::numeric_limits<std::uint32_t>::max())
        return invalid_at(where, "want 1 to 2^32 - 1");
    return static_cast<std::uint32_t>(value);
}

Result<KeyUse> own_use_from(std::string_view name, const std::string& where) {
    const auto use = key_use_named(name);
    if (!use || !is_own_use(*use)) return invalid_at(where, "want issuer, assertion or anchor");
    return *use;
}

Result<AddKey> add_key_from(json::Fields& fields) {
    const std::string use_name = fields.string("use");
    AddKey added;
    added.key = fields.string("key");
    const std::string possession = fields.string("possession");
    const auto replaces = fields.integer_or_null("replaces");
    if (const auto& wrong = fields.first_wrong()) return *wrong;
    const auto use = own_use_from(use_name, fields.pointer("use"));
    if (!use) return use.error();
    added.use = *use;
    if (auto fault = own_key_fault(added.use, added.key)) {
        return invalid_at(fields.pointer("key"), *fault);
    }
    auto signature = from_hex(possession);
    if (!signature) return invalid_at(fields.pointer("possession"), signature.error().detail);
    if (signature->size() > possession_bytes_max) {
        return invalid_at(fields.pointer("possession"),
                          "of " + std::to_string(signature->size()) + " bytes, want at most " +
                              std::to_string(possession_bytes_max));
    }
    added.possession = std::move(*signature);
    if (replaces) {
        const auto number = number_from(*replaces, fields.pointer("replaces"));
        if (!number) return number.error();
        added.replaces = *number;
    }
    return added;
}

Result<EndKey> end_key_from(json::Fields& fields) {
    const std::string use_name = fields.string("use");
    const std::uint64_t number_value = fields.integer("number");
    if (const auto& wrong = fields.first_wrong()) return *wrong;
    const auto use = own_use_from(use_name, fields.pointer("use"));
    if (!use) return use.error();
    const auto number = number_from(number_value, fields.pointer("number"));
    if (!number) return number.error();
    return EndKey{*use, *number};
}

Result<Act> act_from(const json::Value& value) {
    json::Fields fields(value);
    const std::string name = fields.string("act");
    const std::uint64_t by = fields.integer("by");
    Act act;
    act.sequence = fields.integer("sequence");
    act.expires = fields.integer("expires");
    if (name == add_key_name) {
        auto added = add_key_from(fields);
        if (!added) return added.error();
        act.what = std::move(*added);
    } else if (name == end_key_name) {
        const auto ended = end_key_from(fields);
        if (!ended) return ended.error();
        act.what = *ended;
    } else {
        // Only then: an unknown act's other members are unknown too.
        return invalid_at(fields.pointer("act"), "want add_key or end_key");
    }
    const auto member = number_from(by, fields.pointer("by"));
    if (!member) return member.error();
    act.by = *member;
    if (act.sequence == 0) return invalid_at(fields.pointer("sequence"), "want at least 1");
    return act;
}

Writer possession_body(const Hash& network_id,
                       MemberNumber member,
                       KeyUse use,
                       std::string_view key) {
    Writer body;
    body.bytes(network_id).u32(member).text(name_of(use)).u8(0).text(key);
    return body;
}

}  // namespace

std::string_view name_of(const Act& act) {
    return std::holds_alternative<AddKey>(act.what) ? add_key_name : end_key_name;
}

std::string to_text(const Act& act) { return json::canonical(to_json(act)); }

Result<Act> parse_act(std::string_view text) {
    if (text.size() > act_bytes_max) {
        return Error{Errc::invalid,
                     "act of " + std::to_string(text.size()) + " bytes, want at most " +
                         std::to_string(act_bytes_max)};
    }
    const auto value = json::parse(text, {.bytes_max = act_bytes_max});
    if (!value) return Error{Errc::invalid, "act: " + value.error().detail};
    auto act = act_from(*value);
    if (!act) return Error{Errc::invalid, "act: " + act.error().detail};
    if (to_text(*act) != text) {
        return Error{Errc::invalid,
                     "act: has other members, or is not in its canonical form (RFC 8785)"};
    }
    return act;
}

bool is_act_of_another_name(std::string_view text) {
    const auto value = json::parse(text, {.bytes_max = act_bytes_max});
    if (!value) return false;
    const std::string* const name = json::string_in(*value, "act");
    return name != nullptr && *name != add_key_name && *name != end_key_name;
}

Hash act_message(const Hash& network_id, std::string_view act) {
    return keys::tagged_hash("chancery/governance/v1",
                             Writer().bytes(network_id).text(act).written());
}

Bytes act_submission(const SignedAct& act) {
    return Writer()
        .u8(entry_format)
        .u8(static_cast<std::uint8_t>(Kind::governance))
        .bytes(act.signature)
        .text(act.text)
        .take();
}

std::optional<ByteView> act_in(ByteView submission) {
    const bool is_act = submission.size() >= submission_head_bytes &&
                        submission[0] == entry_format &&
                        submission[1] == static_cast<std::uint8_t>(Kind::governance);
    if (!is_act) return std::nullopt;
    return submission.subspan(submission_head_bytes);
}

Result<SignedAct> split_act(ByteView signed_act) {
    SignedAct act;
    Reader in(signed_act);
    act.signature = in.array<64>();
    const std::size_t most = act.signature.size() + act_bytes_max;
    if (signed_act.size() <= act.signature.size() || signed_act.size() > most) {
        return Error{Errc::invalid,
                     "signature and act of " + std::to_string(signed_act.size()) + " bytes, want " +
                         std::to_string(act.signature.size() + 1) + " to " + std::to_string(most)};
    }
    act.text = std::string(text_of(signed_act.subspan(act.signature.size())));
    return act;
}

Bytes possession_message(const Hash& network_id,
                         MemberNumber member,
                         KeyUse use,
                         std::string_view key) {
    const Writer body = possession_body(network_id, member, use, key);
    return Writer().text(possession_tag).u8(0).bytes(body.written()).take();
}

Hash possession_hash(const Hash& network_id,
                     MemberNumber member,
                     KeyUse use,
                     std::string_view key) {
    return keys::tagged_hash(possession_tag,
                             possession_body(network_id, member, use, key).written());
}

bool proves_possession(const AddKey& added, const Hash& network_id, MemberNumber member) {
    if (added.use == KeyUse::issuer) {
        const auto key = keys::member_key_from_multikey(added.key);
        return key && key->verifies(possession_hash(network_id, member, added.use, added.key),
                                    added.possession);
    }
    return own_key_signed(added.use,
                          added.key,
                          possession_message(network_id, member, added.use, added.key),
                          added.possession);
}

}  // namespace chancery::ledger

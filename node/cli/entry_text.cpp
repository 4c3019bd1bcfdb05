#include "node/cli/entry_text.h"

#include <array>

#include "crypto/base/encoding.h"
#include "crypto/json/parse.h"
#include "crypto/ledger/act.h"
#include "node/cli/command.h"

namespace chancery::cli {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
    using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string kind_name(ledger::Kind kind) {
    static constexpr std::array names = {
        "", "batch", "credential", "status", "publication", "governance", "anchor", "state"};
    return names.at(static_cast<std::size_t>(kind));
}

// Positions that are none are null: 2^64 - 1 is no JSON number.
json::Value position_json(ledger::Position position) {
    return position == ledger::no_position ? json::Value() : json::Value(position);
}

// What fits into JSON's integers; a stranger's expiry may not.
json::Value number_json(std::uint64_t number) {
    if (number <= static_cast<std::uint64_t>(json::integer_max)) return number;
    return std::to_string(number);
}

std::string moment(ledger::TimeMs time) { return time_text(time / 1'000); }

json::Object batch_json(const ledger::BatchEntry& entry) {
    return {{"member", entry.member},
            {"key_number", entry.key_number},
            {"time", moment(entry.time)},
            {"nonce", to_hex(entry.nonce)},
            {"expires_ms", number_json(entry.expires)},
            {"record_kind", kind_name(entry.record_kind)},
            {"count", entry.count},
            {"records_root", to_hex(entry.records_root)},
            {"signature", to_hex(entry.signature)}};
}

json::Object status_json(const ledger::StatusEntry& entry) {
    return {{"member", entry.member},
            {"time", moment(entry.time)},
            {"credential", number_json(entry.position)},
            {"commitment", to_hex(entry.commitment)},
            {"previous", position_json(entry.previous)},
            {"status", ledger::name_of(entry.status)},
            {"reason", ledger::name_of(entry.reason)},
            {"successor", position_json(entry.successor)}};
}

json::Object state_json(const ledger::StateEntry& entry) {
    return {{"height", number_json(entry.height)},
            {"time", moment(entry.time)},
            {"size", number_json(entry.size)},
            {"status_root", to_hex(entry.status_root)},
            {"members_hash", to_hex(entry.members_hash)}};
}

// As what it says; an act that this version does not know as its bytes.
json::Value act_json(const ledger::GovernanceEntry& entry) {
    auto act = json::parse(text_of(entry.act), {.bytes_max = ledger::act_bytes_max});
    return act ? *std::move(act) : json::Value(to_base64(entry.act));
}

std::string act_summary(const ledger::GovernanceEntry& entry) {
    const auto act = ledger::parse_act(text_of(entry.act));
    if (!act) return "an act of " + std::to_string(entry.act.size()) + " bytes";
    const auto* const added = std::get_if<ledger::AddKey>(&act->what);
    const auto* const ended = std::get_if<ledger::EndKey>(&act->what);
    std::string text = "member " + std::to_string(act->by) + ": ";
    if (added != nullptr) {
        text += "new " + std::string(name_of(added->use)) + " key";
        if (added->replaces) text += " for number " + std::to_string(*added->replaces);
    } else if (ended != nullptr) {
        text +=
            "ends " + std::string(name_of(ended->use)) + " key " + std::to_string(ended->number);
    }
    return text;
}

json::Object fields_json(const ledger::Entry& entry) {
    return std::visit(Overloaded{[](const ledger::BatchEntry& one) { return batch_json(one); },
                                 [](const ledger::CredentialEntry& one) {
                                     return json::Object{{"member", one.member},
                                                         {"time", moment(one.time)},
                                                         {"commitment", to_hex(one.commitment)}};
                                 },
                                 [](const ledger::StatusEntry& one) { return status_json(one); },
                                 [](const ledger::PublicationEntry& one) {
                                     return json::Object{{"member", one.member},
                                                         {"time", moment(one.time)},
                                                         {"type", static_cast<unsigned>(one.type)},
                                                         {"content_hash", to_hex(one.content_hash)},
                                                         {"url", one.url}};
                                 },
                                 [](const ledger::GovernanceEntry& one) {
                                     return json::Object{{"time", moment(one.time)},
                                                         {"signature", to_hex(one.signature)},
                                                         {"act", act_json(one)}};
                                 },
                                 [](const ledger::AnchorEntry& one) {
                                     return json::Object{{"member", one.member},
                                                         {"time", moment(one.time)},
                                                         {"size", number_json(one.size)},
                                                         {"root", to_hex(one.root)},
                                                         {"chain", one.chain},
                                                         {"transaction", to_hex(one.transaction)}};
                                 },
                                 [](const ledger::StateEntry& one) { return state_json(one); },
                                 [](const ledger::UnknownEntry& one) {
                                     return json::Object{{"format", unsigned{one.format}},
                                                         {"kind_code", unsigned{one.kind}}};
                                 }},
                      entry);
}

std::string summary(const ledger::Entry& entry) {
    return std::visit(
        Overloaded{[](const ledger::BatchEntry& one) {
                       return moment(one.time) + "  member " + std::to_string(one.member) + ": " +
                              std::to_string(one.count) + " × " + kind_name(one.record_kind);
                   },
                   [](const ledger::CredentialEntry& one) {
                       return moment(one.time) + "  member " + std::to_string(one.member) + "  " +
                              to_hex(one.commitment);
                   },
                   [](const ledger::StatusEntry& one) {
                       return moment(one.time) + "  member " + std::to_string(one.member) + ": " +
                              std::to_string(one.position) + " is " +
                              std::string(ledger::name_of(one.status)) + ", " +
                              std::string(ledger::name_of(one.reason));
                   },
                   [](const ledger::PublicationEntry& one) {
                       return moment(one.time) + "  member " + std::to_string(one.member) + "  " +
                              to_hex(one.content_hash);
                   },
                   [](const ledger::GovernanceEntry& one) {
                       return moment(one.time) + "  " + act_summary(one);
                   },
                   [](const ledger::AnchorEntry& one) {
                       return moment(one.time) + "  member " + std::to_string(one.member) +
                              "  size " + std::to_string(one.size) + " on " + one.chain + ", 0x" +
                              to_hex(one.transaction);
                   },
                   [](const ledger::StateEntry& one) {
                       return moment(one.time) + "  block " + std::to_string(one.height) + ", " +
                              std::to_string(one.size) + " entries before it";
                   },
                   [](const ledger::UnknownEntry& one) {
                       return "of a later version: format " + std::to_string(one.format) +
                              ", kind " + std::to_string(one.kind);
                   }},
        entry);
}

}  // namespace

std::string kind_text(const ledger::Entry& entry) {
    return std::visit(
        Overloaded{
            [](const ledger::BatchEntry&) { return kind_name(ledger::Kind::batch); },
            [](const ledger::CredentialEntry&) { return kind_name(ledger::Kind::credential); },
            [](const ledger::StatusEntry&) { return kind_name(ledger::Kind::status); },
            [](const ledger::PublicationEntry&) { return kind_name(ledger::Kind::publication); },
            [](const ledger::GovernanceEntry&) { return kind_name(ledger::Kind::governance); },
            [](const ledger::AnchorEntry&) { return kind_name(ledger::Kind::anchor); },
            [](const ledger::StateEntry&) { return kind_name(ledger::Kind::state); },
            [](const ledger::UnknownEntry&) { return std::string("unknown"); }},
        entry);
}

json::Object entry_json(ledger::Position position, const ledger::Entry& entry) {
    json::Object about{{"position", position}, {"kind", kind_text(entry)}};
    for (json::Member& member : fields_json(entry))
        about.push_back(std::move(member));
    return about;
}

std::string entry_line(ledger::Position position, const ledger::Entry& entry) {
    std::string line = "#" + std::to_string(position);
    if (line.size() < 8) line.append(8 - line.size(), ' ');
    std::string kind = kind_text(entry);
    if (kind.size() < 12) kind.append(12 - kind.size(), ' ');
    return line + " " + kind + " " + summary(entry);
}

}  // namespace chancery::cli

// chancery anchor check and list: the anchors that the ledger names, held against their chain.
#include <algorithm>

#include "crypto/base/encoding.h"
#include "node/cli/anchor_check.h"
#include "node/cli/anchor_commands.h"
#include "node/cli/anchor_findings_text.h"
#include "node/cli/anchor_setup.h"
#include "node/cli/entry_text.h"
#include "node/cli/sealed_log.h"

namespace chancery::cli {
namespace {

using Outcome = AnchorStep::Outcome;

// Whether the log, as it is sealed now, began with what was anchored.
Result<void> check_root(LogReader& reader,
                        const ledger::AnchorEntry& anchor,
                        ledger::Position position,
                        AnchorFindings& findings) {
    if (anchor.size == 0 || anchor.size > position) {
        findings.add("root", Outcome::fail, "it names a size that was not reached before it");
        return {};
    }
    const auto began = reader.beginning(anchor.size);
    if (!began) return began.error();
    const bool is_it = began->root == anchor.root;
    findings.add("root",
                 is_it ? Outcome::pass : Outcome::fail,
                 is_it ? "the sealed log began with it, at size " + std::to_string(anchor.size)
                       : "the sealed log had root " + to_hex(began->root) + " at size " +
                             std::to_string(anchor.size));
    return {};
}

Result<ledger::AnchorEntry> anchor_at(LogReader& reader, ledger::Position position) {
    const auto proven = reader.entry(position);
    if (!proven) return proven.error();
    const auto entry = ledger::decode(proven->entry);
    if (!entry) return Error{Errc::corrupt, entry.error().detail};
    if (const auto* const anchor = std::get_if<ledger::AnchorEntry>(&*entry)) return *anchor;
    return Error{Errc::invalid,
                 "the entry at " + std::to_string(position) + " is a " + kind_text(*entry) +
                     ", want an anchor"};
}

Result<Exit> check_anchor(Session& session, const Invocation& call) {
    const auto position = parse_number(call.argument(0));
    if (!position) return check_blockcerts_file(session, call);
    auto chain = open_chain(session, call);
    if (!chain) return chain.error();
    const auto log = SealedLog::open(session);
    if (!log) return log.error();
    LogReader& reader = (*log)->reader();
    const auto anchor = anchor_at(reader, *position);
    if (!anchor) return anchor.error();
    AnchorFindings findings;
    findings.add("entry", Outcome::pass, "on the ledger at " + std::to_string(*position));
    const auto rooted = check_root(reader, *anchor, *position, findings);
    if (!rooted) return rooted.error();
    const auto chain_id = evm_chain_id(anchor->chain);
    if (chain_id) {
        const auto options = anchor_options(call, *chain_id);
        if (!options) return options.error();
        const auto looked = check_on_chain(chain->get(),
                                           {anchor->root, *chain_id, anchor->transaction},
                                           options->confirmations,
                                           findings);
        if (!looked) return looked.error();
    } else {
        findings.add("transaction", Outcome::unknown, anchor->chain + " is no EVM chain");
    }
    const ledger::Member* const member = (*log)->desk().trust.trust().newest().find(anchor->member);
    if (member == nullptr) {
        findings.add("sender", Outcome::unknown, "the trust knows no such member");
    } else {
        check_sender(*member, *position, findings);
    }
    return show_findings(session, findings, entry_json(*position, ledger::Entry{*anchor}));
}

// Positions of anchors among entries [begin, size). What a node leaves out here is found by audit.
Result<std::vector<ledger::Position>> find_anchors(Session& session,
                                                   audit::LogSource& source,
                                                   ledger::Position begin,
                                                   std::uint64_t size) {
    std::vector<ledger::Position> found;
    for (std::uint64_t index = begin / merkle::tile_width; index * merkle::tile_width < size;
         ++index) {
        const std::uint32_t width = merkle::tile_width_at(0, index, size);
        const auto bytes = source.tile({.is_bundle = true, .index = index, .width = width});
        if (!bytes) return bytes.error();
        const auto entries = merkle::parse_bundle(*bytes, width);
        if (!entries) return entries.error();
        for (std::uint32_t i = 0; i < width; ++i) {
            const ledger::Position position = index * merkle::tile_width + i;
            const ByteView entry = (*entries)[i];
            const bool is_anchor = entry.size() >= 2 && entry[0] == ledger::entry_format &&
                                   entry[1] == static_cast<std::uint8_t>(ledger::Kind::anchor);
            if (is_anchor && position >= begin) found.push_back(position);
        }
        session.out.progress(index * merkle::tile_width + width, size);
    }
    session.out.end_progress();
    return found;
}

Result<Exit> list_anchors(Session& session, const Invocation& call) {
    const auto log = SealedLog::open(session);
    if (!log) return log.error();
    LogReader& reader = (*log)->reader();
    const auto positions =
        find_anchors(session, (*log)->source(), call.number("from", 0), reader.head().size);
    if (!positions) return positions.error();
    json::Array all;
    for (const ledger::Position position : *positions) {
        const auto anchor = anchor_at(reader, position);
        if (!anchor) return anchor.error();
        session.out.line(entry_line(position, ledger::Entry{*anchor}));
        all.push_back(entry_json(position, ledger::Entry{*anchor}));
    }
    if (all.empty()) session.out.note("no anchors on the ledger");
    session.out.document(json::Object{{"size", reader.head().size}, {"anchors", std::move(all)}});
    return Exit::done;
}

}  // namespace

Command anchor_check_command() {
    std::vector<Option> options;
    for (Option& option : chain_options())
        if (option.name.starts_with("chain-") || option.name == "confirmations")
            options.push_back(std::move(option));
    options.push_back({"profile",
                       ValueKind::path,
                       "FILE",
                       "with a Blockcerts file: its issuer's profile, which names the key"});
    return {.name = "check",
            .summary = "hold an anchor on the ledger, or a Blockcerts file, against the chain",
            .examples = {{"chancery anchor check 4711 --chain-url https://rpc.example",
                          "is it mined, does it carry the root, and whose key sent it?"},
                         {"chancery anchor check ana.blockcerts.json --profile issuer.json "
                          "--chain-url https://rpc.example",
                          ""}},
            .arguments = {{.name = "POSITION|FILE",
                           .help = "of its entry, which anchor list names; or a Blockcerts file"}},
            .options = options,
            .run = check_anchor};
}

Command anchor_list_command() {
    return {.name = "list",
            .summary = "show the anchors that the ledger names",
            .examples = {{"chancery anchor list", ""}},
            .options = {{"from", ValueKind::number, "POSITION", "leave out what stands before"}},
            .run = list_anchors};
}

}  // namespace chancery::cli

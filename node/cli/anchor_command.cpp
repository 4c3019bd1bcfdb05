// chancery anchor: sealed checkpoints on a public EVM chain.
//
// The keys are here, on the issuer's machine; nodes never see them.
#include <algorithm>

#include "crypto/base/encoding.h"
#include "node/cli/anchor_commands.h"
#include "node/cli/anchor_job.h"
#include "node/cli/commands.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t every_s = 21'600;
constexpr std::chrono::seconds retry_pause{60};

// The desks of a command that anchors, in the order they are opened.
struct AnchorOffice {
    Desk desk;
    AnchorDesk at;
    std::optional<Issuer> issuer;  // Set; its member is one of the desk's trust.
};

Result<std::unique_ptr<AnchorOffice>> open_anchor_office(Session& session, const Invocation& call) {
    auto at = open_anchor_desk(session, call);
    if (!at) return at.error();
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    auto office =
        std::make_unique<AnchorOffice>(AnchorOffice{*std::move(desk), *std::move(at), {}});
    auto issuer = load_issuer(session.context, office->desk.trust);
    if (!issuer) return issuer.error();
    office->issuer = *std::move(issuer);
    return office;
}

json::Object outcome_json(const AnchorOutcome& outcome) {
    if (!outcome.record) return {{"anchored", false}, {"size", outcome.size}};
    json::Object document{{"anchored", true}};
    for (json::Member& member : anchor_json(*outcome.record))
        document.push_back(std::move(member));
    document.push_back({"is_recorded", outcome.is_recorded});
    if (outcome.receipt) {
        document.push_back({"block", outcome.receipt->place.block_number});
        document.push_back({"gas_used", outcome.receipt->gas_used});
        document.push_back({"gas_price", gwei_text(outcome.receipt->gas_price)});
    }
    return document;
}

void show_outcome(Session& session, const AnchorOutcome& outcome) {
    if (!outcome.record) {
        session.out.line(outcome.size == 0 ? "nothing to anchor: the ledger has no entries"
                                           : "nothing new since the last anchor, at size " +
                                                 grouped(outcome.size));
        return;
    }
    const AnchorRecord& record = *outcome.record;
    session.out.line("anchored size " + grouped(record.head.size) + " on eip155:" +
                     std::to_string(record.newest().transaction.transaction.chain_id));
    session.out.line("  root         " + to_hex(record.head.root));
    session.out.line("  transaction  0x" + to_hex(*record.mined));
    session.out.line("  entry        " + grouped(*record.position));
}

Result<Exit> anchor_once(Session& session, const Invocation& call) {
    watch_interrupts();
    auto office = open_anchor_office(session, call);
    if (!office) return office.error();
    AnchorJob job(session, (*office)->desk, *(*office)->issuer, (*office)->at);
    const auto outcome = job.run(call.has("always"), patience_of(call));
    if (!outcome && is_interrupted()) return Exit::interrupted;
    if (!outcome) return outcome.error();
    show_outcome(session, *outcome);
    session.out.document(outcome_json(*outcome));
    return Exit::done;
}

// For ever, by an office that is opened anew each time: keys and members may change.
Result<Exit> run_anchoring(Session& session, const Invocation& call) {
    watch_interrupts();
    const std::chrono::seconds every(call.seconds("every", every_s));
    if (every.count() == 0) return Error{Errc::invalid, "--every: want at least 1s"};
    while (!is_interrupted()) {
        auto office = open_anchor_office(session, call);
        if (!office && !node::may_pass(office.error())) return office.error();
        Result<AnchorOutcome> outcome(Error{Errc::unavailable, ""});
        if (office) {
            AnchorJob job(session, (*office)->desk, *(*office)->issuer, (*office)->at);
            outcome = job.run(call.has("always"), patience_of(call));
            if (!outcome && !node::may_pass(outcome.error())) return outcome.error();
        }
        if (outcome) {
            show_outcome(session, *outcome);
            if (session.out.is_json()) session.out.stream(outcome_json(*outcome));
        } else {
            session.out.warning(office ? outcome.error().detail : office.error().detail);
        }
        office = Error{Errc::unavailable, ""};  // The journal's lock, too, goes while it rests.
        rest(outcome ? every : std::min<std::chrono::seconds>(every, retry_pause));
    }
    return Exit::interrupted;
}

std::string state_of(const AnchorRecord& record) {
    if (record.position) return "on the ledger at " + grouped(*record.position);
    if (record.is_finished()) return "confirmed";
    if (record.mined) return "confirmed, not on the ledger yet";
    return "sent, not confirmed";
}

Result<Exit> anchor_status(Session& session, const Invocation& call) {
    const auto chain_id = chain_of(call);
    if (!chain_id) return chain_id.error();
    const auto folder = journal_folder(call);
    if (!folder) return folder.error();
    const auto records = AnchorJournal(*folder, *chain_id).all();
    if (!records) return records.error();
    json::Array all;
    for (const AnchorRecord& record : *records) {
        const std::string what =
            record.is_of_ledger() ? "size " + grouped(record.head.size) : record.note;
        session.out.line(
            what + "  0x" +
            to_hex(record.mined ? *record.mined : evm::hash_of(record.newest().transaction)) +
            "  " + state_of(record));
        all.push_back(anchor_json(record));
    }
    if (records->empty()) session.out.line("nothing was sent yet");
    json::Object document{{"anchors", std::move(all)}};
    auto chain = open_chain(session, call);
    if (!chain) return chain.error();
    if (*chain != nullptr && !records->empty()) {
        const keys::EvmAddress& sender = records->back().newest().transaction.transaction.to;
        const auto balance = (*chain)->balance(sender);
        if (!balance) return balance.error();
        session.out.line(sender.text() + " has " + gwei_text(*balance));
        document.push_back({"sender", sender.text()});
        document.push_back({"balance", gwei_text(*balance)});
    }
    session.out.document(std::move(document));
    return Exit::done;
}

}  // namespace

Command anchor_command() {
    std::vector<Option> sending = sending_options();
    sending.push_back({"always",
                       ValueKind::flag,
                       "",
                       "also if nothing came since the last but anchors and empty blocks"});
    std::vector<Option> again = sending;
    again.push_back({"every", ValueKind::duration, "TIME", "6h if not said"});
    return {.name = "anchor",
            .summary = "date the log with a public EVM chain, and check who did",
            .children = {{.name = "once",
                          .summary = "anchor the newest checkpoint, or finish what was broken off",
                          .examples = {{"chancery anchor once --chain eip155:1 --chain-url-file "
                                        "chain.url --anchor-key anchor.key",
                                        "fit for cron: again and again is as good as once"}},
                          .options = sending,
                          .run = anchor_once},
                         {.name = "run",
                          .summary = "anchor at intervals until Ctrl-C",
                          .examples = {{"chancery anchor run --every 6h --chain eip155:1 "
                                        "--chain-url-file chain.url --anchor-key anchor.key",
                                        ""}},
                          .options = again,
                          .run = run_anchoring},
                         {.name = "status",
                          .summary = "show what this key sent, and what became of it",
                          .examples = {{"chancery anchor status --chain eip155:1 --anchor-key "
                                        "anchor.key",
                                        ""}},
                          .options = chain_options(),
                          .run = anchor_status},
                         anchor_list_command(),
                         anchor_blockcerts_command(),
                         anchor_check_command()}};
}

}  // namespace chancery::cli

// chancery log: the public log, with every line proven before it is shown.
#include <thread>

#include "crypto/base/encoding.h"
#include "node/cli/commands.h"
#include "node/cli/entry_text.h"
#include "node/cli/log_export.h"
#include "node/cli/sealed_log.h"
#include "node/cli/session.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr std::uint64_t tail_default = 10;
constexpr std::chrono::milliseconds follow_interval{500};

Result<Exit> checkpoint(Session& session, const Invocation& /*call*/) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto accepted = accept_newest(*desk);
    if (!accepted) return accepted.error();
    const auto seal = desk->trust.trust().seal(accepted->checkpoint);
    if (!seal) return seal.error();
    const note::Checkpoint& head = accepted->checkpoint.checkpoint;
    session.out.line(accepted->text.substr(0, accepted->text.size() - 1));
    session.out.note("sealed by " + counted((*seal)->members, "member") + ", as of " +
                     time_text(*(*seal)->time_s));
    session.out.document(json::Object{{"origin", head.origin},
                                      {"size", head.head.size},
                                      {"root", to_hex(head.head.root)},
                                      {"members", (*seal)->members},
                                      {"time", time_text(*(*seal)->time_s)},
                                      {"checkpoint", accepted->text}});
    return Exit::done;
}

Result<Exit> show(Session& session, const Invocation& call) {
    const auto position = parse_number(call.argument(0));
    if (!position) return Error{Errc::invalid, "INDEX: want a number from 0"};
    const auto log = SealedLog::open(session);
    if (!log) return log.error();
    LogReader& reader = (*log)->reader();
    const auto proven = reader.entry(*position);
    if (!proven) return proven.error();
    const auto entry = ledger::decode(proven->entry);
    if (!entry) return Error{Errc::corrupt, entry.error().detail};
    json::Object about = entry_json(*position, *entry);
    for (const json::Member& member : about) {
        const std::string* text = member.value.as_string();
        const std::int64_t* number = member.value.as_integer();
        const std::string value = text != nullptr     ? *text
                                  : number != nullptr ? std::to_string(*number)
                                                      : "none";
        session.out.line(
            member.name +
            std::string(
                std::max<std::size_t>(14 - std::min<std::size_t>(member.name.size(), 13), 1), ' ') +
            value);
    }
    session.out.note("proven under the sealed checkpoint of " + grouped(reader.head().size) +
                     " entries");
    about.push_back({"entry", to_base64(proven->entry)});
    about.push_back({"checkpoint_size", reader.head().size});  // State and anchor have a size.
    session.out.document(std::move(about));
    return Exit::done;
}

// Entries [begin, end of the tree), each proven.
Result<void> print_from(Session& session, LogReader& reader, ledger::Position begin) {
    for (ledger::Position position = begin; position < reader.head().size; ++position) {
        const auto proven = reader.entry(position);
        if (!proven) return proven.error();
        const auto entry = ledger::decode(proven->entry);
        if (!entry) return Error{Errc::corrupt, entry.error().detail};
        session.out.line(entry_line(position, *entry));
        if (session.out.is_json()) session.out.stream(entry_json(position, *entry));
    }
    return {};
}

Result<Exit> tail(Session& session, const Invocation& call) {
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    auto accepted = accept_newest(*desk);
    if (!accepted) return accepted.error();
    NodeLog log(desk->node);
    std::uint64_t size = accepted->checkpoint.checkpoint.head.size;
    ledger::Position begin = size - std::min(size, call.number("count", tail_default));
    if (call.has("follow")) watch_interrupts();
    while (true) {
        LogReader reader(log, accepted->checkpoint.checkpoint.head);
        if (const auto printed = print_from(session, reader, begin); !printed)
            return printed.error();
        begin = std::max(begin, reader.head().size);
        if (!call.has("follow")) return Exit::done;
        if (is_interrupted()) return Exit::interrupted;
        std::this_thread::sleep_for(follow_interval);
        accepted = accept_newest(*desk);
        if (!accepted) return accepted.error();
    }
}

Result<void> write_papers(NodeLog& log, const std::string& folder) {
    const auto genesis = log.genesis();
    if (!genesis) return genesis.error();
    const auto trust = log.trust();
    if (!trust) return trust.error();
    const auto wrote = node::replace_file(folder + "/genesis.json", *genesis, node::public_mode);
    if (!wrote) return wrote.error();
    return node::replace_file(folder + "/trust.json", *trust, node::public_mode);
}

Result<Exit> export_folder(Session& session, const Invocation& call) {
    const std::string folder = call.argument(0);
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const auto accepted = accept_newest(*desk);
    if (!accepted) return accepted.error();
    if (const auto made = node::make_directories(folder, 0755); !made) return made.error();
    NodeLog log(desk->node);
    const merkle::TreeHead head = accepted->checkpoint.checkpoint.head;
    const auto done = export_log(log, head, folder, session.out);
    session.out.end_progress();
    if (!done) return done.error();
    if (const auto written = write_papers(log, folder); !written) return written.error();
    const auto written =
        node::replace_file(folder + "/checkpoint", accepted->text, node::public_mode);
    if (!written) return written.error();
    session.out.line(grouped(head.size) + " entries in " + folder + ", root " + to_hex(head.root));
    if (done->contents_missing > 0)
        session.out.warning(counted(done->contents_missing, "published content") +
                            " of the log could not be had");
    session.out.document(json::Object{{"folder", folder},
                                      {"size", head.size},
                                      {"root", to_hex(head.root)},
                                      {"contents", done->contents},
                                      {"contents_missing", done->contents_missing}});
    return Exit::done;
}

}  // namespace

Command log_command() {
    return {.name = "log",
            .summary = "read the public log",
            .children = {
                {.name = "checkpoint",
                 .summary = "print the newest checkpoint, once its seal was checked",
                 .examples = {{"chancery log checkpoint", ""}},
                 .run = checkpoint},
                {.name = "show",
                 .summary = "show one entry",
                 .examples = {{"chancery log show 4", ""}},
                 .arguments = {{.name = "INDEX", .help = "its position, from 0"}},
                 .run = show},
                {.name = "tail",
                 .summary = "show the newest entries",
                 .examples = {{"chancery log tail --follow --json", "every new entry, one a line"}},
                 .options = {{"count", ValueKind::number, "N", "how many, 10 if not said"},
                             {"follow", ValueKind::flag, "", "wait for more until Ctrl-C"}},
                 .run = tail},
                {.name = "export",
                 .summary = "copy the log into a folder of tiles",
                 .examples = {{"chancery log export backup/",
                               "again with the same folder: only what is new"}},
                 .arguments = {{.name = "FOLDER", .help = "where the files go"}},
                 .run = export_folder}}};
}

}  // namespace chancery::cli

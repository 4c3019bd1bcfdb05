// chancery network genesis: a network's birth certificate, drafted by one, signed by all.
#include <charconv>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/json/parse.h"
#include "node/cli/commands.h"
#include "node/cli/member_folder.h"
#include "node/cli/network_folder.h"
#include "node/cli/session.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

constexpr std::size_t member_file_bytes_max = 16 * 1024;

Result<ledger::Genesis> read_genesis(const std::string& path) {
    const auto text = node::read_file(path, ledger::genesis_bytes_max);
    if (!text) return text.error();
    Result<ledger::Genesis> genesis = ledger::parse_genesis(*text);
    if (!genesis) return Error{genesis.error().code, path + ": " + genesis.error().detail};
    return genesis;
}

Result<json::Array> read_members(const std::vector<std::string>& paths) {
    json::Array members;
    for (const std::string& path : paths) {
        const auto text = node::read_file(path, member_file_bytes_max);
        if (!text) return text.error();
        auto value = json::parse(*text);
        if (!value) return Error{Errc::invalid, path + ": " + value.error().detail};
        members.push_back(*std::move(value));
    }
    return members;
}

// "/members/0/slug: ..." as "a/member.json: /slug: ...".
std::string in_files(const std::string& detail, const std::vector<std::string>& paths) {
    constexpr std::string_view members = "/members/";
    if (!detail.starts_with(members)) return detail;
    std::size_t number = 0;
    const char* const end = detail.data() + detail.size();
    const auto read = std::from_chars(detail.data() + members.size(), end, number);
    if (read.ec != std::errc() || number >= paths.size()) return detail;
    return paths[number] + ": " + std::string(read.ptr, end);
}

json::Object about_genesis(const ledger::Genesis& genesis) {
    json::Array members;
    for (const ledger::GenesisMember& member : genesis.members)
        members.push_back(json::Object{{"slug", member.slug},
                                       {"name", member.name},
                                       {"signed", genesis.signatures.contains(member.slug)}});
    return {{"network_id", to_hex(ledger::network_id(genesis))},
            {"network_name", genesis.network_name},
            {"origin", genesis.origin},
            {"quorum", genesis.quorum},
            {"members", std::move(members)}};
}

void show_genesis(Output& out, const ledger::Genesis& genesis) {
    out.line("network     " + genesis.network_name);
    out.line("origin      " + genesis.origin);
    out.line("network id  " + to_hex(ledger::network_id(genesis)));
    out.line("quorum      " + std::to_string(genesis.quorum) + " of " +
             std::to_string(genesis.members.size()));
    for (const ledger::GenesisMember& member : genesis.members) {
        const bool is_signed = genesis.signatures.contains(member.slug);
        out.line("  " + std::string(is_signed ? "signed    " : "unsigned  ") + member.slug + "  " +
                 member.name + "  " + member.did);
    }
}

Result<void> write_genesis(const std::string& path, const ledger::Genesis& genesis, bool is_new) {
    const std::string text = json::pretty(ledger::to_json(genesis));
    return is_new ? node::create_file(path, text, node::public_mode)
                  : node::replace_file(path, text, node::public_mode);
}

Result<Exit> draft(Session& session, const Invocation& call) {
    for (const std::string_view option : {"name", "origin", "log", "out"})
        if (!call.has(option))
            return Error{Errc::invalid, "--" + std::string(option) + " is missing"};
    Result<json::Array> members = read_members(call.arguments());
    if (!members) return members.error();
    const GenesisPlan plan{.network_name = call.text("name"),
                           .origin = call.text("origin"),
                           .log = call.text("log"),
                           .quorum = static_cast<std::uint32_t>(
                               std::min<std::uint64_t>(call.number("quorum", 0), 1'000))};
    const auto genesis = draft_genesis(plan, *std::move(members));
    if (!genesis)
        return Error{genesis.error().code, in_files(genesis.error().detail, call.arguments())};
    const auto written = write_genesis(call.text("out"), *genesis, true);
    if (!written) return written.error();
    show_genesis(session.out, *genesis);
    session.out.note("each member signs: chancery network genesis sign " + call.text("out") +
                     " --key governance.key");
    session.out.document(about_genesis(*genesis));
    return Exit::done;
}

Result<Exit> sign(Session& session, const Invocation& call) {
    const std::string path = call.argument(0);
    Result<ledger::Genesis> genesis = read_genesis(path);
    if (!genesis) return genesis.error();
    if (session.context.key.empty() || session.context.passphrase_file.empty())
        return Error{Errc::invalid, "--key and --passphrase-file are missing: the governance key"};
    const auto key = keystore::load_member_key(
        {session.context.key, session.context.passphrase_file}, keystore::Use::governance);
    if (!key) return key.error();
    const auto slug = sign_genesis(*genesis, *key);
    if (!slug) return slug.error();
    const std::string out = call.has("out") ? call.text("out") : path;
    if (const auto written = write_genesis(out, *genesis, false); !written) return written.error();
    show_genesis(session.out, *genesis);
    session.out.note("signed as " + *slug + " in " + out);
    session.out.document(about_genesis(*genesis));
    return Exit::done;
}

Result<Exit> check_genesis(Session& session, const Invocation& call) {
    const auto genesis = read_genesis(call.argument(0));
    if (!genesis) return genesis.error();
    show_genesis(session.out, *genesis);
    if (const auto good = ledger::check_signatures(*genesis); !good) return good.error();
    session.out.note("every member signed; publish the network id, verifiers pin it");
    if (call.has("trust-out")) {
        const auto written = node::replace_file(
            call.text("trust-out"), first_trust_file(*genesis), node::public_mode);
        if (!written) return written.error();
        session.out.note("wrote " + call.text("trust-out"));
    }
    session.out.document(about_genesis(*genesis));
    return Exit::done;
}

Result<Exit> from_template(Session& session, const Invocation& call) {
    if (!call.has("out")) return Error{Errc::invalid, "--out is missing: the folder to make"};
    const auto plan = read_network_plan(call.argument(0) + "/network.toml");
    if (!plan) return plan.error();
    const auto genesis = make_network(*plan, call.text("out"));
    if (!genesis) return genesis.error();
    show_genesis(session.out, *genesis);
    session.out.note("start each node: chanceryd init, then run, with --config " +
                     call.text("out") + "/<member>/node.toml");
    session.out.document(about_genesis(*genesis));
    return Exit::done;
}

}  // namespace

Command genesis_command() {
    const Argument file{.name = "GENESIS", .help = "the genesis file"};
    const Command draft_one = {
        .name = "draft",
        .summary = "put the members' public halves together",
        .examples = {{"chancery network genesis draft uni-a/member.json uni-b/member.json "
                      "--name 'Registry of Europe' --origin registry.example/europe "
                      "--log \"$(chancery key export-public log.key)\" --out genesis.json",
                      ""}},
        .arguments = {{.name = "MEMBER.json",
                       .help = "each member's file, in the order of their numbers",
                       .is_repeated = true}},
        .options = {{"name", ValueKind::text, "NAME", "the network's name"},
                    {"origin", ValueKind::text, "ORIGIN", "the log's name: a URL without scheme"},
                    {"log", ValueKind::text, "VKEY", "the log's public key"},
                    {"quorum", ValueKind::number, "N", "cosigners needed; the least if left out"},
                    {"out", ValueKind::path, "FILE", "where the draft goes; nothing is replaced"}},
        .run = draft};
    const Command sign_one = {
        .name = "sign",
        .summary = "add this member's signature",
        .examples = {{"chancery network genesis sign genesis.json --key governance.key "
                      "--passphrase-file passphrase",
                      ""}},
        .arguments = {file},
        .options = {{"out", ValueKind::path, "FILE", "the signed file; the same one if left out"}},
        .run = sign};
    const Command check_one = {
        .name = "check",
        .summary = "see whether every member signed, and what they signed",
        .examples = {{"chancery network genesis check genesis.json --trust-out trust.json", ""}},
        .arguments = {file},
        .options =
            {{"trust-out", ValueKind::path, "FILE", "write the trust file that begins here"}},
        .run = check_genesis};
    const Command template_one = {
        .name = "from-template",
        .summary = "make a whole network on this machine: keys, genesis, configurations",
        .examples = {{"chancery network genesis from-template network-configs/local-1 --out net",
                      "for trying out; members of a real one make their keys themselves"}},
        .arguments = {{.name = "DIR", .help = "a folder with network.toml"}},
        .options = {{"out", ValueKind::path, "FOLDER", "where all of it goes"}},
        .run = from_template};
    return {.name = "genesis",
            .summary = "draft, sign and check a network's birth certificate",
            .children = {draft_one, sign_one, check_one, template_one}};
}

}  // namespace chancery::cli

// chancery anchor blockcerts: badges for the verifiers of Blockcerts, under one transaction.
#include <algorithm>
#include <filesystem>

#include "crypto/base/encoding.h"
#include "crypto/blockcerts/document.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "node/cli/anchor_commands.h"
#include "node/cli/anchor_job.h"
#include "node/cli/anchor_setup.h"
#include "node/cli/credential_file.h"
#include "node/local_file.h"
#include "rpc/url.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t badges_max = 4'096;
constexpr std::string_view blockcerts_ending = ".blockcerts.json";
constexpr std::uint64_t day_s = 86'400;

struct BadgePage {
    std::string out;  // File.
    json::Value document;
    Hash target{};
};

Result<std::vector<BadgePage>> read_pages(const std::vector<std::string>& paths,
                                          const std::string& folder,
                                          const std::string& profile_url) {
    const auto files = find_documents(paths);
    if (!files) return files.error();
    if (files->size() > badges_max)
        return Error{
            Errc::invalid,
            std::to_string(files->size()) + " badges, want at most " + std::to_string(badges_max)};
    std::vector<BadgePage> pages;
    for (const std::string& path : *files) {
        const auto file = read_credential(path);
        if (!file) return file.error();
        auto document = blockcerts::prepare(file->document, profile_url);
        if (!document) return invalid_at(path, document.error().detail);
        const auto target = blockcerts::target_hash(*document);
        if (!target) return invalid_at(path, target.error().detail);
        std::string name = fs::path(path).filename().string();
        name.resize(std::min(name.size(), name.find('.')));
        name.insert(0, folder + "/").append(blockcerts_ending);
        pages.push_back({std::move(name), *std::move(document), *target});
    }
    // One order, whatever the order of the words: the same badges have the same root.
    std::ranges::sort(pages, {}, &BadgePage::target);
    for (std::size_t i = 1; i < pages.size(); ++i)
        if (pages[i].target == pages[i - 1].target)
            return Error{Errc::invalid, pages[i].out + ": two of the badges are the same"};
    return pages;
}

// The record of this root: finished before, broken off, or new.
Result<AnchorRecord> record_of_root(AnchorDesk& at,
                                    AnchorSender& sender,
                                    const Hash& root,
                                    std::size_t count) {
    const auto records = at.journal.all();
    if (!records) return records.error();
    for (const AnchorRecord& record : *records)
        if (!record.is_of_ledger() && record.head.root == root) return record;
    if (!records->empty() && !records->back().is_finished())
        return Error{Errc::conflict,
                     at.journal.folder() + ": an anchoring is not finished; finish it first"};
    AnchorRecord record;
    record.head.root = root;
    record.note = counted(count, "badge");
    if (const auto begun = sender.begin(record); !begun) return begun.error();
    return record;
}

Result<std::uint64_t> time_of_block(rpc::EvmClient& chain, const Hash& transaction) {
    const auto receipt = chain.receipt(transaction);
    if (!receipt) return receipt.error();
    if (!*receipt)
        return Error{Errc::unavailable,
                     "the endpoint has no transaction 0x" + to_hex(transaction) + " any more"};
    const auto block = chain.block((*receipt)->place.block_hash);
    if (!block) return block.error();
    if (!*block) return Error{Errc::unavailable, "the endpoint has not the transaction's block"};
    return (*block)->time_s;
}

Result<void> write_pages(const std::vector<BadgePage>& pages,
                         const blockcerts::SideTree& tree,
                         const AnchorRecord& record,
                         const blockcerts::ProofFields& fields) {
    for (std::size_t i = 0; i < pages.size(); ++i) {
        const evm::Transaction& sent = record.newest().transaction.transaction;
        const blockcerts::MerkleProof proof{.root = tree.root(),
                                            .target = pages[i].target,
                                            .path = tree.path(i),
                                            .network = static_cast<std::uint32_t>(sent.chain_id),
                                            .transaction = *record.mined};
        const json::Value whole = blockcerts::with_proof(pages[i].document, proof, fields);
        const auto written =
            node::replace_file(pages[i].out, json::pretty(whole), node::public_mode);
        if (!written) return written.error();
    }
    return {};
}

// Left as it is if it is there: it may name older keys, too.
Result<void> write_profile(const Invocation& call,
                           const std::string& path,
                           const keys::EvmKey& key,
                           std::uint64_t block_time_s) {
    std::error_code error;
    if (fs::exists(path, error)) return {};
    const std::string url = call.text("profile-url");
    const blockcerts::Profile profile{.url = url,
                                      .name = call.text("name"),
                                      .home = url.substr(0, url.find('/', url.find("//") + 2)),
                                      .created = time_text(block_time_s - day_s)};
    return node::create_file(
        path, json::pretty(blockcerts::profile_of(profile, key)), node::public_mode);
}

Result<void> check_call(const Invocation& call) {
    if (call.text("out").empty())
        return Error{Errc::invalid, "--out is missing: the folder for the files"};
    if (call.text("name").empty())
        return Error{Errc::invalid, "--name is missing: the institution's, for the profile"};
    if (call.text("profile-url").empty())
        return Error{Errc::invalid, "--profile-url is missing: where issuer.json will answer"};
    const auto url = rpc::parse_url(call.text("profile-url"));
    if (!url) return Error{Errc::invalid, "--profile-url: " + url.error().detail};
    const auto chain_id = chain_of(call);
    if (!chain_id) return chain_id.error();
    if (*chain_id > 0xffff'ffff) return Error{Errc::invalid, "--chain: want less than 2^32"};
    return {};
}

Result<Exit> export_blockcerts(Session& session, const Invocation& call) {
    watch_interrupts();
    if (const auto checked = check_call(call); !checked) return checked.error();
    const std::string folder = call.text("out");
    const std::string profile_url = call.text("profile-url");
    const auto pages = read_pages(call.arguments(), folder, profile_url);
    if (!pages) return pages.error();
    std::vector<Hash> leaves;
    for (const BadgePage& page : *pages)
        leaves.push_back(page.target);
    const blockcerts::SideTree tree(leaves);
    auto at = open_anchor_desk(session, call);
    if (!at) return at.error();
    AnchorSender sender(*at->chain, at->journal, at->key.key, at->options);
    auto record = record_of_root(*at, sender, tree.root(), pages->size());
    if (!record) return record.error();
    if (!record->mined) {
        const auto view = wait_for_chain(session, sender, *record, patience_of(call));
        if (!view) return view.error();
    }
    const auto time_s = time_of_block(*at->chain, *record->mined);
    if (!time_s) return time_s.error();
    if (const auto made = node::make_directories(folder, 0755); !made) return made.error();
    // Verifiers want the proof to be older than its block.
    const blockcerts::ProofFields fields{profile_url + "#key-1", time_text(*time_s - 1)};
    if (const auto done = write_pages(*pages, tree, *record, fields); !done) return done.error();
    const std::string profile = folder + "/issuer.json";
    const auto written = write_profile(call, profile, at->key.key, *time_s);
    if (!written) return written.error();
    session.out.line(counted(pages->size(), "badge") + " in " + folder + ", under 0x" +
                     to_hex(*record->mined));
    session.out.note(profile + " is to answer at " + profile_url);
    json::Object document{{"folder", folder}, {"badges", pages->size()}, {"profile", profile}};
    for (json::Member& member : anchor_json(*record))
        document.push_back(std::move(member));
    session.out.document(std::move(document));
    return Exit::done;
}

}  // namespace

Command anchor_blockcerts_command() {
    std::vector<Option> options = sending_options();
    options.insert(
        options.end(),
        {{"out", ValueKind::path, "FOLDER", "where the files go, and issuer.json"},
         {"profile-url", ValueKind::text, "URL", "where the issuer's profile will answer"},
         {"name", ValueKind::text, "NAME", "the institution's, for the profile"}});
    return {
        .name = "blockcerts",
        .summary = "write badges for the verifiers of Blockcerts, under one transaction",
        .examples = {{"chancery anchor blockcerts issued/ --out blockcerts/ --profile-url "
                      "https://uni-a.example/issuer.json --name 'University A' --chain "
                      "eip155:1 --chain-url-file chain.url --anchor-key anchor.key",
                      ""}},
        .arguments = {{.name = "PATH", .help = "badges, or folders of them", .is_repeated = true}},
        .options = options,
        .run = export_blockcerts};
}

}  // namespace chancery::cli

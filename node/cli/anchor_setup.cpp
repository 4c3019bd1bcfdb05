#include "node/cli/anchor_setup.h"

#include <algorithm>
#include <thread>

#include "crypto/base/encoding.h"
#include "node/cli/anchor_check.h"
#include "node/keystore.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::uint64_t gwei_max = 1'000'000;
constexpr std::uint64_t confirmations_max = 10'000;
constexpr std::uint64_t wait_s = 1'800;
constexpr std::uint64_t poll_s = 12;
constexpr milliseconds nap{100};

Result<std::string> chain_url(const Invocation& call) {
    if (!call.has("chain-url-file")) return call.text("chain-url");
    if (call.has("chain-url"))
        return Error{Errc::invalid, "--chain-url and --chain-url-file: want one of them"};
    auto text = node::read_private_file(call.text("chain-url-file"), rpc::url_bytes_max + 1);
    if (!text) return text.error();
    if (text->ends_with('\n')) text->pop_back();
    return text;
}

std::string progress_of(const AnchorView& view, std::uint64_t wanted) {
    const std::string transaction = "0x" + to_hex(view.transaction);
    if (view.stage == AnchorView::Stage::waiting)
        return "sent " + transaction + (view.why.empty() ? "" : ": " + view.why);
    return "in block " + std::to_string(view.receipt->place.block_number) + " " + transaction +
           ", " + std::to_string(view.confirmations) + " of " + std::to_string(wanted) +
           " confirmations";
}

}  // namespace

bool rest(milliseconds time) {
    const auto end = std::chrono::steady_clock::now() + time;
    while (!is_interrupted()) {
        const auto left = end - std::chrono::steady_clock::now();
        if (left <= milliseconds(0)) return true;
        std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, nap));
    }
    return false;
}

Result<std::uint64_t> chain_of(const Invocation& call) {
    const auto chain_id = evm_chain_id(call.text("chain"));
    if (chain_id) return *chain_id;
    return Error{Errc::invalid,
                 call.has("chain") ? "--chain: want an EVM chain by its CAIP-2 name, as in eip155:1"
                                   : "--chain is missing: the chain to anchor on, as in eip155:1"};
}

Result<std::unique_ptr<rpc::EvmClient>> open_chain(const Session& session, const Invocation& call) {
    const auto url = chain_url(call);
    if (!url) return url.error();
    if (url->empty()) return std::unique_ptr<rpc::EvmClient>();
    auto client = rpc::EvmClient::to(
        {.url = *url, .ca_file = call.text("chain-ca"), .timeout = session.context.timeout});
    if (!client) return client.error();
    return std::make_unique<rpc::EvmClient>(*std::move(client));
}

Result<AnchorOptions> anchor_options(const Invocation& call, std::uint64_t chain_id) {
    AnchorOptions options;
    options.chain_id = chain_id;
    options.confirmations = call.number("confirmations", options.confirmations);
    options.replace_after = call.number("replace-after", options.replace_after);
    const std::uint64_t gwei = call.number("max-fee", options.fee_max / wei_per_gwei);
    if (gwei == 0 || gwei > gwei_max)
        return Error{Errc::invalid, "--max-fee: want 1 to 1000000, in gwei for each gas"};
    options.fee_max = gwei * wei_per_gwei;
    if (options.confirmations == 0 || options.confirmations > confirmations_max)
        return Error{Errc::invalid, "--confirmations: want 1 to 10000 blocks"};
    if (options.replace_after == 0)
        return Error{Errc::invalid, "--replace-after: want at least 1 block"};
    return options;
}

Result<std::string> journal_folder(const Invocation& call) {
    if (call.has("journal")) return call.text("journal");
    if (call.has("anchor-key")) return call.text("anchor-key") + ".anchors";
    return Error{Errc::invalid, "--anchor-key is missing: the key that pays, or --journal"};
}

Result<AnchorKey> load_anchor_key(const Session& session, const Invocation& call) {
    if (!call.has("anchor-key"))
        return Error{Errc::invalid, "--anchor-key is missing: the key that pays for the anchor"};
    const std::string passphrase = call.has("anchor-passphrase-file")
                                       ? call.text("anchor-passphrase-file")
                                       : session.context.passphrase_file;
    if (passphrase.empty())
        return Error{Errc::invalid, "--passphrase-file is missing: what opens the keys"};
    const keystore::KeyFile file{call.text("anchor-key"), passphrase};
    const auto opened = keystore::open_key_file(file);
    if (!opened) return opened.error();
    auto key = keystore::load_anchor_key(file);
    if (!key) return key.error();
    return AnchorKey{*std::move(key), opened->label().owner};
}

Result<AnchorDesk> open_anchor_desk(const Session& session, const Invocation& call) {
    const auto chain_id = chain_of(call);
    if (!chain_id) return chain_id.error();
    const auto options = anchor_options(call, *chain_id);
    if (!options) return options.error();
    auto chain = open_chain(session, call);
    if (!chain) return chain.error();
    if (*chain == nullptr)
        return Error{Errc::invalid, "--chain-url is missing: an endpoint of the chain"};
    auto key = load_anchor_key(session, call);
    if (!key) return key.error();
    const auto folder = journal_folder(call);
    if (!folder) return folder.error();
    AnchorJournal journal(*folder, *chain_id);
    if (const auto made = node::make_directories(journal.folder(), 0700); !made)
        return made.error();
    auto lock = FolderLock::take(journal.folder(), "an anchoring");
    if (!lock) return lock.error();
    const auto checked = AnchorSender(**chain, journal, key->key, *options).check_chain();
    if (!checked) return checked.error();
    return AnchorDesk{
        *std::move(chain), *std::move(key), std::move(journal), *options, *std::move(lock)};
}

Patience patience_of(const Invocation& call) {
    return {.wait = seconds(call.seconds("wait", wait_s)),
            .poll = seconds(call.seconds("poll", poll_s))};
}

Result<AnchorView> wait_for_chain(Session& session,
                                  AnchorSender& sender,
                                  AnchorRecord& record,
                                  const Patience& patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience.wait;
    std::string said;
    std::string last_trouble = "it waits for its blocks";
    while (true) {
        auto view = sender.advance(record);
        if (view && view->stage == AnchorView::Stage::confirmed) return view;
        if (!view && !node::may_pass(view.error())) return view;
        const std::string now =
            view ? progress_of(*view, sender.options().confirmations) : view.error().detail;
        if (now != said) session.out.note(now);
        said = now;
        last_trouble = view ? said : view.error().detail;
        if (std::chrono::steady_clock::now() + patience.poll > deadline) break;
        if (!rest(patience.poll)) break;
    }
    session.out.hint("the same command again goes on from here; nothing is sent twice");
    return Error{Errc::timeout, "the anchor is not confirmed yet: " + last_trouble};
}

std::vector<Option> chain_options() {
    return {
        {"chain", ValueKind::text, "NAME", "the chain's CAIP-2 name, as in eip155:1"},
        {"chain-url", ValueKind::text, "URL", "an endpoint of the chain, http or https"},
        {"chain-url-file",
         ValueKind::path,
         "FILE",
         "the same in a file of mode 0600: for URLs with a secret in them"},
        {"chain-ca",
         ValueKind::path,
         "FILE",
         "whom to believe for the endpoint's https, PEM; else this machine's store"},
        {"confirmations", ValueKind::number, "N", "blocks on it, its own included, 64 if not said"},
        {"anchor-key", ValueKind::path, "FILE", "the key that pays, made for use anchor"},
        {"journal", ValueKind::path, "FOLDER", "what was sent; <anchor key>.anchors if not said"},
    };
}

std::vector<Option> sending_options() {
    std::vector<Option> options = chain_options();
    options.insert(
        options.end(),
        {{"anchor-passphrase-file",
          ValueKind::path,
          "FILE",
          "what opens the anchor key, if not --passphrase-file"},
         {"max-fee",
          ValueKind::number,
          "GWEI",
          "for each gas, base fee and tip together, 50 if not said"},
         {"replace-after",
          ValueKind::number,
          "N",
          "blocks without it, then higher fees are offered, 25 if not said"},
         {"wait", ValueKind::duration, "TIME", "for the confirmations, 30m if not said"},
         {"poll", ValueKind::duration, "TIME", "between two looks at the chain, 12s if not said"}});
    return options;
}

}  // namespace chancery::cli

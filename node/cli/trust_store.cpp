#include "node/cli/trust_store.h"

#include <chrono>
#include <thread>

#include "crypto/base/encoding.h"
#include "node/local_file.h"

namespace chancery::cli {
namespace {

// How long a node may be behind the one that we asked before.
constexpr std::chrono::seconds history_lag_max{2};
constexpr std::chrono::milliseconds history_lag_pause{50};

Result<credential::TrustFile> read_trust(const std::string& text, const std::string& name) {
    auto file = credential::parse_trust_file(text);
    if (!file) return Error{file.error().code, name + ": is no trust file: " + file.error().detail};
    return file;
}

Result<credential::TrustFile> first_file(const ClientContext& context, audit::LogSource* source) {
    if (context.trust.empty() && source == nullptr)
        return Error{Errc::invalid, "--trust is missing: the network's trust file"};
    const auto text = context.trust.empty()
                          ? source->trust()
                          : node::read_file(context.trust, credential::trust_bytes_max);
    if (!text) return text.error();
    return read_trust(*text, context.trust.empty() ? "the node's trust file" : context.trust);
}

bool goes_beyond(const credential::TrustStep& step, std::uint64_t size) {
    const auto parsed = note::parse_checkpoint(step.checkpoint);
    return !parsed || parsed->checkpoint.head.size > size;
}

// Follows the steps that the source has beyond ours, which it need not have alike. What it cannot
// show stays unknown: nothing that was trusted is given up. Errc::forbidden if it is a log of
// another network.
Result<void> follow(credential::Trust& trust,
                    const Hash& network_id,
                    audit::LogSource& source,
                    Output& out) {
    const auto text = source.trust();
    if (!text) return {};
    const auto file = read_trust(*text, "the node's trust file");
    if (!file) {
        out.warning(file.error().detail);
        return {};
    }
    if (const Hash shown = ledger::network_id(file->genesis); shown != network_id)
        return Error{
            Errc::forbidden,
            "the node is one of network " + to_hex(shown) + ", want " + to_hex(network_id)};
    for (std::size_t i = 0; i < file->steps.size(); ++i) {
        if (!goes_beyond(file->steps[i], trust.newest_size())) continue;
        const auto accepted = trust.accept(file->steps[i]);
        if (accepted) continue;
        out.warning("the node's trust file, step " + std::to_string(i) + ": " +
                    accepted.error().detail);
        return {};
    }
    return {};
}

}  // namespace

Result<TrustStore> TrustStore::load(const ClientContext& context,
                                    audit::LogSource* source,
                                    Output& out) {
    if (!context.network_id) {
        out.hint("the consortium publishes it; without it, anybody's network would do");
        return Error{Errc::invalid, "--network-id is missing: 64 hex digits that name the network"};
    }
    const auto file = first_file(context, source);
    if (!file) return file.error();
    auto trust = credential::Trust::from_file(*file, *context.network_id);
    if (!trust) return trust.error();
    if (source != nullptr && !context.trust.empty()) {
        const auto followed = follow(*trust, *context.network_id, *source, out);
        if (!followed) return followed.error();
    }
    const std::string state_file =
        context.state + "/" + to_hex(*context.network_id) + ".checkpoint";
    return TrustStore(*std::move(trust), *context.network_id, state_file);
}

Result<std::optional<note::SignedCheckpoint>> TrustStore::newest_accepted() const {
    const auto text = node::read_file(state_file_, note::note_bytes_max);
    if (!text && text.error().code == Errc::not_found)
        return std::optional<note::SignedCheckpoint>();
    if (!text) return text.error();
    auto kept = note::parse_checkpoint(*text);
    if (!kept) return Error{Errc::corrupt, state_file_ + ": " + kept.error().detail};
    return std::optional(*std::move(kept));
}

Result<void> TrustStore::check_consistent(const merkle::TreeHead& kept,
                                          const merkle::TreeHead& shown,
                                          audit::LogSource* source) {
    if (kept.size == shown.size) {
        if (kept.root == shown.root) return {};
        return Error{Errc::corrupt,
                     "FORK at size " + std::to_string(kept.size) + ": root was " +
                         to_hex(kept.root) + ", is " + to_hex(shown.root)};
    }
    if (source == nullptr) return {};  // Offline, only equal sizes can be compared.
    const bool is_newer = shown.size > kept.size;
    LogReader reader(*source, is_newer ? shown : kept);
    const merkle::TreeHead& older = is_newer ? kept : shown;
    auto extends = reader.check_extends(older);
    const auto deadline = std::chrono::steady_clock::now() + history_lag_max;
    while (!extends && extends.error().code == Errc::not_found &&
           std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(history_lag_pause);
        extends = reader.check_extends(older);
    }
    if (!extends && extends.error().code == Errc::corrupt)
        return Error{Errc::corrupt,
                     "FORK: the log of " + std::to_string(shown.size) + " entries and the one of " +
                         std::to_string(kept.size) + " that was accepted before are two histories"};
    if (!extends && extends.error().code == Errc::not_found)
        return Error{Errc::unavailable,
                     "the node shows a log of " + std::to_string(shown.size) + " entries; one of " +
                         std::to_string(kept.size) +
                         " was accepted before, and it cannot show that they are one history"};
    return extends;
}

bool TrustStore::is_sealed(const std::string& checkpoint) const {
    const auto shown = note::parse_checkpoint(checkpoint);
    if (!shown) return false;
    const auto seal = trust_.seal(*shown);
    return seal && *seal && (*seal)->is_sealed();
}

Result<void> TrustStore::check_not_older(const std::string& checkpoint) const {
    if (!is_sealed(checkpoint)) return {};
    const std::uint64_t shown = note::parse_checkpoint(checkpoint)->checkpoint.head.size;
    const auto kept = newest_accepted();
    if (!kept) return kept.error();
    const std::uint64_t seen = *kept ? (*kept)->checkpoint.head.size : 0;
    if (shown >= seen) return {};
    return Error{Errc::unavailable,
                 "this is as of a log of " + std::to_string(shown) +
                     " entries, older than the one of " + std::to_string(seen) +
                     " that was seen before"};
}

Result<note::SignedCheckpoint> TrustStore::accept(const std::string& checkpoint,
                                                  audit::LogSource* source) {
    auto shown = note::parse_checkpoint(checkpoint);
    if (!shown) return Error{Errc::corrupt, "checkpoint: " + shown.error().detail};
    const auto seal = trust_.seal(*shown);
    if (!seal) return Error{Errc::corrupt, "checkpoint: " + seal.error().detail};
    if (!*seal || !(*seal)->is_sealed())
        return Error{Errc::corrupt,
                     "checkpoint is not signed by enough trusted members: " +
                         std::to_string(*seal ? (*seal)->members : 0) + " of " +
                         std::to_string(trust_.newest().quorum)};
    const auto kept = newest_accepted();
    if (!kept) return kept.error();
    if (*kept) {
        const auto consistent =
            check_consistent((*kept)->checkpoint.head, shown->checkpoint.head, source);
        if (!consistent) return consistent.error();
        if ((*kept)->checkpoint.head.size > shown->checkpoint.head.size) return shown;
    }
    // What could not be compared may be a fork: it is not kept, so the next call compares again.
    if (*kept && source == nullptr) return shown;
    const std::size_t slash = state_file_.rfind('/');
    if (const auto made = node::make_directories(state_file_.substr(0, slash), 0700); !made)
        return made.error();
    const auto written = node::replace_file(state_file_, checkpoint, node::public_mode);
    if (!written) return written.error();
    return shown;
}

}  // namespace chancery::cli

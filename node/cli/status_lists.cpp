#include "node/cli/status_lists.h"

#include <algorithm>
#include <filesystem>
#include <span>

#include "crypto/json/canonical.h"

namespace chancery::cli {
namespace {

namespace fs = std::filesystem;
using credential::StatusPurpose;

constexpr std::string_view folder_name = "status-lists";

// Of an answer whose checkpoint is accepted; all of one answer have the same.
Result<StatusRegister::Standing> proven_standing(const FetchedProofs& proofs,
                                                 const Hash& commitment) {
    if (proofs.missing) return Error{proofs.missing->code, proofs.missing->detail};
    const auto proven = credential::check_status_proof(proofs.status);
    if (!proven || proven->credential.commitment != commitment)
        return Error{Errc::corrupt, "the node's status proof does not hold"};
    return StatusRegister::Standing{commitment, proven->status};
}

}  // namespace

std::string status_folder(const ClientContext& context) {
    if (context.key.empty()) return {};
    return (fs::path(context.key).parent_path() / folder_name).string();
}

Result<StatusLists> StatusLists::open(const ClientContext& context) {
    const std::string folder = status_folder(context);
    std::error_code absent;
    if (folder.empty() || !fs::is_directory(folder, absent)) return StatusLists({});
    auto lock = FolderLock::take(folder, "another command that changes status lists");
    if (!lock) return lock.error();
    auto registers = StatusRegister::all(folder);
    if (!registers) return registers.error();
    StatusLists lists(*std::move(registers));
    lists.lock_.emplace(*std::move(lock));
    return lists;
}

Result<StatusRegister*> StatusLists::named(const std::string& name) {
    const auto found = std::ranges::find(registers_, name, &StatusRegister::name);
    if (found == registers_.end())
        return Error{Errc::not_found,
                     "no status list " + name +
                         " beside the issuer key; chancery status-list new makes one"};
    return &*found;
}

Result<void> StatusLists::hold(const std::vector<Registered>& registered) {
    for (StatusRegister& one : registers_) {
        std::vector<StatusRegister::Place> places;
        for (const Registered& each : registered) {
            const auto index = one.index_in(each.document);
            if (!index) return index.error();
            if (*index) places.push_back({**index, each.commitment});
        }
        if (const auto held = one.hold(places); !held) return held.error();
    }
    return {};
}

Result<std::vector<std::string>> StatusLists::follow(
    Session& session,
    NodeClient& node,
    const Issuer& issuer,
    const std::vector<StatusRegister::Standing>& standings) {
    std::vector<std::string> published;
    std::optional<DocumentSigner> signer;
    for (StatusRegister& one : registers_) {
        const std::vector<credential::StatusBits> before = {one.bits(StatusPurpose::revocation),
                                                            one.bits(StatusPurpose::suspension)};
        const auto changed = one.note(standings);
        if (!changed) return changed.error();
        Purposes purposes;
        for (std::size_t i = 0; i < both_purposes().size(); ++i)
            if (one.bits(both_purposes()[i]) != before[i]) purposes.push_back(both_purposes()[i]);
        if (purposes.empty()) continue;
        if (!signer) {
            auto opened = DocumentSigner::open(session.context, *issuer.member);
            if (!opened) return opened.error();
            signer.emplace(*std::move(opened));
        }
        const auto position = ListPublisher{session, node, issuer, *signer}.publish(one, purposes);
        if (!position) return position.error();
        for (const StatusPurpose purpose : purposes)
            published.push_back(one.list_name(purpose));
    }
    return published;
}

Result<std::vector<StatusRegister::Standing>> standings_of(NodeClient& node,
                                                           TrustStore& trust,
                                                           const Issuer& issuer,
                                                           const StatusRegister& of) {
    std::vector<StatusRegister::Standing> standings;
    std::vector<CredentialKey> keys;
    for (const auto& [commitment, index] : of.places())
        keys.push_back({issuer.member->number, commitment});
    const std::span<const CredentialKey> all(keys);
    for (std::size_t begin = 0; begin < all.size(); begin += proofs_per_request_max) {
        const auto some = all.subspan(begin, std::min(proofs_per_request_max, all.size() - begin));
        const auto fetched = node.proofs({some.begin(), some.end()});
        if (!fetched) return fetched.error();
        NodeLog log(node);
        if (!fetched->front().missing) {
            const auto sealed = trust.accept(fetched->front().status.checkpoint, &log);
            if (!sealed) return sealed.error();
        }
        for (std::size_t i = 0; i < some.size(); ++i) {
            const auto standing = proven_standing((*fetched)[i], some[i].commitment);
            if (!standing) return standing.error();
            standings.push_back(*standing);
        }
    }
    return standings;
}

Result<ledger::Position> ListPublisher::publish(const StatusRegister& of,
                                                const Purposes& purposes) const {
    std::vector<Publication> publications;
    for (const StatusPurpose purpose : purposes) {
        const credential::StatusListText text{
            of.url(purpose), did_of(*issuer.member), purpose, time_text(session.clock.now_s())};
        auto list = signer.sign(credential::status_list_credential(text, of.bits(purpose)),
                                session.clock.now_s());
        if (!list) return list.error();
        publications.push_back(
            {ledger::PublicationType::status_list, of.url(purpose), json::canonical(*list)});
    }
    return cli::publish(session, node, issuer, publications);
}

}  // namespace chancery::cli

// The node's answers: reads from what is published.

#include "crypto/base/encoding.h"
#include "crypto/credential/trust.h"
#include "crypto/json/canonical.h"
#include "node/node.h"
#include "node/proofs.h"
#include "node/trust_steps.h"

namespace chancery::node {
namespace {

namespace asio = boost::asio;

constexpr std::uint32_t entries_max = 1'000;
constexpr std::uint64_t checkpoint_stale_s = 300;
constexpr std::size_t trust_bytes_usual = credential::trust_bytes_max / 4;

}  // namespace

Result<std::shared_ptr<const Published>> Node::published() const {
    if (published_ == nullptr) {
        return Error{Errc::unavailable, "no checkpoint is sealed yet"};
    }
    return published_;
}

Result<std::string> Node::checkpoint() const {
    const auto shown = published();
    if (!shown) return shown.error();
    return (*shown)->checkpoint;
}

Result<Bytes> Node::tile(const merkle::TileId& tile) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const std::uint32_t width = merkle::tile_width_at(tile.level, tile.index, (*shown)->size());
    if (tile.width > width) {
        return Error{Errc::not_found,
                     "the sealed log has " + std::to_string(width) + " items there, want " +
                         std::to_string(tile.width)};
    }
    return data_->ledger->tile(tile);
}

Result<rpc::CredentialAnswer> Node::credential(const rpc::CredentialKey& key) const {
    const auto shown = published();
    if (!shown) return shown.error();
    return Proofs(**shown, *data_->ledger, *tiles_).credential(key);
}

Result<credential::Receipt> Node::receipt(const rpc::CredentialKey& key) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const Proofs proofs(**shown, *data_->ledger, *tiles_);
    const auto position = proofs.position_of(key);
    if (!position) return position.error();
    return proofs.receipt(*position);
}

Result<credential::StatusProof> Node::status_proof(const rpc::CredentialKey& key) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const Proofs proofs(**shown, *data_->ledger, *tiles_);
    const auto position = proofs.position_of(key);
    if (!position) return position.error();
    return proofs.status_proof(*position);
}

Result<rpc::ProofsAnswer> Node::proofs(const std::vector<rpc::CredentialKey>& keys) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const Proofs proofs(**shown, *data_->ledger, *tiles_);
    rpc::ProofsAnswer answer;
    answer.checkpoint = (*shown)->checkpoint;
    for (const rpc::CredentialKey& key : keys) {
        rpc::ProofAnswer one;
        one.key = key;
        const auto position = proofs.position_of(key);
        if (!position) {
            if (position.error().code != Errc::not_found) return position.error();
            one.missing = position.error();
            answer.proofs.push_back(std::move(one));
            continue;
        }
        auto status = proofs.status_proof(*position);
        if (!status) return status.error();
        status->checkpoint.clear();
        // The status proof holds the credential's entry and path: a receipt but for the salt.
        const credential::EntryProof& registered = status->credential;
        one.receipt =
            credential::Receipt{{}, registered.entry, registered.index, registered.path, {}};
        one.status = std::move(*status);
        answer.proofs.push_back(std::move(one));
    }
    return answer;
}

Result<rpc::StatusRangeAnswer> Node::status_range(std::uint64_t from, std::uint64_t to) const {
    const auto shown = published();
    if (!shown) return shown.error();
    return Proofs(**shown, *data_->ledger, *tiles_).status_range(from, to);
}

Result<Bytes> Node::content(const Hash& hash) const {
    auto content = data_->ledger->content(hash);
    if (!content) return content.error();
    if (!*content) return Error{Errc::not_found, "no content with that hash"};
    return std::move(**content);
}

Result<rpc::PublicationAnswer> Node::publication(ledger::MemberNumber member,
                                                 ledger::PublicationType type,
                                                 std::string_view name) const {
    const auto shown = published();
    if (!shown) return shown.error();
    return Proofs(**shown, *data_->ledger, *tiles_).publication(member, type, name);
}

Result<rpc::PublicationsAnswer> Node::publications(const rpc::PublicationsWanted& wanted) const {
    const auto shown = published();
    if (!shown) return shown.error();
    return Proofs(**shown, *data_->ledger, *tiles_).publications(wanted);
}

Result<std::vector<Hash>> Node::inclusion(ledger::Position index, std::uint64_t size) const {
    const auto shown = published();
    if (!shown) return shown.error();
    return Proofs(**shown, *data_->ledger, *tiles_).inclusion(index, size);
}

Result<std::vector<Hash>> Node::consistency(std::uint64_t from, std::uint64_t to) const {
    const auto shown = published();
    if (!shown) return shown.error();
    return Proofs(**shown, *data_->ledger, *tiles_).consistency(from, to);
}

Result<rpc::EntriesAnswer> Node::entries(ledger::Position first, std::uint32_t limit) const {
    const auto shown = published();
    if (!shown) return shown.error();
    rpc::EntriesAnswer answer;
    answer.size = (*shown)->size();
    answer.first = first;
    const std::uint64_t end =
        first >= answer.size
            ? first
            : first + std::min<std::uint64_t>({limit, entries_max, answer.size - first});
    for (ledger::Position position = first; position < end; ++position) {
        auto entry = data_->ledger->entry(position);
        if (!entry) return entry.error();
        answer.entries.push_back(std::move(*entry));
    }
    return answer;
}

std::shared_ptr<const ledger::Members> Node::members() const { return members_; }

Result<std::string> Node::trust_file() const {
    const auto shown = published();
    if (trust_file_ && shown && trust_file_->members == (*shown)->state.members) {
        return trust_file_->text;
    }
    auto stored = data_->ledger->members_steps();
    if (!stored) return stored.error();
    credential::TrustFile file{data_->genesis, {}};
    if (!shown) return json::canonical(credential::to_json(file));
    std::erase_if(*stored, [&](const auto& step) { return step.size > (*shown)->size(); });
    const Proofs proofs(**shown, *data_->ledger, *tiles_);
    for (auto& step : steps_to_show(
             ledger::members_from(data_->genesis), *std::move(stored), trust_bytes_usual)) {
        auto made = proofs.trust_step(std::move(step));
        if (!made) return made.error();
        file.steps.push_back(*std::move(made));
    }
    trust_file_ = {(*shown)->state.members, json::canonical(credential::to_json(file))};
    return trust_file_->text;
}

Result<std::string> Node::policy() const {
    const auto shown = published();
    const ledger::Position position = shown ? (*shown)->size() : 0;
    return ledger::policy_of(*members_, position);
}

rpc::NodeStatus Node::status() const {
    rpc::NodeStatus status;
    const ReplicaView view = driver_->view();
    status.version = version;
    status.origin = members_->origin;
    status.network_id = network_id_;
    status.member = member_;
    status.slug = config_.member;
    status.role = role_name(view.raft.role);
    status.term = view.raft.term;
    status.quorum = members_->quorum;
    status.reason = explained(view.why_no_writes);
    status.accepts_writes = view.why_no_writes.empty();
    status.evidence = view.evidence_files;
    if (view.raft.leader) status.leader = data_->genesis.members[*view.raft.leader - 1].slug;
    if (links_ != nullptr) {
        for (const rpc::PeerLinkStatus& peer : links_->status())
            status.peers.push_back({peer.name, peer.is_sending, peer.why});
    }
    if (published_ != nullptr) {
        status.height = published_->state.height;
        status.size = published_->size();
        status.root = published_->state.head().root;
        status.cosigners = published_->cosigners;
        const std::uint64_t now_s = lent_.clock.now_s();
        status.checkpoint_age_s = now_s - std::min(now_s, published_->sealed_s);
    }
    return status;
}

rpc::Readiness Node::readiness() const {
    rpc::Readiness readiness;
    const rpc::NodeStatus now = status();
    readiness.accepts_writes = now.accepts_writes;
    if (halted_) readiness.findings.push_back("stopped: " + halted_->detail);
    if (published_ == nullptr) {
        readiness.findings.emplace_back("no checkpoint is sealed yet");
    } else if (now.checkpoint_age_s > checkpoint_stale_s) {
        readiness.findings.push_back("the newest checkpoint is " +
                                     std::to_string(now.checkpoint_age_s) + " s old, at most " +
                                     std::to_string(checkpoint_stale_s));
    }
    const ReplicaView view = driver_->view();
    if (!view.why_not_whole.empty()) readiness.findings.push_back(view.why_not_whole);
    if (view.is_resealing) {
        readiness.findings.emplace_back("the newest block of an earlier run is being sealed again");
    }
    if (const auto found = scrubber_->finding()) {
        readiness.findings.push_back(*found);
    }
    readiness.is_ready = readiness.findings.empty();
    return readiness;
}

Result<std::shared_ptr<rpc::EventStream>> Node::subscribe(const asio::any_io_executor& executor,
                                                          std::optional<std::uint64_t> seen) {
    return events_.subscribe(executor, seen);
}

void Node::tell_of(const Published& shown) {
    rpc::CheckpointEvent event;
    event.size = shown.size();
    event.root = shown.state.head().root;
    event.height = shown.state.height;
    event.time = shown.state.time;
    events_.publish(event);
}

std::string Node::metrics() const { return metrics_.text(); }

}  // namespace chancery::node

// The node's answers: reads from what is published, submissions to the replica.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "crypto/base/encoding.h"
#include "crypto/credential/trust.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/canonical.h"
#include "node/node.h"
#include "node/proofs.h"
#include "node/submission.h"
#include "storage/crash_point.h"

namespace chancery::node {
namespace {

namespace asio = boost::asio;
constexpr auto as_value = asio::as_tuple(asio::use_awaitable);

constexpr std::size_t refusals_max = 10'000;
constexpr std::size_t waiting_max = 20'000;
constexpr std::uint32_t entries_max = 1'000;
constexpr std::uint64_t checkpoint_stale_s = 300;

Error has_stopped(const Error& halted) {
    return {Errc::unavailable, "this node has stopped: " + halted.detail};
}

}  // namespace

asio::awaitable<Result<rpc::BatchAnswer>> Node::submit(rpc::Submission submission) {
    const auto id = batch_id(submission.bulk);
    if (!id) co_return id.error();
    const auto checked = check_contents(submission);
    if (!checked) co_return checked.error();
    if (halted_) co_return has_stopped(*halted_);
    if (waiting_.size() >= waiting_max) {
        metrics_.batch_answered("unavailable");
        co_return Error{Errc::unavailable, std::to_string(waiting_max) + " submissions wait"};
    }
    const Ticket ticket = ++last_ticket_;
    const auto waiting = std::make_shared<Waiting>(lent_.http);
    waiting->key = {id->member, id->nonce};
    waiting->timer.expires_after(submission.wait);
    waiting_.emplace(ticket, waiting);
    under_way_.insert(waiting->key);

    PooledBatch batch;
    batch.ticket = ticket;
    batch.bulk = std::make_shared<const Bytes>(submission.bulk);
    for (auto& [hash, bytes] : submission.contents) {
        batch.contents.push_back({hash, std::make_shared<const Bytes>(std::move(bytes))});
    }
    driver_->submit(std::move(batch));
    co_await waiting->timer.async_wait(as_value);
    if (waiting->answer) {
        storage::crash_point(storage::CrashPoint::answer_made);
        co_return *waiting->answer;
    }
    co_return pending_answer(*id, submission.bulk);
}

// A reason that has to do with the others says who of them is missing.
std::string Node::explained(const std::string& why) const {
    if (why.empty() || links_ == nullptr) return why;
    const std::vector<rpc::PeerLinkStatus> peers = links_->status();
    std::size_t reachable = 1;
    std::string missing;
    for (const rpc::PeerLinkStatus& peer : peers) {
        if (peer.is_sending) {
            ++reachable;
        } else {
            missing += "; " + peer.name + ": " + (peer.why.empty() ? "no link yet" : peer.why);
        }
    }
    if (missing.empty()) return why;
    return why + ": " + std::to_string(reachable) + " of " + std::to_string(peers.size() + 1) +
           " members reachable, " + std::to_string(members_->quorum) + " needed" + missing;
}

void Node::take_answers(const std::vector<TicketAnswer>& answers) {
    for (const TicketAnswer& answer : answers) {
        const auto found = waiting_.find(answer.ticket);
        if (found == waiting_.end()) continue;
        const std::shared_ptr<Waiting> waiting = found->second;
        waiting_.erase(found);
        under_way_.erase(under_way_.find(waiting->key));
        if (answer.refusal) {
            const bool is_final = answer.refusal->code != Errc::unavailable;
            if (is_final) remember_refusal(waiting->key, *answer.refusal);
            metrics_.batch_answered(is_final ? "refused" : "unavailable");
            Error refusal = *answer.refusal;
            if (!is_final) refusal.detail = explained(refusal.detail);
            waiting->answer = std::move(refusal);
        } else {
            metrics_.batch_answered(answer.is_repeat ? "repeated" : "sealed");
            waiting->answer = sealed_answer(answer);
        }
        waiting->timer.cancel();
    }
}

rpc::BatchAnswer Node::sealed_answer(const TicketAnswer& answer) const {
    CHECK(answer.record);
    rpc::BatchAnswer sealed;
    sealed.outcome = rpc::BatchAnswer::Outcome::sealed;
    sealed.member = answer.record->member;
    sealed.nonce = answer.record->nonce;
    sealed.is_repeat = answer.is_repeat;
    sealed.first = answer.record->first;
    sealed.count = answer.record->count;
    sealed.height = answer.record->height;
    sealed.time = answer.record->time;
    sealed.sealed_size = answer.sealed_size;
    return sealed;
}

rpc::BatchAnswer Node::pending_answer(const BatchId& id, ByteView bulk) const {
    rpc::BatchAnswer pending;
    pending.outcome = rpc::BatchAnswer::Outcome::pending;
    pending.member = id.member;
    pending.nonce = id.nonce;
    const Hash hash = sha256(bulk);
    const Bytes message = promise_message(network_id_, hash, id.expires);
    json::Value promise{json::Object{}};
    promise.set("batch_sha256", to_hex(hash));
    promise.set("deadline_ms", std::to_string(id.expires));
    promise.set("signature", to_hex(keys_.node.sign(message)));
    pending.promise = std::move(promise);
    return pending;
}

// Nobody answers them any more; who waits for this node to end would wait for its clients.
void Node::refuse_waiting(const Error& halted) {
    for (auto& [ticket, waiting] : std::exchange(waiting_, {})) {
        metrics_.batch_answered("unavailable");
        waiting->answer = has_stopped(halted);
        waiting->timer.cancel();
    }
    under_way_.clear();
}

void Node::remember_refusal(const BatchKey& key, const Error& refusal) {
    if (refusals_.insert_or_assign(key, refusal).second) refusal_order_.push_back(key);
    if (refusal_order_.size() <= refusals_max) return;
    refusals_.erase(refusal_order_.front());
    refusal_order_.pop_front();
}

Result<rpc::BatchAnswer> Node::batch(ledger::MemberNumber member,
                                     const ledger::Nonce& nonce) const {
    const auto shown = published();
    if (!shown) return shown.error();
    const auto record = data_->ledger->find_batch(member, nonce);
    if (!record) return record.error();
    if (*record && (*record)->first < (*shown)->size()) {
        TicketAnswer answer;
        answer.is_repeat = true;
        answer.record = **record;
        answer.sealed_size = (*shown)->size();
        return sealed_answer(answer);
    }
    rpc::BatchAnswer answer;
    answer.member = member;
    answer.nonce = nonce;
    if (under_way_.contains({member, nonce})) return answer;
    const auto refused = refusals_.find({member, nonce});
    if (refused == refusals_.end()) {
        return Error{Errc::not_found, "this node knows no batch of that member and nonce"};
    }
    answer.outcome = rpc::BatchAnswer::Outcome::refused;
    answer.refusal = refused->second;
    return answer;
}

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
    const auto steps = data_->ledger->members_steps();
    if (!steps) return steps.error();
    // No act changes members in this release, so the way from genesis to today has no steps.
    CHECK(steps->empty());
    return json::canonical(credential::to_json(credential::TrustFile{data_->genesis, {}}));
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

// Becoming leader and ceasing to be: pre-vote, vote, certificate, check of the quorum.
#include <algorithm>
#include <limits>
#include <vector>

#include "consensus/raft/core.h"
#include "consensus/raft/invariants.h"

namespace chancery::raft {
namespace {

// splitmix64: a step of the seed, and the bits drawn from it.
std::uint64_t draw(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15ULL;
    std::uint64_t bits = state;
    bits = (bits ^ (bits >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    bits = (bits ^ (bits >> 27U)) * 0x94d049bb133111ebULL;
    return bits ^ (bits >> 31U);
}

constexpr std::uint32_t timeouts_without_commit_max = 5;

}  // namespace

void Core::draw_timeout() {
    const std::uint64_t spread = std::max<std::uint32_t>(settings_.election_ticks, 1);
    timeout_ticks_ = settings_.election_ticks + static_cast<std::uint32_t>(draw(random_) % spread);
}

bool Core::is_alone() const { return is_quorum(configuration(), {settings_.self}); }

bool Core::is_sticky() const {
    if (stickiness_ended_) return false;
    if (leading() != nullptr) return true;  // The check of the quorum ends it.
    // Who asks keeps others from standing at the same moment; who follows again, or was refused,
    // goes by when it heard its leader last. Where exactly a quorum is alive one refusal makes a
    // question vain, and all must be free at once for anybody to be elected.
    const auto* const asking = std::get_if<PreCandidate>(&role_);
    const bool asks = asking != nullptr && asking->refused.empty();
    return leader_ &&
           (asks ? ticks_since_contact_ : ticks_since_leader_) < settings_.election_ticks;
}

bool Core::is_up_to_date(EntryId head) const { return head >= journal_.last(); }

void Core::hear_leader() {
    if (stickiness_ended_) return;
    ticks_since_contact_ = 0;
    ticks_since_leader_ = 0;
}

void Core::tick_follower() {
    ++ticks_since_contact_;
    if (ticks_since_leader_ < settings_.election_ticks) ++ticks_since_leader_;
    const bool may_stand = settings_.may_vote && configuration().is_voter(settings_.self);
    // Alone there is nobody whose leader a campaign could disturb.
    const bool is_due =
        ticks_since_contact_ >= timeout_ticks_ || (is_alone() && role() == Role::follower);
    if (may_stand && is_due) campaign();
}

void Core::campaign() {
    ticks_since_contact_ = 0;
    draw_timeout();
    PreCandidate pre_candidate;
    pre_candidate.granted.insert(settings_.self);
    const bool is_enough = is_quorum(configuration(), pre_candidate.granted);
    role_ = std::move(pre_candidate);
    if (is_enough) {
        stand();
        return;
    }
    const PreVoteRequest question{.wanted = vote_.term + 1, .head = journal_.last()};
    for (const NodeId member : configuration().members()) {
        if (configuration().is_voter(member)) send(member, question);
    }
}

void Core::stand() {
    CHECK(vote_.term < std::numeric_limits<Term>::max());
    adopt_term(vote_.term + 1);
    role_ = Candidate{};
    ticks_since_contact_ = 0;
    draw_timeout();
    agree_to(ballot_for(settings_.self, journal_.last(), journal_.last_chain()));
    // Held until this node's own vote is durable: a candidate that forgot its campaign could run
    // in the same term again, upon another head.
    const VoteRequest request{.head = journal_.last(), .chain = journal_.last_chain()};
    for (const NodeId member : configuration().members()) {
        if (configuration().is_voter(member)) send(member, request);
    }
}

Ballot Core::ballot_for(NodeId candidate, EntryId head, const Hash& chain) const {
    return {.network = settings_.network,
            .epoch = settings_.epoch,
            .term = vote_.term,
            .candidate = candidate,
            .head = head,
            .chain = chain};
}

void Core::agree_to(const Ballot& ballot) {
    CHECK(!vote_.candidate);
    vote_.candidate = ballot.candidate;
    ballot_ = ballot;
    ballot_waits_ = true;
    pending_.vote = vote_;
    term_write_ = next_write_;
    term_is_durable_ = false;
}

void Core::vote_signed(const SignedVote& vote) {
    if (ballot_ != vote.ballot || vote.voter != settings_.self || ballot_waits_) return;
    const Invariants before(*this);
    signed_vote_ = vote;
    if (vote.ballot.candidate == settings_.self) {
        count_vote(vote);
    } else {
        send(vote.ballot.candidate, VoteReply{.vote = vote});
    }
    finish_event();
    before.check(*this);
}

void Core::count_vote(const SignedVote& vote) {
    auto* candidate = std::get_if<Candidate>(&role_);
    if (candidate == nullptr || ballot_ != vote.ballot) return;
    candidate->votes[vote.voter] = vote.signature;
    const Certificate certificate{.ballot = *ballot_, .votes = candidate->votes};
    if (has_quorum(certificate, configuration())) lead(certificate);
}

void Core::lead(const Certificate& certificate) {
    CHECK(certificate.ballot.head == journal_.last());
    role_ = Leader{};
    leader_ = settings_.self;
    const Bytes payload = encode_certificate(certificate);
    const EntryId no_op = append_own(EntryKind::no_op, std::make_shared<const Bytes>(payload));
    leading()->certificate = certificate;
    leading()->no_op = no_op.index;
}

void Core::tick_leader() {
    Leader& leader = *leading();
    if (++leader.ticks_since_check >= settings_.election_ticks) {
        leader.ticks_since_check = 0;
        leader.heard.insert(settings_.self);
        const bool has_contact = is_quorum(configuration(), leader.heard);
        leader.heard.clear();
        if (!has_contact) {
            step_down();
            return;
        }
    }
    const bool is_waiting = journal_.last_block() > committed_;
    leader.ticks_without_commit = is_waiting ? leader.ticks_without_commit + 1 : 0;
    if (leader.ticks_without_commit >= timeouts_without_commit_max * settings_.election_ticks) {
        step_down();
        return;
    }
    if (++leader.ticks_since_heartbeat >= settings_.heartbeat_ticks) {
        leader.ticks_since_heartbeat = 0;
        send_heartbeats();
    }
}

// The voters were a quorum where the journal stood that they voted for. This node may have a
// configuration after it that nobody else kept; or not have come that far yet, and then what it
// has is all it can judge by.
bool Core::is_elected(const Certificate& certificate) const {
    const Ballot& ballot = certificate.ballot;
    if (journal_.agrees(ballot.head.index, ballot.chain)) {
        return has_quorum(certificate, journal_.configuration_at(ballot.head.index));
    }
    return has_quorum(certificate, configuration()) ||
           has_quorum(certificate, journal_.configuration_at(committed_));
}

// True if `from` leads `term`, which is then this node's term.
bool Core::recognise(NodeId from, Term term, const std::optional<Certificate>& certificate) {
    if (term == vote_.term && leader_ == from) {
        // Who no longer supports this leader keeps asking the others, and takes its entries still.
        if (role() != Role::follower && !stickiness_ended_) become_follower();
        return true;
    }
    if (!certificate) return false;
    const Ballot& ballot = certificate->ballot;
    const bool is_for_it = ballot.network == settings_.network && ballot.epoch == settings_.epoch &&
                           ballot.term == term && ballot.candidate == from;
    if (!is_for_it || !is_elected(*certificate)) return false;
    if (term > vote_.term) adopt_term(term);
    if (leader_) {
        accuse(Evidence::Kind::two_leaders, from, nullptr);
        return false;
    }
    become_follower();
    leader_ = from;
    return true;
}

// A peer's answer shows a higher term. A leader yields once one honest member must be among those
// who say so; whoever has no leader follows at once, or it could never be heard.
void Core::peer_is_ahead(NodeId from, Term term) {
    Leader* leader = leading();
    if (leader == nullptr) {
        // Who stands gave its leader up; its ticks count since it stood, not since it heard.
        if (role() != Role::follower || !is_sticky()) adopt_term(term);
        return;
    }
    if (!configuration().is_voter(from)) return;
    leader->higher_terms[from] = term;
    std::set<NodeId> nodes;
    std::vector<Term> terms;
    for (const auto& [node, higher] : leader->higher_terms) {
        nodes.insert(node);
        terms.push_back(higher);
    }
    if (!includes_honest(configuration(), nodes)) return;
    std::ranges::sort(terms, std::greater<>{});
    adopt_term(terms[liars_max(configuration().voters.size())]);
}

void Core::on(NodeId from, Term term, const PreVoteRequest& request) {
    if (request.wanted != term + 1) return;
    const bool grants = settings_.may_vote && request.wanted > vote_.term && !is_sticky() &&
                        is_up_to_date(request.head);
    // Refusals carry this node's term, so that a candidate behind it catches up; nothing here
    // changes, least of all the time since the leader was heard.
    send(from, PreVoteReply{.wanted = request.wanted, .granted = grants});
}

void Core::on(NodeId from, Term term, const PreVoteReply& reply) {
    if (term > vote_.term && !reply.granted) {
        peer_is_ahead(from, term);
        return;
    }
    auto* pre_candidate = std::get_if<PreCandidate>(&role_);
    if (pre_candidate == nullptr || reply.wanted != vote_.term + 1) return;
    (reply.granted ? pre_candidate->granted : pre_candidate->refused).insert(from);
    switch (tally(configuration(), pre_candidate->granted, pre_candidate->refused)) {
        case Tally::won:
            stand();
            break;
        case Tally::lost:
            become_follower();
            break;
        case Tally::undecided:
            break;
    }
}

bool Core::may_support(NodeId candidate, const VoteRequest& request) const {
    if (!settings_.may_vote || leader_ || !is_up_to_date(request.head)) return false;
    const Index floor = std::max(committed_, cosigned_);
    if (request.head.index < floor) return false;
    const bool has_place = journal_.id_at(request.head.index).has_value();
    const bool agrees = journal_.agrees(request.head.index, request.chain);
    if (request.head.index == floor && has_place && !agrees) return false;
    if (!vote_.candidate) return true;
    // The same ballot again; after a restart it is not known any more what was signed.
    return ballot_ == ballot_for(candidate, request.head, request.chain);
}

void Core::on(NodeId from, Term term, const VoteRequest& request) {
    if (term < vote_.term) {
        send(from, VoteReply{});
        return;
    }
    if (is_sticky()) return;
    if (term > vote_.term) adopt_term(term);
    if (!may_support(from, request)) {
        send(from, VoteReply{});
        return;
    }
    ticks_since_contact_ = 0;
    if (!vote_.candidate) {
        agree_to(ballot_for(from, request.head, request.chain));
    } else if (signed_vote_) {
        send(from, VoteReply{.vote = signed_vote_});
    }
}

void Core::on(NodeId from, Term term, const VoteReply& reply) {
    if (term > vote_.term) {
        peer_is_ahead(from, term);
        return;
    }
    auto* candidate = std::get_if<Candidate>(&role_);
    if (candidate == nullptr || term < vote_.term) return;
    if (reply.vote) {
        if (reply.vote->voter == from) count_vote(*reply.vote);
        return;
    }
    candidate->refused.insert(from);
    std::set<NodeId> granted;
    for (const auto& [voter, signature] : candidate->votes)
        granted.insert(voter);
    if (tally(configuration(), granted, candidate->refused) == Tally::lost) become_follower();
}

}  // namespace chancery::raft

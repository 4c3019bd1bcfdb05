// The rules by which nodes agree on one journal, as a value: events go in, effects come out.
//
// Why a value. Everything that could surprise (time, disk, network, keys, chance) enters as an
// event, so a run is its list of events: it can be replayed, compared, hashed, copied in the
// middle and continued both ways, and a test can put any two events in any order. What is to be
// done comes back as Effects, which the driver carries out; the core never waits, and never calls
// anyone back. There is no lock to forget, and a message that would be a lie if the disk lost a
// write stays inside until the driver says that the write is durable.
//
// The driver's loop, for one core on one strand:
//
//     event → core.tick / receive / propose / durable / applied / vote_signed / sealed / cosigned
//     effects = core.take_effects(), after every event:
//       write               → append to the journal, one after another, sync; then durable(id)
//       sign_vote           → sign vote_message(ballot) with the node key; then vote_signed(...)
//       apply_speculatively → derive the block's claim; then applied(id, claim)
//       send                → hand to the links in this order; loss and repetition are harmless
//       committed           → blocks may be cosigned once claims_of(index) is `agreed`
//
// A position is *taken* when it is in this journal and known to agree with the leader's,
// *durable* after the sync, *applied* when its claim is derived, *acknowledged* to all members when
// all three hold, *committed* when quorum members acknowledged it, *sealed* when its checkpoint
// has quorum cosignatures. Every member counts commit itself; no message states it.
//
// Source: Ongaro, "Consensus: Bridging Theory and Practice", §3, §4.2.3, §4.3, §9.6, §10.2;
// PROTOCOL.md, Journal. Its invariants are in invariants.h and CHECKed after every event.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "consensus/raft/certificate.h"
#include "consensus/raft/configuration.h"
#include "consensus/raft/effects.h"
#include "consensus/raft/journal.h"
#include "consensus/raft/message.h"
#include "consensus/raft/progress.h"
#include "consensus/raft/quorum.h"
#include "consensus/raft/types.h"

namespace chancery::raft {

class Core {
public:
    // Errc::corrupt if `restored` contradicts itself: gaps, chain, certificates, a vote of an
    // older term than the journal's. `seed` draws election timeouts and nothing else. The first
    // effects ask to apply the blocks after `sealed`.
    static Result<Core> start(const Settings& settings,
                              const Restored& restored,
                              std::uint64_t seed);

    // --- Events. After each of them, take_effects().

    void tick();

    // `from` is who the link's TLS certificate says; signatures were checked by
    // verify_signatures, seals by the driver (see Append::sealed). Anything else may be a lie.
    void receive(NodeId from, const Message& message);

    // The link to `peer` is new: what was on its way is lost, what it must know is sent again.
    void connected(NodeId peer);

    // Bytes of an unfinished message came from `peer`: a leader that sends a large block is alive.
    void contact(NodeId peer);

    // A block, already applied by this node; its id, which applied() wants next. Errc::unavailable
    // with the reason unless this node leads, its own no-op is committed and the last block is
    // sealed; Errc::invalid above payload_bytes_max.
    Result<EntryId> propose(std::shared_ptr<const Bytes> block);

    // Errc::unavailable as for propose (but for the seal), or while a configuration is not yet
    // committed; Errc::invalid unless check_successor lets it follow.
    Result<EntryId> propose_configuration(const Configuration& next);

    // The write with this id, and all before it, are on the platter.
    void durable(std::uint64_t write_id);

    // This node derived `claim` at a block of its journal. One that was replaced meanwhile is
    // ignored.
    void applied(EntryId block, const Claim& claim);

    // The answer to sign_vote. An old one is ignored.
    void vote_signed(const SignedVote& vote);

    // The block at `index` of this journal is sealed: the driver verified quorum cosignatures on
    // exactly the claim applied here. That commits it (once durable), and frees the next block.
    // CHECKs that the block was applied.
    void sealed(Index index);

    // This node's cosignature record for the block at `index` is durable: nothing at or before it
    // is ever replaced.
    void cosigned(Index index);

    // The unsealed block `block` of the leader is ahead of this node's clock and was kept from
    // receive(): tells the leader.
    void refused_for_clock(NodeId leader, Index block);

    // An act made this node a member's voting node, or ended that.
    void set_may_vote(bool may_vote);

    // Work that quorum members know of is not being sealed: no stickiness to this term's leader.
    void end_stickiness();

    // A vote that a peer holds from this node and its journal lost: it stands, and is made durable.
    // One that contradicts the vote of this term is ignored.
    void recall_vote(const Vote& vote);

    // Entries that another member handed over to a node that lost its own, or hears no leader:
    // those after this journal's last. Errc::invalid unless they follow it, chained, with their
    // certificates (whose signatures were checked); Errc::unavailable for who leads, or stands upon
    // the head that it has. They are no more than held: acknowledged only once a leader says so.
    Result<void> refill(const std::vector<Entry>& entries);

    // Entries of another member that replace what this journal has in their places, of the same
    // term though they be: the driver verified that the first block among them is sealed, so what
    // stands here was never committed by anybody, and neither was anything upon it. Alone of all
    // events this one may leave a head that compares lower. Errc::unavailable for a leader;
    // Errc::invalid unless they could follow, and lie above all that is committed or cosigned here.
    Result<void> overrule(const std::vector<Entry>& entries);

    // Entries at or before `index`, sealed and in the flushed database, are no longer needed here.
    void cut(Index index);

    // --- Answers.

    // Everything to be done since the last call.
    Effects take_effects();

    Status status() const;
    Role role() const;
    Term term() const { return vote_.term; }
    std::optional<NodeId> leader() const { return leader_; }
    // It leads, or its leader spoke within the shortest election timeout.
    bool hears_leader() const;
    Index committed() const { return committed_; }
    const Journal& journal() const { return journal_; }
    const Configuration& configuration() const { return journal_.configuration(); }
    const Settings& settings() const { return settings_; }

    // The block at `index` is in this journal and applied() said so, or it is the newest sealed
    // one.
    bool is_applied(Index index) const { return claims_.contains(index); }

    // About the block at `index`, by the acknowledgements at or after it on this journal's chain.
    Agreement claims_of(Index index) const;
    // An append of entries that this journal holds in its files only, all of them sealed, as this
    // leader would send it; nullopt unless it leads.
    std::optional<Append> older_append(NodeId peer,
                                       const Base& previous,
                                       std::vector<Entry> entries) const;
    // The newest place that `node` said it acknowledges.
    struct HeardAck {
        Term term = 0;
        Index index = 0;
        Hash chain{};
        Claim claim;
    };
    std::optional<HeardAck> newest_ack(NodeId node) const;
    // The newest block that `node` showed as sealed.
    Index sealed_shown_by(NodeId node) const;
    const Vote& vote() const { return vote_; }

    // Members' claims of the height that this node derived there; its own included.
    std::map<NodeId, Claim> claims_at(Index index) const;

    bool operator==(const Core&) const = default;
    // Equal cores have equal fingerprints, on every machine.
    Hash fingerprint() const;

private:
    friend class Invariants;
    friend class Fingerprint;

    struct Follower {
        bool operator==(const Follower&) const = default;
    };
    struct PreCandidate {
        std::set<NodeId> granted;
        std::set<NodeId> refused;
        bool operator==(const PreCandidate&) const = default;
    };
    struct Candidate {
        std::map<NodeId, VoteSignature> votes;
        std::set<NodeId> refused;
        bool operator==(const Candidate&) const = default;
    };
    struct Leader {
        Certificate certificate;
        Index no_op = 0;
        std::map<NodeId, Progress> peers;
        std::set<NodeId> heard;  // Since the last check of the quorum.
        std::uint32_t ticks_since_check = 0;
        std::uint32_t ticks_since_heartbeat = 0;
        std::uint64_t beat = 0;
        std::uint32_t ticks_without_commit = 0;  // Of the newest block.
        std::set<NodeId> clock_refusals;         // Of the newest block.
        std::map<NodeId, Term> higher_terms;     // That peers say they are in.
        bool operator==(const Leader&) const = default;
    };

    // A position that a member said it acknowledges.
    struct Position {
        Term term = 0;
        Index index = 0;
        Hash chain{};
        Claim claim;
        bool operator==(const Position&) const = default;
    };
    // The newest, and the newest that was on this journal's chain when a newer one came: a peer
    // may be ahead of this node.
    struct Acknowledged {
        Position newest;
        Position known;
        Index sealed = 0;  // What the peer showed.
        bool operator==(const Acknowledged&) const = default;
    };
    struct Outstanding {
        std::uint64_t id = 0;
        Index durable_to = 0;  // Lowered when a later write replaces a part of this one.
        bool operator==(const Outstanding&) const = default;
    };

    Core() = default;

    // core.cpp
    Result<Base> check_following(Index before, const std::vector<Entry>& entries) const;
    void adopt_term(Term term);
    void become_follower();
    void send(NodeId to, Body body);
    void append_to_journal(Entry entry);
    void append_of_another(const Entry& entry);  // To be judged, if it is a block.
    void truncate_journal_after(Index index);
    void finish_event();
    void note_role();
    bool refuses_term(const Message& message) const;
    void dispatch(NodeId from, const Message& message);

    // election.cpp
    void tick_follower();
    void campaign();
    void stand();
    void lead(const Certificate& certificate);
    void tick_leader();
    void draw_timeout();
    bool is_alone() const;
    bool is_sticky() const;
    bool is_up_to_date(EntryId head) const;
    bool may_support(NodeId candidate, const VoteRequest& request) const;
    Ballot ballot_for(NodeId candidate, EntryId head, const Hash& chain) const;
    void agree_to(const Ballot& ballot);
    void hear_leader();
    bool recognise(NodeId from, Term term, const std::optional<Certificate>& certificate);
    bool is_elected(const Certificate& certificate) const;
    void peer_is_ahead(NodeId from, Term term);
    void on(NodeId from, Term term, const PreVoteRequest& request);
    void on(NodeId from, Term term, const PreVoteReply& reply);
    void on(NodeId from, Term term, const VoteRequest& request);
    void on(NodeId from, Term term, const VoteReply& reply);
    void count_vote(const SignedVote& vote);

    // replication.cpp: the leader's side.
    Leader* leading();
    const Leader* leading() const;
    EntryId append_own(EntryKind kind, std::shared_ptr<const Bytes> payload);
    Result<void> check_may_propose() const;
    void replicate();
    void send_appends(NodeId peer, Progress& progress);
    Append next_append(NodeId peer, const Progress& progress) const;
    std::optional<Certificate> certificate_for(NodeId peer) const;
    void step_down();
    void send_heartbeats();
    void on(NodeId from, Term term, const HeartbeatReply& reply);
    void on(NodeId from, Term term, const Refusal& refusal);

    // following.cpp: what a follower takes, and what it refuses.
    void on(NodeId from, Term term, const Append& append);
    void on(NodeId from, Term term, const Heartbeat& heartbeat);
    void refuse_stale(NodeId leader);
    std::optional<Refusal> take(NodeId from, const Append& append);
    std::optional<Refusal> take_new(NodeId from, const Append& append, std::size_t first);
    bool contradicts_a_promise(NodeId from, const Entry& theirs);
    std::size_t count_sealed(const Append& append, std::size_t first) const;
    bool are_sound(const Append& append, std::size_t first) const;
    void accuse(Evidence::Kind kind, NodeId from, const Entry* theirs);

    // commit.cpp: acknowledgements, commit, claims.
    void on(NodeId from, Term term, const Ack& ack);
    void record(NodeId node, const Position& position);
    void acknowledge();
    std::vector<NodeId> audience() const;
    void send_own_ack(NodeId to);
    void repeat_own_ack();
    void advance_commit();
    Index acknowledgeable() const;
    std::optional<Position> on_own_chain(const Acknowledged& acknowledged) const;

    Settings settings_;
    Journal journal_;
    Vote vote_;  // Its term is the current term.
    std::variant<Follower, PreCandidate, Candidate, Leader> role_;
    std::optional<NodeId> leader_;  // Of this term, by its certificate.

    std::optional<Ballot> ballot_;  // What this node agreed to sign in this term.
    std::optional<SignedVote> signed_vote_;
    bool ballot_waits_ = false;  // For its record to be durable.

    std::uint32_t ticks_since_contact_ = 0;  // Or since this node stood, or supported another.
    std::uint32_t ticks_since_leader_ = 0;   // Since the leader was heard; stops counting far out.
    std::uint32_t timeout_ticks_ = 0;
    bool stickiness_ended_ = false;  // For this term.
    std::uint64_t random_ = 0;

    Write pending_;
    std::uint64_t next_write_ = 1;
    std::vector<Outstanding> outstanding_;
    std::uint64_t term_write_ = 0;  // The write that holds the current term.
    bool term_is_durable_ = true;
    std::vector<Envelope> held_;  // Until the term is durable.

    Index taken_ = 0;  // Agrees with the leader of this term up to here.
    Index durable_ = 0;
    Index committed_ = 0;
    Index sealed_ = 0;
    Index cosigned_ = 0;
    std::map<Index, Claim> claims_;  // By block, from the newest sealed one on.
    std::map<NodeId, Acknowledged> acknowledged_;
    std::uint32_t heartbeats_since_ack_ = 0;

    Effects effects_;
    RoleChange announced_;
};

}  // namespace chancery::raft

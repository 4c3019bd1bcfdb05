// The one who sees everything: what no run may ever show, looked at after every event.
//
// It knows what each disk would still hold after power loss, what each node said, and what every
// client was answered. The first thing wrong ends the run.
//
//     election safety        one leader a term                                     look
//     log matching           one chain for each (term, index), on every disk       wrote
//     leader completeness    a leader has all that was committed before its term   look
//     state machine safety   one chain for each committed index                    look
//     committed is durable   on a quorum's disks at the instant of commit          look
//     never by counting      quorum acknowledged it in the entry's own term        look
//     monotone               term, commit, sealed of each life                     look
//     permitted changes      nothing committed or cosigned is replaced on a disk   wrote
//     vote once              one candidate for each (node, term), from the wire    said
//     asked first            no promise before quorum - 1 members were heard       said
//     durable first          votes, acknowledgements, cosignatures, terms          said
//     claims first           a cosignature after quorum equal claims on the wire   said
//     one unsealed block     taken only when the seal of the one before was there  wrote
//     no block from ahead    unsealed, more than ten seconds before the own clock  wrote
//     cosigned once          one root for each (node, size), sizes never fall      wrote, said
//     sealed once            one root for each size, by a quorum                   published
//     one state              the same height is the same head everywhere           published
//     exactly once           one record for each (member, nonce)                   stored, answered
//     answered is sealed     at or below a published size                          answered
//     heads are consistent   all are roots of one list of entries                  check_ledger
//     answered stays         in every healed ledger                                check_ledger
//     bounded                pool, unsealed blocks, messages of one event          look, gave
//
// Source: PROTOCOL.md, Tree, checkpoints, seals, and Inside a network; Raft thesis figure 3.2.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>

#include "node/replica.h"

namespace chancery::simulation {

// "node 3".
inline std::string at(const char* what, std::uint64_t number) {
    return std::string(what) + " " + std::to_string(number);
}

// What a node's disk holds for good.
struct Platter {
    std::optional<raft::Vote> vote;
    std::map<raft::Index, raft::Entry> entries;
    std::optional<storage::CosignedRecord> cosigned;
    raft::Base base;
    std::optional<storage::SealedRecord> unsynced;  // Sealed; durable with the next turn that is.
    std::optional<storage::SealedRecord> sealed;
    std::set<std::uint64_t> expected;  // Sizes beyond what is sealed.
    // Blocks that no seal lets in: the first one after what seals vouch for needs none.
    std::size_t blocks_without_seal() const;
    void write(const storage::Turn& turn);
    bool holds(raft::Index index, const Hash& chain) const;
};

class Judge {
public:
    using PlatterOf = std::function<const Platter&(raft::NodeId)>;
    Judge(std::uint32_t nodes, std::uint32_t quorum, PlatterOf platter_of);

    // These may say and do anything; of the others the same is asked, as far as a liar's word can
    // not have led them elsewhere: entries that were never committed may differ.
    void distrust(std::set<raft::NodeId> liars, const ledger::Genesis& genesis);

    const std::optional<std::string>& verdict() const { return verdict_; }
    void accuse(const std::string& what);

    // A life begins; `number` is what its questions are known by.
    void born(raft::NodeId node, std::uint64_t number);
    // What a node had sealed when it died is before the world again.
    void shown(const registry::State& state);
    // Its disk was put back to an older state: what it forgot is not held against the others.
    void rolled_back(raft::NodeId node);
    // Before a message goes out, and when it arrives.
    void said(const rpc::PeerEnvelope& envelope);
    void heard(raft::NodeId node, const rpc::PeerMessage& message);
    // What its clock shows when it acts.
    void saw_clock(raft::NodeId node, ledger::TimeMs clock_ms);
    // Before a turn is written.
    void wrote(raft::NodeId node, const storage::Turn& turn, ledger::TimeMs clock_ms);
    // After it, when it is on the platter.
    void wrote_all(raft::NodeId node);
    void stored(raft::NodeId node, const storage::SealedBlock& block);
    void published(raft::NodeId node, const node::ReplicaEffects::Publication& publication);
    void answered(const registry::BatchRecord& record);
    void answered(const registry::ActRecord& act);
    // What an event of a node led to, before any of it happens.
    void gave(raft::NodeId node, const node::ReplicaEffects& effects);
    // After any event of a node.
    void look(raft::NodeId node, const node::Replica& replica);
    // All that clients were answered stands in this ledger, and all heads are heads of it.
    void check_ledger(raft::NodeId node, const storage::LedgerStore& store);

    std::uint64_t answers() const { return answered_.size() + answered_acts_.size(); }
    std::uint64_t acts() const { return answered_acts_.size(); }
    std::uint64_t terms() const { return leaders_.size(); }
    raft::Term newest_term() const { return leaders_.empty() ? 0 : leaders_.rbegin()->first; }
    std::uint64_t sealed_size() const { return roots_.empty() ? 0 : roots_.rbegin()->first; }

private:
    using Head = std::pair<std::uint64_t, Hash>;  // Size and root.
    struct Committed {
        Hash chain{};
        raft::Term term = 0;  // Of the entry that committed it.
    };
    struct Life {
        std::uint64_t number = 0;
        std::set<raft::NodeId> answered;
        raft::Term term = 0;
        raft::Index committed = 0;
        raft::Index sealed = 0;
        std::uint64_t cosigned_size = 0;
        std::uint64_t published_size = 0;
        bool is_whole = true;          // But for a liar's answer to its first question.
        ledger::TimeMs newest_ms = 0;  // That its clock ever showed.
    };

    bool is_liar(raft::NodeId node) const { return liars_.contains(node); }
    void said_promise(raft::NodeId node);
    void said_vote(raft::NodeId node, const raft::SignedVote& vote);
    void said_ack(const rpc::PeerEnvelope& envelope, const raft::Ack& ack);
    void said_cosignature(raft::NodeId node, const rpc::Cosignature& cosignature);
    static raft::Index block_before(const Platter& platter,
                                    std::span<const raft::Entry> of_turn,
                                    raft::Index index);
    void wrote_entry(raft::NodeId node,
                     std::span<const raft::Entry> of_turn,
                     const raft::Entry& entry);
    void wrote_guard(raft::NodeId node, const storage::CosignedRecord& guard);
    void heard_seals(raft::NodeId node, const std::vector<rpc::Seal>& seals);
    void has_line(raft::NodeId node, raft::NodeId of, raft::Index index);
    raft::Index place_of(const rpc::Seal& seal) const;
    bool may_be_sealed(raft::Index index) const;
    void look_at_leader(raft::NodeId node, const node::Replica& replica);
    void look_at_commit(raft::NodeId node, const node::Replica& replica);
    void check_commit(raft::NodeId node, raft::EntryId id, const Hash& chain);

    std::uint32_t nodes_;
    std::uint32_t quorum_;
    PlatterOf platter_of_;
    std::optional<std::string> verdict_;
    std::map<raft::NodeId, Life> lives_;
    std::set<raft::NodeId> forgetful_;  // Rolled back once.
    std::set<raft::NodeId> liars_;
    std::shared_ptr<const ledger::Members> members_;  // With liars: who seals.
    std::map<Head, raft::Index> places_;              // Of heads that honest nodes cosigned.
    std::map<raft::Term, raft::NodeId> leaders_;
    std::map<std::pair<raft::NodeId, raft::Term>, raft::NodeId> votes_;
    std::map<std::pair<raft::NodeId, raft::Term>, raft::Index> acks_;  // The highest said.
    std::map<raft::EntryId, Hash> chains_;
    std::map<raft::Index, Committed> committed_;
    std::map<Head, std::set<raft::NodeId>> claims_;  // Said on the wire.
    std::map<std::pair<raft::NodeId, std::uint64_t>, Hash> guards_;
    std::map<Head, std::set<raft::NodeId>> cosigners_;
    std::map<std::pair<raft::NodeId, raft::Index>, std::set<raft::NodeId>> lines_;  // That it has.
    std::map<raft::NodeId, raft::Index> seal_heard_;
    std::map<std::uint64_t, Hash> roots_;    // Published, by size.
    std::map<std::uint64_t, Head> heights_;  // Published, by height.
    std::map<node::SubmissionKey, registry::BatchRecord> records_;
    std::map<node::SubmissionKey, registry::BatchRecord> answered_;
    std::map<node::SubmissionKey, registry::ActRecord> acts_;
    std::set<node::SubmissionKey> answered_acts_;
};

}  // namespace chancery::simulation

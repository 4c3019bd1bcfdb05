// How far one peer has come, as the leader of a term knows it, and how much may be on its way.
//
//     probe:     where the journals part is not known yet; one append at a time.
//     replicate: appends follow each other until the window is full, in messages or in bytes.
//
// Source: etcd's tracker/Progress in outline; Raft thesis §10.2.1 (pipelining).
#pragma once

#include <cstdint>
#include <deque>

#include "consensus/raft/types.h"

namespace chancery::raft {

struct Window {
    std::uint32_t messages = 16;
    std::uint64_t bytes = 8ULL * 1024 * 1024;
    bool operator==(const Window&) const = default;
};

class Progress {
public:
    Progress() = default;
    // Nothing is known but that the peer may have everything before `next`.
    explicit Progress(Index next) : next_(next) {}

    Index match() const { return match_; }  // Durable there, on the leader's chain.
    Index held() const { return held_; }    // The same, unless the peer lost some of it since.
    Index next() const { return next_; }    // First entry not sent yet.
    bool is_probing() const { return is_probing_; }
    std::uint64_t bytes_in_flight() const { return bytes_in_flight_; }
    std::size_t messages_in_flight() const { return in_flight_.size(); }

    // One append is always allowed when nothing is on its way, however large.
    bool may_send(const Window& window) const;
    // `beat` counts the leader's heartbeats so far.
    void sent(Index last, std::uint64_t bytes, std::uint64_t beat);

    // The peer has everything up to `index`; less than known before is an old answer.
    void acknowledged(Index index);

    // The append after `previous` was not taken; `guess` is where it may fit. False for an old
    // answer, which changes nothing. A guess below what the peer acknowledged is of one whose disk
    // is an older one: match never falls, and it is sent again what it lost.
    bool refused(Index previous, Index guess);

    // Nothing more until the peer answers a heartbeat or acknowledges: what it refused now, it
    // would refuse again at once.
    void pause() { is_paused_ = true; }

    // The answer to heartbeat `beat`. Links keep order: what was sent two heartbeats before it and
    // is not taken was lost, so begin again from there. Who takes less than it acknowledged is
    // offered the last of that again, and so asked what it still has.
    void heard(Index taken, std::uint64_t beat);

    // Whether the peer answered a heartbeat over this link, and not long ago: only who recognises
    // its leader does. One that was restarted, perhaps on an older disk, does not, whatever
    // acknowledgements of its earlier life are still on their way.
    bool answers(std::uint64_t beat) const;

    // The link was lost after heartbeat `beat`, and what was on its way with it.
    void restart(std::uint64_t beat);

    // Set by a refusal: the next append must reach a no-op of a higher term than this.
    Term must_exceed() const { return must_exceed_; }
    void set_must_exceed(Term term) { must_exceed_ = term; }

    bool operator==(const Progress&) const = default;
    // All of it, for a fingerprint.
    void write_to(Writer& out) const;

private:
    struct InFlight {
        Index first = 0;
        Index last = 0;
        std::uint64_t bytes = 0;
        std::uint64_t beat = 0;
        bool operator==(const InFlight&) const = default;
    };

    void probe_from(Index next);

    Index match_ = 0;
    Index held_ = 0;  // As match_, but for a peer that lost entries: what it has of them.
    Index next_ = 1;
    bool is_probing_ = true;
    bool is_paused_ = false;
    Term must_exceed_ = 0;
    std::uint64_t first_beat_ = 1;  // Of this link.
    std::uint64_t answered_beat_ = 0;
    std::deque<InFlight> in_flight_;
    std::uint64_t bytes_in_flight_ = 0;  // The sum over in_flight_.
};

}  // namespace chancery::raft

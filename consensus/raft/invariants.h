// What must hold in a core after every event, and between any two; CHECKed in every build.
//
// A core that breaks one of these would lose or contradict something it promised, so it stops
// instead: start-up recovers from the journal.
// Source: Raft thesis figure 3.2; the shape (state, then transition) of LogCabin's invariants.
#pragma once

#include <cstdint>
#include <optional>

#include "consensus/raft/types.h"

namespace chancery::raft {

class Core;

class Invariants {
public:
    // Remembers what may only grow.
    explicit Invariants(const Core& before);

    // CHECKs the state of `after` and the step to it. Constant in the length of the journal.
    void check(const Core& after) const;

private:
    static void check_positions(const Core& core);
    static void check_writes(const Core& core);
    static void check_role(const Core& core);

    Vote vote_;
    Index committed_;
    Index sealed_;
    Index cosigned_;
    Index floor_;       // Of what may never be replaced.
    Hash floor_chain_;  // There.
    std::optional<NodeId> leader_;
    EntryId last_;
    bool is_leader_;
};

}  // namespace chancery::raft

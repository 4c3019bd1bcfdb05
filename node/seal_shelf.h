// Seals of recent blocks: this node's own, for members that lag, and those that came before the
// blocks that they seal.
//
// A block that goes out again goes with its seal, so that who takes it needs to trust nobody: it
// derives the block's head and finds a quorum's word on it. The shelf is as long as the core's
// entries in memory; both are cut together.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "consensus/raft/message.h"
#include "node/sealer.h"
#include "rpc/peer_message.h"

namespace chancery::node {

class SealShelf {
public:
    // How much stays in memory for members that lag.
    struct Limits {
        std::uint64_t bytes = 64ULL * 1024 * 1024;  // Of the blocks' payloads.
        std::size_t blocks = 8'192;
    };
    explicit SealShelf(const Limits& limits) : limits_(limits) {}

    // The seal of this journal's block at `index`, the newest; 0: of size 0.
    void keep(raft::Index index, std::uint64_t payload_bytes, std::string checkpoint);
    // A newer note over the newest head.
    void renew(raft::Index index, const std::string& checkpoint);
    // What may be cut now: everything up to this index; 0: nothing.
    raft::Index cut_to();

    // The seals that go beside `append`: of its blocks, and of the newest before them.
    std::vector<rpc::Seal> beside(const raft::Append& append) const;
    const std::string* find(raft::Index index) const;

    // A verified seal of a size beyond the newest sealed one, whatever place its sender gave it.
    // Beyond the limit the largest go: the smallest are needed first.
    // `is_written`: the journal gave it.
    void expect(const VerifiedSeal& seal, bool is_written = false);
    bool is_expected(const merkle::TreeHead& head) const;
    const VerifiedSeal* expected_of_size(std::uint64_t size) const;
    // Those of larger sizes than `size` that the journal neither gave nor was given here: they go
    // there with the block that they let in.
    std::vector<storage::ExpectedSeal> take_unwritten(std::uint64_t size);
    // How many are of larger sizes than this.
    std::size_t expected_beyond(std::uint64_t size) const;
    // Gives those of smaller sizes.
    std::vector<std::string> drop_expected_to(std::uint64_t size);

private:
    struct Kept {
        raft::Index index = 0;
        std::uint64_t payload_bytes = 0;
        std::string checkpoint;
    };
    struct Expected {
        VerifiedSeal seal;
        bool is_written = false;
    };
    Limits limits_;
    std::deque<Kept> kept_;  // Rising.
    std::uint64_t bytes_ = 0;
    std::map<std::uint64_t, Expected> expected_;  // By size.
};

}  // namespace chancery::node

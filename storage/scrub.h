// Reads the stored ledger again and compares everything with everything else it should follow from.
//
// Entries against their leaf hashes, tiles against the tiles above and the root against the head,
// batches against their signatures and record roots. Step by step, so that the caller decides how
// much disk it takes. A finding is damage to be repaired from the journal or from other members.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/ledger_store.h"

namespace chancery::storage {

struct Finding {
    ledger::Position position = 0;  // The first entry that it concerns.
    std::string what;
    bool operator==(const Finding&) const = default;
};

inline constexpr std::uint64_t start_check_entries = 4'096;

// At start: the newest state entry, the checkpoint and the frontier name the same ledger as its
// tiles, and the last entries hash to their leaves. Errc::io if the disk cannot answer.
Result<std::vector<Finding>> check_right_edge(const LedgerStore& store);

// One pass over the ledger as it stands at the start of the pass.
class Scrub {
public:
    // Errc::corrupt or io if the store cannot say where it stands. `store` must outlive the scrub.
    static Result<Scrub> begin(const LedgerStore& store);
    Scrub(Scrub&&) noexcept;
    Scrub& operator=(Scrub&&) noexcept;
    ~Scrub();

    // At most `entries_max` entries further, whole bundles and at least one. Errc::io if the disk
    // cannot answer.
    Result<std::vector<Finding>> step(std::uint64_t entries_max);

    bool is_done() const;
    std::uint64_t position() const;  // All below it was read.
    std::uint64_t size() const;      // Of the pass.

private:
    struct Pass;
    explicit Scrub(std::unique_ptr<Pass> pass);
    std::unique_ptr<Pass> pass_;
};

}  // namespace chancery::storage

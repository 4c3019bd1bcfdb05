// Named places on the write path, of a node and of who issues, at which a test ends the process, as
// a power cut would.
//
//     CHANCERY_CRASH_AT=journal.appended:3     at the third time that this place is reached
//
// Only builds for tests have them (CMake option CHANCERY_CRASH_POINTS); in any other, a place is
// an empty function and nothing reads the variable.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace chancery::storage {

enum class CrashPoint : std::uint8_t {
    journal_appended,      // A turn is written, and not synced.
    journal_synced,        // It is.
    segment_filled,        // A new segment is whole and synced, and has no number yet.
    segment_named,         // It has, and the directory is not synced.
    segment_retired,       // An old one is gone, and the directory is not synced.
    vote_kept,             // In the journal, and not in the fence.
    fence_half_written,    // One slot of two.
    fence_written,         // Both.
    cosignature_guarded,   // The record is durable, and nothing is signed.
    cosignature_made,      // Signed, and nothing of it was shown.
    seal_kept,             // In the journal; the journal's thread has told nobody.
    block_stored,          // In the database's memory, as is its checkpoint.
    database_flushed,      // And the journal is not cut yet.
    checkpoint_published,  // The HTTP thread has not heard of it.
    answer_ready,          // Nobody has been answered.
    answer_made,           // The submitter's answer is about to be written.
    rebuild_filled,        // A new database is whole, under no name that counts.
    rebuild_ready,         // It may take the old one's place, which still stands.
    rebuild_set_aside,     // No database stands in its place.
    files_staged,          // Written beside their places, and not synced.
    files_synced,          // They are, and none has its name.
    files_half_placed,     // One half has.
    files_placed,          // All have, and the folder is synced.
    issue_planned,         // The batch is in the issuer's journal, and no node has heard of it.
    issue_sealed,          // It is on the ledger, and nobody has a receipt.
    issue_written,         // Everybody has, and it is in the issuer's journal still.
};

// In the order of the enumerators.
inline constexpr std::array<std::string_view, 26> crash_point_names = {
    "journal.appended",    "journal.synced",
    "segment.filled",      "segment.named",
    "segment.retired",     "vote.kept",
    "fence.half_written",  "fence.written",
    "cosignature.guarded", "cosignature.made",
    "seal.kept",           "block.stored",
    "database.flushed",    "checkpoint.published",
    "answer.ready",        "answer.made",
    "rebuild.filled",      "rebuild.ready",
    "rebuild.set_aside",   "files.staged",
    "files.synced",        "files.half_placed",
    "files.placed",        "issue.planned",
    "issue.sealed",        "issue.written",
};
static_assert(crash_point_names.size() == static_cast<std::size_t>(CrashPoint::issue_written) + 1);

inline constexpr const char* crash_variable = "CHANCERY_CRASH_AT";

#ifdef CHANCERY_CRASH_POINTS
inline constexpr bool has_crash_points = true;
// Does not return if the variable names this place and this is its turn. On any thread.
void crash_point(CrashPoint point);
#else
inline constexpr bool has_crash_points = false;
inline void crash_point(CrashPoint /*point*/) {}
#endif

}  // namespace chancery::storage

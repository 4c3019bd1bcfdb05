// Checkpoints: what a log says of itself, three lines long.
//
//     <origin> LF <size> LF base64(root) LF          and no extension lines
//
// Source: C2SP tlog-checkpoint v1.0.0.
#pragma once

#include <string>
#include <string_view>

#include "crypto/merkle/proof.h"
#include "crypto/note/signed_note.h"

namespace chancery::note {

struct Checkpoint {
    std::string origin;
    merkle::TreeHead head;
    bool operator==(const Checkpoint&) const = default;
};

// A schema-less URL of at most 200 ASCII characters, without space or '+'.
bool is_origin(std::string_view origin);

std::string checkpoint_text(const Checkpoint& checkpoint);
// Any log's, so that the origin may be any one line of text, is_origin() or not.
// Errc::invalid for extension lines, leading zeros, a size above 2^53 - 1, or size 0 with another
// root than H("").
Result<Checkpoint> parse_checkpoint_text(std::string_view text);

struct SignedCheckpoint {
    Checkpoint checkpoint;
    SignedNote note;
};
Result<SignedCheckpoint> parse_checkpoint(std::string_view note);

}  // namespace chancery::note

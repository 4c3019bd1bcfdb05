// A proof that one entry is in a log, as a text that stands alone.
//
//     c2sp.org/tlog-proof@v1 LF [extra <base64> LF] index <decimal> LF (<base64 hash> LF)* LF
//     <checkpoint, verbatim>
//
// Source: C2SP tlog-proof.
#pragma once

#include <optional>

#include "crypto/note/checkpoint.h"

namespace chancery::note {

struct TlogProof {
    std::optional<Bytes> extra;  // Authenticated by nothing.
    std::uint64_t index = 0;
    std::vector<Hash> path;  // Leaf first.
    std::string checkpoint;  // The signed note, verbatim.
    bool operator==(const TlogProof&) const = default;
};

// Errc::invalid with the rule broken; at most 64 KiB and 63 hashes. Verifies nothing.
Result<TlogProof> parse_proof(std::string_view text);
std::string to_text(const TlogProof& proof);

}  // namespace chancery::note

// Cosignatures: a member's word that, at a time, this was the largest consistent log it knew.
//
//     signed = "cosignature/v1" LF "time " <unix seconds> LF <checkpoint text>
//     line   = key id ‖ time u64 ‖ Ed25519 signature
//
// Source: C2SP tlog-cosignature v1.0.1, type 0x04.
#pragma once

#include <cstdint>
#include <optional>

#include "crypto/note/checkpoint.h"

namespace chancery::note {

// `time_s`: unix seconds, at most 2^63 - 1.
SignatureLine cosign(std::string_view checkpoint_text,
                     std::string_view key_name,
                     std::uint64_t time_s,
                     const keys::Ed25519Key& key);

// The newest time of this key's valid cosignatures on `note`; nullopt if it has none.
// Errc::forbidden if one of its lines is bad.
Result<std::optional<std::uint64_t>> cosigned_at(const SignedNote& note, const VerifierKey& key);

}  // namespace chancery::note

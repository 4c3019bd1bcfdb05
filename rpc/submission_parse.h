// The bodies of POST, from strangers: a batch or an act as JSON, and the credentials whose proofs
// are wanted.
//
//     {"batch":<base64 of the bulk form>,"contents":[<base64>,…]}
//     {"act":<base64 of the act's submission>}
//     {"credentials":[{"member":<slug or number>,"commitment":<hex>},…]}
//
// Source: PROTOCOL.md, Entries (bulk submission, content of a publication).
#pragma once

#include <variant>

#include "consensus/registry/batch.h"
#include "rpc/service.h"

namespace chancery::rpc {

inline constexpr std::size_t batch_body_bytes_max = std::size_t{8} * 1024 * 1024;
inline constexpr std::size_t bulk_bytes_min = registry::bulk_header_bytes;
inline constexpr std::size_t contents_max = 1'000;
inline constexpr std::size_t content_bytes_max = std::size_t{64} * 1024;
inline constexpr std::size_t proofs_max = 1'000;

// Errc::invalid; a detail that begins with a JSON pointer says where. Never a piece of the input.
// `contents` become a map by their hash; "contents" may be left out.
Result<Submission> parse_submission(std::string_view body);

// The submission's bytes, which are not looked at.
Result<Bytes> parse_act_submission(std::string_view body);

struct WantedProof {
    std::variant<ledger::MemberNumber, std::string> member;  // A number from 1, or a slug.
    Hash commitment{};
};
// 1 to proofs_max of them.
Result<std::vector<WantedProof>> parse_wanted_proofs(std::string_view body);

}  // namespace chancery::rpc

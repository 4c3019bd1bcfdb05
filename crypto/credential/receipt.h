// Receipts: a tlog-proof of a credential's entry, with the salt that links it to the document.
//
//     extra = salt[32] ‖ entry           (a node knows no salt and writes zeros)
//
// In a JSON credential the receipt is one more element of "proof".
// Source: PROTOCOL.md, Proofs and verdicts.
#pragma once

#include <optional>
#include <string>

#include "crypto/json/value.h"
#include "crypto/ledger/entry.h"
#include "crypto/note/tlog_proof.h"

namespace chancery::credential {

inline constexpr std::size_t receipt_bytes_max = 64ULL * 1024;
inline constexpr std::size_t checkpoint_cosignatures_max = 15;

struct Receipt {
    Hash salt{};
    Bytes entry;
    ledger::Position index = 0;
    std::vector<Hash> path;  // Leaf first.
    std::string checkpoint;  // The signed note, verbatim.
    bool operator==(const Receipt&) const = default;
};

// Errc::invalid with the rule broken. The entry is not looked into: it may be of a later release.
Result<Receipt> parse_receipt(std::string_view text);
std::string to_text(const Receipt& receipt);

// Whether the salt is still to be filled in by the client that drew it.
bool lacks_salt(const Receipt& receipt);

// The checkpoint of a receipt or status proof: one line per key name, at most 15 beside the
// log's own. Errc::invalid.
Result<note::SignedCheckpoint> parse_proof_checkpoint(std::string_view note);

// The element of a document's "proof" that carries it; `created` is the entry's time.
// Errc::invalid if the entry is not of kind 2 or the checkpoint has no origin.
Result<json::Value> proof_element(const Receipt& receipt);

// Adds the element to the document's "proof", which becomes an array if it was none, in place of
// an earlier receipt of the same network.
Result<void> embed(json::Value& document, const Receipt& receipt);

// Whether an element of "proof" claims to be a receipt, well-formed or not.
bool is_receipt_element(const json::Value& element);

// The elements of a document's "proof": none, one, or those of its array. Errc::invalid if that
// member is there and neither an object nor an array of objects.
Result<std::vector<const json::Value*>> proofs_of(const json::Value& document);

// All receipts among the document's proofs, in order; a malformed one is an error.
Result<std::vector<Receipt>> receipts_in(const json::Value& document);

}  // namespace chancery::credential

#include <algorithm>
#include <limits>

#include "crypto/credential/commitment.h"
#include "crypto/credential/date_time.h"
#include "crypto/credential/verdict_case.h"

namespace chancery::credential {
namespace {

// A receipt that did not come through parse_receipt keeps to the same limits.
Result<note::SignedCheckpoint> checked_checkpoint(const Receipt& receipt) {
    if (receipt.path.size() > merkle::path_length_max) {
        return Error{
            Errc::invalid,
            "receipt has " + std::to_string(receipt.path.size()) + " hashes, want at most 63"};
    }
    Result<note::SignedCheckpoint> checkpoint = parse_proof_checkpoint(receipt.checkpoint);
    if (checkpoint && to_text(receipt).size() > receipt_bytes_max) {
        return Error{Errc::invalid, "receipt is longer than 65536 bytes"};
    }
    return checkpoint;
}

StepReport choose_receipt(Case& the_case, const std::vector<Receipt>& receipts) {
    const Trust* trust = the_case.evidence.trust;
    for (const Receipt& receipt : receipts) {
        Result<note::SignedCheckpoint> checkpoint = checked_checkpoint(receipt);
        if (!checkpoint) return fails(checkpoint.error().detail);
        const bool is_trusted =
            trust != nullptr && checkpoint->checkpoint.origin == trust->newest().origin;
        const bool counts = !the_case.receipt || (is_trusted && !the_case.is_of_trusted_network);
        if (!counts) continue;
        the_case.receipt = receipt;
        the_case.checkpoint = std::move(*checkpoint);
        the_case.is_of_trusted_network = is_trusted;
    }
    return passes(receipts.empty() ? "the document is well-formed and carries no receipt"
                                   : "document and receipt are well-formed");
}

// One bound of the document's validity, under its name of VC 2.0 or VC 1.1.
struct Bound {
    std::string_view name;
    bool is_end = false;
};
constexpr std::array<Bound, 4> bounds = {
    Bound{"validFrom", false},
    Bound{"issuanceDate", false},
    Bound{"validUntil", true},
    Bound{"expirationDate", true},
};

bool is_over(const Instant& end, std::int64_t now_s) { return now_s > end.second; }
bool is_ahead(const Instant& begin, std::int64_t now_s) {
    return now_s < begin.second || (now_s == begin.second && begin.has_fraction);
}

Result<std::optional<Instant>> instant_of(const json::Value& document, std::string_view name) {
    const json::Value* value = document.find(name);
    if (value == nullptr) return std::optional<Instant>();
    const std::string* text = value->as_string();
    if (text == nullptr) {
        return Error{
            Errc::invalid,
            std::string(name) + ": got " + std::string(type_name(*value)) + ", want a date"};
    }
    const Result<Instant> instant = parse_date_time(*text);
    if (!instant) return Error{Errc::invalid, std::string(name) + ": " + instant.error().detail};
    return std::optional(*instant);
}

// The document must be what the signed text says, or the two would be judged apart.
Result<void> read_jwt(Case& the_case) {
    if (the_case.evidence.jwt.empty()) return {};
    auto jwt = read_compact_form(the_case.evidence.jwt);
    if (!jwt) return jwt.error();
    if (jwt->document != the_case.evidence.document) {
        return Error{Errc::invalid, "the document is not what the signed text says"};
    }
    the_case.jwt = *std::move(jwt);
    the_case.has_issuer_signature = true;
    return {};
}

Hash hash_of_document(const credential::Evidence& evidence) {
    return evidence.jwt.empty() ? document_hash(evidence.document)
                                : sd_jwt_document_hash(evidence.jwt);  // Of a JWT the whole.
}

// The claims of an SD-JWT, in seconds; `exp` is the first at which it is over.
StepReport check_claimed_times(Case& the_case, std::int64_t now_s) {
    const json::Value& claims = the_case.evidence.document;
    for (const std::string_view name : {"exp", "nbf"}) {
        const json::Value* const value = claims.find(name);
        if (value == nullptr) continue;
        const std::int64_t* const second = value->as_integer();
        if (second == nullptr) return cannot_check(std::string(name) + " is no integer");
        the_case.is_expired = name == "exp" && now_s >= *second;
        if (the_case.is_expired) return fails("exp has passed");
        if (name == "nbf" && now_s < *second) return fails("nbf is still ahead");
    }
    return passes("the claims' times allow it today");
}

}  // namespace

std::string issuer_named_by(const json::Value& document, bool claimed) {
    const json::Value* issuer = document.find(claimed ? "iss" : "issuer");
    if (issuer != nullptr && issuer->as_object() != nullptr) issuer = issuer->find("id");
    const std::string* const text = issuer == nullptr ? nullptr : issuer->as_string();
    return text == nullptr ? std::string() : *text;
}

StepReport check_format(Case& the_case) {
    const json::Value& document = the_case.evidence.document;
    if (document.as_object() == nullptr) {
        return fails("the document is " + std::string(type_name(document)) + ", want object");
    }
    const Result<std::vector<const json::Value*>> proofs = proofs_of(document);
    if (!proofs) return fails(proofs.error().detail);
    for (const json::Value* proof : *proofs)
        the_case.has_issuer_signature |= !is_receipt_element(*proof);
    if (const auto read = read_jwt(the_case); !read) return fails(read.error().detail);
    const Result<std::vector<Receipt>> embedded = receipts_in(document);
    if (!embedded) return fails(embedded.error().detail);
    std::vector<Receipt> receipts;
    if (the_case.evidence.receipt) receipts.push_back(*the_case.evidence.receipt);
    receipts.insert(receipts.end(), embedded->begin(), embedded->end());
    return choose_receipt(the_case, receipts);
}

StepReport check_commitment(const Case& the_case) {
    if (!the_case.receipt) return cannot_check("there is no receipt");
    if (!the_case.entry) return cannot_check("the receipt's entry holds no commitment");
    const Hash expected = commitment(the_case.receipt->salt, hash_of_document(the_case.evidence));
    if (expected == the_case.entry->commitment) {
        return passes("salt and document give the registered commitment");
    }
    if (lacks_salt(*the_case.receipt)) {
        return cannot_check("the receipt still lacks the salt that only the holder has");
    }
    return fails("salt and document do not give the registered commitment");
}

StepReport check_dates(Case& the_case) {
    const json::Value& document = the_case.evidence.document;
    if (document.as_object() == nullptr) return cannot_check("the document has no members");
    constexpr std::uint64_t seconds_max = std::numeric_limits<std::int64_t>::max();
    const std::uint64_t moment_s = the_case.evidence.as_of_s.value_or(the_case.evidence.now_s);
    const auto now_s = static_cast<std::int64_t>(std::min(moment_s, seconds_max));
    if (the_case.jwt && the_case.jwt->is_sd_jwt) return check_claimed_times(the_case, now_s);
    std::string_view ahead;
    std::string_view over;
    std::optional<std::string> unreadable;
    for (const Bound& bound : bounds) {
        const Result<std::optional<Instant>> instant = instant_of(document, bound.name);
        if (!instant) unreadable = instant.error().detail;
        if (!instant || !*instant) continue;
        if (bound.is_end && is_over(**instant, now_s)) over = bound.name;
        if (!bound.is_end && is_ahead(**instant, now_s)) ahead = bound.name;
    }
    the_case.is_expired = !over.empty();
    if (!over.empty()) return fails(std::string(over) + " has passed");
    if (!ahead.empty()) return fails(std::string(ahead) + " is still ahead");
    if (unreadable) return cannot_check(*unreadable);
    return passes("the document's dates allow it today");
}

}  // namespace chancery::credential

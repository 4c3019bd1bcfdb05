#include "node/audit/list_check.h"

#include <algorithm>

#include "crypto/base/encoding.h"
#include "crypto/credential/assertion_keys.h"
#include "crypto/credential/receipt.h"
#include "crypto/credential/verdict.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"
#include "crypto/ledger/publication.h"

namespace chancery::audit {
namespace {

constexpr json::Limits list_limits{.bytes_max = 64ULL * 1024, .elements_max = 4'000};

Error not_what_it_claims(std::string what) { return {Errc::corrupt, std::move(what)}; }

// When a proof ends by its own date is for verifiers to see.
std::optional<Error> check_signature(const PublishedList& list,
                                     const json::Value& document,
                                     const std::string& did) {
    const auto proofs = credential::proofs_of(document);
    if (!proofs) return not_what_it_claims(proofs.error().detail);
    const auto keys = credential::assertion_keys(*list.member, list.position);
    bool is_signed = false;
    for (const json::Value* const proof : *proofs) {
        if (!credential::suite_of(*proof) || credential::controller_of(*proof) != did) continue;
        if (const auto fault = credential::fault_of(document, *proof, keys, 0))
            return not_what_it_claims("its signature: " + fault->reason);
        is_signed = true;
    }
    if (is_signed) return std::nullopt;
    return not_what_it_claims("carries no signature of its issuer");
}

std::string did_at(const ledger::Member& member, ledger::Position position) {
    const auto found = std::ranges::find_if(
        member.dids, [&](const ledger::DidRecord& record) { return record.in_force.at(position); });
    return found == member.dids.end() ? std::string() : found->did;
}

credential::StatusPurpose purpose_of(const json::Value& document) {
    const json::Value* const subject = document.find("credentialSubject");
    const bool is_suspension =
        subject != nullptr &&
        json::text_in(*subject, "statusPurpose") == name_of(credential::StatusPurpose::suspension);
    return is_suspension ? credential::StatusPurpose::suspension
                         : credential::StatusPurpose::revocation;
}

}  // namespace

Result<ListContent> read_list(const PublishedList& list, ByteView content) {
    const std::string& url = list.entry.url;
    const auto name = ledger::publication_name(ledger::PublicationType::status_list, url);
    if (!ledger::is_list_name(name))
        return not_what_it_claims("its URL ends with no name that a node serves");
    const Hash hash = sha256(content);
    if (hash != list.entry.content_hash)
        return not_what_it_claims("its content has hash " + to_hex(hash) +
                                  ", on the ledger it is " + to_hex(list.entry.content_hash));
    const auto document = json::parse(text_of(content), list_limits);
    if (!document) return not_what_it_claims("is no JSON: " + document.error().detail);
    const std::string did = did_at(*list.member, list.position);
    if (did.empty() || credential::issuer_named_by(*document) != did)
        return not_what_it_claims("/issuer: is not the member's DID");
    const credential::StatusPurpose purpose = purpose_of(*document);
    auto bits = credential::bits_of_list(*document, url, purpose);
    if (!bits) return not_what_it_claims(bits.error().detail);
    if (const auto wrong = check_signature(list, *document, did)) return *wrong;
    return ListContent{purpose, *std::move(bits)};
}

}  // namespace chancery::audit

#include "crypto/pathway/component.h"

#include <algorithm>
#include <array>

#include "crypto/base/encoding.h"
#include "crypto/credential/commitment.h"
#include "crypto/json/pointer.h"
#include "crypto/pathway/credits.h"

namespace chancery::pathway {
namespace {

using credential::Step;
using credential::StepReport;
using credential::StepResult;

constexpr auto sha256_multihash = std::to_array<std::uint8_t>({0x12, 0x20});
constexpr std::size_t digests_max = 256;

std::string text_at(const json::Value& document, std::string_view pointer) {
    const json::Value* const value = json::at(document, pointer);
    const std::string* const text = value == nullptr ? nullptr : value->as_string();
    return text == nullptr ? std::string() : *text;
}

std::optional<std::int64_t> credits_at(const json::Value& document, std::string_view pointer) {
    const json::Value* const value = json::at(document, pointer);
    return value == nullptr ? std::nullopt : credits_from(*value);
}

std::optional<credential::Instant> instant_at(const json::Value& document, std::string_view name) {
    const auto instant = credential::parse_date_time(text_at(document, name));
    return instant ? std::optional(*instant) : std::nullopt;
}

std::vector<Hash> digests_at(const json::Value& document, std::string_view name) {
    std::vector<Hash> digests;
    const json::Value* const member = document.find(name);
    if (member == nullptr) return digests;
    for (const json::Value& each : json::one_or_several(*member)) {
        const auto digest = digest_from_multibase(text_at(each, "/digestMultibase"));
        if (digest && digests.size() < digests_max) digests.push_back(*digest);
    }
    return digests;
}

std::optional<Hash> commitment_of(const std::optional<credential::Receipt>& receipt) {
    if (!receipt) return std::nullopt;
    const auto entry = ledger::decode(receipt->entry);
    if (!entry) return std::nullopt;
    const auto* const record = std::get_if<ledger::CredentialEntry>(&*entry);
    return record == nullptr ? std::nullopt : std::optional(record->commitment);
}

// The steps that say whose document it is and that it was registered. A document without a
// signature of its issuer is the registry's word alone, which suffices.
StepReport proven_by(const credential::Verdict& verdict) {
    constexpr std::array<Step, 7> asked = {Step::format,
                                           Step::issuer_signature,
                                           Step::commitment,
                                           Step::entry,
                                           Step::inclusion,
                                           Step::seal,
                                           Step::issuer};
    std::optional<StepReport> open;
    for (const Step step : asked) {
        const StepReport& report = verdict.steps.at(static_cast<std::size_t>(step));
        if (report.result == StepResult::fail) return report;
        const bool may_stay_open = step == Step::issuer_signature && !verdict.has_issuer_signature;
        if (report.result == StepResult::could_not_check && !may_stay_open && !open) open = report;
    }
    return open.value_or(StepReport{StepResult::pass, "registered by its issuer"});
}

void add_status(const credential::Evidence& evidence,
                const credential::Verdict& verdict,
                Component& component) {
    if (!verdict.status_time_s) return;  // No status proof that is sealed and of this entry.
    const auto proven = credential::check_status_proof(*evidence.status);
    CHECK(proven);
    component.status_size = proven->state.size + 1;
    if (proven->status == ledger::CredentialStatus::good || !evidence.status->change) return;
    component.withdrawal = {
        .position = evidence.status->change->index,
        .is_first = proven->change && proven->change->previous == ledger::no_position};
}

}  // namespace

Component component_of(const credential::Evidence& evidence) {
    const json::Value& document = evidence.document;
    const credential::Verdict verdict = credential::judge(evidence);
    Component component;
    component.achievement = text_at(document, "/credentialSubject/achievement/id");
    component.issuer = text_at(document, "/issuer");
    if (component.issuer.empty()) component.issuer = text_at(document, "/issuer/id");
    component.subject = text_at(document, "/credentialSubject/id");
    component.credits = credits_at(document, "/credentialSubject/creditsEarned");
    if (!component.credits)
        component.credits = credits_at(document, "/credentialSubject/achievement/creditsAvailable");
    component.valid_from = instant_at(document, "/validFrom");
    component.valid_until = instant_at(document, "/validUntil");
    component.document_hash = evidence.jwt.empty() ? credential::document_hash(document)
                                                   : credential::sd_jwt_document_hash(evidence.jwt);
    component.commitment = commitment_of(evidence.receipt);
    component.evidence = digests_at(document, "evidence");
    component.related = digests_at(document, "relatedResource");
    component.proven = proven_by(verdict);
    component.position = verdict.position;
    if (verdict.registered_at)
        component.registered_s = static_cast<std::int64_t>(*verdict.registered_at / 1'000);
    add_status(evidence, verdict, component);
    component.status = verdict.steps.at(static_cast<std::size_t>(Step::status));
    component.today = verdict.headline;
    return component;
}

Result<Hash> digest_from_multibase(std::string_view text) {
    const bool is_base64url = text.starts_with('u');
    if (!is_base64url && !text.starts_with('z')) return invalid("digest is neither u… nor z…");
    if (text.size() > 64) return invalid("digest is longer than any of SHA-256");
    const auto bytes = is_base64url ? from_base64url(text.substr(1)) : from_base58(text.substr(1));
    if (!bytes) return bytes.error();
    Hash hash{};
    if (bytes->size() != sha256_multihash.size() + hash.size() ||
        !std::ranges::equal(sha256_multihash, std::span(*bytes).first(sha256_multihash.size())))
        return invalid("digest is no multihash of SHA-256");
    std::ranges::copy(std::span(*bytes).subspan(sha256_multihash.size()), hash.begin());
    return hash;
}

std::string digest_to_multibase(const Hash& hash) {
    Bytes bytes(sha256_multihash.begin(), sha256_multihash.end());
    bytes.insert(bytes.end(), hash.begin(), hash.end());
    return "u" + to_base64url(bytes);
}

}  // namespace chancery::pathway

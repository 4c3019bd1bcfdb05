#include "node/cli/status_list_view.h"

#include "crypto/json/parse.h"
#include "crypto/ledger/publication.h"
#include "node/cli/document_signer.h"
#include "node/cli/publication.h"

namespace chancery::cli {

using credential::StatusPurpose;
using credential::StepReport;
using credential::StepResult;
using ledger::CredentialStatus;

bool sets_bit(StatusPurpose purpose, CredentialStatus status) {
    if (purpose == StatusPurpose::suspension) return status == CredentialStatus::suspended;
    return status == CredentialStatus::revoked || status == CredentialStatus::superseded;
}

Result<credential::StatusBits> fetch_list(NodeClient& node,
                                          const ledger::Member& member,
                                          const std::string& url,
                                          StatusPurpose purpose) {
    const std::string_view name =
        ledger::publication_name(ledger::PublicationType::status_list, url);
    if (!ledger::is_list_name(name))
        return Error{Errc::invalid, "its URL ends with no name that a node serves"};
    const auto text = node.status_list(member.slug, name);
    if (!text) return text.error();
    const auto list = json::parse(*text, {.bytes_max = published_bytes_max});
    if (!list) return Error{Errc::corrupt, "is no JSON: " + list.error().detail};
    if (!names_as_signer(*list, member))
        return Error{Errc::corrupt, "carries no signature of its issuer"};
    if (const auto good = check_present(*list, member); !good)
        return Error{Errc::corrupt, good.error().detail};
    return credential::bits_of_list(*list, url, purpose);
}

std::optional<StepReport> compare_lists(NodeClient& node,
                                        const ledger::Member& member,
                                        const json::Value& document,
                                        CredentialStatus proven) {
    const auto entries = credential::status_entries_of(document);
    if (!entries) return StepReport{StepResult::could_not_check, entries.error().detail};
    if (entries->empty()) return std::nullopt;
    for (const credential::StatusListEntry& entry : *entries) {
        const std::string name(credential::name_of(entry.purpose));
        const auto bits = fetch_list(node, member, entry.list, entry.purpose);
        if (!bits)
            return StepReport{StepResult::could_not_check, name + ": " + bits.error().detail};
        if (entry.index >= bits->size())
            return StepReport{StepResult::fail, name + ": the index is beyond the list"};
        if (bits->at(entry.index) == sets_bit(entry.purpose, proven)) continue;
        return StepReport{StepResult::fail,
                          name + ": the bit is " + (bits->at(entry.index) ? "set" : "not set") +
                              ", on the ledger it is " + std::string(ledger::name_of(proven))};
    }
    return StepReport{StepResult::pass, "says what the ledger says"};
}

}  // namespace chancery::cli

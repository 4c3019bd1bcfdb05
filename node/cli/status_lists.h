// The status lists of an issuer: kept in registers beside its key, published for verifiers who know
// of no registry.
//
//     <folder of --key>/status-lists/2026-1.status-register
//
// The ledger decides; a list repeats what it says. So a list that could not be published is no
// error of the change itself, and is brought up to date by the next change or by
// `chancery status-list publish`.
#pragma once

#include <string>
#include <vector>

#include "node/cli/document_signer.h"
#include "node/cli/folder_lock.h"
#include "node/cli/publication.h"
#include "node/cli/status_register.h"

namespace chancery::cli {

// Empty if no key was named.
std::string status_folder(const ClientContext& context);

class StatusLists {
public:
    // Those beside the issuer's key; none is no error. Errc::conflict while another process has
    // them.
    static Result<StatusLists> open(const ClientContext& context);

    bool is_empty() const { return registers_.empty(); }
    std::vector<StatusRegister>& registers() { return registers_; }
    // Errc::not_found.
    Result<StatusRegister*> named(const std::string& name);

    struct Registered {
        json::Value document;  // Its credentialStatus is all that counts.
        Hash commitment{};
    };
    // Writes down which credential has which place. Documents of other lists, or of none, are
    // passed over.
    Result<void> hold(const std::vector<Registered>& registered);

    // Writes down what the ledger has, and publishes the lists that say something else by it.
    // Gives their names.
    Result<std::vector<std::string>> follow(Session& session,
                                            NodeClient& node,
                                            const Issuer& issuer,
                                            const std::vector<StatusRegister::Standing>& standings);

private:
    explicit StatusLists(std::vector<StatusRegister> registers)
        : registers_(std::move(registers)) {}

    std::vector<StatusRegister> registers_;
    std::optional<FolderLock> lock_;
};

// What the ledger says of each credential that the register holds, proven under a trusted seal.
Result<std::vector<StatusRegister::Standing>> standings_of(NodeClient& node,
                                                           TrustStore& trust,
                                                           const Issuer& issuer,
                                                           const StatusRegister& of);

using Purposes = std::vector<credential::StatusPurpose>;
inline const Purposes& both_purposes() {
    static const Purposes both = {credential::StatusPurpose::revocation,
                                  credential::StatusPurpose::suspension};
    return both;
}

struct ListPublisher {
    Session& session;
    NodeClient& node;
    const Issuer& issuer;
    const DocumentSigner& signer;

    // Signs the lists as the register has them and publishes them in one batch.
    Result<ledger::Position> publish(const StatusRegister& of, const Purposes& purposes) const;
};

}  // namespace chancery::cli

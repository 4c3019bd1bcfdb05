// Whom this client trusts, and the newest checkpoint it ever accepted.
//
// Trust starts at the pinned network id. The newest accepted checkpoint of a network is kept in a
// file, and every later one must be consistent with it: a log that shows two histories to one
// client is found out, whoever signed them.
#pragma once

#include <optional>
#include <string>

#include "crypto/credential/trust.h"
#include "node/cli/client_context.h"
#include "node/cli/log_reader.h"
#include "node/cli/output.h"

namespace chancery::cli {

class TrustStore {
public:
    // The trust file that was named, or the one that `source` has; then the steps that `source`
    // has beyond it. `source` may be nullptr: then a file must be named.
    // Errc::invalid if no network id is pinned, Errc::forbidden if the file is another network's.
    static Result<TrustStore> load(const ClientContext& context,
                                   audit::LogSource* source,
                                   Output& out);

    const credential::Trust& trust() const { return trust_; }
    const Hash& network_id() const { return network_id_; }

    // Whether it parses and is sealed under our trust.
    bool is_sealed(const std::string& checkpoint) const;

    // Errc::unavailable, with both sizes, if it is sealed over fewer entries than the newest
    // accepted one. What is not sealed is for others to refuse.
    Result<void> check_not_older(const std::string& checkpoint) const;

    // Parses, wants a seal, and holds it against the newest accepted one, which it then becomes if
    // it is newer. Errc::corrupt: not sealed under our trust, or another history.
    Result<note::SignedCheckpoint> accept(const std::string& checkpoint, audit::LogSource* source);

private:
    TrustStore(credential::Trust trust, const Hash& network_id, std::string state_file)
        : trust_(std::move(trust)), network_id_(network_id), state_file_(std::move(state_file)) {}

    Result<std::optional<note::SignedCheckpoint>> newest_accepted() const;
    static Result<void> check_consistent(const merkle::TreeHead& kept,
                                         const merkle::TreeHead& shown,
                                         audit::LogSource* source);

    credential::Trust trust_;
    Hash network_id_;
    std::string state_file_;
};

}  // namespace chancery::cli

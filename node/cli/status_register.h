// What an issuer keeps of a pair of status lists: which index each credential has, and whether it
// is revoked or suspended. It stays on the issuer's machine: indices never reach the ledger.
//
//     chancery-status-register/v1
//     list 2026-1 https://node.uni-a.example/v1/status-lists/uni-a/
//     taken 94567                                  given to a document
//     holds 94567 <commitment>                     which was registered
//     status <commitment> revoked                  as the ledger has it
//
// One line is added for each event and never changed; a last line without its end was cut off by a
// crash and counts for nothing. The same index stands in both lists: 2026-1-revocation and
// 2026-1-suspension. Indices are drawn at random, so that none tells when its badge was issued.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/credential/status_list.h"
#include "crypto/ledger/entry.h"

namespace chancery::cli {

class StatusRegister {
public:
    // More would make random draws slow, and a full list tells who has no place in it.
    static constexpr std::size_t places_max = credential::status_list_bits / 2;

    // Errc::invalid for a name or URL that is none, Errc::conflict if it is there. `base` ends
    // with "/": the lists' names follow.
    static Result<StatusRegister> create(const std::string& folder,
                                         const std::string& name,
                                         const std::string& base);
    // Errc::not_found, and Errc::corrupt with the line.
    static Result<StatusRegister> open(const std::string& folder, const std::string& name);
    // All of a folder, by name; none if there is no such folder.
    static Result<std::vector<StatusRegister>> all(const std::string& folder);

    const std::string& name() const { return name_; }
    std::string list_name(credential::StatusPurpose purpose) const;
    std::string url(credential::StatusPurpose purpose) const;

    // What a document says that has this index.
    json::Value status_of(std::size_t index) const;
    // The index of a document that names these lists; nullopt if it names others or none.
    // Errc::invalid for entries that cannot be read or do not belong together.
    Result<std::optional<std::size_t>> index_in(const json::Value& document) const;

    // Durable on return. Errc::conflict if there is no room for so many.
    Result<std::vector<std::size_t>> take(std::size_t count);

    struct Place {
        std::size_t index = 0;
        Hash commitment{};
    };
    // Errc::conflict if an index is another credential's; nothing is written then.
    Result<void> hold(std::span<const Place> places);

    struct Standing {
        Hash commitment{};
        ledger::CredentialStatus status = ledger::CredentialStatus::good;
    };
    // Of credentials that it holds; others are passed over. Gives how many changed.
    Result<std::size_t> note(std::span<const Standing> standings);

    // The credentials with a place, by commitment.
    const std::map<Hash, std::size_t>& places() const { return index_of_; }
    ledger::CredentialStatus status(const Hash& commitment) const;
    // No credential holds it.
    bool is_free(std::size_t index) const;
    std::size_t taken() const { return taken_.size(); }

    credential::StatusBits bits(credential::StatusPurpose purpose) const;

private:
    StatusRegister(std::string path, std::string name, std::string base)
        : path_(std::move(path)), name_(std::move(name)), base_(std::move(base)) {}

    Result<void> read_event(std::string_view line);
    Result<void> append(const std::string& lines) const;

    std::string path_;
    std::string name_;
    std::string base_;
    std::map<std::size_t, std::optional<Hash>> taken_;  // By index.
    std::map<Hash, std::size_t> index_of_;
    std::map<Hash, ledger::CredentialStatus> statuses_;  // Those that are not good.
};

}  // namespace chancery::cli

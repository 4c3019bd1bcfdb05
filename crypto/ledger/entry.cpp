#include "crypto/ledger/entry.h"

#include <array>

namespace chancery::ledger {
namespace {

constexpr std::array<std::string_view, 4> status_names = {
    "good", "suspended", "revoked", "superseded"};
constexpr std::array<std::string_view, 8> reason_names = {"unspecified",
                                                          "issued_in_error",
                                                          "withdrawn_by_issuer",
                                                          "withdrawn_by_holder",
                                                          "key_compromise",
                                                          "replaced",
                                                          "requirement_expired",
                                                          "legal_order"};

}  // namespace

std::string_view name_of(CredentialStatus status) {
    return status_names.at(static_cast<std::size_t>(status));
}

std::string_view name_of(Reason reason) {
    return reason_names.at(static_cast<std::size_t>(reason));
}

std::optional<CredentialStatus> status_named(std::string_view name) {
    const auto* const found = std::ranges::find(status_names, name);
    if (found == status_names.end()) return std::nullopt;
    return static_cast<CredentialStatus>(found - status_names.begin());
}

std::optional<Reason> reason_named(std::string_view name) {
    const auto* const found = std::ranges::find(reason_names, name);
    if (found == reason_names.end()) return std::nullopt;
    return static_cast<Reason>(found - reason_names.begin());
}

bool is_change_allowed(CredentialStatus from, CredentialStatus to) {
    const bool is_final = from == CredentialStatus::revoked || from == CredentialStatus::superseded;
    return !is_final && from != to;
}

}  // namespace chancery::ledger

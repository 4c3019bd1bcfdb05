#include <algorithm>
#include <functional>

#include "crypto/ledger/members.h"

namespace chancery::ledger {

Result<Seal> seal_of(const note::SignedNote& note,
                     const std::vector<Cosigner>& cosigners,
                     std::uint32_t quorum) {
    std::map<MemberNumber, std::uint64_t> newest_times;
    for (const Cosigner& cosigner : cosigners) {
        const Result<std::optional<std::uint64_t>> time = note::cosigned_at(note, cosigner.key);
        if (!time) return time.error();
        if (!*time) continue;
        std::uint64_t& newest = newest_times[cosigner.member];
        newest = std::max(newest, **time);
    }
    return seal_of(newest_times, quorum);
}

Seal seal_of(const std::map<MemberNumber, std::uint64_t>& newest_times, std::uint32_t quorum) {
    CHECK(quorum > 0);
    Seal seal;
    seal.members = static_cast<std::uint32_t>(newest_times.size());
    if (seal.members < quorum) return seal;
    std::vector<std::uint64_t> times;
    times.reserve(newest_times.size());
    for (const auto& [member, time] : newest_times)
        times.push_back(time);
    std::ranges::sort(times, std::greater<>());
    seal.time_s = times[quorum - 1];
    return seal;
}

std::string policy_of(const Members& members, Position position) {
    const Result<note::VerifierKey> log = note::parse_vkey(members.log);
    CHECK(log);
    std::vector<note::NamedKey> keys;
    for (const Cosigner& cosigner : cosigners_at(members, position))
        keys.push_back({.name = cosigner.slug, .key = cosigner.key});
    return note::sealed_policy(*log, keys, members.quorum);
}

}  // namespace chancery::ledger

#include "node/cli/own_keys.h"

#include <algorithm>
#include <thread>

#include "node/cli/until_sealed.h"

namespace chancery::cli {
namespace {

using ledger::KeyUse;
using Moment = std::chrono::steady_clock::time_point;

constexpr std::chrono::hours act_lifetime{1};
constexpr std::chrono::milliseconds trust_pause{50};
constexpr std::chrono::milliseconds trust_lag_min{2'000};
constexpr std::chrono::milliseconds trust_lag_max{10'000};
constexpr int attempts_max = 3;  // Others may use up a sequence meanwhile.

KeyStanding standing_of(const ledger::KeyRecord& record) {
    return {record.use, record.number, record.key.text(), record.in_force, true};
}

Result<Bytes> possession_by(const keystore::KeyFile& file,
                            const Hash& network_id,
                            ledger::MemberNumber member,
                            const ledger::AddKey& added) {
    if (added.use == KeyUse::issuer) {
        const auto key = keystore::load_member_key(file, keystore::Use::issuer);
        if (!key) return key.error();
        const Hash hash = ledger::possession_hash(network_id, member, added.use, added.key);
        const auto signature = key->sign(hash, keystore::random_hash());
        return Bytes(signature.begin(), signature.end());
    }
    const Bytes message = ledger::possession_message(network_id, member, added.use, added.key);
    if (added.use == KeyUse::anchor) {
        const auto key = keystore::load_anchor_key(file);
        if (!key) return key.error();
        return key->sign_personal(message);
    }
    const auto key = keystore::load_signing_key(file, keystore::Use::assertion);
    if (!key) return key.error();
    return std::visit(
        [&](const auto& one) {
            const auto signature = one.sign(message);
            return Bytes(signature.begin(), signature.end());
        },
        *key);
}

}  // namespace

Result<KeyUse> own_use(keystore::Use use) {
    const auto found = ledger::key_use_named(keystore::name_of(use));
    const bool is_own = found && (*found == KeyUse::issuer || *found == KeyUse::assertion ||
                                  *found == KeyUse::anchor);
    if (is_own) return *found;
    return Error{Errc::invalid,
                 "a key for \"" + std::string(keystore::name_of(use)) +
                     "\" is not a member's own to change, want issuer, assertion or anchor"};
}

Result<OwnKeys> OwnKeys::open(Session& session, const keystore::KeyFile& governance) {
    auto key = keystore::load_member_key(governance, keystore::Use::governance);
    if (!key) return key.error();
    auto desk = open_desk(session);
    if (!desk) return desk.error();
    const ledger::RecordedKey wanted = key->public_key();
    for (const ledger::Member& member : desk->trust.trust().newest().members)
        for (const ledger::KeyRecord& record : member.keys)
            if (record.use == KeyUse::governance && record.key == wanted && !record.in_force.until)
                return OwnKeys(session, *std::move(desk), member.number, *key);
    return Error{Errc::forbidden,
                 governance.path + ": is no member's governance key in force in this network"};
}

const ledger::Member& OwnKeys::member() const {
    const ledger::Member* const member = desk_.trust.trust().newest().find(number_);
    CHECK(member != nullptr);
    return *member;
}

std::optional<KeyStanding> OwnKeys::find(std::string_view key) const {
    for (const ledger::KeyRecord& record : member().keys)
        if (record.key.text() == key) return standing_of(record);
    return std::nullopt;
}

std::optional<KeyStanding> OwnKeys::find(KeyUse use, std::uint32_t number) const {
    for (const ledger::KeyRecord& record : member().keys)
        if (record.use == use && record.number == number) return standing_of(record);
    return std::nullopt;
}

std::optional<KeyStanding> OwnKeys::only(KeyUse use) const {
    std::optional<KeyStanding> found;
    for (const ledger::KeyRecord& record : member().keys) {
        if (record.use != use || record.in_force.until) continue;
        if (found) return std::nullopt;
        found = standing_of(record);
    }
    return found;
}

Result<void> OwnKeys::refresh() {
    NodeLog log(desk_.node);
    auto trust = TrustStore::load(session_.context, &log, session_.out);
    if (!trust) return trust.error();
    desk_.trust = *std::move(trust);
    return {};
}

Result<void> OwnKeys::submit(const What& what) {
    const auto last = desk_.node.last_act(number_);
    if (!last) return last.error();
    const auto lifetime_ms =
        static_cast<ledger::TimeMs>(std::chrono::milliseconds(act_lifetime).count());
    const ledger::Act act{.by = number_,
                          .sequence = *last + 1,
                          .expires = session_.clock.now_ms() + lifetime_ms,
                          .what = what};
    ledger::SignedAct signed_act{{}, ledger::to_text(act)};
    signed_act.signature = governance_.sign(
        ledger::act_message(desk_.trust.network_id(), signed_act.text), keystore::random_hash());
    const Bytes submission = ledger::act_submission(signed_act);
    const auto sealed = until_sealed<ActPlacement>(
        desk_.node, session_.context.timeout, "act", [&](std::chrono::seconds wait) {
            return desk_.node.submit_act(submission, wait);
        });
    if (!sealed) return sealed.error();
    return {};
}

// What was sealed a moment ago another node may hear of later.
Result<bool> OwnKeys::is_shown(const Shown& wanted, std::chrono::milliseconds patience) {
    const Moment deadline = std::chrono::steady_clock::now() + patience;
    while (true) {
        if (const auto done = refresh(); !done) return done.error();
        if (wanted()) return true;
        if (std::chrono::steady_clock::now() >= deadline || is_interrupted()) return false;
        std::this_thread::sleep_for(trust_pause);
    }
}

Result<void> OwnKeys::settle(const What& what, const Shown& wanted) {
    Result<void> done;
    for (int attempt = 0; attempt < attempts_max; ++attempt) {
        done = submit(what);
        // Another act had the sequence: this very one, as an earlier call sent it, or one to come
        // after.
        if (!done && done.error().code != Errc::conflict) return done.error();
        const auto shown = is_shown(wanted, done ? trust_lag_max : trust_lag_min);
        if (!shown) return shown.error();
        if (*shown) return {};
        if (done) return Error{Errc::timeout, "the act was sealed, and no node shows it yet"};
    }
    return done;
}

Result<KeyStanding> OwnKeys::add(const keystore::KeyFile& file,
                                 std::optional<std::uint32_t> replaces) {
    const auto stored = keystore::open_key_file(file);
    if (!stored) return stored.error();
    const auto use = own_use(stored->label().use);
    if (!use) return use.error();
    const auto text = keystore::public_text(*stored);
    if (!text) return text.error();
    const auto earlier = find(*text);
    if (earlier && !earlier->in_force.until) return *earlier;
    if (earlier)
        return Error{Errc::conflict,
                     file.path + ": was " + std::string(ledger::name_of(*use)) + " key " +
                         std::to_string(earlier->number) + " up to position " +
                         std::to_string(*earlier->in_force.until) + "; a key is never used again"};
    if (*use == KeyUse::issuer && !replaces && only(*use))
        return Error{Errc::conflict,
                     member().slug + " has an issuer key in force; key rotate replaces it"};
    ledger::AddKey wanted{*use, *text, {}, replaces};
    auto possession = possession_by(file, desk_.trust.network_id(), number_, wanted);
    if (!possession) return possession.error();
    wanted.possession = *std::move(possession);
    const auto settled = settle(wanted, [&] { return find(*text).has_value(); });
    if (!settled) return settled.error();
    KeyStanding standing = *find(*text);
    standing.was_there = false;
    return standing;
}

Result<KeyStanding> OwnKeys::end(KeyUse use, std::uint32_t number) {
    const std::string name = member().slug + "'s " + std::string(ledger::name_of(use)) + " key " +
                             std::to_string(number);
    const auto earlier = find(use, number);
    if (!earlier) return Error{Errc::not_found, "the ledger has no " + name};
    if (earlier->in_force.until)
        return Error{
            Errc::conflict,
            name + " is out of force since position " + std::to_string(*earlier->in_force.until)};
    const auto settled = settle(ledger::EndKey{use, number},
                                [&] { return find(use, number)->in_force.until.has_value(); });
    if (!settled) return settled.error();
    KeyStanding standing = *find(use, number);
    standing.was_there = false;
    return standing;
}

}  // namespace chancery::cli

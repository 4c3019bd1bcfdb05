// chancery key rotate: a new key in place of one in force, under its name.
#include "node/cli/commands.h"
#include "node/cli/key_act_call.h"
#include "node/cli/key_choice.h"
#include "node/cli/key_rotation.h"

namespace chancery::cli {
namespace {

using keystore::Use;

Result<std::optional<KeyStanding>> standing_in(const Session& session,
                                               const OwnKeys& keys,
                                               const std::string& file) {
    const auto stored = keystore::open_key_file({file, session.context.passphrase_file});
    if (!stored) return stored.error();
    const auto text = keystore::public_text(*stored);
    if (!text) return text.error();
    return keys.find(*text);
}

// The number of the key that is to be replaced, by its file or, if that is lost, by what was said.
// nullopt: the new one took its place already, and the old file is put aside.
Result<std::optional<std::uint32_t>> replaced_number(const Session& session,
                                                     const Invocation& call,
                                                     const OwnKeys& keys,
                                                     const KeyRotation& rotation) {
    using Number = std::optional<std::uint32_t>;
    const auto use = own_use(*keystore::use_named(call.text("use")));
    if (!use) return use.error();
    if (rotation.has_file()) {
        const auto standing = standing_in(session, keys, rotation.file());
        if (!standing) return standing.error();
        if (*standing && (*standing)->use == *use) return Number((*standing)->number);
        return Error{Errc::forbidden,
                     rotation.file() + ": is no " + std::string(ledger::name_of(*use)) +
                         " key of " + keys.member().slug};
    }
    if (rotation.has_next()) {
        const auto standing = standing_in(session, keys, rotation.next());
        if (!standing) return standing.error();
        if (*standing) return Number();
    }
    const auto standing =
        call.has("number") ? keys.find(*use, static_cast<std::uint32_t>(call.number("number", 0)))
                           : keys.only(*use);
    if (standing) return Number(standing->number);
    return Error{Errc::not_found,
                 rotation.file() + " is not there; --number says which key it was"};
}

// Of the same kind as the one that goes.
Result<keystore::SecretPlan> plan_like(const Session& session,
                                       const Invocation& call,
                                       const KeyRotation& rotation) {
    auto planned = planned_key(call);
    if (!planned || !rotation.has_file() || call.has("type") || planned->use != Use::assertion)
        return planned;
    const auto stored = keystore::open_key_file({rotation.file(), session.context.passphrase_file});
    if (!stored) return stored.error();
    const auto old = keystore::signing_key_of(*stored);
    if (!old) return old.error();
    keystore::SecretPlan plan = *planned;
    plan.type = keystore::type_of(*old);
    return plan;
}

Result<Exit> rotate_key(Session& session, const Invocation& call) {
    if (call.text("use").empty())
        return Error{Errc::invalid, "--use is missing: issuer, assertion or anchor"};
    if (!call.has("file") && session.context.key.empty())
        return Error{Errc::invalid, "--file is missing: the key's file, or --key beside it"};
    auto keys = open_own_keys(session, call);
    if (!keys) return keys.error();
    const KeyRotation rotation(call.has("file")
                                   ? call.text("file")
                                   : keys_folder(session) + "/" + call.text("use") + ".key");
    const auto lock = lock_keys(rotation.file());
    if (!lock) return lock.error();
    if (rotation.has_next()) session.out.note("takes up a rotation that was broken off");
    const auto plan = plan_like(session, call, rotation);
    if (!plan) return plan.error();
    const auto number = replaced_number(session, call, *keys, rotation);
    if (!number) return number.error();
    const auto made = make_key_file(session, rotation.next(), *plan, keys->member().slug);
    if (!made) return made.error();
    const auto added = keys->add({rotation.next(), session.context.passphrase_file}, *number);
    if (!added) {
        session.out.hint("the same command again takes up " + rotation.next());
        return added.error();
    }
    json::Object about = standing_json(*added);
    if (rotation.has_file()) {
        if (const auto moved = rotation.put_aside(**number); !moved) return moved.error();
        session.out.note("the old key is " + rotation.kept(**number));
        about.push_back({"old_file", rotation.kept(**number)});
    }
    if (const auto moved = rotation.take_place(); !moved) return moved.error();
    about.push_back({"file", rotation.file()});
    session.out.line(keys->member().slug + "'s " + name_of_key(*added) + " is " + rotation.file() +
                     ", in force from position " + std::to_string(added->in_force.from));
    session.out.document(std::move(about));
    return Exit::done;
}

}  // namespace

Command key_rotate_command() {
    std::vector<Option> options = {
        own_use_option(),
        {"file",
         ValueKind::path,
         "FILE",
         "the key's file; <use>.key beside --key if not said. The new key takes its name"},
        {"number",
         ValueKind::number,
         "N",
         "which key is replaced, if its file is lost and several are in force"}};
    for (Option& option : key_type_options())
        options.push_back(std::move(option));
    add_governance(options);
    return {.name = "rotate",
            .summary = "replace a key in force by a new one",
            .examples = {{"chancery key rotate --use issuer",
                          "issuer.key becomes issuer-1.key, the new one issuer.key"},
                         {"chancery key rotate --use assertion --file keys/assertion-p256.key",
                          "what the old one signed stays valid"}},
            .options = std::move(options),
            .run = rotate_key};
}

}  // namespace chancery::cli

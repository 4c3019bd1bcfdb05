// chancery key add and end: one key more on the ledger, or one less.
#include <algorithm>
#include <limits>

#include "node/cli/commands.h"
#include "node/cli/key_act_call.h"
#include "node/cli/key_choice.h"

namespace chancery::cli {
namespace {

using keystore::Use;

std::string default_file(const Session& session, const keystore::SecretPlan& plan) {
    std::string name(keystore::name_of(plan.use));
    if (plan.use == Use::assertion) name += "-" + std::string(keystore::name_of(plan.type));
    return keys_folder(session) + "/" + name + ".key";
}

Result<Exit> add_key(Session& session, const Invocation& call) {
    const bool is_made = call.argument(0).empty();
    std::optional<keystore::SecretPlan> plan;
    if (is_made) {
        const auto planned = planned_key(call);
        if (!planned) return planned.error();
        plan = *planned;
        if (const auto own = own_use(plan->use); !own) return own.error();
    } else if (call.has("use") || call.has("type") || call.has("bits") || call.has("out")) {
        return Error{Errc::invalid, "--use, --type, --bits and --out go without FILE"};
    }
    auto keys = open_own_keys(session, call);
    if (!keys) return keys.error();
    const std::string file = !is_made          ? call.argument(0)
                             : call.has("out") ? call.text("out")
                                               : default_file(session, *plan);
    const auto lock = lock_keys(file);
    if (!lock) return lock.error();
    if (plan) {
        const auto made = make_key_file(session, file, *plan, keys->member().slug);
        if (!made) return made.error();
    }
    const auto added = keys->add({file, session.context.passphrase_file}, std::nullopt);
    if (!added && added.error().code != Errc::forbidden)
        session.out.hint("the same command again takes up " + file);
    if (!added) return added.error();
    session.out.line(
        keys->member().slug + "'s " + name_of_key(*added) + ", " + added->key +
        (added->was_there ? ", is on the ledger already, from position " : ", from position ") +
        std::to_string(added->in_force.from));
    json::Object about = standing_json(*added);
    about.push_back({"file", file});
    about.push_back({"was_there", added->was_there});
    session.out.document(std::move(about));
    return Exit::done;
}

Result<Exit> end_key(Session& session, const Invocation& call) {
    if (call.text("use").empty() || !call.has("number"))
        return Error{Errc::invalid, "--use and --number are missing: which key; key list tells"};
    const auto use = own_use(*keystore::use_named(call.text("use")));
    if (!use) return use.error();
    auto keys = open_own_keys(session, call);
    if (!keys) return keys.error();
    const std::uint64_t number = call.number("number", 0);
    const auto ended = keys->end(*use,
                                 static_cast<std::uint32_t>(std::min<std::uint64_t>(
                                     number, std::numeric_limits<std::uint32_t>::max())));
    if (!ended) return ended.error();
    session.out.line(keys->member().slug + "'s " + name_of_key(*ended) +
                     " is out of force from position " + std::to_string(*ended->in_force.until));
    session.out.document(standing_json(*ended));
    return Exit::done;
}

}  // namespace

Command key_add_command() {
    std::vector<Option> options = {own_use_option()};
    for (Option& option : key_type_options())
        options.push_back(std::move(option));
    options.push_back(
        {"out",
         ValueKind::path,
         "FILE",
         "the file to make; assertion-p256.key or the like beside --key if not said"});
    add_governance(options);
    return {.name = "add",
            .summary = "put a key on the ledger, made now or before",
            .examples = {{"chancery key add --use assertion --type p256",
                          "makes assertion-p256.key, which signs JWTs"},
                         {"chancery key add jwt.key", "one that was made elsewhere"}},
            .arguments = {{.name = "FILE",
                           .help = "a key file that is there; a new one if left out",
                           .is_required = false}},
            .options = std::move(options),
            .run = add_key};
}

Command key_end_command() {
    std::vector<Option> options = {
        own_use_option(), {"number", ValueKind::number, "N", "of the key, as key list tells it"}};
    add_governance(options);
    return {.name = "end",
            .summary = "take a key out of force",
            .examples = {{"chancery key end --use assertion --number 2", "for good"}},
            .options = std::move(options),
            .run = end_key};
}

}  // namespace chancery::cli

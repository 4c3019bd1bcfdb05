// chancery key reseal: the same key under another passphrase.
#include "node/cli/commands.h"
#include "node/cli/key_choice.h"

namespace chancery::cli {
namespace {

Result<Exit> reseal(Session& session, const Invocation& call) {
    const std::string path = call.argument(0);
    const std::string old_file = session.context.passphrase_file;
    const std::string new_file = call.text("new-passphrase-file");
    if (old_file.empty())
        return Error{Errc::invalid, "--passphrase-file is missing: what opens the key"};
    if (new_file.empty())
        return Error{Errc::invalid, "--new-passphrase-file is missing: what will open it"};
    const auto key = keystore::open_key_file({path, old_file});
    if (!key) return key.error();
    const auto passphrase = passphrase_in(new_file, session, call);
    if (!passphrase) return passphrase.error();
    const std::string out = call.has("out") ? call.text("out") : path;
    const auto written =
        call.has("out") ? keystore::create_key_file(out, key->label(), key->secret(), *passphrase)
                        : keystore::reseal_key_file(out, *key, *passphrase);
    if (!written) return written.error();
    session.out.line(out + " opens with " + new_file);
    session.out.document(json::Object{{"file", out},
                                      {"use", keystore::name_of(key->label().use)},
                                      {"owner", key->label().owner}});
    return Exit::done;
}

}  // namespace

Command key_reseal_command() {
    return {
        .name = "reseal",
        .summary = "seal a key under another passphrase",
        .examples = {{"chancery key reseal keys/issuer.key --passphrase-file keys.pass "
                      "--new-passphrase-file new.pass --make-passphrase",
                      "in place"},
                     {"chancery key reseal log.key --passphrase-file log.pass --out "
                      "keys/log.key --new-passphrase-file keys.pass",
                      "a copy, beside the keys that one passphrase opens"}},
        .arguments = {{.name = "FILE", .help = "the key file"}},
        .options =
            {{"new-passphrase-file", ValueKind::path, "FILE", "what will open it, mode 0600"},
             make_passphrase_option(),
             {"out", ValueKind::path, "FILE", "write a new file and leave the old one as it is"}},
        .run = reseal};
}

}  // namespace chancery::cli

// chancery key: secret keys as sealed files, and their public halves.
#include <cstring>
#include <filesystem>

#include "crypto/base/encoding.h"
#include "crypto/json/canonical.h"
#include "crypto/keys/multikey.h"
#include "node/cli/commands.h"
#include "node/cli/key_choice.h"
#include "node/cli/member_folder.h"
#include "node/cli/session.h"
#include "node/signing_key.h"

namespace chancery::cli {
namespace {

using keystore::Use;

Result<keystore::Passphrase> passphrase_for_new_keys(Session& session, const Invocation& call) {
    const std::string& path = session.context.passphrase_file;
    if (path.empty())
        return Error{Errc::invalid, "--passphrase-file is missing: what seals the key, mode 0600"};
    return passphrase_in(path, session, call);
}

// As the options call it.
std::string in_options(const MemberFault& fault) {
    const std::string option = fault.field == "slug"  ? "member"
                               : fault.field == "url" ? "public-url"
                                                      : fault.field;
    return "--" + option + ": " + fault.want;
}

Result<Exit> new_member(Session& session, const Invocation& call) {
    if (call.text("out").empty())
        return Error{Errc::invalid, "--out is missing: the folder for the member's keys"};
    if (call.text("name").empty())
        return Error{Errc::invalid, "--name is missing: the institution's name"};
    if (call.text("public-url").empty() || call.text("peer").empty())
        return Error{Errc::invalid,
                     "--public-url and --peer are missing: where the member's node will answer"};
    const MemberPlan plan{.slug = call.text("member"),
                          .name = call.text("name"),
                          .did = call.text("did"),
                          .peer_endpoint = call.text("peer"),
                          .public_endpoint = call.text("public-url")};
    if (const auto fault = fault_of(plan)) return Error{Errc::invalid, in_options(*fault)};
    const auto passphrase = passphrase_for_new_keys(session, call);
    if (!passphrase) return passphrase.error();
    const auto member = make_member_folder(plan, call.text("out"), *passphrase);
    if (!member) return member.error();
    const std::string file = call.text("out") + "/member.json";
    session.out.line(file);
    session.out.note("send " + file + " to whoever drafts the genesis; it holds no secret");
    session.out.document(
        json::Object{{"folder", call.text("out")}, {"member", member_json(*member)}});
    return Exit::done;
}

Result<keystore::Label> label_of(const Invocation& call) {
    const Use use = *keystore::use_named(call.text("use"));
    const std::string option = use == Use::log ? "origin" : "member";
    if (call.text(option).empty())
        return Error{Errc::invalid, "--" + option + " is missing: whose key it will be"};
    return keystore::Label{use, call.text(option)};
}

Result<Exit> new_key(Session& session, const Invocation& call) {
    if (call.text("use").empty())
        return Error{Errc::invalid, "--use is missing: what the key is for"};
    if (call.text("use") == "all") return new_member(session, call);
    const auto label = label_of(call);
    if (!label) return label.error();
    const auto plan = planned_key(call);
    if (!plan) return plan.error();
    const std::string path =
        call.has("out") ? call.text("out") : std::string(keystore::name_of(label->use)) + ".key";
    const auto passphrase = passphrase_for_new_keys(session, call);
    if (!passphrase) return passphrase.error();
    const keystore::StoredKey key(*label, keystore::random_secret(*plan));
    const auto made = keystore::create_key_file(path, *label, key.secret(), *passphrase);
    if (!made) return made.error();
    const auto text = keystore::public_text(key);
    if (!text) return text.error();
    session.out.note("made " + path);
    session.out.line(*text);
    session.out.document(json::Object{{"file", path},
                                      {"use", keystore::name_of(label->use)},
                                      {"owner", label->owner},
                                      {"public", *text}});
    return Exit::done;
}

Result<keystore::StoredKey> open_named(const Session& session, const Invocation& call) {
    const std::string path = call.argument(0).empty() ? session.context.key : call.argument(0);
    if (path.empty()) return Error{Errc::invalid, "FILE is missing: the key file, or --key"};
    if (session.context.passphrase_file.empty())
        return Error{Errc::invalid, "--passphrase-file is missing: what opens the key"};
    return keystore::open_key_file({path, session.context.passphrase_file});
}

Result<Exit> show_key(Session& session, const Invocation& call) {
    const auto key = open_named(session, call);
    if (!key) return key.error();
    const auto text = keystore::public_text(*key);
    if (!text) return text.error();
    const std::string use(keystore::name_of(key->label().use));
    json::Object about{{"use", use}, {"owner", key->label().owner}, {"public", *text}};
    session.out.line("use     " + use);
    session.out.line((key->label().use == Use::log ? "origin  " : "member  ") + key->label().owner);
    session.out.line("public  " + *text);
    if (key->label().use == Use::assertion || key->label().use == Use::holder) {
        const auto signing = keystore::signing_key_of(*key);
        if (!signing) return signing.error();
        const json::Value jwk = keystore::public_jwk(*signing);
        const std::string type(keystore::name_of(keystore::type_of(*signing)));
        about.push_back({"type", type});
        about.push_back({"did", "did:key:" + *text});
        about.push_back({"jwk", jwk});
        session.out.line("type    " + type);
        session.out.line("did     did:key:" + *text);
        session.out.line("jwk     " + json::canonical(jwk));
    }
    session.out.document(std::move(about));
    return Exit::done;
}

Result<Exit> export_public(Session& session, const Invocation& call) {
    const auto key = open_named(session, call);
    if (!key) return key.error();
    if (call.has("jwk")) {
        const auto signing = keystore::signing_key_of(*key);
        if (!signing) return signing.error();
        const json::Value jwk = keystore::public_jwk(*signing);
        session.out.line(json::canonical(jwk));
        session.out.document(json::Object{{"jwk", jwk}});
        return Exit::done;
    }
    const auto text = keystore::public_text(*key);
    if (!text) return text.error();
    session.out.line(*text);
    session.out.document(json::Object{{"public", *text}});
    return Exit::done;
}

Command new_command() {
    std::vector<Option> options = {
        {"use",
         ValueKind::choice,
         "USE",
         "what the key is for",
         {"issuer",
          "assertion",
          "governance",
          "cosigner",
          "node",
          "tls",
          "log",
          "holder",
          "anchor",
          "all"}},
        {"member",
         ValueKind::text,
         "SLUG",
         "whose it is, as in uni-a; for a holder a name of its own"},
        {"origin", ValueKind::text, "ORIGIN", "for a log key: the network's origin"},
        {"out", ValueKind::path, "PATH", "the file to make; with --use all the folder"},
        make_passphrase_option(),
        {"name", ValueKind::text, "NAME", "with --use all: the institution's name"},
        {"did", ValueKind::text, "DID", "with --use all: its DID, if not a did:key"},
        {"public-url", ValueKind::text, "URL", "with --use all: where its node answers"},
        {"peer", ValueKind::text, "HOST:PORT", "with --use all: where other nodes reach it"}};
    for (Option& option : key_type_options())
        options.push_back(std::move(option));
    return {.name = "new",
            .summary = "make one key, or all that a member needs",
            .examples =
                {{"chancery key new --use all --member uni-a --name 'University A' --out keys "
                  "--public-url https://registry.uni-a.example --peer registry.uni-a.example:7443 "
                  "--passphrase-file keys.pass --make-passphrase",
                  "everything for a new member"},
                 {"chancery key new --use log --origin registry.example/europe --out log.key "
                  "--passphrase-file keys.pass",
                  "the key of a network's log"},
                 {"chancery key new --use assertion --type p256 --member uni-a --out jwt.key "
                  "--passphrase-file keys.pass",
                  "a key that signs JWTs; chancery key add puts it on the ledger"}},
            .options = std::move(options),
            .run = new_key};
}

}  // namespace

Command key_command() {
    const Argument file{
        .name = "FILE", .help = "the key file; --key if left out", .is_required = false};
    return {.name = "key",
            .summary = "make keys, look at them, and change those on the ledger",
            .children = {new_command(),
                         {.name = "show",
                          .summary = "say what a key is for, whose, and its public half",
                          .examples = {{"chancery key show keys/issuer.key --passphrase-file "
                                        "keys/passphrase",
                                        ""}},
                          .arguments = {file},
                          .run = show_key},
                         {.name = "export-public",
                          .summary = "print the public half alone",
                          .examples = {{"chancery key export-public keys/log.key", "a vkey"},
                                       {"chancery key export-public keys/jwt.key --jwk",
                                        "of assertion and holder keys"}},
                          .arguments = {file},
                          .options = {{"jwk", ValueKind::flag, "", "as a JWK (RFC 7517)"}},
                          .run = export_public},
                         key_reseal_command(),
                         key_add_command(),
                         key_rotate_command(),
                         key_end_command(),
                         key_list_command(),
                         key_acts_command()}};
}

}  // namespace chancery::cli

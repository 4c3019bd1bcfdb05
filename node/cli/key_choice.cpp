#include "node/cli/key_choice.h"

namespace chancery::cli {

std::vector<Option> key_type_options() {
    return {{"type",
             ValueKind::choice,
             "TYPE",
             "of assertion and holder keys: ed25519 if not said; JWTs want p256 or rsa",
             {"ed25519", "p256", "rsa"}},
            {"bits", ValueKind::number, "N", "of an RSA key: 2048 to 4096, 3072 if not said"}};
}

Result<keystore::SecretPlan> planned_key(const Invocation& call) {
    if (call.text("use").empty())
        return Error{Errc::invalid, "--use is missing: what the key is for"};
    keystore::SecretPlan plan{.use = *keystore::use_named(call.text("use"))};
    if (call.has("type")) plan.type = *keystore::key_type_named(call.text("type"));
    plan.rsa_bits = call.number("bits", keystore::rsa_bits_default);
    if (call.has("bits") && plan.type != keystore::KeyType::rsa)
        return Error{Errc::invalid, "--bits goes with --type rsa"};
    if (const auto good = keystore::check_plan(plan); !good) return good.error();
    return plan;
}

Option make_passphrase_option() {
    return {"make-passphrase", ValueKind::flag, "", "make the passphrase file, of 256 random bits"};
}

Result<keystore::Passphrase> passphrase_in(const std::string& path,
                                           Session& session,
                                           const Invocation& call) {
    if (call.has("make-passphrase")) {
        if (const auto made = keystore::create_passphrase_file(path); !made) return made.error();
        session.out.note("made " + path + ": without it, what it seals cannot be opened again");
    }
    return keystore::read_passphrase(path);
}

}  // namespace chancery::cli

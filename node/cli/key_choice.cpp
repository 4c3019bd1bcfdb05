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

}  // namespace chancery::cli

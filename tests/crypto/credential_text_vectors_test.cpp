// A badge as JWT and SD-JWT, byte for byte as a program writes them that knows the protocol alone.
#include <gtest/gtest.h>

#include "crypto/base/encoding.h"
#include "crypto/credential/badge_sd_jwt.h"
#include "crypto/credential/commitment.h"
#include "crypto/credential/key_binding.h"
#include "crypto/credential/vc_jwt.h"
#include "tests/support/vectors.h"

namespace chancery::credential::text_vectors_test {
namespace {

const json::Value& vector() {
    static const json::Value file = test::vector_json("chancery/texts.json");
    return file;
}

keys::P256Key key(std::string_view name) {
    return keys::P256Key::from_secret(hash_from_hex(test::text_at(vector(), name)).value()).value();
}

TEST(TextVectors, AJwtIsWrittenAsTheProtocolSays) {
    EXPECT_EQ(sign_vc_jwt(*vector().find("document"), "", key("issuer_secret")).value(),
              test::text_at(vector(), "jwt"));
    const auto read = parse_vc_jwt(test::text_at(vector(), "jwt"));
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ(document_hash(without_claims(read->document)),
              document_hash(*vector().find("document")));
}

TEST(TextVectors, AnSdJwtIsWrittenAsTheProtocolSays) {
    const json::Value holder = jose::to_jwk(key("holder_secret").public_key());
    SdJwtPlan plan;
    plan.claims = sd_jwt_claims(*vector().find("document"), {"", holder}).value();
    plan.concealed = personal_claims(*vector().find("document"));
    json::Array concealed;
    for (const std::string& pointer : plan.concealed)
        concealed.push_back(pointer);
    EXPECT_EQ(json::Value(concealed), *vector().find("concealed"));
    for (const json::Value& salt : *vector().find("salts")->as_array()) {
        plan.salts.emplace_back();
        std::ranges::copy(from_hex(*salt.as_string()).value(), plan.salts.back().begin());
    }
    const std::string key_id = test::text_at(vector(), "key_id");
    EXPECT_EQ(issue_sd_jwt(plan, key_id, key("issuer_secret")).value(),
              test::text_at(vector(), "sd_jwt"));
}

TEST(TextVectors, AHolderBindsItAsTheProtocolSays) {
    const std::string bound = test::text_at(vector(), "bound");
    const KeyBinding binding{test::text_at(vector(), "audience"),
                             test::text_at(vector(), "nonce"),
                             static_cast<std::uint64_t>(*vector().find("issued_at")->as_integer())};
    EXPECT_EQ(bind_key(test::text_at(vector(), "sd_jwt"), binding, key("holder_secret")).value(),
              bound);
    const auto report = weigh_key_binding(
        bound, KeyBindingWanted{binding.audience, binding.nonce}, binding.issued_at_s + 1);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->result, StepResult::pass) << report->reason;
}

}  // namespace
}  // namespace chancery::credential::text_vectors_test

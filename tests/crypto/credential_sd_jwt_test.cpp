// Selective disclosure: the RFC's examples, what is issued and shown here, and every way to cheat.
#include <gtest/gtest.h>

#include "crypto/credential/key_binding.h"
#include "crypto/json/canonical.h"
#include "tests/support/vectors.h"

namespace chancery::credential::sd_jwt_test {
namespace {

constexpr std::uint64_t now_s = 1'767'225'600;

const keys::P256Key& issuer() {
    static const keys::P256Key key = keys::P256Key::from_secret(Hash{1}).value();
    return key;
}
const keys::P256Key& holder() {
    static const keys::P256Key key = keys::P256Key::from_secret(Hash{2}).value();
    return key;
}
std::vector<jose::PublicKey> issuer_keys() { return {issuer().public_key()}; }

const json::Value& rfc9901() {
    static const json::Value file = test::vector_json("sd-jwt/rfc9901.json");
    return file;
}

std::string form(const json::Value& value) { return json::canonical(value); }

std::string encoded(const json::Value& value) { return to_base64url(bytes_of(form(value))); }

json::Value digests(std::initializer_list<std::string> disclosures) {
    json::Array all;
    for (const std::string& disclosure : disclosures)
        all.push_back(sd_digest(disclosure));
    return all;
}

// Signed rightly, whatever it says.
std::string sd_jwt(const json::Value& payload, std::initializer_list<std::string> disclosures) {
    std::string text =
        jose::sign_jws({.type = "dc+sd-jwt", .key_id = ""}, form(payload), issuer()) + "~";
    for (const std::string& disclosure : disclosures)
        text += disclosure + "~";
    return text;
}

std::string claims_or_refusal(const std::string& text, const SdJwtPolicy& policy = {}) {
    const auto claims = verify_sd_jwt(text, issuer_keys(), policy, now_s);
    return claims ? form(*claims) : claims.error().detail;
}

TEST(SdJwt, ThoseOfRfc9901SayWhatTheRfcSays) {
    const json::Value& file = rfc9901();
    const std::vector<jose::PublicKey> keys = {
        jose::public_key_from_jwk(*file.find("issuer_jwk")).value()};
    const SdJwtPolicy policy{.type = "example+sd-jwt", .key_binding = std::nullopt};
    for (const auto& [name, claims_name] : {std::pair{"issued", "claims"},
                                            {"presented", "presented_claims"},
                                            {"nested", "nested_claims"}}) {
        const auto claims = verify_sd_jwt(test::text_at(file, name), keys, policy, now_s);
        ASSERT_TRUE(claims) << name << claims.error().detail;
        EXPECT_EQ(form(*claims), form(*file.find(claims_name))) << name;
    }
    for (const json::Value& one : *file.find("disclosures")->as_array())
        EXPECT_EQ(sd_digest(test::text_at(one, "text")), test::text_at(one, "digest"));
}

TEST(SdJwt, TheKeyBindingOfRfc9901IsForItsVerifierAlone) {
    const json::Value& file = rfc9901();
    const std::vector<jose::PublicKey> keys = {
        jose::public_key_from_jwk(*file.find("issuer_jwk")).value()};
    const std::string text = test::text_at(file, "presented");
    const auto issued_at = static_cast<std::uint64_t>(*file.find("issued_at")->as_integer());
    const KeyBindingWanted wanted{.audience = test::text_at(file, "audience"),
                                  .nonce = test::text_at(file, "nonce"),
                                  .age_max_s = 60};
    const auto verdict = [&](const KeyBindingWanted& binding, std::uint64_t now) {
        const auto claims =
            verify_sd_jwt(text, keys, {.type = "example+sd-jwt", .key_binding = binding}, now);
        return claims ? "good" : claims.error().detail;
    };
    EXPECT_EQ(verdict(wanted, issued_at), "good");
    EXPECT_EQ(verdict(wanted, issued_at + 60), "good");
    const std::string old = "key binding: is too old or ahead of time";
    EXPECT_EQ(verdict(wanted, issued_at + 61), old);
    EXPECT_EQ(verdict(wanted, issued_at - 301), old);
    KeyBindingWanted other = wanted;
    other.nonce = "1234567891";
    EXPECT_EQ(verdict(other, issued_at), "key binding: nonce is not the one that was asked for");
    other = wanted;
    other.audience = "https://else.example.org";
    EXPECT_EQ(verdict(other, issued_at), "key binding: is for another audience");
}

SdJwtPlan a_plan() {
    SdJwtPlan plan;
    plan.claims =
        json::Object{{"iss", "did:web:a"},
                     {"vct", "https://a.example/badge"},
                     {"cnf", json::Object{{"jwk", jose::to_jwk(holder().public_key())}}},
                     {"name", "Ana"},
                     {"a/b~c", 1},
                     {"grades", json::Array{json::Object{{"of", "maths"}, {"mark", 1}}, "good"}},
                     {"address", json::Object{{"city", "Graz"}, {"street", "Am Damm"}}}};
    plan.concealed = {"/name",
                      "/a~1b~0c",
                      "/grades/0",
                      "/grades/0/mark",
                      "/grades/1",
                      "/address",
                      "/address/street"};
    for (std::uint8_t i = 0; i < plan.concealed.size(); ++i)
        plan.salts.push_back(Salt{i});
    plan.decoys = {Hash{1}, Hash{2}};
    return plan;
}

TEST(SdJwt, WhatIsIssuedIsShownInPartsAsTheHolderLikes) {
    const SdJwtPlan plan = a_plan();
    const std::string text = issue_sd_jwt(plan, "did:web:a#k", issuer()).value();
    EXPECT_EQ(claims_or_refusal(text), form(plan.claims));
    const auto read = parse_sd_jwt(text).value();
    EXPECT_EQ(read.issuer_jws.key_id, "did:web:a#k");
    EXPECT_EQ(read.issuer_jws.payload.find("Ana"), std::string::npos);
    EXPECT_EQ(read.payload.find("_sd")->as_array()->size(), 5U);

    const std::string none = present_sd_jwt(text, {}).value();
    EXPECT_EQ(none, read.issuer_text + "~");
    json::Value least = plan.claims;
    for (const std::string_view name : {"name", "a/b~c", "address"})
        least.erase(name);
    least.set("grades", json::Array{});
    EXPECT_EQ(claims_or_refusal(none), form(least));

    // What lies within another comes with that one, and not the other way round.
    json::Value some = least;
    some.set("grades", json::Array{json::Object{{"of", "maths"}, {"mark", 1}}});
    some.set("address", json::Object{{"city", "Graz"}});
    some.set("a/b~c", 1);
    const std::string shown =
        present_sd_jwt(text, {"/a~1b~0c", "/grades/0/mark", "/address"}).value();
    EXPECT_EQ(claims_or_refusal(shown), form(some));
    // Of what is shown less can be shown.
    EXPECT_EQ(claims_or_refusal(present_sd_jwt(shown, {}).value()), form(least));
    EXPECT_FALSE(present_sd_jwt(shown, {"/name"}));
    EXPECT_FALSE(present_sd_jwt(text, {"/iss"}));
}

TEST(SdJwt, WhatCannotBeConcealedIsNotIssued) {
    for (const std::string pointer : {"",
                                      "name",
                                      "/none",
                                      "/grades/2",
                                      "/grades/01",
                                      "/name/x",
                                      "/a~2",
                                      "/iss",
                                      "/vct",
                                      "/cnf"}) {
        SdJwtPlan plan = a_plan();
        plan.concealed = {pointer};
        plan.salts = {Salt{}};
        EXPECT_FALSE(issue_sd_jwt(plan, "", issuer())) << pointer;
    }
    SdJwtPlan twice = a_plan();
    twice.concealed.emplace_back("/name");
    twice.salts.push_back(Salt{9});
    EXPECT_FALSE(issue_sd_jwt(twice, "", issuer()));
    for (const std::string name : {"_sd", "...", "_sd_alg"}) {
        SdJwtPlan plan = a_plan();
        plan.claims.find("address")->set(name, "x");
        EXPECT_EQ(issue_sd_jwt(plan, "", issuer()).error().detail,
                  "the claims have a name that is reserved");
    }
    SdJwtPlan list = a_plan();
    list.claims = json::Array{};
    EXPECT_FALSE(issue_sd_jwt(list, "", issuer()));
}

TEST(SdJwt, TheHolderSignsForOneVerifierOnce) {
    const std::string text = issue_sd_jwt(a_plan(), "", issuer()).value();
    const std::string shown = present_sd_jwt(text, {"/name"}).value();
    const KeyBinding binding{.audience = "https://v", .nonce = "n", .issued_at_s = now_s};
    const std::string bound = bind_key(shown, binding, holder()).value();
    SdJwtPolicy policy;
    policy.key_binding = KeyBindingWanted{.audience = "https://v", .nonce = "n"};
    EXPECT_TRUE(claims_or_refusal(bound, policy).starts_with("{"));
    EXPECT_TRUE(claims_or_refusal(bound).starts_with("{"));  // Not asked for.
    EXPECT_EQ(claims_or_refusal(shown, policy), "key binding is missing");
    EXPECT_FALSE(bind_key(bound, binding, holder()));
    EXPECT_FALSE(bind_key("x", binding, holder()));

    const std::string stolen = bind_key(shown, binding, issuer()).value();
    EXPECT_EQ(claims_or_refusal(stolen, policy),
              "key binding: is not signed by the key that the issuer named");
    // With one disclosure less, or one more, it is another presentation.
    const std::string key_binding = bound.substr(bound.rfind('~') + 1);
    for (const std::string& other :
         {present_sd_jwt(text, {}).value(), present_sd_jwt(text, {"/name", "/address"}).value()})
        EXPECT_EQ(claims_or_refusal(other + key_binding, policy),
                  "key binding: is of another presentation");
    const std::string typed = shown + jose::sign_jws({.type = "JWT", .key_id = ""}, "{}", holder());
    EXPECT_EQ(claims_or_refusal(typed, policy), "key binding: typ is not kb+jwt");
    const std::string empty =
        shown + jose::sign_jws({.type = "kb+jwt", .key_id = ""}, "{}", holder());
    EXPECT_EQ(claims_or_refusal(empty, policy), "key binding: is of another presentation");
    const std::string other_nonce = bind_key(shown, {"https://v", "m", now_s}, holder()).value();
    EXPECT_EQ(claims_or_refusal(other_nonce, policy),
              "key binding: nonce is not the one that was asked for");
    const std::string nobody = sd_jwt(json::Object{}, {}) + key_binding;
    EXPECT_EQ(claims_or_refusal(nobody, policy), "key binding: the issuer names no key in cnf");
}

TEST(SdJwt, EveryWayToCheatWithDisclosuresIsRefused) {
    const std::string a = encoded(json::Array{"salt", "a", 1});
    const std::string again = encoded(json::Array{"other", "a", 2});
    const std::string element = encoded(json::Array{"salt", 7});
    const auto named = [](std::string_view name) { return encoded(json::Array{"salt", name, 1}); };
    const auto holding = [](const json::Value& value) {
        return encoded(json::Array{"salt", "p", value});
    };
    const std::string parent = holding(json::Object{{"_sd", digests({a})}});
    const auto in_array = [](const std::string& disclosure) {
        return json::Object{{"l", json::Array{json::Object{{"...", sd_digest(disclosure)}}}}};
    };
    const auto in_sd = [](std::initializer_list<std::string> disclosures) {
        return json::Object{{"_sd", digests(disclosures)}};
    };
    const std::string concealed = "a disclosure is of a claim that must not be concealed";
    const std::string reserved = "a disclosure has a name that is reserved";
    const std::vector<std::pair<std::string, std::string>> table = {
        {sd_jwt(in_sd({a}), {a}), R"({"a":1})"},
        {sd_jwt(in_sd({parent}), {parent, a}), R"({"p":{"a":1}})"},
        {sd_jwt(in_sd({parent}), {a, parent}), R"({"p":{"a":1}})"},
        {sd_jwt(in_array(element), {element}), R"({"l":[7]})"},
        {sd_jwt(in_array(element), {}), R"({"l":[]})"},
        {sd_jwt(in_sd({parent}), {a}), "1 disclosures belong nowhere"},
        {sd_jwt(json::Object{}, {a}), "1 disclosures belong nowhere"},
        {sd_jwt(in_sd({a}), {a, a}), "a disclosure is there twice"},
        {sd_jwt(in_sd({a, a}), {a}), "a digest is there twice"},
        {sd_jwt(in_sd({a, a}), {}), "a digest is there twice"},
        {sd_jwt(in_sd({a, parent}), {parent, a}), "a digest is there twice"},
        {sd_jwt(in_sd({a, again}), {a, again}), "a disclosure has a name that is there already"},
        {sd_jwt(json::Object{{"a", 0}, {"_sd", digests({a})}}, {a}),
         "a disclosure has a name that is there already"},
        {sd_jwt(in_sd({named("_sd")}), {named("_sd")}), reserved},
        {sd_jwt(in_sd({named("...")}), {named("...")}), reserved},
        {sd_jwt(in_sd({named("_sd_alg")}), {named("_sd_alg")}), reserved},
        {sd_jwt(in_sd({named("exp")}), {named("exp")}), concealed},
        {sd_jwt(in_sd({named("iss")}), {named("iss")}), concealed},
        {sd_jwt(in_sd({named("status")}), {named("status")}), concealed},
        {sd_jwt(in_sd({element}), {element}), "an array element's disclosure stands for a member"},
        {sd_jwt(in_array(a), {a}), "a member's disclosure stands for an array element"},
        {sd_jwt(json::Object{{"_sd", "x"}}, {}), "_sd is no array"},
        {sd_jwt(json::Object{{"_sd", json::Array{1}}}, {}), "_sd holds something else than text"},
        {sd_jwt(json::Object{{"...", "x"}}, {}), "a claim is named \"...\""},
        {sd_jwt(json::Object{{"l", json::Array{json::Object{{"...", 1}}}}}, {}),
         "a claim is named \"...\""},
        {sd_jwt(json::Object{{"_sd_alg", "sha-512"}}, {}), "_sd_alg is not sha-256"},
        {sd_jwt(json::Object{{"x", json::Object{{"_sd_alg", "sha-256"}}}}, {}),
         "_sd_alg stands below the outermost claims"},
        {sd_jwt(json::Object{}, {"**"}), "disclosure 0: a character that is not base64"},
        {sd_jwt(json::Object{}, {encoded(json::Array{"s"})}),
         "disclosure 0: want an array of 2 or 3"},
        {sd_jwt(json::Object{}, {encoded(json::Array{"s", "n", 1, 2})}),
         "disclosure 0: want an array of 2 or 3"},
        {sd_jwt(json::Object{}, {encoded(json::Object{})}),
         "disclosure 0: want an array of 2 or 3"},
        {sd_jwt(json::Object{}, {encoded(json::Array{1, 2})}), "disclosure 0: salt is no text"},
        {sd_jwt(json::Object{}, {encoded(json::Array{"s", 1, 2})}),
         "disclosure 0: name is no text"},
        {sd_jwt(json::Array{}, {}), "SD-JWT's payload is no object"},
        {sd_jwt(json::Object{{"exp", now_s}}, {}), "SD-JWT has expired"},
        {sd_jwt(json::Object{{"nbf", now_s + 1}}, {}), "SD-JWT is not yet valid"},
        {sd_jwt(json::Object{{"exp", "never"}}, {}), "SD-JWT's exp is no integer"},
    };
    for (const auto& [text, says] : table)
        EXPECT_EQ(claims_or_refusal(text), says) << text;
    const std::string plain = sd_jwt(json::Object{}, {});
    EXPECT_EQ(claims_or_refusal(plain.substr(0, plain.size() - 1)), "SD-JWT has no ~");
    SdJwtPolicy other;
    other.type = "kb+jwt";
    EXPECT_EQ(claims_or_refusal(plain, other), "SD-JWT's typ is not kb+jwt");
    const std::vector<jose::PublicKey> strangers = {holder().public_key()};
    EXPECT_EQ(verify_sd_jwt(plain, strangers, {}, now_s).error().code, Errc::forbidden);
}

TEST(SdJwt, DepthAndNumbersHaveLimits) {
    // Each disclosure holds the next: deeper than any document may be.
    std::string inner = encoded(json::Array{"s", "n", 1});
    std::string disclosures = inner + "~";
    for (std::size_t i = 0; i < sd_jwt_depth_max; ++i) {
        inner = encoded(json::Array{"s", "n", json::Object{{"_sd", digests({inner})}}});
        disclosures += inner + "~";
    }
    EXPECT_EQ(claims_or_refusal(sd_jwt(json::Object{{"_sd", digests({inner})}}, {}) + disclosures),
              "claims are deeper than 32");
    std::string many = sd_jwt(json::Object{}, {});
    for (std::size_t i = 0; i <= disclosures_max; ++i)
        many += encoded(json::Array{std::to_string(i), 1}) + "~";
    EXPECT_EQ(claims_or_refusal(many), "SD-JWT has more than 1000 disclosures");
    EXPECT_EQ(claims_or_refusal(std::string(sd_jwt_bytes_max + 1, '~')),
              "SD-JWT has 1048577 bytes, want at most 1048576");
}

TEST(SdJwt, EveryFlippedByteIsFoundOut) {
    const std::string text = issue_sd_jwt(a_plan(), "", issuer()).value();
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::string flipped = text;
        flipped[i] = flipped[i] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(verify_sd_jwt(flipped, issuer_keys(), {}, now_s)) << i;
    }
}

}  // namespace
}  // namespace chancery::credential::sd_jwt_test

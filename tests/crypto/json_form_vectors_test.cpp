// JSON as section 10 of PROTOCOL.md takes and refuses it.
#include "crypto/json/canonical.h"
#include "tests/support/form_vectors.h"

namespace chancery {
namespace {

TEST(FormVectors, JsonIsTakenAsTheProtocolSays) {
    test::hold_to(
        "json",
        [](const json::Value& form) { return json::parse(test::form_text(form, "text")); },
        [](const json::Value& form, const json::Value& value) {
            EXPECT_EQ(json::canonical(value), test::form_text(form, "canonical"));
        });
}

}  // namespace
}  // namespace chancery

// JSON as section 10 of PROTOCOL.md takes and refuses it.
#include "crypto/json/canonical.h"
#include "tests/support/form_vectors.h"

namespace chancery {
namespace {

TEST(FormVectors, JsonIsTakenAsTheProtocolSays) {
    for (const json::Value& form : test::form_cases("json")) {
        const auto parsed = json::parse(test::form_text(form, "text"));
        const json::Value* value = test::read_as_told(form, parsed);
        if (value == nullptr) continue;
        EXPECT_EQ(json::canonical(*value), test::form_text(form, "canonical"))
            << test::name_of(form);
    }
}

}  // namespace
}  // namespace chancery

// Any text as a template of credentials: it is refused, or filling it leaves its form as it was,
// and filling it again keeps what was made the first time.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "node/cli/credential_template.h"

using namespace chancery;

namespace {

bool has_same_form(const json::Value& one, const json::Value& other) {
    if (json::type_name(one) != json::type_name(other)) return false;
    if (const json::Array* array = one.as_array()) {
        if (array->size() != other.as_array()->size()) return false;
        for (std::size_t i = 0; i < array->size(); ++i)
            if (!has_same_form((*array)[i], (*other.as_array())[i])) return false;
    }
    if (const json::Object* object = one.as_object()) {
        if (object->size() != other.as_object()->size()) return false;
        for (std::size_t i = 0; i < object->size(); ++i) {
            const json::Member& there = (*other.as_object())[i];
            if ((*object)[i].name != there.name || !has_same_form((*object)[i].value, there.value))
                return false;
        }
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto form = cli::CredentialTemplate::parse(text_of({data, size}));
    if (!form) {
        CHECK(form.error().code == Errc::invalid);
        return 0;
    }
    cli::CredentialTemplate::Values values;
    for (const std::string_view own : {cli::issuer_did_hole, cli::issuer_name_hole})
        values.emplace(own, "did:example:a");
    for (const std::string& column : form->columns())
        values.emplace(column, "\"},{{uuid}}");
    const json::Value first = form->fill(values, nullptr);
    const json::Value second = form->fill(values, &first);
    CHECK(has_same_form(first, second));
    CHECK(first == second);
    return 0;
}

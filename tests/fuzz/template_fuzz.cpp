// Any text as a template of credentials: it is refused, or filling it leaves its form as it was,
// and filling it again keeps what was made the first time.
#include "crypto/base/bytes.h"
#include "crypto/base/check.h"
#include "crypto/json/parse.h"
#include "node/cli/credential_template.h"

using namespace chancery;

namespace {

// A text may have become a number.
bool has_same_form(const json::Value& one, const json::Value& other) {
    if (one.as_string() != nullptr && other.as_integer() != nullptr) return true;
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
    for (const cli::Hole& hole : form->holes()) {
        if (hole.kind == cli::Hole::Kind::uuid)
            values.emplace(hole, std::nullopt);
        else if (hole.kind == cli::Hole::Kind::number)
            values.emplace(hole, "7");
        else
            values.emplace(hole, "\"},{{uuid}}");
    }
    const json::Value first = form->fill(values, nullptr);
    CHECK(form->fill(values, &first) == first);
    CHECK(has_same_form(*json::parse(text_of({data, size}), {.elements_max = 100'000}), first));
    // With all that may be empty left out, what is kept stays the same, too.
    for (auto& [hole, value] : values)
        if (hole.if_empty != cli::Hole::IfEmpty::refuse) value.reset();
    const json::Value fewer = form->fill(values, nullptr);
    CHECK(form->fill(values, &fewer) == fewer);
    return 0;
}

// What section 10 of PROTOCOL.md settles, case by case: tests/vectors/chancery/forms.json.
#pragma once

#include "tests/support/format_vectors.h"

namespace chancery::test {

inline const json::Array& form_cases(std::string_view form) {
    static const json::Value vectors = vector_json("chancery/forms.json");
    return cases_in(vectors, form);
}

// A case says why it is refused, for people.
inline bool is_refused(const json::Value& form) { return form.find("why") != nullptr; }

inline std::string name_of(const json::Value& form) {
    const std::string reason = is_refused(form) ? " (" + text_at(form, "why") + ")" : "";
    return text_at(form, "name") + reason;
}

// A text as a case has it: as it is, as {"hex"}, or as {"parts"}, each with how often it stands
// there.
inline std::string form_text(const json::Value& value) {
    if (const std::string* text = value.as_string()) return *text;
    if (value.find("hex") != nullptr) return std::string(text_of(bytes_at(value, "hex")));
    std::string whole;
    for (const json::Value& part : array_at(value, "parts")) {
        const json::Array* piece = part.as_array();
        CHECK(piece != nullptr && piece->size() == 2);
        const std::string text = form_text(piece->front());
        for (auto times = number_of(piece->back()); times > 0; --times)
            whole += text;
    }
    return whole;
}

inline std::string form_text(const json::Value& form, std::string_view name) {
    const json::Value* value = form.find(name);
    CHECK(value != nullptr);
    return form_text(*value);
}

inline Bytes form_bytes(const json::Value& form, std::string_view name) {
    const std::string text = form_text(form, name);
    const ByteView bytes = bytes_of(text);
    return {bytes.begin(), bytes.end()};
}

// Gives what was read of an accepted case; null for one that is refused, or if the two disagree,
// which fails the test.
template <typename T>
const T* read_as_told(const json::Value& form, const Result<T>& read) {
    EXPECT_EQ(read.has_value(), !is_refused(form))
        << name_of(form) << (read ? "" : ": " + read.error().detail);
    return read && !is_refused(form) ? &*read : nullptr;
}

// Every case of a form: read(case) takes it exactly if it is to be taken, and then check(case, what
// was read) says more.
template <typename Read, typename Check>
void hold_to(std::string_view form_name, Read read, Check check) {
    for (const json::Value& form : form_cases(form_name)) {
        SCOPED_TRACE(name_of(form));
        const auto result = read(form);
        if (const auto* value = read_as_told(form, result)) check(form, *value);
    }
}

}  // namespace chancery::test

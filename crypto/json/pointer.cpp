#include "crypto/json/pointer.h"

#include <optional>

#include "crypto/base/decimal.h"

namespace chancery::json {
namespace {

std::optional<std::string> unescaped(std::string_view name) {
    std::string text;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] != '~') {
            text += name[i];
            continue;
        }
        if (++i == name.size() || (name[i] != '0' && name[i] != '1')) return std::nullopt;
        text += name[i] == '0' ? '~' : '/';
    }
    return text;
}

std::optional<std::size_t> index_in(const Array& array, std::string_view name) {
    const auto index = from_decimal(name);
    if (!index || *index >= array.size()) return std::nullopt;
    return static_cast<std::size_t>(*index);
}

Value* child_of(Value& parent, std::string_view name) {
    if (Array* const array = parent.as_array()) {
        const auto index = index_in(*array, name);
        return index ? &(*array)[*index] : nullptr;
    }
    const auto plain = unescaped(name);
    return plain ? parent.find(*plain) : nullptr;
}

}  // namespace

std::string step(std::string_view pointer, std::string_view name) {
    std::string longer(pointer);
    longer += '/';
    for (const char letter : name) {
        if (letter == '~') {
            longer += "~0";
        } else if (letter == '/') {
            longer += "~1";
        } else {
            longer += letter;
        }
    }
    return longer;
}

std::string step(std::string_view pointer, std::size_t index) {
    return step(pointer, std::to_string(index));
}

Value* at(Value& document, std::string_view pointer) {
    Value* place = &document;
    while (!pointer.empty()) {
        if (pointer.front() != '/') return nullptr;
        pointer.remove_prefix(1);
        const std::size_t end = std::min(pointer.find('/'), pointer.size());
        place = child_of(*place, pointer.substr(0, end));
        if (place == nullptr) return nullptr;
        pointer.remove_prefix(end);
    }
    return place;
}

const Value* at(const Value& document, std::string_view pointer) {
    return at(const_cast<Value&>(document), pointer);
}

bool erase_at(Value& document, std::string_view pointer) {
    const std::size_t last = pointer.rfind('/');
    if (last == std::string_view::npos || at(document, pointer) == nullptr) return false;
    Value* const parent = at(document, pointer.substr(0, last));
    CHECK(parent != nullptr);
    const std::string_view name = pointer.substr(last + 1);
    if (Array* const array = parent->as_array()) {
        array->erase(array->begin() + static_cast<std::ptrdiff_t>(*index_in(*array, name)));
    } else {
        parent->erase(*unescaped(name));
    }
    return true;
}

}  // namespace chancery::json

// The vectors of our own forms, as values: tests/vectors/chancery/v1.json.
#pragma once

#include "crypto/json/canonical.h"
#include "crypto/ledger/genesis.h"
#include "tests/support/vectors.h"

namespace chancery::test {

inline const json::Value& chancery_vectors() {
    static const json::Value vectors = vector_json("chancery/v1.json");
    return vectors;
}

inline json::Value chancery_vector(std::string_view name) {
    const json::Value* value = chancery_vectors().find(name);
    if (value == nullptr) {
        ADD_FAILURE() << "no vector named " << name;
        return {};
    }
    return *value;
}

inline std::vector<Bytes> chancery_entries() {
    std::vector<Bytes> entries;
    for (const json::Value& hex : array_at(chancery_vectors(), "entries_hex"))
        entries.push_back(unhex(*hex.as_string()));
    return entries;
}

inline ledger::Genesis chancery_genesis() {
    return std::move(ledger::genesis_from(chancery_vector("genesis"))).value();
}

// The value at a path of member names and element numbers below `root`; the test stops if there
// is none.
inline json::Value& value_at(json::Value& root, const std::vector<std::string_view>& path) {
    json::Value* value = &root;
    for (const std::string_view step : path) {
        json::Array* elements = value->as_array();
        json::Value* next =
            elements == nullptr ? value->find(step) : &elements->at(std::stoul(std::string(step)));
        CHECK(next != nullptr);
        value = next;
    }
    return *value;
}

}  // namespace chancery::test

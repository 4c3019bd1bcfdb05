#include <algorithm>
#include <array>
#include <optional>

#include "crypto/badge/open_badge.h"
#include "crypto/json/pointer.h"
#include "crypto/rdf/json_ld.h"

namespace chancery::badge {
namespace {

constexpr std::string_view badge_contexts = "https://purl.imsglobal.org/spec/ob/v3p0/context";
constexpr std::size_t unknown_terms_max = 32;  // Each costs reading the document once more.

constexpr auto extension_types = std::to_array<std::string_view>(
    {"1EdTechCredentialRefresh", "1EdTechJsonSchemaValidator2019", "1EdTechRevocationList"});
constexpr auto places_of_extensions =
    std::to_array<std::string_view>({"credentialSchema", "credentialStatus", "refreshService"});
constexpr auto old_terms = std::to_array<std::string_view>({"expirationDate", "issuanceDate"});

std::string text_of(const json::Value& value) {
    const std::string* const text = value.as_string();
    return text == nullptr ? std::string() : *text;
}

bool is_known(const std::string& address) {
    return std::ranges::any_of(rdf::known_contexts(), [&](const rdf::Context& context) {
        return context.address == address;
    });
}

bool are_badge_contexts(const json::Array& contexts) {
    const std::string second = text_of(contexts[1]);
    return text_of(contexts[0]) == credentials_context && second.starts_with(badge_contexts) &&
           second.ends_with(".json");
}

// Whether all words that the contexts define are built in.
bool check_contexts(const json::Value& document, Findings& findings) {
    const json::Value* const named = document.find("@context");
    const json::Array* const contexts = named == nullptr ? nullptr : named->as_array();
    if (contexts == nullptr || contexts->size() < 2 || !are_badge_contexts(*contexts)) {
        findings.add("ob3.context",
                     "/@context",
                     "want an array that begins with " + std::string(credentials_context) +
                         " and the context of Open Badges 3.0, in this order");
        return false;
    }
    bool are_all_known = true;
    for (std::size_t i = 1; i < contexts->size(); ++i) {
        if (is_known(text_of((*contexts)[i]))) continue;
        are_all_known = false;
        findings.add("ob3.foreign-context",
                     json::step("/@context", i),
                     "is not built in, so nobody here can tell what its words mean");
    }
    return are_all_known;
}

bool check_extensions(const json::Value& document, Findings& findings) {
    const auto contexts = json::one_or_several(*document.find("@context"));
    const auto is_extension = [](const json::Value& each) {
        return text_of(each) == extensions_context;
    };
    if (std::ranges::any_of(contexts, is_extension)) return true;
    bool are_absent = true;
    for (const std::string_view name : places_of_extensions) {
        const json::Value* const member = document.find(name);
        if (member == nullptr) continue;
        for (const json::Value& each : json::one_or_several(*member)) {
            const json::Value* const type = each.find("type");
            if (type == nullptr) continue;
            if (std::ranges::find(extension_types, text_of(*type)) == extension_types.end())
                continue;
            are_absent = false;
            findings.add("ob3.extensions-context",
                         "/" + std::string(name),
                         "is of a type that only " + std::string(extensions_context) +
                             " defines, want that among the contexts");
        }
    }
    return are_absent;
}

struct Refusal {
    std::string pointer;
    std::string what;
};

// The detail is "pointer: what", and names within the pointer may hold ": " themselves.
Refusal refusal_of(const std::string& detail, const json::Value& document) {
    constexpr std::string_view mark = ": ";
    for (std::size_t i = detail.find(mark); i != std::string::npos; i = detail.find(mark, i + 1)) {
        const std::string_view pointer = std::string_view(detail).substr(0, i);
        if (pointer.starts_with('/') && json::at(document, pointer) != nullptr)
            return {std::string(pointer), detail.substr(i + mark.size())};
    }
    return {"", "it cannot be read as JSON-LD"};
}

// Types and contexts decide what other members mean: without them nothing more can be told.
bool is_decisive(std::string_view pointer) {
    const auto steps = std::to_array<std::string_view>({"/type", "/@type", "/@context"});
    return pointer.empty() || std::ranges::any_of(steps, [&](std::string_view last) {
               return pointer.ends_with(last);
           });
}

void check_terms(json::Value document, Findings& findings) {
    for (std::size_t i = 0; i < unknown_terms_max; ++i) {
        const auto read = rdf::to_dataset(document);
        if (read) return;
        const Refusal refusal = refusal_of(read.error().detail, document);
        if (!findings.has_at(refusal.pointer))
            findings.add("ob3.unknown-term",
                         refusal.pointer,
                         refusal.what + "; no signature by eddsa-rdfc-2022 could cover it");
        if (is_decisive(refusal.pointer) || !json::erase_at(document, refusal.pointer)) return;
    }
}

}  // namespace

void check_meaning(const json::Value& document, Findings& findings) {
    if (document.as_object() == nullptr) return;
    json::Value stripped = document;
    for (const std::string_view name : old_terms) {
        if (document.find(name) == nullptr) continue;
        findings.add(
            "ob3.vc-1-term",
            "/" + std::string(name),
            "is a word of Verifiable Credentials 1.1 that no context of 2.0 defines, want " +
                std::string(name == "issuanceDate" ? "validFrom" : "validUntil"));
        stripped.erase(name);
    }
    if (!check_contexts(document, findings) || !check_extensions(document, findings)) return;
    if (!findings.has("ob3.type")) check_terms(std::move(stripped), findings);
}

}  // namespace chancery::badge

#include "rpc/submission_parse.h"

#include <algorithm>
#include <limits>

#include "crypto/base/encoding.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/fields.h"
#include "crypto/json/parse.h"
#include "rpc/router.h"

namespace chancery::rpc {
namespace {

Error wrong(const std::string& pointer, std::string_view detail) {
    return Error{Errc::invalid, pointer + ": " + std::string(detail)};
}

// json::Fields names what nobody asked for; here that name is a stranger's, so it is not shown.
std::optional<Error> unknown_name(const json::Value& value,
                                  const std::string& where,
                                  std::initializer_list<std::string_view> known) {
    const json::Object* const object = value.as_object();
    if (object == nullptr) return wrong(where, "not an object");
    for (const json::Member& member : *object) {
        if (std::ranges::find(known, member.name) != known.end()) continue;
        std::string names;
        for (const std::string_view name : known)
            names += (names.empty() ? "" : ", ") + std::string(name);
        return wrong(where, "has a member with another name than " + names);
    }
    return std::nullopt;
}

Result<std::map<Hash, Bytes>> parse_contents(const json::Value& value) {
    const json::Array* const array = value.as_array();
    if (array == nullptr) return wrong("/contents", "not an array");
    if (array->size() > contents_max) {
        return wrong("/contents", "more than " + std::to_string(contents_max) + " contents");
    }
    std::map<Hash, Bytes> contents;
    for (std::size_t i = 0; i < array->size(); ++i) {
        const std::string pointer = "/contents/" + std::to_string(i);
        const std::string* const text = (*array)[i].as_string();
        if (text == nullptr) return wrong(pointer, "not a string");
        Result<Bytes> content = from_base64(*text);
        if (!content) return wrong(pointer, content.error().detail);
        if (content->size() > content_bytes_max) {
            return wrong(pointer, "more than " + std::to_string(content_bytes_max) + " bytes");
        }
        const Hash hash = sha256(*content);
        if (!contents.emplace(hash, std::move(*content)).second) {
            return wrong(pointer, "a content that occurs twice");
        }
    }
    return contents;
}

Result<WantedProof> parse_wanted(const json::Value& value, const std::string& where) {
    if (const auto unknown = unknown_name(value, where, {"member", "commitment"})) return *unknown;
    json::Fields fields(value, where);
    WantedProof wanted;
    const json::Value& member = fields.any("member");
    wanted.commitment = fields.hash("commitment");
    if (const auto failed = fields.finish()) return *failed;
    if (const std::string* const slug = member.as_string()) {
        if (!ledger::is_slug(*slug)) return wrong(where + "/member", "not a slug");
        wanted.member = *slug;
        return wanted;
    }
    const std::int64_t* const number = member.as_integer();
    constexpr std::int64_t number_max = std::numeric_limits<ledger::MemberNumber>::max();
    if (number == nullptr || *number < 1 || *number > number_max) {
        return wrong(where + "/member", "neither a slug nor a member's number");
    }
    wanted.member = static_cast<ledger::MemberNumber>(*number);
    return wanted;
}

}  // namespace

Result<Submission> parse_submission(std::string_view body) {
    json::Limits limits;
    limits.bytes_max = batch_body_bytes_max;
    limits.depth_max = 2;
    limits.elements_max = contents_max + 3;
    const Result<json::Value> document = json::parse(body, limits);
    if (!document) return document.error();
    if (const auto unknown = unknown_name(*document, "", {"batch", "contents"})) return *unknown;
    json::Fields fields(*document);
    Submission submission;
    submission.bulk = fields.base64("batch");
    const json::Value* const contents = fields.optional("contents");
    if (const auto failed = fields.finish()) return *failed;
    if (contents != nullptr) {
        Result<std::map<Hash, Bytes>> parsed = parse_contents(*contents);
        if (!parsed) return parsed.error();
        submission.contents = std::move(*parsed);
    }
    return submission;
}

Result<Bytes> parse_act_submission(std::string_view body) {
    const Result<json::Value> document =
        json::parse(body, {.bytes_max = body_bytes_max, .depth_max = 1, .elements_max = 2});
    if (!document) return document.error();
    if (const auto unknown = unknown_name(*document, "", {"act"})) return *unknown;
    json::Fields fields(*document);
    Bytes submission = fields.base64("act");
    if (const auto failed = fields.finish()) return *failed;
    return submission;
}

Result<std::vector<WantedProof>> parse_wanted_proofs(std::string_view body) {
    json::Limits limits;
    limits.bytes_max = body_bytes_max;
    limits.depth_max = 3;
    const Result<json::Value> document = json::parse(body, limits);
    if (!document) return document.error();
    if (const auto unknown = unknown_name(*document, "", {"credentials"})) return *unknown;
    json::Fields fields(*document);
    const json::Array& array = fields.array("credentials");
    if (const auto failed = fields.finish()) return *failed;
    if (array.empty() || array.size() > proofs_max) {
        return wrong("/credentials", "want 1 to " + std::to_string(proofs_max) + " credentials");
    }
    std::vector<WantedProof> all;
    all.reserve(array.size());
    for (std::size_t i = 0; i < array.size(); ++i) {
        Result<WantedProof> wanted = parse_wanted(array[i], "/credentials/" + std::to_string(i));
        if (!wanted) return wanted.error();
        all.push_back(std::move(*wanted));
    }
    return all;
}

}  // namespace chancery::rpc

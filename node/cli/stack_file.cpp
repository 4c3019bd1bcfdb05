#include "node/cli/stack_file.h"

#include "crypto/base/encoding.h"
#include "crypto/base/gzip.h"
#include "crypto/credential/presentation.h"
#include "crypto/json/canonical.h"
#include "crypto/json/members.h"
#include "crypto/json/parse.h"

namespace chancery::cli {
namespace {

constexpr std::string_view stack_format = "chancery-stack/v1";
constexpr std::string_view format_name = "chancery-stack";
constexpr std::string_view fragment_begin = "#u";
constexpr json::Limits stack_limits{.bytes_max = stack_bytes_max, .elements_max = 200'000};

const json::Array* array_in(const json::Value& object, std::string_view name) {
    const json::Value* const value = object.find(name);
    return value == nullptr ? nullptr : value->as_array();
}

Result<void> read_status_proofs(const json::Array& status, Stack& stack) {
    for (std::size_t i = 0; i < status.size(); ++i) {
        if (status[i].is_null()) {
            stack.status.emplace_back();
            continue;
        }
        auto proof = credential::status_proof_from(status[i]);
        if (!proof)
            return Error{Errc::invalid,
                         "/status/" + std::to_string(i) + ": " + proof.error().detail};
        stack.status.emplace_back(*std::move(proof));
    }
    return {};
}

Result<void> read_receipts(const json::Array& receipts, Stack& stack) {
    for (std::size_t i = 0; i < receipts.size(); ++i) {
        const std::string where = "/receipts/" + std::to_string(i) + ": ";
        if (receipts[i].is_null()) {
            stack.receipts.emplace_back();
            continue;
        }
        const std::string* const text = receipts[i].as_string();
        if (text == nullptr) return Error{Errc::invalid, where + "want a text or null"};
        auto receipt = credential::parse_receipt(*text);
        if (!receipt) return Error{Errc::invalid, where + receipt.error().detail};
        stack.receipts.emplace_back(*std::move(receipt));
    }
    return {};
}

Result<Stack> stack_from(const json::Value& document) {
    if (json::text_in(document, "format") != stack_format)
        return Error{Errc::invalid, "is no skill stack, want " + std::string(stack_format)};
    const json::Value* const presentation = document.find("presentation");
    const json::Array* const status = array_in(document, "status");
    const json::Array* const receipts = array_in(document, "receipts");
    const std::size_t wanted = receipts == nullptr ? 3 : 4;
    if (presentation == nullptr || presentation->as_object() == nullptr || status == nullptr ||
        document.as_object()->size() != wanted)
        return Error{Errc::invalid,
                     "want format, presentation, status and maybe receipts, and nothing else"};
    if (status->size() > credential::presented_max)
        return Error{Errc::invalid,
                     "/status: " + std::to_string(status->size()) + ", want at most " +
                         std::to_string(credential::presented_max)};
    if (receipts != nullptr && (receipts->empty() || receipts->size() != status->size()))
        return Error{Errc::invalid, "/receipts: want as many as there are of status"};
    Stack stack{*presentation, {}, {}};
    if (const auto read = read_status_proofs(*status, stack); !read) return read.error();
    if (receipts == nullptr) return stack;
    if (const auto read = read_receipts(*receipts, stack); !read) return read.error();
    return stack;
}

}  // namespace

std::string stack_text(const Stack& stack) {
    json::Array status;
    for (const auto& proof : stack.status)
        status.push_back(proof ? credential::to_json(*proof) : json::Value());
    json::Value whole = json::Object{{"format", std::string(stack_format)},
                                     {"presentation", stack.presentation},
                                     {"status", std::move(status)}};
    if (stack.receipts.empty()) return json::canonical(whole);
    json::Array receipts;
    for (const auto& receipt : stack.receipts)
        receipts.push_back(receipt ? json::Value(credential::to_text(*receipt)) : json::Value());
    whole.set("receipts", std::move(receipts));
    return json::canonical(whole);
}

Result<Stack> parse_stack(std::string_view text) {
    const auto document = json::parse(text, stack_limits);
    if (!document) return document.error();
    return stack_from(*document);
}

Result<std::optional<Stack>> parse_if_stack(std::string_view text) {
    using Found = std::optional<Stack>;
    if (text.find(format_name) == std::string_view::npos) return Found();  // Most files: a look.
    const auto document = json::parse(text, stack_limits);
    if (!document || !json::text_in(*document, "format").starts_with(format_name)) return Found();
    auto stack = stack_from(*document);
    if (!stack) return stack.error();
    return Found(*std::move(stack));
}

Result<std::string> stack_link(const Stack& stack, std::string_view page) {
    const std::string text = stack_text(stack);
    std::string link(page);
    link += fragment_begin;
    link += to_base64url(to_gzip(bytes_of(text)));
    if (link.size() > stack_link_characters_max)
        return Error{Errc::invalid,
                     "the link would have " + std::to_string(link.size()) +
                         " characters, want at most " + std::to_string(stack_link_characters_max) +
                         "; share the file"};
    return link;
}

bool is_stack_link(std::string_view word) {
    const bool is_web = word.starts_with("https://") || word.starts_with("http://");
    return is_web && word.find(fragment_begin) != std::string_view::npos;
}

Result<Stack> parse_stack_link(std::string_view link) {
    if (link.size() > stack_link_characters_max)
        return Error{Errc::invalid,
                     "a link of " + std::to_string(link.size()) + " characters, want at most " +
                         std::to_string(stack_link_characters_max)};
    const std::size_t begin = link.find(fragment_begin);
    if (begin == std::string_view::npos) return Error{Errc::invalid, "is no link of a stack"};
    const auto packed = from_base64url(link.substr(begin + fragment_begin.size()));
    if (!packed) return Error{Errc::invalid, "the link was cut or altered: no base64url"};
    const auto text = from_gzip(*packed, stack_bytes_max);
    if (!text) return Error{Errc::invalid, "the link was cut or altered: " + text.error().detail};
    return parse_stack(chancery::text_of(*text));
}

}  // namespace chancery::cli

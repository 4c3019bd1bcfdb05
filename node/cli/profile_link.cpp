#include "node/cli/profile_link.h"

#include <algorithm>

#include "crypto/credential/date_time.h"
#include "rpc/url.h"

namespace chancery::cli {
namespace {

// The text along these names; empty if there is none.
std::string text_along(const json::Value& document, std::initializer_list<std::string_view> names) {
    const json::Value* value = &document;
    for (const std::string_view name : names) {
        value = value->find(name);
        if (value == nullptr) return {};
    }
    const std::string* const text = value->as_string();
    return text == nullptr ? std::string() : *text;
}

std::string first_of(std::initializer_list<std::string> texts) {
    for (const std::string& text : texts)
        if (!text.empty()) return text;
    return {};
}

void add(std::string& link, std::string_view name, const std::string& value) {
    if (value.empty()) return;
    link += "&" + std::string(name) + "=" + rpc::percent_encode(value);
}

// Year and month as the document writes them, in its own zone.
Result<void> add_month(std::string& link, const std::string& which, const std::string& date) {
    if (date.empty()) return {};
    const auto instant = credential::parse_date_time(date);
    if (!instant) return Error{Errc::invalid, "its " + which + " date: " + instant.error().detail};
    add(link, which + "Year", date.substr(0, 4));
    const std::string month = date.substr(5, 2);
    add(link, which + "Month", month.starts_with('0') ? month.substr(1) : month);
    return {};
}

}  // namespace

bool is_web_address(std::string_view text) {
    const bool is_http = text.starts_with("https://") || text.starts_with("http://");
    return is_http && text.size() <= rpc::url_bytes_max &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::string web_address_of(const json::Value& document) {
    const std::string id = text_along(document, {"id"});
    return is_web_address(id) ? id : std::string();
}

Result<std::string> linkedin_link(const json::Value& document, const std::string& url) {
    const std::string name =
        first_of({text_along(document, {"credentialSubject", "achievement", "name"}),
                  text_along(document, {"name"})});
    if (name.empty()) return Error{Errc::invalid, "the document has no name"};
    std::string link = "https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME";
    add(link, "name", name);
    add(link, "organizationName", text_along(document, {"issuer", "name"}));
    const std::string issued = first_of({text_along(document, {"awardedDate"}),
                                         text_along(document, {"validFrom"}),
                                         text_along(document, {"issuanceDate"})});
    if (const auto added = add_month(link, "issue", issued); !added) return added.error();
    const std::string ends =
        first_of({text_along(document, {"validUntil"}), text_along(document, {"expirationDate"})});
    if (const auto added = add_month(link, "expiration", ends); !added) return added.error();
    add(link, "certId", text_along(document, {"id"}));
    add(link, "certUrl", url.empty() ? web_address_of(document) : url);
    return link;
}

}  // namespace chancery::cli

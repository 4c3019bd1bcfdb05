// What members published, as a node has it.
#include "crypto/base/encoding.h"
#include "crypto/credential/date_time.h"
#include "crypto/hash/sha256.h"
#include "crypto/json/members.h"
#include "node/cli/node_client.h"
#include "rpc/url.h"

namespace chancery::cli {
namespace {

std::optional<std::uint64_t> whole_number_in(const json::Value& value, std::string_view name) {
    const json::Value* const found = value.find(name);
    const std::int64_t* const number = found == nullptr ? nullptr : found->as_integer();
    if (number == nullptr || *number < 0) return std::nullopt;
    return static_cast<std::uint64_t>(*number);
}

Result<ListedPublication> listed_from(const json::Value& value) {
    const auto position = whole_number_in(value, "position");
    const auto newest = whole_number_in(value, "newest");
    const auto hash = hash_from_hex(json::text_in(value, "content_hash"));
    ListedPublication one{0, 0, std::string(json::text_in(value, "url")), {}};
    if (!position || !newest || *newest < *position || !hash || one.url.empty() ||
        one.url.size() > ledger::url_bytes_max)
        return Error{Errc::invalid, "is no publication"};
    one.position = *position;
    one.newest = *newest;
    one.content_hash = *hash;
    return one;
}

// One page, added to those before it; whether there is another one.
Result<bool> add_page(const json::Value& document, std::vector<ListedPublication>& all) {
    const json::Value* const items = document.find("items");
    if (items == nullptr || items->as_array() == nullptr)
        return Error{Errc::invalid, "is no list of publications"};
    for (const json::Value& item : *items->as_array()) {
        auto one = listed_from(item);
        if (!one) return one.error();
        if (!all.empty() && one->position <= all.back().position)
            return Error{Errc::invalid, "publications out of order"};
        all.push_back(*std::move(one));
    }
    return !items->as_array()->empty() && !json::text_in(document, "next").empty();
}

}  // namespace

Result<NewestPublication> NodeClient::publication(std::string_view member,
                                                  ledger::PublicationType type,
                                                  std::string_view url) {
    const auto document = get_json("/v1/publications/" + std::string(member) +
                                   "?type=" + std::string(ledger::name_of(type)) +
                                   "&url=" + rpc::percent_encode(url));
    if (!document) return document.error();
    const auto position = whole_number_in(*document, "position");
    const auto time = credential::parse_date_time(json::text_in(*document, "time"));
    const auto hash = hash_from_hex(json::text_in(*document, "content_hash"));
    if (!position || !time || time->second < 0 || !hash)
        return remote_.unreadable(Error{Errc::invalid, "is no publication"});
    return NewestPublication{*position, static_cast<ledger::TimeMs>(time->second) * 1'000, *hash};
}

Result<std::vector<ListedPublication>> NodeClient::publications(ledger::MemberNumber member,
                                                                ledger::PublicationType type,
                                                                std::size_t count_max) {
    const std::string target = "/v1/publications?limit=1000&member=" + std::to_string(member) +
                               "&type=" + std::string(ledger::name_of(type));
    std::vector<ListedPublication> all;
    for (bool has_more = true; has_more;) {
        const auto page = get_json(
            all.empty() ? target : target + "&after=" + std::to_string(all.back().position));
        if (!page) return page.error();
        const auto more = add_page(*page, all);
        if (!more) return remote_.unreadable(more.error());
        if (all.size() > count_max)
            return Error{Errc::invalid,
                         "member " + std::to_string(member) + " published more than " +
                             std::to_string(count_max) + " of them"};
        has_more = *more;
    }
    return all;
}

Result<std::string> NodeClient::status_list(std::string_view member, std::string_view name) {
    return remote_.get("/v1/status-lists/" + std::string(member) + "/" + std::string(name),
                       "application/vc");
}

Result<std::string> NodeClient::content(const Hash& hash) {
    auto content = remote_.get("/v1/content/" + to_hex(hash), "application/octet-stream");
    if (!content) return content.error();
    const Hash got = sha256(bytes_of(*content));
    if (got == hash) return content;
    return Error{Errc::corrupt,
                 url() + ": gave a content with hash " + to_hex(got) + ", want " + to_hex(hash)};
}

}  // namespace chancery::cli

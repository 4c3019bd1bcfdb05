#include "crypto/xml/scan.h"

#include <algorithm>
#include <array>

#include "crypto/base/ascii.h"
#include "crypto/base/utf8.h"

namespace chancery::xml {
namespace {

using Kind = Piece::Kind;

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

// Beyond ASCII every byte is taken: which letters XML knows there makes no difference here.
bool is_name_start(char c) {
    return is_letter(c) || c == '_' || c == ':' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name_part(char c) { return is_name_start(c) || is_digit(c) || c == '-' || c == '.'; }

bool is_xml_character(char32_t c) {
    if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
    return c != 0xfffe && c != 0xffff;
}

struct Reference {
    std::string_view name;
    std::string_view meaning;
};
constexpr std::array references = {
    Reference{"amp", "&"},
    Reference{"lt", "<"},
    Reference{"gt", ">"},
    Reference{"quot", "\""},
    Reference{"apos", "'"},
};

std::optional<unsigned> digit_of(char c, unsigned base) {
    unsigned value = base;
    if (is_digit(c)) value = static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') value = static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') value = static_cast<unsigned>(c - 'A') + 10;
    return value < base ? std::optional(value) : std::nullopt;
}

std::string utf8_of(char32_t c) {
    const auto byte = [](char32_t value) { return static_cast<char>(value); };
    const auto tail = [&](unsigned shift) { return byte(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x80) return {byte(c)};
    if (c < 0x800) return {byte(0xc0 | (c >> 6)), tail(0)};
    if (c < 0x1'0000) return {byte(0xe0 | (c >> 12)), tail(6), tail(0)};
    return {byte(0xf0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

// Of "#48" or "#x30"; nullopt unless that is a character of XML.
std::optional<std::string> numbered_character(std::string_view name) {
    constexpr char32_t character_max = 0x10'ffff;
    name.remove_prefix(1);
    const unsigned base = name.starts_with('x') ? 16 : 10;
    if (base == 16) name.remove_prefix(1);
    if (name.empty()) return std::nullopt;
    char32_t value = 0;
    for (const char c : name) {
        const auto digit = digit_of(c, base);
        if (!digit) return std::nullopt;
        value = value * base + *digit;
        if (value > character_max) return std::nullopt;
    }
    const bool is_surrogate = value >= 0xd800 && value < 0xe000;
    if (is_surrogate || !is_xml_character(value)) return std::nullopt;
    return utf8_of(value);
}

std::optional<std::string> meaning_of(std::string_view name) {
    if (name.starts_with('#')) return numbered_character(name);
    const auto* const known = std::ranges::find(references, name, &Reference::name);
    if (known == references.end()) return std::nullopt;
    return std::string(known->meaning);
}

}  // namespace

bool is_text(std::string_view text) {
    while (!text.empty()) {
        const auto character = take_character(text);
        if (!character || !is_xml_character(*character)) return false;
    }
    return true;
}

std::string lines(std::string_view raw) {
    std::string lines;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] == '\r' && raw.substr(i + 1).starts_with('\n')) continue;
        lines += raw[i] == '\r' ? '\n' : raw[i];
    }
    return lines;
}

Result<std::string> meaning(std::string_view raw) {
    std::string said;
    while (!raw.empty()) {
        const std::size_t plain = std::min(raw.find('&'), raw.size());
        said += lines(raw.substr(0, plain));
        raw.remove_prefix(plain);
        if (raw.empty()) break;
        const std::size_t end = raw.find(';');
        const auto one =
            end == std::string_view::npos ? std::nullopt : meaning_of(raw.substr(1, end - 1));
        if (!one) return Error{Errc::invalid, "XML has a reference that XML does not define"};
        said += *one;
        raw.remove_prefix(end + 1);
    }
    return said;
}

Error Scan::wrong(std::string_view what) const {
    return {Errc::invalid, "XML, byte " + std::to_string(place_) + ": " + std::string(what)};
}

Scan::Next Scan::next() {
    if (!has_begun_) {
        has_begun_ = true;
        if (!is_text(document_)) {
            return wrong("not all of it is UTF-8, or it holds control characters");
        }
        if (rest().starts_with(byte_order_mark)) place_ += byte_order_mark.size();
        if (rest().starts_with("<?xml") && rest().size() > 5 && is_space(rest()[5])) {
            return declaration();
        }
    }
    if (rest().empty()) return finish();
    if (!rest().starts_with('<')) return text();
    if (rest().starts_with("<!--")) return up_to("-->", 4, Kind::other);
    if (rest().starts_with("<?")) return up_to("?>", 2, Kind::other);
    if (rest().starts_with("<![CDATA[") && !open_.empty()) return up_to("]]>", 9, Kind::cdata);
    if (rest().starts_with("<!DOCTYPE") && !has_root_) return document_type();
    if (rest().starts_with("</")) return close_tag();
    return open_tag();
}

Scan::Next Scan::finish() const {
    if (!open_.empty() || !has_root_) return wrong("it ends before its elements do");
    return std::optional<Piece>();
}

Scan::Next Scan::up_to(std::string_view until, std::size_t skipped, Kind kind) {
    const std::size_t found = document_.find(until, place_ + skipped);
    if (found == std::string_view::npos) return wrong("what begins here has no end");
    Piece piece;
    piece.kind = kind;
    piece.begin = place_;
    piece.end = found + until.size();
    piece.content = document_.substr(place_ + skipped, found - place_ - skipped);
    piece.depth = open_.size();
    place_ = piece.end;
    return std::optional(std::move(piece));
}

Scan::Next Scan::declaration() {
    const std::size_t begin = place_;
    auto piece = up_to("?>", 2, Kind::other);
    if (!piece) return piece;
    const std::string_view said = (*piece)->content;
    const std::size_t encoding = said.find("encoding");
    if (encoding == std::string_view::npos) return piece;
    std::string_view name = said.substr(std::min(said.size(), said.find_first_of("\"'", encoding)));
    if (!name.empty()) name = name.substr(1, name.find(name.front(), 1) - 1);
    constexpr std::string_view utf8 = "utf-8";
    const bool is_utf8_named = std::ranges::equal(name, utf8, [](char is, char want) {
        return is == want || (is_upper(is) && is - 'A' + 'a' == want);
    });
    if (is_utf8_named) return piece;
    place_ = begin;
    return wrong("it is in another encoding than UTF-8");
}

Scan::Next Scan::document_type() {
    const std::size_t end = rest().find('>');
    if (rest().substr(0, end).find('[') != std::string_view::npos) {
        return wrong("its document type has declarations of its own");
    }
    return up_to(">", 9, Kind::other);
}

Scan::Next Scan::text() {
    Piece piece;
    piece.kind = Kind::text;
    piece.begin = place_;
    piece.content = rest().substr(0, rest().find('<'));
    piece.depth = open_.size();
    if (open_.empty() && !std::ranges::all_of(piece.content, is_space)) {
        return wrong("text outside the root");
    }
    if (piece.content.find("]]>") != std::string_view::npos) return wrong("]]> outside CDATA");
    if (const auto said = meaning(piece.content); !said) return said.error();
    place_ += piece.content.size();
    piece.end = place_;
    return std::optional(std::move(piece));
}

Scan::Next Scan::close_tag() {
    Piece piece;
    piece.kind = Kind::close;
    piece.begin = place_;
    place_ += 2;
    piece.name = take_name();
    take_space();
    if (!rest().starts_with('>')) return wrong("an end tag that does not end, want >");
    if (open_.empty() || open_.back() != piece.name) {
        return wrong("an end tag of another element than the one that is open");
    }
    open_.pop_back();
    piece.end = ++place_;
    piece.depth = open_.size();
    return std::optional(std::move(piece));
}

Scan::Next Scan::open_tag() {
    Piece piece;
    piece.begin = place_;
    ++place_;
    piece.name = take_name();
    if (piece.name.empty()) return wrong("want a name after <");
    if (open_.empty() && has_root_) return wrong("a second root");
    bool is_apart = take_space();
    while (!rest().starts_with('>') && !rest().starts_with("/>")) {
        if (!is_apart) return wrong("want a space before an attribute");
        if (const auto error = take_attribute(piece)) return *error;
        is_apart = take_space();
    }
    piece.kind = rest().starts_with('>') ? Kind::open : Kind::empty;
    place_ += piece.kind == Kind::open ? 1 : 2;
    piece.end = place_;
    piece.depth = open_.size();
    has_root_ = true;
    if (piece.kind == Kind::empty) return std::optional(std::move(piece));
    if (open_.size() == depth_max) return wrong("elements deeper than 256");
    open_.push_back(piece.name);
    return std::optional(std::move(piece));
}

std::optional<Error> Scan::take_attribute(Piece& piece) {
    Attribute attribute;
    attribute.name = take_name();
    if (attribute.name.empty()) return wrong("want an attribute's name");
    take_space();
    if (!rest().starts_with('=')) return wrong("want = after an attribute's name");
    ++place_;
    take_space();
    const char quote = rest().empty() ? '\0' : rest().front();
    if (quote != '"' && quote != '\'') return wrong("want an attribute's value in quotes");
    ++place_;
    const std::size_t end = rest().find(quote);
    if (end == std::string_view::npos) return wrong("an attribute's value has no end");
    attribute.raw = rest().substr(0, end);
    if (attribute.raw.find('<') != std::string_view::npos) return wrong("< inside a value");
    if (const auto said = meaning(attribute.raw); !said) return said.error();
    if (std::ranges::find(piece.attributes, attribute.name, &Attribute::name) !=
        piece.attributes.end()) {
        return wrong("an attribute twice");
    }
    if (piece.attributes.size() == attributes_max) return wrong("more than 256 attributes");
    place_ += end + 1;
    piece.attributes.push_back(attribute);
    return std::nullopt;
}

std::string_view Scan::take_name() {
    if (rest().empty() || !is_name_start(rest().front())) return {};
    const std::size_t begin = place_;
    while (!rest().empty() && is_name_part(rest().front()))
        ++place_;
    return document_.substr(begin, place_ - begin);
}

bool Scan::take_space() {
    const std::size_t before = place_;
    while (!rest().empty() && is_space(rest().front()))
        ++place_;
    return place_ > before;
}

}  // namespace chancery::xml

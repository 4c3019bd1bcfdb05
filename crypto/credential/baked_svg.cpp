#include "crypto/credential/baked_svg.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "crypto/base/ascii.h"
#include "crypto/image/png.h"
#include "crypto/xml/scan.h"

namespace chancery::credential {
namespace {

constexpr std::string_view open_badges = "https://purl.imsglobal.org/ob/v3p0";
constexpr std::string_view usual_prefix = "openbadges";
constexpr std::string_view credential_name = "openbadges:credential";
constexpr std::string_view white_space = " \t\r\n";

std::string_view prefix_of(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? std::string_view() : name.substr(0, colon);
}
std::string_view local_name_of(std::string_view name) {
    const std::size_t colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

bool is_start(const xml::Piece& piece) {
    return piece.kind == xml::Piece::Kind::open || piece.kind == xml::Piece::Kind::empty;
}

// What the element binds the prefix to; nullopt if it does not.
std::optional<std::string> binding_of(const xml::Piece& element, std::string_view prefix) {
    for (const xml::Attribute& attribute : element.attributes) {
        const bool is_it =
            prefix_of(attribute.name) == "xmlns" && local_name_of(attribute.name) == prefix;
        if (!is_it) continue;
        auto meaning = xml::meaning(attribute.raw);
        return meaning ? std::optional(*std::move(meaning)) : std::nullopt;
    }
    return std::nullopt;
}

// One credential of the image: where its element stands, and what it says.
struct Baked {
    std::size_t begin = 0;
    std::size_t end = 0;
    std::string text;
};

struct Drawing {
    xml::Piece root;
    std::vector<Baked> credentials;
};

class SvgReader {
public:
    Result<Drawing> read(std::string_view image) {
        xml::Scan scan(image);
        for (;;) {
            auto piece = scan.next();
            if (!piece) return piece.error();
            if (!*piece) break;
            if (const auto done = take(**piece); !done) return done.error();
        }
        return std::move(drawing_);
    }

private:
    Result<void> take(const xml::Piece& piece) {
        if (is_start(piece) && piece.depth == 0) return take_root(piece);
        if (is_inside_) return take_inside(piece);
        if (!is_start(piece) || !is_credential(piece)) return {};
        if (piece.depth != 1) {
            return Error{Errc::invalid, "SVG's credential is not directly under <svg>"};
        }
        return begin(piece);
    }

    Result<void> take_root(const xml::Piece& piece) {
        if (local_name_of(piece.name) != "svg") {
            return Error{Errc::invalid, "the XML's root is no <svg>"};
        }
        drawing_.root = piece;
        return {};
    }

    bool is_credential(const xml::Piece& piece) const {
        if (local_name_of(piece.name) != "credential") return false;
        const std::string_view prefix = prefix_of(piece.name);
        auto binding = binding_of(piece, prefix);
        if (!binding) binding = binding_of(drawing_.root, prefix);
        return binding == open_badges;
    }

    Result<void> begin(const xml::Piece& piece) {
        Baked baked{piece.begin, piece.end, {}};
        const auto verify =
            std::ranges::find(piece.attributes, std::string_view("verify"), &xml::Attribute::name);
        has_attribute_ = verify != piece.attributes.end();
        if (has_attribute_) {
            auto meaning = xml::meaning(verify->raw);
            if (!meaning) return meaning.error();
            baked.text = *std::move(meaning);
        }
        drawing_.credentials.push_back(std::move(baked));
        is_inside_ = piece.kind == xml::Piece::Kind::open;
        return {};
    }

    Result<void> take_inside(const xml::Piece& piece) {
        Baked& baked = drawing_.credentials.back();
        baked.end = piece.end;
        if (piece.kind == xml::Piece::Kind::other) return {};
        if (piece.kind == xml::Piece::Kind::close) {
            is_inside_ = false;
            return {};
        }
        if (is_start(piece)) {
            return Error{Errc::invalid, "SVG's credential has elements of its own"};
        }
        auto meaning = said_by(piece);
        if (!meaning) return meaning.error();
        if (has_attribute_ && meaning->find_first_not_of(white_space) != std::string::npos) {
            return Error{Errc::invalid, "SVG's credential has both verify and text"};
        }
        if (!has_attribute_) baked.text += *meaning;
        return {};
    }

    // In CDATA nothing is a reference.
    static Result<std::string> said_by(const xml::Piece& piece) {
        if (piece.kind == xml::Piece::Kind::cdata) return xml::lines(piece.content);
        return xml::meaning(piece.content);
    }

    Drawing drawing_;
    bool is_inside_ = false;
    bool has_attribute_ = false;
};

Result<void> check_size(std::size_t size) {
    if (size <= image::image_bytes_max) return {};
    return Error{Errc::invalid,
                 "image has " + std::to_string(size) + " bytes, want at most " +
                     std::to_string(image::image_bytes_max)};
}

Result<Drawing> read_drawing(std::string_view image) {
    if (const auto good = check_size(image.size()); !good) return good.error();
    return SvgReader().read(image);
}

bool is_json(std::string_view text) {
    const std::size_t first = text.find_first_not_of(white_space);
    return first != std::string_view::npos && text[first] == '{';
}

// base64url in parts, as compact forms have it.
bool is_compact(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.' || c == '~';
    });
}

// A CDATA section cannot hold its own end: there it is parted in two.
std::string cdata_of(std::string_view text) {
    constexpr std::string_view end = "]]>";
    std::string sections = "<![CDATA[";
    for (std::size_t found = text.find(end); found != std::string_view::npos;
         found = text.find(end)) {
        sections += std::string(text.substr(0, found + 2)) + "]]><![CDATA[";
        text.remove_prefix(found + 2);
    }
    return sections + std::string(text) + "]]>";
}

Result<std::string> element_of(std::string_view text) {
    const std::string name(credential_name);
    if (is_compact(text)) return "<" + name + " verify=\"" + std::string(text) + "\"/>";
    if (!is_json(text)) {
        return Error{Errc::invalid, "the text is neither a JSON object nor in compact form"};
    }
    if (!xml::is_text(text)) {
        return Error{Errc::invalid, "the text has characters that no SVG can hold"};
    }
    return "<" + name + ">" + cdata_of(text) + "</" + name + ">";
}

// The root's start tag with our prefix bound, and open.
Result<std::string> root_tag(std::string_view image, const xml::Piece& root) {
    const std::size_t end_bytes = root.kind == xml::Piece::Kind::empty ? 2 : 1;
    std::string tag(image.substr(root.begin, root.end - root.begin - end_bytes));
    const auto bound = binding_of(root, usual_prefix);
    if (bound && *bound != open_badges) {
        return Error{Errc::invalid, "SVG means something else by the prefix openbadges"};
    }
    if (!bound) tag += " xmlns:openbadges=\"" + std::string(open_badges) + "\"";
    return tag + ">";
}

}  // namespace

Result<std::string> bake_svg(std::string_view image, std::string_view text) {
    if (text.size() > baked_text_bytes_max) {
        return Error{Errc::invalid,
                     "the text has " + std::to_string(text.size()) + " bytes, want at most " +
                         std::to_string(baked_text_bytes_max)};
    }
    const auto drawing = read_drawing(image);
    if (!drawing) return drawing.error();
    const xml::Piece& root = drawing->root;
    const auto tag = root_tag(image, root);
    if (!tag) return tag.error();
    const auto element = element_of(text);
    if (!element) return element.error();
    std::string baked = std::string(image.substr(0, root.begin)) + *tag + *element;
    std::size_t place = root.end;
    for (const Baked& earlier : drawing->credentials) {
        baked += image.substr(place, earlier.begin - place);
        place = earlier.end;
    }
    if (root.kind == xml::Piece::Kind::empty) baked += "</" + std::string(root.name) + ">";
    baked += image.substr(place);
    if (const auto good = check_size(baked.size()); !good) return good.error();
    // Elements whose prefix had no meaning before have one now.
    const auto read = read_drawing(baked);
    if (!read || read->credentials.size() != 1) {
        return Error{Errc::invalid, "SVG uses the prefix openbadges without saying what it means"};
    }
    return baked;
}

Result<std::string> baked_in_svg(std::string_view image) {
    const auto drawing = read_drawing(image);
    if (!drawing) return drawing.error();
    if (drawing->credentials.size() != 1) {
        return Error{
            Errc::invalid,
            "SVG carries " + std::to_string(drawing->credentials.size()) + " credentials, want 1"};
    }
    const std::string_view text = drawing->credentials.front().text;
    const std::size_t first = text.find_first_not_of(white_space);
    if (first == std::string_view::npos) return Error{Errc::invalid, "SVG's credential is empty"};
    const std::size_t last = text.find_last_not_of(white_space);
    if (last - first >= baked_text_bytes_max) {
        return Error{Errc::invalid, "SVG's credential is longer than 1048576 bytes"};
    }
    return std::string(text.substr(first, last - first + 1));
}

}  // namespace chancery::credential

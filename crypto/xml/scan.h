// Walks through an XML document, piece by piece, without building anything: enough to find what an
// image carries, and to put it there.
//
// Refused are documents in another encoding than UTF-8, those that define entities of their own,
// and whatever is not well-formed as far as this reader looks: names, nesting, attributes, one
// root, references, characters. Namespaces are for the caller.
// Source: XML 1.0 (fifth edition) §2 to §4.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/result.h"

namespace chancery::xml {

inline constexpr std::size_t depth_max = 256;
inline constexpr std::size_t attributes_max = 256;  // Of one element.

struct Attribute {
    std::string_view name;
    std::string_view raw;  // As written between the quotes.
};

struct Piece {
    enum class Kind : std::uint8_t {
        open,   // <a …>
        empty,  // <a …/>
        close,  // </a>
        text,   // Character data, references and all.
        cdata,  // What stands inside one CDATA section.
        other,  // A comment, an instruction, the declaration, the document type.
    };
    Kind kind = Kind::other;
    std::string_view name;              // Of open, empty and close.
    std::vector<Attribute> attributes;  // Of open and empty.
    std::string_view content;           // Of text and cdata.
    std::size_t begin = 0;              // Where it stands in the document: [begin, end).
    std::size_t end = 0;
    std::size_t depth = 0;  // Elements around it; 0 for the root.
};

class Scan {
public:
    // `document` must outlive the scan and all its pieces.
    explicit Scan(std::string_view document) : document_(document) {}

    // nullopt at the end. Errc::invalid with the byte offset; never a piece of the document.
    Result<std::optional<Piece>> next();

private:
    using Next = Result<std::optional<Piece>>;

    Error wrong(std::string_view what) const;
    std::string_view rest() const { return document_.substr(place_); }
    Next finish() const;
    // Moves on to what follows `until`, after `skipped` bytes.
    Next up_to(std::string_view until, std::size_t skipped, Piece::Kind kind);
    Next document_type();
    Next declaration();
    Next text();
    Next close_tag();
    Next open_tag();
    std::optional<Error> take_attribute(Piece& piece);
    std::string_view take_name();
    bool take_space();

    std::string_view document_;
    std::size_t place_ = 0;
    std::vector<std::string_view> open_;
    bool has_begun_ = false;
    bool has_root_ = false;
};

// Text or an attribute's value as it is meant: references resolved, line ends as LF. Errc::invalid
// for a reference to what XML itself does not define.
Result<std::string> meaning(std::string_view raw);

// Its lines with LF at their ends, however they were written.
std::string lines(std::string_view raw);

// Whether XML can hold the text at all: UTF-8, and no control characters but tab, LF and CR.
bool is_text(std::string_view text);

}  // namespace chancery::xml
